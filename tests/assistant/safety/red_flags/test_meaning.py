"""The judges that have learnt from examples: what they raise, what they take back, and that they fit the rules."""

import json
from pathlib import Path

import pytest

from assistant.safety.red_flags import check, explain, learn, measure
from assistant.safety.red_flags.layer import BY_MEANING, noticed_in
from assistant.safety.red_flags.load import Level
from assistant.safety.red_flags.meaning import judges, learnt_from


def test_the_weights_are_those_of_the_present_rules_and_examples() -> None:
    assert learnt_from() == {learn.fingerprint()}, "run `vigor red-flags train` and commit the weights"


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("gaffeln ramlar ur handen på honom hela tiden och han låter konstig", "emergency"),
        ("hon blev alldeles blå om munnen och rör sig inte", "emergency"),
        ("jag har skrivit farväl till alla och tänker somna in i natt med alla tabletterna", "self_harm"),
    ],
)
def test_what_no_rule_has_words_for_is_heard(text: str, level: str) -> None:
    flag = check(text)
    assert flag is not None
    assert flag.level == level
    assert flag.phrase in text


def test_a_rules_alarm_is_taken_back_when_what_is_said_around_it_speaks_against_it() -> None:
    explained = explain("det här korsordet tar livet av mig")
    assert any(not match.cancelled_by for match in explained.matches)
    assert explained.red_flag is None


def test_a_rules_alarm_is_taken_back_when_all_that_is_said_is_harmless() -> None:
    explained = explain("jag kvävs av alla papper från kommunen, kan ni hjälpa till med ett intyg")
    assert any(not match.cancelled_by for match in explained.matches)
    assert explained.red_flag is None


LONG = (
    "Hej, det är Maj-Britt igen, jag hoppas att ni har haft en fin helg. Vågen visar 61,4 och jag har tagit mina "
    "tabletter som jag ska. {} Sedan undrar jag om ni kan flytta min tid till torsdag, för då kommer Lennart och "
    "klipper gräset. Vi har bakat bullar och tittat på tv hela kvällen."
)


@pytest.mark.parametrize(
    "sign",
    [
        "Han är alldeles grå i ansiktet och svarar bara med ett mummel",
        "Gaffeln ramlar ur handen på Sven och han låter konstig",
    ],
)
def test_a_sign_is_heard_in_the_midst_of_a_long_message_and_named(sign: str) -> None:
    text = LONG.format(f"{sign}.")
    flag = check(text)
    assert flag is not None
    assert flag.rule_id == BY_MEANING
    assert flag.phrase in sign
    assert text[flag.start : flag.end] == flag.phrase
    assert check(LONG.format("")) is None


def test_a_denied_sign_is_not_raised_again_by_its_own_words() -> None:
    assert check("Jag tänker inte ta mitt liv") is None


def test_an_alarm_by_meaning_says_so_and_answers_like_any_other() -> None:
    flag = check("gaffeln ramlar ur handen på honom hela tiden och han låter konstig")
    assert flag is not None
    assert flag.rule_id == BY_MEANING
    assert flag.other_person
    assert "112" in flag.answer["sv"]
    assert "112" in flag.answer["en"]


def test_the_same_text_is_always_judged_the_same() -> None:
    whole, _ = noticed_in("benet lyder inte och det är svårt att tala")
    assert judges().whole.judge(whole) == judges().whole.judge(whole)


def test_judges_learn_what_their_examples_have_in_common() -> None:
    people, places = ("mor", "far", "farfar"), ("i hallen", "på köksgolvet", "i trappan")
    signs = [f"{who} är medvetslös {where}" for who in people for where in places]
    others = [f"jag läste om hur {who} blev medvetslös {where}" for who in people for where in places]
    levels: list[Level | None] = ["emergency"] * len(signs) + [None] * len(others)
    examples = [
        learn.Example(text, level, *noticed_in(text)) for text, level in zip([*signs, *others], levels, strict=True)
    ]
    learnt = learn.fit([*examples, learn.Example("jag vill dö", "self_harm", *noticed_in("jag vill dö"))])
    for judge, part in ((learnt.whole, 0), (learnt.around, 1)):
        sign, told = (
            noticed_in("moster är medvetslös på gården")[part],
            noticed_in("jag läste om hur moster blev medvetslös")[part],
        )
        assert sign is not None
        assert told is not None
        assert judge.judge(sign).emergency > judge.judge(told).emergency


def test_measuring_counts_alarms_by_kind_of_text(tmp_path: Path) -> None:
    texts = [
        {"text": "jag har ont i bröstet", "red_flag": "emergency", "kind": "positive"},
        {"text": "jag har inte ont i bröstet", "red_flag": None, "kind": "near_miss"},
    ]
    file = tmp_path / "set.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in texts), encoding="utf-8")
    measured = list(measure.measure(file))
    assert all(one.is_right for one in measured)
    assert list(measure.table(measured))[2:] == [
        "| positive | 1 | 1.000 | 1.000 |",
        "| near_miss | 1 | 0.000 | 0.000 |",
    ]
