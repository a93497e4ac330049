"""Times, medicines, errands, preferences and privacy: each wish has a real effect, after a read-back and a yes."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import repository, scheduling
from assistant.records.access import Actor
from assistant.records.models import (
    Appointment,
    Consent,
    MedicationRequest,
    Observation,
    PatientSettings,
    Reminder,
    Slot,
    Task,
)
from assistant.records.models.base import utc_now
from tests.actions.conftest import Chat

Begin = Callable[..., Chat]
ANNA = Actor(id="anna", role="patient", patient_id="anna")
SARA = Actor(id="nurse-sara", role="practitioner")


def tasks(db: Session, code: str) -> list[Task]:
    return list(db.scalars(select(Task).where(Task.code == code)))


def booked(db: Session, number: int = 0) -> Appointment:
    free = db.scalars(select(Slot).where(Slot.status == "free").order_by(Slot.starts_at, Slot.id))
    karin = [one for one in free if "karin" in one.id and one.starts_at > utc_now() + timedelta(days=1)]
    slot = karin[number]
    stored = scheduling.book(
        db, actor=ANNA, patient_id="anna", slot_id=slot.id, mode=slot.modes[0], identifier=f"book-{number}"
    )
    db.commit()
    return db.get_one(Appointment, stored.id)


def test_a_time_is_cancelled_after_the_yes(chat: Begin, record: Session) -> None:
    own = booked(record)
    anna = chat()
    assert "Ska jag avboka" in anna.say("avboka min tid", "cancel_appointment")
    assert record.get_one(Appointment, own.id).status == "booked"
    assert "avbokad" in anna.say("ja", "affirm")
    record.refresh(own)
    assert own.status == "cancelled"


def test_of_several_times_the_patient_chooses(chat: Begin, record: Session) -> None:
    booked(record), booked(record, 1)
    anna = chat()
    assert "Vilken tid vill du avboka" in anna.say("avboka min tid", "cancel_appointment")
    assert "Ska jag avboka" in anna.choose(anna.labels[1])


def test_without_a_booked_time_there_is_nothing_to_cancel(chat: Begin) -> None:
    anna = chat()
    assert "ingen bokad tid" in anna.say("avboka", "cancel_appointment")
    assert anna.form is None


def test_a_time_is_moved_to_one_that_is_free(chat: Begin, record: Session) -> None:
    own = booked(record)
    before = own.starts_at
    anna = chat()
    assert "Vilken dag passar bättre" in anna.say("jag vill flytta min tid", "reschedule_appointment")
    anna.choose(anna.labels[-1])
    assert "Ska jag flytta" in anna.choose(anna.labels[-1])
    assert "flyttad" in anna.say("ja", "affirm")
    record.refresh(own)
    assert own.status == "booked"
    assert own.starts_at > before


def test_a_time_that_is_taken_meanwhile_is_told_and_another_asked_for(chat: Begin, record: Session) -> None:
    booked(record)
    anna = chat()
    anna.say("flytta min tid", "reschedule_appointment")
    anna.choose(anna.labels[-1])
    anna.choose(anna.labels[-1])
    for slot in record.scalars(select(Slot).where(Slot.status == "free")):
        slot.status, slot.content = "busy", slot.content | {"status": "busy"}
    record.commit()
    assert "inte ledig" in anna.say("ja", "affirm")
    assert anna.form == "reschedule_appointment_form"


def test_a_wish_about_a_dose_becomes_a_question_and_never_advice(chat: Begin, record: Session) -> None:
    anna = chat()
    answer = anna.say("kan jag sluta med Ramipril", "ask_medication_change")
    assert "Fortsätt som det är ordinerat" in answer
    anna.say("ja", "affirm")
    assert "kan jag sluta med Ramipril" in tasks(record, "question")[0].content["description"]


def test_a_side_effect_is_stored_and_told(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag hostar av Ramipril", "report_side_effect", ("medicine", {"name": "ramipril", "atc": "C09AA05"}))
    anna.choose("Några dagar")
    anna.say("ja", "affirm")
    assert [one.priority for one in tasks(record, "question")] == ["urgent"]
    assert (
        record.scalars(select(Observation).where(Observation.code == "side-effect")).one().value_code == "Ramipril 5 mg"
    )


def test_a_forgotten_dose_is_never_doubled(chat: Begin, record: Session) -> None:
    anna = chat()
    answer = anna.say("jag glömde ta Amlodipin", "report_medication_taken", ("medicine", {"name": "amlodipin"}))
    assert "Ta inte dubbel dos" in answer
    anna.say("ja", "affirm")
    assert record.scalars(select(Observation).where(Observation.code == "medication-forgotten")).one()
    assert tasks(record, "alert") == []


def test_a_double_dose_is_told_to_the_clinic(chat: Begin, record: Session) -> None:
    anna = chat()
    said = "jag råkade ta dubbelt av Ramipril"
    assert "Giftinformationscentralen" in anna.say(said, "report_medication_taken", ("medicine", {"name": "ramipril"}))
    anna.say("ja", "affirm")
    assert [one.priority for one in tasks(record, "alert")] == ["urgent"]


def test_a_renewal_can_be_followed(chat: Begin, record: Session) -> None:
    anna = chat()
    assert "Vilket läkemedel" in anna.say("mitt recept är slut", "renew_prescription")
    anna.choose("Amlodipin 5 mg")
    anna.say("ja", "affirm")
    assert "har inte svarat än" in anna.say("hur går det med mitt recept", "ask_recommendation_status")
    assert "har inte svarat än" in anna.say("hur går det med mitt recept", "ask_health_question")
    assert "har inte svarat än" in anna.say("hur går det med mitt recept", "renew_prescription")
    task = tasks(record, "renewal")[0]
    repository.replace(record, task.content | {"status": "completed"}, actor=SARA)
    record.commit()
    assert "det är klart" in anna.say("hur går det med mitt recept", "ask_recommendation_status")


def test_a_reminder_is_set_listed_moved_and_stopped(chat: Begin, record: Session) -> None:
    anna = chat()
    entities = (("medicine", {"name": "ramipril"}), ("time", "08:00"), ("time", "20:00"))
    assert "8.00 och 20.00" in anna.say(
        "påmin mig om ramipril åtta och tjugo", "medication_reminder", *entities
    ).replace("08.", "8.")
    anna.say("ja", "affirm")
    assert record.scalars(select(Reminder.times)).all() == [["08:00", "20:00"]]
    assert "Ramipril 5 mg" in anna.say("visa mina påminnelser", "medication_reminder")
    anna.say("flytta påminnelsen", "medication_reminder", ("time", "09:00"))
    anna.say("ja", "affirm")
    record.expire_all()
    assert record.scalars(select(Reminder.times)).all() == [["09:00"]]
    anna.say("stäng av påminnelsen", "medication_reminder")
    assert "borttagen" in anna.say("ja", "affirm")
    assert "inga påminnelser" in anna.say("visa mina påminnelser", "medication_reminder")


@pytest.mark.parametrize(
    ("intent", "said", "words"),
    [
        ("request_travel_reimbursement", "pengar tillbaka för sjukresan", "i tisdags till Sahlgrenska"),
        ("request_certificate", "jag behöver sjukintyg", "till jobbet från i går"),
        ("ask_test_results", "har mina blodprover kommit", ""),
    ],
)
def test_errands_become_tasks_with_the_patients_words(
    chat: Begin, record: Session, intent: str, said: str, words: str
) -> None:
    code = {"request_travel_reimbursement": "travel", "request_certificate": "certificate"}.get(intent, "question")
    anna = chat()
    anna.say(said, intent)
    if words:
        anna.say(words, "book_appointment")
    assert tasks(record, code) == []
    anna.say("ja", "affirm")
    assert (words or said) in tasks(record, code)[0].content["description"]


def test_a_deviation_is_two_taps_and_own_words(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag fick fel tablett i dosetten", "report_deviation")
    anna.choose("Läkemedel")
    anna.say("det låg två Waran i onsdags", "list_medications")
    assert "tre Waran" in anna.say("nej, det låg tre Waran", "deny")
    anna.choose("Ja")
    sent = tasks(record, "deviation")[0].content["description"]
    assert sent == "Avvikelse (läkemedel): ”jag fick fel tablett i dosetten – det låg tre Waran”"


@pytest.mark.parametrize(
    ("said", "kind", "word"),
    [
        ("jag älskar jordgubbar, skriv upp det", "likes", "jordgubbar"),
        ("jag tycker inte om fisk", "dislikes", "fisk"),
        ("jag är allergisk mot nötter", "allergies", "nötter"),
    ],
)
def test_tastes_are_kept(chat: Begin, record: Session, said: str, kind: str, word: str) -> None:
    elsa = chat("elsa")
    elsa.say(said, "set_preference")
    elsa.say("ja", "affirm")
    record.expire_all()
    assert record.get_one(PatientSettings, "elsa").tastes[kind] == [word]
    assert len(tasks(record, "question")) == (1 if kind == "allergies" else 0)


def test_the_name_to_be_called_by_is_used(chat: Begin) -> None:
    anna = chat()
    anna.say("kalla mig Annie", "set_preference")
    anna.say("ja", "affirm")
    assert "Annie" in anna.say("hej då", "goodbye")


def test_the_check_in_time_is_moved(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("flytta incheckningen till nio", "change_checkin_time", ("time", "09:00"))
    anna.say("ja", "affirm")
    record.expire_all()
    assert record.get_one(PatientSettings, "anna").checkin_time.hour == 9


def test_a_pause_says_that_alerts_go_on_and_is_seen_by_the_clinic(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("pausa frågorna", "pause_checkins")
    assert "fortfarande veta" in anna.choose("En vecka")
    anna.say("ja", "affirm")
    record.expire_all()
    paused = record.get_one(PatientSettings, "anna").paused_until
    assert paused is not None
    assert timedelta(days=5) < paused - date.today() < timedelta(days=9)  # noqa: DTZ011 - a day's width of doubt is fine
    assert len(tasks(record, "question")) == 1
    anna.say("starta incheckningarna", "pause_checkins")
    anna.say("ja", "affirm")
    record.expire_all()
    assert record.get_one(PatientSettings, "anna").paused_until is None


def test_the_screen_is_changed_at_once_and_told(chat: Begin, record: Session) -> None:
    anna = chat()
    assert "större" in anna.say("gör texten större", "accessibility_setting")
    assert anna.data == [{"kind": "accessibility", "text_size": "large", "text_scale": 1.5}]
    anna.say("läs upp det för mig", "accessibility_setting")
    record.expire_all()
    assert record.get_one(PatientSettings, "anna").accessibility == {
        "text_size": "large",
        "text_scale": 1.5,
        "read_aloud": "on",
    }


def test_a_consent_waits_for_identification_and_its_withdrawal_does_not(chat: Begin, record: Session) -> None:
    anna = chat()
    assert "forskning" in anna.say("jag vill vara med i forskningen", "manage_consent")
    assert "legitimerat" in anna.say("ja", "affirm")
    assert record.scalars(select(Consent.status)).all() == ["proposed"]
    anna.say("jag drar tillbaka mitt samtycke till forskning", "manage_consent")
    if "Vill du ge" in anna.replies[-1]["text"]:
        anna.choose("Ta tillbaka")
    assert "gäller från nu" in anna.say("ja", "affirm")
    record.expire_all()
    assert record.scalars(select(Consent.status)).all() == ["inactive"]


def test_a_proxy_is_never_let_in_by_the_talk_alone(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("låt min dotter se mina värden", "manage_proxy")
    assert "legitimera" in anna.say("ja", "affirm")
    assert "Kräver legitimation" in tasks(record, "question")[0].content["description"]


def test_who_has_read_is_told_in_plain_words(chat: Begin, care, record: Session) -> None:
    repository.read(record, resource_type="Patient", resource_id="anna", actor=SARA)
    record.commit()
    answer = chat().say("vem har läst om mig", "who_has_access")
    assert "Sara Lind (sjuksköterska): personuppgifter" in answer
    assert "Karin Holm" in answer


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        ("export_data", "aldrig med e-post"),
        ("ask_clinic_info", "031-390 06 00"),
        ("read_journal", "Högt blodtryck"),
        ("list_contacts", "inga kontakter"),
        ("ask_slip_risk", "inte om det är halt"),
        ("ask_health_question", "1177"),
        ("nutrition_advice", "1177"),
    ],
)
def test_questions_are_answered_honestly(chat: Begin, intent: str, words: str) -> None:
    assert words in chat().say("en fråga", intent)


def test_the_record_is_not_erased_by_asking(chat: Begin, record: Session) -> None:
    anna = chat()
    assert "Journalen får inte raderas fritt" in anna.say("radera min journal", "delete_data")
    anna.say("ja", "affirm")
    assert len(tasks(record, "question")) == 1


def test_what_waits_at_the_clinic_is_not_sent_twice(chat: Begin, record: Session) -> None:
    anna = chat()
    for answer in ("har mottagningen fått", "redan fått"):
        anna.say("förnya receptet på Ramipril", "renew_prescription", ("medicine", "Ramipril"))
        assert answer in anna.say("ja", "affirm")
    assert len(tasks(record, "renewal")) == 1
    anna.say("förnya receptet på Amlodipin", "renew_prescription", ("medicine", "Amlodipin"))
    anna.say("ja", "affirm")
    assert len(tasks(record, "renewal")) == 2


def test_an_errand_is_told_with_what_it_is_about(chat: Begin) -> None:
    anna = chat()
    anna.say("förnya receptet på Ramipril", "renew_prescription", ("medicine", "Ramipril"))
    anna.say("ja", "affirm")
    assert "Receptförnyelse, Ramipril 5 mg (" in anna.say("hur går det med mitt recept", "renew_prescription")


@pytest.mark.parametrize(
    "said", ["har receptet kommit?", "Är mitt recept klart nu", "har ni svarat på frågan", "vad blev det av min fråga"]
)
def test_what_became_of_an_errand_is_asked_in_many_ways(chat: Begin, said: str) -> None:
    anna = chat()
    anna.say("förnya receptet på Ramipril", "renew_prescription", ("medicine", "Ramipril"))
    anna.say("ja", "affirm")
    assert "har inte svarat än" in anna.say(said, "renew_prescription")


def test_what_became_of_an_errand_is_told_in_the_middle_of_a_new_one(chat: Begin) -> None:
    anna = chat()
    anna.say("förnya receptet på Ramipril", "renew_prescription", ("medicine", "Ramipril"))
    anna.say("ja", "affirm")
    anna.say("jag behöver ett recept", "renew_prescription")
    answer = anna.say("hur går det med det andra receptet?", "renew_prescription")
    assert "har inte svarat än" in answer
    assert answer.endswith("Vilket läkemedel vill du förnya receptet på?")


def test_a_wish_for_a_person_is_told_once_unless_something_is_added(chat: Begin, record: Session) -> None:
    anna = chat()
    assert "Jag har bett" in anna.say("jag vill prata med någon", "talk_to_human")
    assert "vet redan" in anna.say("kan nån ringa mig", "talk_to_human")
    assert "Jag har bett" in anna.say("helst läkaren i kväll", "talk_to_human", ("role", "doctor"))
    told = [one.content["description"] for one in tasks(record, "callback")]
    assert ["någon" in told[0], "helst läkaren i kväll" in told[1]] == [True, True]


def test_a_renewal_of_what_is_not_on_the_list_is_said_to_be_so(chat: Begin) -> None:
    answer = chat().say("förnya Waran", "renew_prescription", ("medicine", {"name": "waran", "atc": "B01AA03"}))
    assert answer.startswith("Waran står inte på din lista. Ska jag be mottagningen")


def test_the_medicine_that_was_asked_about_is_told_alone(chat: Begin) -> None:
    anna = chat()
    answer = anna.say("hur mycket ramipril ska jag ta", "list_medications", ("medicine", {"name": "ramipril"}))
    assert "Ramipril 5 mg: 1 tablett" in answer
    assert "Amlodipin" not in answer
    answer = anna.say("vad är ramipril bra för", "list_medications", ("medicine", {"name": "ramipril"}))
    assert "står inte på listan" in answer
    answer = anna.say("tar jag waran", "list_medications", ("medicine", {"name": "waran"}))
    assert answer.startswith("Waran står inte på din lista.")


def test_what_a_medicine_is_for_is_told_when_the_order_says_it(chat: Begin, record: Session) -> None:
    order = record.get_one(MedicationRequest, "anna-ramipril").content
    told = {"medicationCodeableConcept": {"text": "Metoprolol 50 mg"}, "reasonCode": [{"text": "hjärtklappning"}]}
    fresh = {key: value for key, value in order.items() if key != "id"} | told
    repository.insert(record, fresh, actor=Actor(id="region", role="system"))
    answer = chat().say("vad är metoprolol bra för", "list_medications", ("medicine", {"name": "metoprolol"}))
    assert "Metoprolol 50 mg: 1 tablett på morgonen, för hjärtklappning" in answer
    assert "står inte på listan" not in answer


@pytest.mark.parametrize(
    "said", ["jag råkade ta två i stället för en", "jag tog tabletten en gång till", "två istället för en"]
)
def test_one_dose_too_many_is_never_noted_as_taken(chat: Begin, record: Session, said: str) -> None:
    anna = chat()
    anna.say(said, "report_medication_taken")
    assert "Giftinformationscentralen" in anna.choose("Ramipril 5 mg")
    anna.say("ja", "affirm")
    assert len(tasks(record, "alert")) == 1


def test_a_dose_is_read_back_as_a_sentence(chat: Begin) -> None:
    anna = chat()
    answer = anna.say("jag har tagit mina mediciner", "report_medication_taken")
    assert answer == "Ska jag skriva upp att du har tagit alla dina läkemedel?"


def test_since_a_week_is_told_as_a_day(chat: Begin) -> None:
    anna = chat()
    anna.say("jag blir yr av ramipril", "report_side_effect", ("medicine", {"name": "ramipril"}))
    answer = anna.say("förra veckan", "inform", ("date", {"from": "2026-11-09", "to": "2026-11-15"}))
    assert "Sedan: måndag 9 november" in answer


def test_a_reminder_is_chosen_by_its_medicine_and_all_can_be_stopped(chat: Begin, record: Session) -> None:
    anna = chat()
    for medicine in ("ramipril", "amlodipin"):
        anna.say("påminn mig", "medication_reminder", ("medicine", {"name": medicine}), ("time", "08:00"))
        anna.say("ja", "affirm")
    anna.say("ta bort en påminnelse", "medication_reminder")
    assert "Amlodipin 5 mg, varje dag kl. 8.00" in anna.say("vilka påminnelser har jag", "medication_reminder")
    assert "ta bort påminnelsen: Amlodipin" in anna.say("amlodipin", "inform", ("medicine", {"name": "amlodipin"}))
    anna.say("nej", "deny")
    anna.choose("Vilken påminnelse")
    assert "alla dina påminnelser" in anna.say("alla", "inform")
    anna.say("ja", "affirm")
    assert record.scalars(select(Reminder).where(Reminder.stopped_at.is_(None))).all() == []


@pytest.mark.parametrize(("said", "intent"), [("avboka", "cancel_appointment"), ("min tid", "list_appointments")])
def test_a_yes_is_enough_for_the_only_choice_of_a_question(chat: Begin, said: str, intent: str) -> None:
    anna = chat()
    assert anna.say(said, intent).endswith("Vill du boka en?")
    anna.say("ja", "affirm")
    assert {"event": "active_loop", "name": "book_appointment_form"} in anna.events


def test_a_yes_later_begins_nothing(chat: Begin) -> None:
    anna = chat()
    anna.say("min tid", "list_appointments")
    anna.say("vad väger jag", "ask_weight")
    assert "Vad vill du att jag hjälper dig med" in anna.say("ja", "affirm")


def test_what_was_interrupted_by_something_that_cannot_be_done_goes_on(chat: Begin) -> None:
    anna = chat()
    anna.say("jag är yr", "report_symptom", ("symptom", "dizziness"))
    assert "Ska vi fortsätta där vi var, med ett besvär?" in anna.say("avboka", "cancel_appointment", digression=True)
    assert "Sedan när" in anna.say("ja", "affirm")


def test_a_medicine_named_after_a_wish_about_a_dose_goes_with_it(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag vill höja dosen", "ask_medication_change")
    assert "”jag vill höja dosen (Amlodipin 5 mg)”" in anna.say("amlodipin", "inform", ("medicine", "Amlodipin"))
    anna.say("ja", "affirm")
    assert "Amlodipin 5 mg" in tasks(record, "question")[0].content["description"]


def test_contacts_begin_with_the_patients_doctor(chat: Begin) -> None:
    assert chat().say("vem är min läkare", "list_contacts").startswith("Din läkare är Karin Holm.\n")


def test_a_group_of_several_medicines_is_asked_about_and_one_of_one_is_taken(chat: Begin) -> None:
    renew = "renew_prescription"
    anna = chat()
    answer = anna.say("slut på blodtrycksmedicin", renew, ("medicine", {"name": "blodtrycksmedicin", "atc": "C"}))
    assert answer == "Vilket läkemedel vill du förnya receptet på?"
    assert "alla dina läkemedel" in anna.say("båda två", "thank")
    answer = chat().say("slut på kalciumblockerare", renew, ("medicine", {"name": "kalciumblockerare", "atc": "C08"}))
    assert answer == "Ska jag be mottagningen förnya receptet på Amlodipin 5 mg?"


def test_a_forgotten_blood_thinner_counts_also_when_the_list_lacks_it(chat: Begin, record: Session) -> None:
    anna = chat()
    waran = ("medicine", {"name": "Waran", "atc": "B01AA03"})
    assert "Ring din mottagning i dag" in anna.say("jag glömde waranen", "report_medication_taken", waran)
    anna.say("ja", "affirm")
    assert [one.priority for one in tasks(record, "question")] == ["urgent"]


def test_a_time_is_read_back_as_people_say_it(chat: Begin, record: Session) -> None:
    booked(record)
    answer = chat().say("avboka min tid", "cancel_appointment")
    assert answer.startswith(("Ska jag avboka besöket hos ", "Ska jag avboka telefonsamtalet med "))


def test_an_errand_has_the_day_of_the_patients_own_clock(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("förnya receptet på Ramipril", "renew_prescription", ("medicine", "Ramipril"))
    anna.say("ja", "affirm")
    late = tasks(record, "renewal")[0].content | {"authoredOn": "2026-11-21T23:30:00+00:00"}
    repository.replace(record, late, actor=SARA)
    record.commit()
    assert "(söndag 22 november)" in anna.say("hur går det med mitt recept", "renew_prescription")


def test_an_errand_is_told_also_where_the_question_was_not_understood(chat: Begin) -> None:
    anna = chat()
    anna.say("förnya receptet på Ramipril", "renew_prescription", ("medicine", "Ramipril"))
    anna.say("ja", "affirm")
    assert "har inte svarat än" in anna.say("what's happening with my prescription", "nlu_fallback")
