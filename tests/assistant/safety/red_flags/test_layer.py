"""Signs and what cancels them, made by combining one with the other."""

import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.safety.red_flags import check, explain

CHEST = [
    "jag har ont i bröstet",
    "det trycker över bröstet",
    "det krampar i hjärttrakten",
    "bröstsmärta och kallsvettig",
]
BREATH = ["jag får ingen luft", "hon kan inte andas", "pappa kippar efter andan", "andnöd sedan en timme"]
STROKE = ["mungipan hänger", "han sluddrar", "jag kan inte lyfta vänster arm", "halva ansiktet domnar"]
BLEEDING = ["det blöder kraftigt från benet", "jag kräks blod", "blodet sprutar"]
UNCONSCIOUS = ["min man är medvetslös", "mamma svarar inte och ligger på golvet", "jag får inget liv i henne"]
OTHERS = [
    "farmor krampar i hela kroppen",
    "halsen svullnar efter getingsticket",
    "feber och pappa är förvirrad",
    "jag får cellgifter och har 38,7 i feber",
    "blodsockret är 2,1",
    "blodsockret är två komma tre",
    "jag slog i huvudet och äter Eliquis",
    "jag ligger på golvet och kan inte resa mig",
    "jag kan inte kissa och det spränger i blåsan",
    "plötsligt ser jag ingenting på höger öga",
    "jag har tappat känseln i underlivet",
    "det brinner i köket",
    "det luktar gas i lägenheten",
    "han hotar mig med kniv",
    "barnet har druckit propplösare",
    "ring ambulans",
]
SIGNS = [*CHEST, *BREATH, *STROKE, *BLEEDING, *UNCONSCIOUS, *OTHERS]
MANNERS = [
    "{}",
    "{}!",
    "God morgon. {}",
    "eh ja alltså {}",
    "ursäkta att jag stör men {}",
    "strunta i vikten, {}",
    "nej jag vill inte boka tid, {}",
]
CANCELLED = [
    "Nej, ingen bröstsmärta",
    "Jag har inte ont i bröstet",
    "Det trycker inte över bröstet",
    "Jag har varken andnöd eller bröstsmärta",
    "Inget tryck över bröstet, ingen andnöd",
    "ja har int ont i bröste",
    "I have no chest pain",
    "Jag hade en hjärtinfarkt för sex år sedan",
    "Jag hade ont i bröstet förra månaden",
    "Min mormor fick en stroke 1987",
    "Som barn hade jag krampanfall",
    "Pappa dog av hjärtinfarkt på sjuttiotalet",
    "Om jag får ont i bröstet, vem ringer jag då?",
    "Vad gör jag ifall jag blir medvetslös?",
    "Jag oroar mig för att få stroke",
    "Vad är stroke?",
    "Vilka är symtomen på hjärtinfarkt?",
    "Hur vet man att det är en blodpropp i hjärnan?",
    "Kan man få andnöd av stress?",
    "I filmen fick han en hjärtinfarkt",
    "På tv svimmade hon och låg medvetslös",
    "I boken jag läser blir hon medvetslös",
    "Jag dör av skratt",
    "Mitt hjärta blöder för barnen i krigets länder",
    "Näsblodet i går slutade efter fem minuter",
    "Jag satte i halsen i går men fick upp den",
]
ORDINARY = [
    "Has my weight gone up since last month?",
    "the cough has gone since last night",
    "I cook less since I live alone",
    "Vad är mitt blodtryck?",
    "Jag vill boka en tid på hjärtmottagningen",
    "Mitt blodsocker är 6,2",
    "Syret är 97 procent",
    "Jag har ont i knät",
    "Jag ramlade men kom upp själv",
    "Kycklingbröst till middag",
    "Det brinner fint i kakelugnen",
    "Hur gör man gröt?",
    "Batteriet är dött i mätaren",
]
SELF_HARM = [
    "jag vill inte leva längre",
    "jag tänker ta mitt liv",
    "jag orkar inte leva",
    "livet är inte värt att leva",
    "ni får det bättre utan mig",
    "jag har samlat sömntabletter",
    "jag har skrivit avskedsbrev",
    "jag skär mig i armarna",
    "kan jag få dödshjälp",
    "jag äter inte mer, jag vill dö",
    "I want to kill myself",
]
NOT_SELF_HARM = [
    "Jag vill inte dö",
    "Jag tänker inte ta mitt liv",
    "Jag har inga självmordstankar",
    "Jag är ledsen och ensam",
    "Jag saknar min man som dog i våras",
    "Jag är förlikad med att jag snart ska dö, jag har det bra",
    "nu skjuter jag mig, vad krångligt",
    "Jag dör av nyfikenhet",
    "I boken tog han livet av sig",
    "Jag orkar inte städa",
    "Jag vill försvinna till en solig ö",
    "ambulansen är här",
    "ambulansen har kommit",
    "ambulansen är på väg",
]


@pytest.mark.parametrize(("sign", "manner"), list(itertools.product(SIGNS, MANNERS)))
def test_a_sign_is_an_emergency_however_it_is_led_in(sign: str, manner: str) -> None:
    flag = check(manner.format(sign))
    assert flag is not None
    assert flag.level == "emergency"


@pytest.mark.parametrize("text", CANCELLED)
def test_a_cancelled_sign_is_none(text: str) -> None:
    assert check(text) is None, explain(text).matches


@pytest.mark.parametrize(
    ("cancelled", "sign"), list(itertools.product(CANCELLED[:7], ["Mamma är medvetslös", "Hon andas inte"]))
)
def test_a_real_sign_wins_over_a_cancelled_one(cancelled: str, sign: str) -> None:
    assert check(f"{cancelled}. {sign}.") is not None


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_talk_is_left_alone(text: str) -> None:
    assert check(text) is None, explain(text).matches


@pytest.mark.parametrize(("sign", "manner"), list(itertools.product(SELF_HARM, MANNERS[:4])))
def test_a_wish_to_die_is_self_harm(sign: str, manner: str) -> None:
    flag = check(manner.format(sign))
    assert flag is not None
    assert flag.level == "self_harm"


@pytest.mark.parametrize("text", NOT_SELF_HARM)
def test_grief_acceptance_denial_and_idiom_are_not_self_harm(text: str) -> None:
    assert check(text) is None, explain(text).matches


@pytest.mark.parametrize("sign", [text for text in SIGNS if "å" in text or "ä" in text or "ö" in text])
def test_missing_dots_and_rings_do_not_matter(sign: str) -> None:
    assert check(sign.translate(str.maketrans("åäö", "aao"))) is not None


@pytest.mark.parametrize(
    "text", ["han är medvets lös", "cell gifter och feber", "hjärtinfrakt", "medvetslöös", "bröstsmärrta"]
)
def test_split_and_misspelt_words_are_read(text: str) -> None:
    assert check(text) is not None


@pytest.mark.parametrize(
    "text", ["Mungipan hängde i morse men det gick över", "i går kväll sluddrade jag men nu är det bra"]
)
def test_a_stroke_sign_that_has_passed_within_a_day_is_still_an_emergency(text: str) -> None:
    flag = check(text)
    assert flag is not None
    assert flag.rule_id == "stroke"


def test_low_dose_aspirin_is_no_anticoagulant() -> None:
    assert check("Jag slog i huvudet, tar bara Trombyl och mår bra") is None


@pytest.mark.parametrize(("text", "other"), [("min man andas inte", True), ("jag får ingen luft", False)])
def test_the_answer_is_about_the_person_in_danger(text: str, other: bool) -> None:
    flag = check(text)
    assert flag is not None
    assert flag.other_person is other
    assert ("andra personen" in flag.answer["sv"]) is other


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("jag har tagit alla tabletterna, jag vill dö", "112"),
        ("jag står på bron och ska hoppa", "112"),
        ("jag vill inte leva", "90101"),
    ],
)
def test_an_attempt_gets_112_first_and_a_thought_gets_90101(text: str, first: str) -> None:
    flag = check(text)
    assert flag is not None
    assert flag.in_progress is (first == "112")
    answer = flag.answer["sv"]
    assert answer.index(first) == min(answer.index("112"), answer.index("90101"))
    assert answer.endswith("Vill du berätta mer?")


def test_the_phrase_is_what_was_typed() -> None:
    text = "Hej! Jag har ONT i bröstet nu"
    flag = check(text)
    assert flag is not None
    assert flag.phrase == text[flag.start : flag.end]
    assert "ONT i bröstet" in flag.phrase


def test_the_explanation_says_what_cancelled_it() -> None:
    told = explain("Nej, ingen bröstsmärta alls")
    assert told.red_flag is None
    assert {reason for match in told.matches for reason in match.cancelled_by} == {"negated"}
    assert told.clauses == ("Nej", "ingen bröstsmärta alls")


@pytest.mark.parametrize("text", ["x" * 100_000, "inte ont i bröstet arm svettas " * 4000, "jag vill dö inte " * 3000])
def test_any_length_is_read_without_growing_work(text: str) -> None:
    began = time.process_time()
    check(text)
    assert time.process_time() - began < 2, "the processor's own time: a busy machine does not count"


def test_the_end_of_a_very_long_text_is_read() -> None:
    assert check("hej och hå " * 5000 + "jag får ingen luft") is not None


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=400))
def test_no_text_makes_it_fail(text: str) -> None:
    flag = check(text)
    assert flag is None or text[flag.start : flag.end] == flag.phrase
    explain(text)


PIECES = [
    "inte",
    "ont i",
    "bröstet",
    "2,1",
    "blodsocker",
    "komma",
    "två",
    ".",
    ",",
    "om",
    "jag",
    "vill",
    "dö",
    "1987",
    "(",
    "\u0301",
    "İ",
]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))
def test_no_jumble_of_its_own_words_makes_it_fail(text: str) -> None:
    explain(text)


@pytest.mark.parametrize(
    "text",
    [
        "frun kan plötsligt inte lyfta handen",
        "pappa låter som om han är full men han har inte druckit något",
        "jag sprutade dubbel dos insulin",
        "min man har tagit waran två gånger i dag av misstag",
        "syremättnaden är 79",
        "pulsen är 33 och jag är yr",
        "sockret är 27 och jag kräks",
        "brandvarnaren tjuter och det är rök i trappan",
        "my husband suddenly cannot speak",
    ],
)
def test_sudden_loss_dangerous_doses_and_values_are_emergencies(text: str) -> None:
    flag = check(text)
    assert flag is not None
    assert flag.level == "emergency"


@pytest.mark.parametrize(
    "text",
    [
        "det finns ingen anledning att finnas till",
        "jag vill bara bort från allt",
        "varför lever jag",
        "jag tar alla mina tabletter i kväll",
        "life has no meaning, I want to die",
        "det spelar ingen roll om jag lever eller dör",
    ],
)
def test_indirect_wishes_to_stop_living_are_self_harm(text: str) -> None:
    flag = check(text)
    assert flag is not None
    assert flag.level == "self_harm"


@pytest.mark.parametrize(
    "text",
    [
        "jag skar mig lite när jag skalade potatis",
        "det sticker i bröstet när jag trycker på revbenen",
        "jag hade svårt att få luft i natt, men det gick över och har inte kommit tillbaka",
        "plattan har hängt sig",
        "jag har varken ont i bröstet eller svårt att andas",
        "förnya mitt recept på waran, två gånger om dagen",
        "brandvarnaren tjuter bara när jag steker",
        "nej, jag vill inte dö, jag vill leva",
        "larmet på armen fungerar inte",
        "man ska ju dö av något",
        "jag vill försvinna till Kanarieöarna",
        "vad gör man med gamla tabletter som jag har samlat",
        "talet är lite sämre sedan min stroke för fyra år sedan",
        "elden i spisen sprakar",
    ],
)
def test_a_harmless_cause_in_the_next_clause_and_what_has_passed_are_none(text: str) -> None:
    assert check(text) is None
