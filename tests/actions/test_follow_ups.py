"""What people say in the middle of an errand and after it: corrections in part, questions about it, a doubtful yes."""

from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.models import PatientSettings, Task
from tests.actions.conftest import Chat

Begin = Callable[..., Chat]


def descriptions(db: Session) -> list[str]:
    return [str(task.content["description"]) for task in db.scalars(select(Task).order_by(Task.authored_on))]


def travel(anna: Chat) -> str:
    """Ask for a refund, up to the read-back."""
    anna.say("jag vill ha pengar tillbaka", "request_travel_reimbursement")
    return anna.say("taxi till Sahlgrenska i tisdags, 340 kronor", "inform")


@pytest.mark.parametrize(
    "correction", ["nej, onsdag menade jag", "nej vänta, det var i onsdags", "nej inte tisdag utan onsdag"]
)
def test_a_part_that_is_corrected_leaves_the_rest(chat: Begin, record: Session, correction: str) -> None:
    anna = chat()
    travel(anna)
    anna.say(correction, "deny")
    anna.say("ja", "affirm")
    [sent] = descriptions(record)
    assert "340 kronor" in sent
    assert "onsdag" in sent


@pytest.mark.parametrize("refusal", ["nej, det vill jag inte skicka", "nej tack det behövs inte längre"])
def test_a_wordy_refusal_is_not_taken_for_what_to_send(chat: Begin, record: Session, refusal: str) -> None:
    anna = chat()
    travel(anna)
    assert refusal.removeprefix("nej, ") not in anna.say(refusal, "deny")
    anna.say("ja", "affirm")
    assert descriptions(record) == []


def test_a_yes_after_a_doubt_reads_back_again_without_blaming_anybody(chat: Begin, record: Session) -> None:
    anna = chat()
    travel(anna)
    anna.say("kanske", "deny")
    again = anna.say("ja", "affirm")
    assert again.startswith("Ska jag skicka")
    anna.say("ja", "affirm")
    assert len(descriptions(record)) == 1


def test_what_opened_an_errand_goes_with_it(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag behöver komma till ögonkliniken på torsdag men kan inte åka själv", "request_travel_reimbursement")
    assert "torsdag" in anna.say("från Storgatan till Mölndals sjukhus", "inform")
    anna.say("ja", "affirm")
    [sent] = descriptions(record)
    assert "ögonkliniken på torsdag" in sent
    assert "Mölndals sjukhus" in sent


def test_how_it_goes_is_told_in_the_middle_of_another_errand(chat: Begin, record: Session) -> None:
    anna = chat()
    travel(anna)
    anna.say("ja", "affirm")
    anna.say("jag vill ha ett läkarintyg", "request_certificate")
    told = anna.say("hur går det med min sjukresa?", "request_travel_reimbursement")
    assert "har inte svarat än" in told
    assert told.endswith("Vad ska intyget användas till, och från vilken dag?")
    assert len(descriptions(record)) == 1


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("report_deviation", "hur går det med min anmälan?"),
        ("request_certificate", "vad händer med intyget?"),
        ("delete_data", "hur går det med raderingen?"),
        ("manage_proxy", "hur går det med ombudet?"),
    ],
)
def test_there_is_no_errand_is_said_and_nothing_begun(chat: Begin, intent: str, said: str) -> None:
    anna = chat()
    assert "inget ärende" in anna.say(said, intent)
    assert anna.form is None


@pytest.mark.parametrize(
    ("intent", "wish", "question"),
    [
        ("delete_data", "radera mina inställningar", "hur går det med raderingen?"),
        ("manage_proxy", "låt min dotter se mina värden", "hur går det med ombudet?"),
    ],
)
def test_privacy_errands_are_followed(chat: Begin, intent: str, wish: str, question: str) -> None:
    anna = chat()
    anna.say(wish, intent)
    anna.say("ja", "affirm")
    assert "har inte svarat än" in anna.say(question, intent)
    assert anna.form is None


def test_a_refusal_before_a_liking_is_the_refusal(chat: Begin, record: Session) -> None:
    elsa = chat("elsa")
    assert "inte vill ha lax" in elsa.say("jag gillar inte lax men tycker om sill", "set_preference")
    assert "tycker om sill" in elsa.say("jag tycker om sill men gillar inte lax", "set_preference")


@pytest.mark.parametrize("said", ["jag vill att du säger Berra till mig", "kalla mig Berra"])
def test_a_name_is_taken_however_it_is_asked_for(chat: Begin, said: str) -> None:
    assert "Ska jag kalla dig Berra?" in chat().say(said, "set_preference")


def test_a_food_is_kept_as_it_was_said(chat: Begin) -> None:
    anna = chat()
    anna.say("kom ihåg en sak", "set_preference")
    anna.choose("Tål inte")
    assert "jordnötter" in anna.say("jordnötter", "inform", ("food", "jordnöt"))
    assert "hasselnötter" in anna.say("nej, jag menade hasselnötter", "deny", ("food", "hasselnöt"))


def test_an_allergy_told_twice_is_one_errand(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag tål inte laktos", "set_preference")
    anna.say("ja", "affirm")
    assert "redan" in anna.say("jag tål inte laktos", "set_preference")
    assert anna.form is None
    assert len(descriptions(record)) == 1


def test_the_right_relative_is_taken_from_a_correction(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("min dotter Lena ska få sköta mina ärenden", "manage_proxy")
    assert "din dotter Lena" in anna.replies[-1]["text"]
    assert "låta din son sköta" in anna.say("nej, min son menade jag", "deny")


def test_the_present_time_is_told_before_another_is_asked_for(chat: Begin, record: Session) -> None:
    anna = chat()
    record.get_one(PatientSettings, "anna").checkin_time = time(7, 45)
    record.commit()
    assert "7.45" in anna.say("när hör du av dig på morgonen?", "change_checkin_time")


def test_a_pause_until_further_notice_says_when_it_ends_all_the_same(chat: Begin) -> None:
    anna = chat()
    anna.say("pausa frågorna", "pause_checkins")
    told = anna.choose("Tills jag säger till")
    assert "tills du säger till" in told
    assert "senast" in told


def test_a_pause_over_a_journey_lasts_until_it_is_over(chat: Begin, record: Session) -> None:
    anna = chat()
    leaves = date.today() + timedelta(days=5)  # noqa: DTZ011 - any day to come
    away = {"value": 2, "unit": "wk"}
    said = "jag åker bort på fredag och är borta i två veckor, fråga mig inget då"
    anna.say(said, "pause_checkins", ("date", leaves.isoformat()), ("duration", away))
    anna.say("ja", "affirm")
    record.expire_all()
    assert record.get_one(PatientSettings, "anna").paused_until == leaves + timedelta(days=14)


def test_who_answers_with_more_than_the_kind_is_not_asked_for_it_again(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag behöver intyg", "request_certificate")
    told = anna.say("det är till försäkringskassan för mitt knä", "inform")
    assert "Sjukintyg, ”det är till försäkringskassan för mitt knä”" in told
    anna.say("ja", "affirm")
    assert "mitt knä" in descriptions(record)[0]


def test_no_pause_is_told_as_such(chat: Begin) -> None:
    anna = chat()
    assert "ingen paus" in anna.say("är det paus nu?", "pause_checkins")
    anna.choose("Pausa")
    assert "Hur länge?" in anna.replies[-1]["text"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [("det gäller hemtjänsten", "vården"), ("hon var så otrevlig", "bemötande"), ("medicinen", "läkem")],
)
def test_what_a_report_is_about_is_heard_in_own_words(chat: Begin, record: Session, said: str, kind: str) -> None:
    anna = chat()
    anna.say("jag vill klaga", "report_deviation")
    assert "egna ord" in anna.say(said, "inform")
    anna.say("ingen kom på hela dagen", "inform")
    anna.say("ja", "affirm")
    assert f"({kind}" in descriptions(record)[0]


def test_a_pause_is_told_and_ended(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("pausa frågorna", "pause_checkins")
    assert "på morgnarna igen" in anna.say("nej, börja igen", "pause_checkins")
    anna.say("avbryt", "stop", digression=True)
    anna.say("pausa frågorna i en vecka", "pause_checkins")
    anna.choose("En vecka")
    anna.choose("Ja")
    assert "paus till" in anna.say("hur länge är det paus?", "pause_checkins")
    assert anna.labels == ["Börja igen"]
    anna.choose("Börja igen")
    anna.choose("Ja")
    record.expire_all()
    assert record.get_one(PatientSettings, "anna").paused_until is None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("läs inte upp", "inte upp längre"),
        ("allt är så smått på skärmen", "större"),
        ("texten är pytteliten", "större"),
        ("gör texten mindre", "som vanligt"),
        ("mindre igen", "som vanligt"),
    ],
)
def test_the_screen_understands_plain_words(chat: Begin, said: str, told: str) -> None:
    assert told in chat().say(said, "accessibility_setting")


def test_consents_say_what_they_mean_and_how_they_stand(chat: Begin) -> None:
    anna = chat()
    assert "läser dem som vanligt" in anna.say("jag vill inte att sjukhuset ser mina värden", "manage_consent")
    assert "enligt lag" in anna.say("ja", "affirm")
    told = anna.say("vad har jag samtyckt till?", "manage_consent")
    assert "Andra vårdgivare får inte läsa" in told
    assert anna.form is None
    assert "Andra vårdgivare får inte läsa" in anna.say("vem kan läsa om mig", "who_has_access")


def test_who_may_read_says_that_relatives_do_not(chat: Begin) -> None:
    assert "nhöriga" in chat().say("kan min dotter se något", "who_has_access")
