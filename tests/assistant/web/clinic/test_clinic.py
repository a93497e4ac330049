"""The clinician's work: the list, the patient, the decision."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from assistant.records import consents, repository
from assistant.records.access import Actor
from assistant.records.database import session
from assistant.records.fhir import codes
from assistant.records.models import MedicationRequest, Task
from assistant.records.models.base import utc_now
from assistant.web.chat import tasks
from tests.assistant.web.conftest import REGION, Person, clinician, make_patient, make_staff

ROUND = Actor(id="round", role="round")


@pytest.fixture
def order(anna: Person) -> str:
    """Anna's amlodipine, ordered by her doctor."""
    content = {
        "resourceType": "MedicationRequest",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {
            "coding": [{"system": codes.ATC, "code": "C08CA01", "display": "Amlodipin"}],
            "text": "Amlodipin 5 mg",
        },
        "subject": {"reference": f"Patient/{anna.id}"},
        "requester": {"reference": f"Practitioner/{make_staff('doctor', anna)}"},
        "dosageInstruction": [
            {
                "text": "1 tablett på morgonen",
                "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [{"doseQuantity": {"value": 5, "unit": "mg", "system": codes.UCUM, "code": "mg"}}],
            }
        ],
    }
    with session() as db:
        return repository.create(db, content, actor=REGION).id


@pytest.fixture
def proposal(anna: Person, order: str) -> str:
    """A proposal that waits for a doctor; the task's id."""
    subject = {"reference": f"Patient/{anna.id}"}
    draft = {
        "resourceType": "MedicationRequest",
        "status": "draft",
        "intent": "proposal",
        "medicationCodeableConcept": {"text": "blodtrycksmedicin"},
        "subject": subject,
    }
    with session() as db:
        made = repository.create(db, draft, actor=ROUND)
        task = {
            "resourceType": "Task",
            "status": "requested",
            "intent": "proposal",
            "code": {"coding": [{"system": codes.TASK, "code": "medication-proposal"}]},
            "for": subject,
            "focus": {"reference": f"MedicationRequest/{made.id}"},
        }
        return repository.create(db, task, actor=ROUND).id


def weigh(person: Person, value: float = 60.4, days_ago: int = 0) -> None:
    content = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": codes.LOINC, "code": codes.WEIGHT}]},
        "subject": {"reference": f"Patient/{person.id}"},
        "effectiveDateTime": (utc_now() - timedelta(days=days_ago, minutes=1)).isoformat(),
        "valueQuantity": {"value": value, "unit": "kg", "system": codes.UCUM, "code": "kg"},
    }
    with session() as db:
        repository.create(db, content, actor=REGION)


def open_task(person: Person, code: str, priority: str) -> None:
    with session() as db:
        tasks.open_task(
            db,
            patient_id=person.id,
            code=code,
            priority=priority,
            identifier=f"{code}-{priority}-{person.id}",
            description="Beskrivning",
        )


def decide(client: TestClient, task: str, **form: str):
    return client.post(f"/clinic/tasks/{task}/decide", data={"version": "1", **form})


def doses(person: Person) -> dict[str, float]:
    """Return the dose of the patient's orders by status."""
    query = select(MedicationRequest).where(
        MedicationRequest.patient_id == person.id, MedicationRequest.intent == "order"
    )
    with session() as db:
        return {
            one.status: one.content["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]["value"]
            for one in db.scalars(query)
        }


class TestWorklist:
    def test_says_so_when_nothing_waits(self, doctor: TestClient) -> None:
        assert "Inget väntar just nu" in doctor.get("/clinic").text

    def test_puts_the_most_urgent_first_and_counts(self, doctor: TestClient, anna: Person) -> None:
        for code, priority in (
            ("question", "routine"),
            ("callback", "urgent"),
            ("alert", "urgent"),
            ("red-flag", "stat"),
        ):
            open_task(anna, code, priority)
        page = doctor.get("/clinic").text
        order = [page.index(words) for words in ("Rött varningstecken", "Larm från", "uppringd", "Fråga till")]
        assert order == sorted(order)
        assert "<strong>2</strong> skyndsamt" in page

    def test_shows_own_patients_only(self, doctor: TestClient) -> None:
        open_task(make_patient("Bertil"), "callback", "urgent")
        assert "Bertil" not in doctor.get("/clinic/worklist").text

    def test_a_red_flag_can_be_acknowledged_once(self, doctor: TestClient, anna: Person) -> None:
        open_task(anna, "red-flag", "stat")
        (task,) = anna.tasks("red-flag")
        assert "Kvittera" in doctor.get(f"/clinic/tasks/{task.id}").text
        assert doctor.post(f"/clinic/tasks/{task.id}/acknowledge").status_code == 303
        assert doctor.post(f"/clinic/tasks/{task.id}/acknowledge").status_code == 409
        assert anna.tasks("red-flag")[0].status == "completed"
        assert "Kvitterat av Karin Holm" in doctor.get(f"/clinic/tasks/{task.id}").text

    def test_a_task_of_a_stranger_cannot_be_opened_or_acknowledged(self, doctor: TestClient) -> None:
        bertil = make_patient("Bertil")
        open_task(bertil, "red-flag", "stat")
        (task,) = bertil.tasks("red-flag")
        assert doctor.get(f"/clinic/tasks/{task.id}").status_code == 403
        assert doctor.post(f"/clinic/tasks/{task.id}/acknowledge").status_code == 403


class TestPatient:
    def test_shows_readings_medicines_and_a_curve_with_words(
        self, doctor: TestClient, anna: Person, order: str
    ) -> None:
        weigh(anna, 61.2, days_ago=2)
        weigh(anna)
        page = doctor.get(f"/clinic/patients/{anna.id}").text
        assert "Vikt: 60,4\u00a0kg" in page
        assert "Först 61,2\u00a0kg" in page
        assert "Amlodipin 5 mg" in page
        curve = doctor.get(f"/clinic/patients/{anna.id}/curves/{codes.WEIGHT}.svg")
        assert curve.headers["content-type"] == "image/svg+xml"
        assert curve.text.startswith("<svg")

    def test_shows_booked_times_and_what_was_told_of_medicines(self, doctor: TestClient, anna: Person) -> None:
        subject = {"reference": f"Patient/{anna.id}"}
        told = {
            "resourceType": "Observation",
            "status": "final",
            "code": {"coding": [{"system": codes.DAILY, "code": "medication-forgotten"}]},
            "subject": subject,
            "effectiveDateTime": (utc_now() - timedelta(minutes=1)).isoformat(),
            "valueString": "Ramipril 5 mg",
        }
        nurse = make_staff("nurse", anna)
        start = utc_now() + timedelta(days=40)
        booked = {
            "resourceType": "Appointment",
            "status": "booked",
            "start": start.isoformat(),
            "end": (start + timedelta(minutes=30)).isoformat(),
            "appointmentType": {"coding": [{"system": codes.MODE, "code": "phone"}]},
            "participant": [
                {"actor": {"reference": f"Practitioner/{nurse}", "display": "Sara Lind"}, "status": "accepted"},
                {"actor": subject, "status": "accepted"},
            ],
        }
        with session() as db:
            for content in (told, booked):
                repository.insert(db, content, actor=REGION)
        page = doctor.get(f"/clinic/patients/{anna.id}").text
        assert "Har glömt: Ramipril 5 mg" in page
        assert "Telefonsamtal med Sara Lind" in page

    def test_a_proposal_cannot_be_acknowledged_away(self, doctor: TestClient, proposal: str) -> None:
        assert doctor.post(f"/clinic/tasks/{proposal}/acknowledge").status_code == 409


class TestProposal:
    def test_suggests_the_next_lower_strength(self, doctor: TestClient, proposal: str) -> None:
        page = doctor.get(f"/clinic/tasks/{proposal}").text
        assert "Förslag: 2,5 mg en gång om dagen" in page

    def test_asks_for_confirmation_before_anything_happens(
        self, doctor: TestClient, anna: Person, proposal: str, order: str
    ) -> None:
        page = decide(doctor, proposal, decision="approve", order=order)
        assert "Du signerar som Karin Holm" in page.text
        assert doses(anna) == {"active": 5}

    def test_approved_and_signed_changes_the_order_and_tells_the_patient(
        self, doctor: TestClient, anna: Person, proposal: str, order: str
    ) -> None:
        assert decide(doctor, proposal, decision="approve", order=order, confirmed="true").status_code == 303
        assert doses(anna) == {"active": 2.5, "stopped": 5}
        assert anna.messages()[-1].kind == "decision"
        assert "2,5 mg en gång om dagen" in anna.messages()[-1].text
        assert "Signerat" in doctor.get(f"/clinic/tasks/{proposal}").text

    def test_changed_takes_the_doctors_own_dose_and_reason(
        self, doctor: TestClient, anna: Person, proposal: str, order: str
    ) -> None:
        form = {"decision": "change", "order": order, "dose": "7,5", "reason": "Bättre så", "confirmed": "true"}
        assert decide(doctor, proposal, **form).status_code == 303
        assert doses(anna)["active"] == 7.5
        assert "Bättre så" in anna.messages()[-1].text

    def test_rejected_leaves_the_order_and_tells_why(self, doctor: TestClient, anna: Person, proposal: str) -> None:
        assert decide(doctor, proposal, decision="reject", reason="Vi väntar", confirmed="true").status_code == 303
        assert doses(anna) == {"active": 5}
        assert "Vi väntar" in anna.messages()[-1].text
        assert "Avslaget" in doctor.get(f"/clinic/tasks/{proposal}").text

    @pytest.mark.parametrize(
        ("form", "problem"),
        [
            ({}, "Välj godkänn"),
            ({"decision": "approve"}, "Välj vilket läkemedel"),
            ({"decision": "reject", "reason": " "}, "Skriv en motivering"),
            ({"decision": "change", "reason": "x", "dose": "mycket"}, "som ett tal"),
            ({"decision": "change", "reason": "x", "dose": "-1"}, "större än noll"),
            ({"decision": "change", "reason": "x", "dose": "NaN"}, "större än noll"),
        ],
    )
    def test_says_what_is_missing(
        self, doctor: TestClient, proposal: str, order: str, *, form: dict[str, str], problem: str
    ) -> None:
        filled = {"order": order, "confirmed": "true", **form} if form.get("decision") == "change" else form
        answer = decide(doctor, proposal, **filled)
        assert answer.status_code == 422
        assert problem in answer.text
        with session() as db:
            assert db.get_one(MedicationRequest, order).status == "active"

    def test_the_same_dose_is_no_change(self, doctor: TestClient, proposal: str, order: str) -> None:
        form = {"decision": "change", "order": order, "dose": "5", "reason": "x", "confirmed": "true"}
        assert decide(doctor, proposal, **form).status_code == 422

    def test_whoever_comes_second_is_told_so(self, doctor: TestClient, anna: Person, proposal: str, order: str) -> None:
        colleague = clinician("doctor", anna)
        decide(colleague, proposal, decision="reject", reason="Nej", confirmed="true")
        answer = decide(doctor, proposal, decision="approve", order=order, confirmed="true")
        assert answer.status_code == 409
        assert "Någon annan hann före" in answer.text
        assert doses(anna) == {"active": 5}

    def test_a_stale_page_signs_nothing(self, doctor: TestClient, anna: Person, proposal: str, order: str) -> None:
        form = {"version": "7", "decision": "approve", "order": order, "confirmed": "true"}
        assert doctor.post(f"/clinic/tasks/{proposal}/decide", data=form).status_code == 409
        assert doses(anna) == {"active": 5}

    def test_a_nurse_sees_it_but_signs_nothing(self, anna: Person, proposal: str, order: str) -> None:
        nurse = clinician("nurse", anna)
        assert "Bara en läkare kan signera" in nurse.get(f"/clinic/tasks/{proposal}").text
        assert decide(nurse, proposal, decision="approve", order=order, confirmed="true").status_code == 403
        assert doses(anna) == {"active": 5}

    def test_a_doctor_without_care_relation_signs_nothing(self, anna: Person, proposal: str, order: str) -> None:
        stranger = clinician("doctor", make_patient("Bertil"))
        assert decide(stranger, proposal, decision="approve", order=order, confirmed="true").status_code == 403
        with session() as db:
            assert db.get_one(Task, proposal).status == "requested"


def test_the_clinic_reads_what_a_withdrawn_consent_means(doctor: TestClient, anna: Person) -> None:
    page = f"/clinic/patients/{anna.id}"
    assert "sagt nej" not in doctor.get(page).text
    with session() as db:
        consents.change(db, actor=ROUND, patient_id=anna.id, category="care", given=False, now=utc_now())
    shown = doctor.get(page).text
    assert "sagt nej till att andra vårdgivare" in shown
    assert "Er egen journal och er vård påverkas inte" in shown


def test_a_consent_takes_effect_when_the_clinic_has_seen_who_it_is(doctor: TestClient, anna: Person) -> None:
    page = f"/clinic/patients/{anna.id}"
    with session() as db:
        consents.change(db, actor=ROUND, patient_id=anna.id, category="research", given=True, now=utc_now())
    assert "Legitimation är visad" in doctor.get(page).text
    assert clinician("nurse").post(f"{page}/consents/research/identified").status_code == 403
    for _ in range(2):
        assert doctor.post(f"{page}/consents/research/identified").headers["location"] == page
    assert "Legitimation är visad" not in doctor.get(page).text
    with session() as db:
        assert consents.standing(db, patient_id=anna.id) == {"research": "given"}
