"""What all forms share: digression and return, stop, a respected no, misunderstanding, language, two requests."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions import api
from assistant.records.models import Observation, PatientSettings, Task
from tests.actions.conftest import Chat

Begin = Callable[..., Chat]


def tasks(db: Session, code: str) -> list[Task]:
    return list(db.scalars(select(Task).where(Task.code == code)))


def test_a_digression_is_served_and_the_question_comes_back(chat: Begin) -> None:
    anna = chat()
    anna.say("jag är yr", "report_symptom", ("symptom", "dizziness"))
    answer = anna.say("vad väger jag", "ask_weight", digression=True)
    assert "vikt" in answer
    assert answer.endswith("Nu tillbaka till det vi höll på med.\nSedan när har du haft det så?")


def test_stop_leaves_the_form_and_stores_nothing(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("förnya receptet på Ramipril", "renew_prescription", ("medicine", "Ramipril"))
    assert "avbryter" in anna.say("avbryt", "stop", digression=True)
    assert anna.form is None
    assert tasks(record, "renewal") == []


def test_a_no_to_a_question_is_respected(chat: Begin) -> None:
    anna = chat()
    anna.say("jag är yr", "report_symptom", ("symptom", "dizziness"))
    assert "låta det vara" in anna.say("nej", "deny")
    assert "avbryter" in anna.say("ja", "affirm")
    assert anna.form is None


def test_repeated_misunderstanding_ends_with_a_human(chat: Begin) -> None:
    anna = chat()
    anna.say("förnya", "renew_prescription")
    assert "inte säker" in anna.say("blarg", "nlu_fallback")
    anna.say("blarg", "nlu_fallback")
    assert "Prata med en människa" in anna.labels


def test_a_repeat_asks_the_same_again_and_is_no_misunderstanding(chat: Begin) -> None:
    anna = chat()
    asked = anna.say("förnya", "renew_prescription")
    assert anna.say("vad sa du", "repeat") == asked


def test_when_the_record_does_not_answer_the_form_stays_where_it_was(chat: Begin, record: Session, monkeypatch) -> None:
    anna = chat()
    anna.say("förnya receptet på Ramipril", "renew_prescription", ("medicine", "Ramipril"))

    async def refused(*_: object, **__: object) -> None:
        raise api.CareApiError(503, "down", {})

    with monkeypatch.context() as broken:
        broken.setattr(api.CareApi, "create", refused)
        assert "Något gick fel" in anna.say("ja", "affirm")
    assert anna.form == "renew_prescription_form"
    anna.say("ja", "affirm")
    assert len(tasks(record, "renewal")) == 1


def test_the_second_of_two_requests_is_offered_after_the_first(chat: Begin) -> None:
    anna = chat()
    said = "förnya receptet på Ramipril och boka en tid"
    anna.say(said, "renew_prescription", ("medicine", "Ramipril"), also="list_medications")
    assert "Du nämnde också dina läkemedel" in anna.say("ja", "affirm")
    assert "Amlodipin" in anna.say("ja", "affirm")


def test_an_offer_of_the_second_request_lapses_after_some_messages(chat: Begin) -> None:
    anna = chat()
    said = "förnya receptet på Ramipril och boka en tid"
    anna.say(said, "renew_prescription", ("medicine", "Ramipril"), also="list_medications")
    anna.say("ja", "affirm")
    for question in ("vad väger jag", "vad är min puls", "vad är mitt blodtryck"):
        anna.say(question, "ask_weight")
    assert "Amlodipin" not in anna.say("ja", "affirm")


def test_what_is_asked_for_twice_in_a_message_is_one_request(chat: Begin) -> None:
    assert "nämnde" not in chat().say("min vikt och vad väger jag", "ask_weight", also="ask_weight")


def test_english_is_full_service(chat: Begin, record: Session) -> None:
    anna = chat()
    assert "English" in anna.say("kan vi prata engelska", "change_language")
    assert record.get_one(PatientSettings, "anna").language == "en"
    assert "Shall I ask the clinic" in anna.say("renew ramipril", "renew_prescription", ("medicine", "Ramipril"))
    assert "svenska" in anna.say("svenska tack", "simplify", digression=True)


def test_an_unknown_language_is_told_honestly(chat: Begin) -> None:
    anna = chat()
    assert "tolk" in anna.say("jag vill prata arabiska", "change_language")
    assert "English" in anna.labels


def test_brief_people_get_brief_words(chat: Begin) -> None:
    elsa = chat("elsa")
    pulse = {"kind": "pulse", "value": 70, "unit": "/min"}
    assert elsa.say("puls 70", "report_measurement", ("measurement", pulse)).startswith("Spara puls 70")


def test_what_was_said_last_is_said_in_plainer_words(chat: Begin) -> None:
    anna = chat()
    anna.say("vad kan du", "help")
    assert "Du kan boka en tid." in anna.say("jag förstår inte", "simplify")


def test_an_emergency_that_slipped_through_gets_112_and_the_form_waits(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag är yr", "report_symptom", ("symptom", "dizziness"))
    assert "112" in anna.say("nu är det illa", "emergency", digression=True)
    assert tasks(record, "red-flag") == []
    assert "Ja, det är bråttom" in anna.labels
    assert "Ring 112 nu" in anna.say("/emergency", "emergency", digression=True)
    assert anna.form is None
    assert [one.priority for one in tasks(record, "red-flag")] == ["stat"]
    assert "en gång till" in anna.say("fortsätt", "affirm")
    assert "Sedan när" in anna.say("ja", "affirm")


def test_self_harm_is_met_with_care_and_told_to_the_clinic(chat: Begin, record: Session) -> None:
    anna = chat()
    assert "90101" in anna.say("nu får det vara nog", "self_harm")
    assert "90101" in anna.choose("Ja, det är bråttom")
    [told] = tasks(record, "red-flag")
    assert "nu får det vara nog" in told.content["description"]


def test_nothing_is_written_before_the_yes(chat: Begin, record: Session) -> None:
    before = len(list(record.scalars(select(Observation))))
    anna = chat()
    anna.say("jag är yr", "report_symptom", ("symptom", "dizziness"))
    anna.choose("I dag")
    anna.say("fyra", "nlu_fallback")
    assert len(list(record.scalars(select(Observation)))) == before


def test_a_yes_said_again_after_trouble_writes_nothing_twice(chat: Begin, record: Session, monkeypatch) -> None:
    anna = chat()
    pressure = {"kind": "blood_pressure", "systolic": 195, "diastolic": 100, "unit": "mm[Hg]"}
    anna.say("195 över 100", "report_measurement", ("measurement", pressure))
    create = api.CareApi.create

    async def no_tasks(self: api.CareApi, resource: api.JSON, *, key: str) -> api.JSON:
        if resource["resourceType"] == "Task":
            raise api.CareApiError(503, "down", {})
        return await create(self, resource, key=key)

    with monkeypatch.context() as broken:
        broken.setattr(api.CareApi, "create", no_tasks)
        anna.say("ja", "affirm")
    anna.say("ja", "affirm")
    assert len(tasks(record, "alert")) == 1
    assert len(list(record.scalars(select(Observation).where(Observation.systolic == 195)))) == 1


def test_a_form_that_interrupts_another_offers_once_to_go_on_with_it(chat: Begin) -> None:
    anna = chat()
    anna.say("förnya receptet på Ramipril", "renew_prescription", ("medicine", "Ramipril"))
    anna.say("vågen är trasig", "device_problem", digression=True)
    assert "fortsätta där vi var" in anna.say("ja", "affirm")
    assert "Ramipril" in anna.say("ja", "affirm")


def test_what_is_offered_once_is_not_offered_again(chat: Begin) -> None:
    anna = chat()
    anna.say("förnya receptet på Ramipril", "renew_prescription", ("medicine", "Ramipril"))
    anna.say("vågen är trasig", "device_problem", digression=True)
    anna.say("ja", "affirm")
    anna.say("jag gillar sylt", "set_preference")
    assert "fortsätta" not in anna.say("ja", "affirm")


def test_a_goodbye_lets_the_form_wait(chat: Begin) -> None:
    anna = chat()
    anna.say("jag är yr", "report_symptom", ("symptom", "dizziness"))
    assert "Sedan när" not in anna.say("hej då", "goodbye", digression=True)
    assert "Sedan när" in anna.say("ja", "affirm")


def test_a_long_sentence_is_no_answer_to_since_when(chat: Begin) -> None:
    anna = chat()
    anna.say("jag är yr", "report_symptom", ("symptom", "dizziness"))
    assert "inte säker" in anna.say("nej jag menar att jag ville fråga om något helt annat", "inform")


def test_words_that_deny_are_no_refusal_of_the_question(chat: Begin) -> None:
    anna = chat()
    anna.say("jag är yr", "report_symptom", ("symptom", "dizziness"))
    anna.choose("I dag")
    assert "låta det vara" not in anna.say("inte så farligt", "deny")
    anna.say("nej", "deny")
    assert "3 av 10" in anna.say("en trea", "inform")


def test_a_correction_takes_back_the_number_that_it_denies(chat: Begin) -> None:
    anna = chat()
    pressure = {"kind": "blood_pressure", "systolic": 140, "diastolic": 90, "unit": "mm[Hg]"}
    misread = pressure | {"systolic": 150, "diastolic": 140}
    anna.say("140 genom 90", "report_measurement", ("measurement", pressure))
    assert "150/90" in anna.say("vänta, det var 150 inte 140", "deny", ("measurement", misread))


def test_what_the_form_serves_is_no_second_wish(chat: Begin) -> None:
    anna = chat()
    told = ("measurement", {"kind": "weight", "value": 69.6, "unit": "kg"})
    anna.form = "report_measurement_form"
    anna.say("jag vägde mig och det blev 69,6", "ask_weight", told, also="report_measurement")
    assert "nämnde också" not in anna.say("ja", "affirm")


def interrupted(anna: Chat) -> None:
    """A forgotten dose waits, and to go on with it has been offered."""
    anna.say("jag glömde tabletten", "report_medication_taken")
    anna.say("jag är yr", "report_symptom", ("symptom", "dizziness"), digression=True)
    anna.choose("I dag")
    anna.say("två", "inform")
    assert "Ska vi fortsätta där vi var" in anna.say("ja", "affirm")


def test_what_waits_is_dropped_by_a_no_and_said_anew_it_begins_anew(chat: Begin) -> None:
    said, ramipril = "jag råkade ta dubbelt", ("medicine", {"name": "ramipril"})
    anna = chat()
    interrupted(anna)
    anna.say("nej tack", "deny")
    assert "för mycket av Ramipril" in anna.say(said, "report_medication_taken", ramipril)
    anna.say("ja", "affirm")
    interrupted(anna)
    assert "för mycket av Ramipril" in anna.say(said, "report_medication_taken", ramipril)
