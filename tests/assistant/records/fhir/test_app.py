"""The FHIR API over HTTP."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from fhir.resources.R4B import get_fhir_model_class
from httpx import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import conversations, repository
from assistant.records.access import Actor
from assistant.records.fhir import app as fhir_app
from assistant.records.fhir import codes
from assistant.records.models import Appointment, MedicationRequest, Observation, PatientSettings, Slot
from assistant.settings import get_settings
from tests.assistant.records.conftest import ANNA, ERIK, KARIN, REGION, Headers, order, weight

Bearer = Callable[[Actor], Headers]


def assert_outcome(response: Response, status: int, error: str | None = None) -> None:
    body = response.json()
    assert response.status_code == status, body
    assert response.headers["content-type"] == "application/fhir+json"
    assert body["resourceType"] == "OperationOutcome"
    get_fhir_model_class("OperationOutcome").model_validate(body)
    issue = body["issue"][0]
    assert issue["details"]["text"]
    assert issue["diagnostics"]
    if error:
        assert issue["details"]["coding"][0]["code"] == error


def assert_valid(body: dict[str, Any]) -> None:
    get_fhir_model_class(body["resourceType"]).model_validate(body)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/Patient/anna"),
        ("GET", "/Observation"),
        ("POST", "/Observation"),
        ("PUT", "/Patient/anna"),
        ("GET", "/Patient/anna/_history"),
        ("GET", "/Patient/anna/_history/1"),
        ("POST", "/Patient/_search"),
        ("POST", "/Appointment/$hold"),
        ("POST", "/"),
        ("GET", "/AuditEvent"),
    ],
)
def test_anonymous_is_refused(api: TestClient, method: str, path: str) -> None:
    body = None if method == "GET" or path.endswith("_search") else {"resourceType": "Patient", "id": "anna"}
    response = api.request(method, path, json=body)
    assert_outcome(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"


def test_read_tells_the_version(api: TestClient, bearer: Bearer) -> None:
    response = api.get("/Patient/anna", headers=bearer(ANNA))
    assert (response.status_code, response.headers["ETag"]) == (200, 'W/"1"')
    assert_valid(response.json())


@pytest.mark.parametrize("path", ["/Patient/bertil", "/Patient/nobody", "/MedicationRequest/bertil-furosemid"])
def test_another_patient_looks_like_nobody(api: TestClient, bearer: Bearer, path: str) -> None:
    assert_outcome(api.get(path, headers=bearer(ANNA)), 404, "not-found")


def test_staff_without_a_care_relation_see_nothing(api: TestClient, bearer: Bearer) -> None:
    assert_outcome(api.get("/Patient/anna", headers=bearer(ERIK)), 404, "not-found")
    assert api.get("/Observation?patient=anna", headers=bearer(ERIK)).json()["total"] == 0


def test_create_answers_with_its_place(api: TestClient, bearer: Bearer) -> None:
    response = api.post("/Observation", headers=bearer(ANNA), json=weight())
    assert response.status_code == 201
    created = response.json()
    assert response.headers["Location"] == f"http://testserver/Observation/{created['id']}/_history/1"
    assert api.get(response.headers["Location"], headers=bearer(ANNA)).json() == created


def test_a_repeated_conditional_create_answers_with_the_first(api: TestClient, bearer: Bearer) -> None:
    content = weight(identifier=[{"system": codes.READING_ID, "value": "http-1"}])
    headers = bearer(ANNA) | {"If-None-Exist": f"identifier={codes.READING_ID}|http-1"}
    first = api.post("/Observation", headers=headers, json=content)
    again = api.post("/Observation", headers=headers, json=content)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]


def test_update_needs_the_right_version(api: TestClient, bearer: Bearer) -> None:
    staff = bearer(KARIN)
    content = api.post("/Observation", headers=staff, json=weight()).json()
    path = f"/Observation/{content['id']}"
    amended = content | {"status": "amended"}
    assert_outcome(api.put(path, headers=staff, json=amended), 428, "precondition-required")
    assert_outcome(api.put(path, headers=staff | {"If-Match": 'W/"9"'}, json=amended), 412, "version-conflict")
    assert_outcome(api.put(path, headers=staff | {"If-Match": "nine"}, json=amended), 400, "malformed")
    done = api.put(path, headers=staff | {"If-Match": 'W/"1"'}, json=amended)
    assert (done.status_code, done.headers["ETag"]) == (200, 'W/"2"')
    history = api.get(f"{path}/_history", headers=staff).json()
    assert_valid(history)
    assert [entry["resource"]["status"] for entry in history["entry"]] == ["amended", "final"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"null", 400),
        (b'{"resourceType": "Observation", "x": NaN}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b'{"resourceType": "Patient"}', 422),
        (b'{"resourceType": 5}', 422),
        (b'{"resourceType": "Observation"}', 422),
        (b" " * 1_000_001, 413),
    ],
)
def test_what_cannot_be_read_is_refused(api: TestClient, bearer: Bearer, body: bytes, status: int) -> None:
    headers = bearer(ANNA) | {"Content-Type": "application/fhir+json"}
    assert_outcome(api.post("/Observation", headers=headers, content=body), status)


def test_another_media_type_is_refused(api: TestClient, bearer: Bearer) -> None:
    headers = bearer(ANNA) | {"Content-Type": "application/xml"}
    assert_outcome(api.post("/Observation", headers=headers, content=b"<x/>"), 400, "malformed")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/Nothing", 404),
        ("GET", "/Nothing/1", 404),
        ("GET", "/Patient/anna/_history/x", 404),
        ("GET", "/a/b/c/d/e", 404),
        ("GET", "/Patient/", 404),
        ("DELETE", "/Patient/anna", 405),
        ("PATCH", "/Patient/anna", 405),
        ("GET", "/Observation?nonsense=1", 400),
        ("GET", "/Observation?_count=-1", 400),
        ("GET", "/Observation?_cursor=nonsense", 400),
        ("GET", "/AuditEvent/x", 404),
        ("GET", "/AuditEvent?nonsense=1", 400),
        ("GET", "/AuditEvent?date=x", 400),
    ],
)
def test_every_error_is_an_operation_outcome(
    api: TestClient, bearer: Bearer, method: str, path: str, status: int
) -> None:
    assert_outcome(api.request(method, path, headers=bearer(ANNA)), status)


def test_an_unforeseen_error_is_an_operation_outcome_too(
    api: TestClient, bearer: Bearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("anna 194105129805")

    monkeypatch.setattr(repository, "read", fail)
    response = api.get("/Patient/anna", headers=bearer(ANNA))
    assert_outcome(response, 500, "records-error")
    assert "194105129805" not in response.text


def test_a_wrong_unit_names_the_place(api: TestClient, bearer: Bearer) -> None:
    wrong = weight(valueQuantity={"value": 70, "unit": "mmHg", "system": codes.UCUM, "code": "mm[Hg]"})
    response = api.post("/Observation", headers=bearer(ANNA), json=wrong)
    assert_outcome(response, 422, "invalid-resource")
    assert response.json()["issue"][0]["expression"] == ["valueQuantity"]


@pytest.mark.parametrize("actor", [ANNA, KARIN], ids=["the patient", "the doctor"])
def test_an_active_order_is_refused(api: TestClient, bearer: Bearer, actor: Actor) -> None:
    assert_outcome(api.post("/MedicationRequest", headers=bearer(actor), json=order()), 403, "signature-needed")


def test_the_region_imports_an_order(api: TestClient, bearer: Bearer) -> None:
    assert api.post("/MedicationRequest", headers=bearer(REGION), json=order()).status_code == 201


def test_a_search_has_total_links_and_valid_entries(api: TestClient, bearer: Bearer) -> None:
    first = api.get(f"/Observation?code={codes.WEIGHT}&_sort=-date&_count=20", headers=bearer(ANNA)).json()
    assert_valid(first)
    assert (first["total"], len(first["entry"])) == (35, 20)
    following = next(link["url"] for link in first["link"] if link["relation"] == "next")
    second = api.get(following, headers=bearer(ANNA)).json()
    assert len(second["entry"]) == 15
    assert [link["relation"] for link in second["link"]] == ["self"]


def test_a_search_by_post_keeps_its_parameters_out_of_the_address(api: TestClient, bearer: Bearer) -> None:
    form = {"identifier": f"{codes.PERSONNUMMER}|194105129805"}
    found = api.post("/Patient/_search", headers=bearer(KARIN), data=form).json()
    assert [entry["resource"]["id"] for entry in found["entry"]] == ["anna"]
    assert "194105129805" not in found["link"][0]["url"]


def test_the_capability_statement_is_true(api: TestClient, bearer: Bearer) -> None:
    statement = api.get("/metadata").json()
    assert_valid(statement)
    for resource in statement["rest"][0]["resource"]:
        assert api.get(f"/{resource['type']}", headers=bearer(ANNA)).status_code == 200
        for parameter in resource["searchParam"]:
            value = {"date": "2026", "reference": "Patient/anna"}.get(parameter["type"], "x")
            response = api.get(f"/{resource['type']}?{parameter['name']}={value}", headers=bearer(ANNA))
            assert response.status_code == 200, (resource["type"], parameter["name"])
    operations = next(one for one in statement["rest"][0]["resource"] if one["type"] == "Appointment")["operation"]
    assert {one["name"] for one in operations} == {"find", "hold", "book"}


def test_the_patient_reads_the_log_of_their_record(api: TestClient, bearer: Bearer) -> None:
    api.get("/Patient/anna", headers=bearer(KARIN))
    log = api.get("/AuditEvent?action=R", headers=bearer(ANNA)).json()
    assert_valid(log)
    newest = log["entry"][0]["resource"]
    assert newest["agent"][0]["who"]["display"] == "doctor-karin"
    assert api.get(f"/AuditEvent/{newest['id']}", headers=bearer(ANNA)).json() == newest
    assert_outcome(api.get(f"/AuditEvent/{newest['id']}", headers=bearer(ERIK)), 404, "not-found")


class TestBooking:
    """The operations, as the assistant uses them in a talk."""

    @pytest.fixture
    def talk(self, record: Session) -> Headers:
        conversation = conversations.conversation_of(record, patient_id="anna")
        secret = get_settings().actions_secret.get_secret_value()
        return {"Authorization": f"Bearer {secret}", "X-Conversation-Id": conversation.id}

    def operate(self, api: TestClient, talk: Headers, name: str, **values: object) -> Response:
        parameters = [
            {"name": key, "valueInteger" if isinstance(value, int) else "valueString": value}
            for key, value in values.items()
        ]
        body = {"resourceType": "Parameters", "parameter": parameters}
        return api.post(f"/Appointment/${name}", headers=talk, json=body)

    def find(self, api: TestClient, talk: Headers) -> list[dict[str, Any]]:
        response = self.operate(
            api, talk, "find", start="2020-01-01", end="2089-01-01", role="doctor", mode="visit", _count=2
        )
        assert_valid(response.json())
        return [entry["resource"] for entry in response.json()["entry"]]

    def test_find_hold_book_cancel(self, api: TestClient, talk: Headers, record: Session) -> None:
        first, second = self.find(api, talk)
        slot = first["slot"][0]["reference"]
        held = self.operate(api, talk, "hold", slot=slot, mode="visit", identifier="t1").json()
        assert_valid(held)
        assert held["status"] == "pending"
        assert slot not in [one["slot"][0]["reference"] for one in self.find(api, talk)]
        booked = self.operate(api, talk, "book", appointment=held["id"]).json()
        assert_valid(booked)
        assert booked["entry"][0]["resource"]["status"] == "booked"
        to = second["slot"][0]["reference"]
        moved = self.operate(api, talk, "book", action="modify", appointment=held["id"], slot=to)
        assert moved.json()["entry"][0]["resource"]["slot"][0]["reference"] == to
        gone = self.operate(api, talk, "book", action="cancel", appointment=held["id"])
        assert gone.json()["entry"][0]["resource"]["status"] == "cancelled"

    def test_a_full_slot_is_a_conflict_in_swedish(self, api: TestClient, talk: Headers, bearer: Bearer) -> None:
        slot = self.find(api, talk)[0]["slot"][0]["reference"]
        self.operate(api, talk, "hold", slot=slot, mode="visit", identifier="t1")
        bertil = bearer(Actor(id="bertil", role="patient", patient_id="bertil"))
        response = self.operate(api, bertil, "hold", slot=slot, mode="visit", identifier="t2")
        assert_outcome(response, 409, "slot-taken")
        assert response.json()["issue"][0]["details"]["text"].startswith("Tiden är tyvärr inte ledig")

    @pytest.mark.parametrize(
        ("name", "values", "status"),
        [
            ("hold", {}, 422),
            ("hold", {"slot": "nothing", "mode": "visit", "identifier": "x"}, 404),
            ("hold", {"slot": 5, "mode": "visit", "identifier": "x"}, 422),
            ("find", {"start": "igår", "end": "2027"}, 400),
            ("find", {"start": "2026", "end": "2027", "role": "king"}, 422),
            ("find", {"start": "2026", "end": "2027", "_count": -1}, 422),
            ("book", {"action": "destroy"}, 422),
            ("book", {"appointment": "nothing"}, 404),
            ("book", {"slot": "nothing"}, 422),
            ("book", {"patient": "bertil", "appointment": "x"}, 403),
            ("dance", {}, 404),
        ],
    )
    def test_a_bad_operation_is_refused(
        self, api: TestClient, talk: Headers, name: str, values: dict[str, object], status: int
    ) -> None:
        assert_outcome(self.operate(api, talk, name, **values), status)

    def transaction(self, slot: Slot, patient: str = "anna", version: int | None = None) -> dict[str, Any]:
        appointment = {
            "resourceType": "Appointment",
            "identifier": [{"system": codes.IDEMPOTENCY, "value": "t-1"}],
            "status": "booked",
            "slot": [{"reference": f"Slot/{slot.id}"}],
            "start": slot.starts_at.isoformat(),
            "end": slot.ends_at.isoformat(),
            "participant": [{"actor": {"reference": f"Patient/{patient}"}, "status": "accepted"}],
        }
        post = {"method": "POST", "url": "Appointment", "ifNoneExist": f"identifier={codes.IDEMPOTENCY}|t-1"}
        put = {"method": "PUT", "url": f"Slot/{slot.id}", "ifMatch": f'W/"{version or slot.version}"'}
        return {
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [
                {"resource": appointment, "request": post},
                {"resource": slot.content | {"status": "busy"}, "request": put},
            ],
        }

    @pytest.fixture
    def slot(self, record: Session) -> Slot:
        return record.scalars(select(Slot).where(Slot.status == "free").order_by(Slot.id)).first()  # type: ignore[return-value]

    def test_a_transaction_takes_the_slot_and_books(self, api: TestClient, talk: Headers, slot: Slot) -> None:
        response = api.post("/", headers=talk, json=self.transaction(slot))
        assert response.status_code == 200
        assert_valid(response.json())
        answers = [entry["response"]["status"] for entry in response.json()["entry"]]
        assert answers == ["201 Created", "200 OK"]

    def test_a_transaction_on_an_old_slot_changes_nothing(
        self, api: TestClient, talk: Headers, slot: Slot, record: Session
    ) -> None:
        assert_outcome(api.post("/", headers=talk, json=self.transaction(slot, version=9)), 412, "version-conflict")
        assert record.scalars(select(Appointment).where(Appointment.patient_id == "anna")).first() is None

    def test_a_patient_takes_no_slot_without_an_appointment(self, api: TestClient, talk: Headers, slot: Slot) -> None:
        headers = talk | {"If-Match": f'W/"{slot.version}"'}
        response = api.put(f"/Slot/{slot.id}", headers=headers, json=slot.content | {"status": "busy"})
        assert_outcome(response, 403, "forbidden")

    def test_an_appointment_is_not_put_in_a_free_slot(self, api: TestClient, talk: Headers, slot: Slot) -> None:
        appointment = self.transaction(slot)["entry"][0]["resource"]
        assert_outcome(api.post("/Appointment", headers=talk, json=appointment), 409, "conflict")

    def test_a_hold_is_made_by_the_operation_only(self, api: TestClient, talk: Headers, slot: Slot) -> None:
        pending = self.transaction(slot)["entry"][0]["resource"] | {"status": "pending"}
        assert_outcome(api.post("/Appointment", headers=talk, json=pending), 422)

    @pytest.mark.parametrize(
        "bundle",
        [
            {"resourceType": "Bundle", "type": "batch"},
            {"resourceType": "Patient"},
            {"resourceType": "Bundle", "type": "transaction", "entry": 5},
            {"resourceType": "Bundle", "type": "transaction", "entry": [5]},
            {"resourceType": "Bundle", "type": "transaction", "entry": [{"request": {"method": "DELETE"}}]},
            {
                "resourceType": "Bundle",
                "type": "transaction",
                "entry": [{"request": {"method": "POST"}, "resource": 1}],
            },
        ],
    )
    def test_a_bad_transaction_is_refused(self, api: TestClient, talk: Headers, bundle: dict[str, Any]) -> None:
        response = api.post("/", headers=talk, json=bundle)
        assert_outcome(response, response.status_code)
        assert 400 <= response.status_code < 500


def test_the_application_keeps_nothing_else_open() -> None:
    assert fhir_app.app.openapi_url is None


@pytest.mark.parametrize("mount", ["", "/fhir"])
def test_addresses_lead_back_to_where_the_api_is_mounted(api: TestClient, bearer: Bearer, mount: str) -> None:
    outer = FastAPI()
    outer.mount(mount, api.app)
    client = TestClient(outer, headers=bearer(ANNA))
    created = client.post(f"{mount}/Observation", json=weight())
    found = client.get(f"{mount}/Observation?_count=1").json()
    following = {link["relation"]: link["url"] for link in found["link"]}["next"]
    for address in (created.headers["Location"], found["entry"][0]["fullUrl"], following):
        assert client.get(address).status_code == 200, address


class TestRecordSystem:
    """The region's record system brings patients with all that belongs to them."""

    def bundle(self, *resources: tuple[str, dict[str, Any]]) -> dict[str, Any]:
        return {
            "resourceType": "Bundle",
            "type": "transaction",
            "entry": [
                {"fullUrl": url, "resource": one, "request": {"method": "POST", "url": one["resourceType"]}}
                for url, one in resources
            ],
        }

    def patient(self, **changes: Any) -> dict[str, Any]:
        return {"resourceType": "Patient", "name": [{"family": "Ny", "given": ["Greta", "Maria"]}], **changes}

    def test_references_within_a_transaction_lead_to_the_new_ids(
        self, api: TestClient, bearer: Bearer, record: Session
    ) -> None:
        one = weight("x", subject={"reference": "urn:uuid:p"})
        other = weight("x", subject={"reference": "http://other.example/fhir/Patient/7"})
        sent = self.bundle(("urn:uuid:o", one), ("urn:uuid:p", self.patient()))
        answer = api.post("/", headers=bearer(REGION), json=sent).json()["entry"]
        assert answer[0]["resource"]["subject"]["reference"] == f"Patient/{answer[1]['resource']['id']}"
        sent = self.bundle(("urn:uuid:o", other), ("http://other.example/fhir/Patient/7", self.patient()))
        answer = api.post("/", headers=bearer(REGION), json=sent).json()["entry"]
        assert answer[0]["resource"]["subject"]["reference"] == f"Patient/{answer[1]['resource']['id']}"

    def test_a_bad_entry_says_where_it_is(self, api: TestClient, bearer: Bearer) -> None:
        bad = weight("anna", valueQuantity={"value": 70, "unit": "kg"})
        answer = api.post("/", headers=bearer(REGION), json=self.bundle(("urn:uuid:a", weight()), ("urn:uuid:b", bad)))
        assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1].valueQuantity"]

    def test_a_new_patient_has_settings_a_doctor_and_her_own_language(
        self, api: TestClient, bearer: Bearer, record: Session
    ) -> None:
        english = {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "en-GB"}]}, "preferred": True}
        by_number = {"identifier": {"system": codes.HSA_ID, "value": "SE2321000131-E000000000102"}}
        sent = self.patient(communication=[english], generalPractitioner=[by_number])
        created = api.post("/Patient", headers=bearer(REGION), json=sent).json()
        settings = record.get_one(PatientSettings, created["id"])
        assert (settings.call_name, settings.language, settings.doctor_id) == ("Greta", "en", "doctor-erik")
        assert settings.checkins_enabled
        assert api.get(f"/Patient/{created['id']}", headers=bearer(ERIK)).status_code == 200

    def test_the_record_system_may_name_an_id_itself_and_nobody_else(self, api: TestClient, bearer: Bearer) -> None:
        sent = self.patient(id="history-1")
        assert api.put("/Patient/history-1", headers=bearer(REGION), json=sent).status_code == 201
        assert_outcome(api.put("/Patient/history-1", headers=bearer(REGION), json=sent), 428, "precondition-required")
        told = weight(id="told-1")
        assert_outcome(api.put("/Observation/told-1", headers=bearer(ANNA), json=told), 428, "precondition-required")

    def test_flags_goals_and_plans_become_limits_and_agreed_readings(
        self, api: TestClient, bearer: Bearer, record: Session
    ) -> None:
        about = {"subject": {"reference": "Patient/elsa"}}
        code = {"coding": [{"system": "https://vigor.example/CodeSystem/limit", "code": "spo2-scale-2"}]}
        flag = {"resourceType": "Flag", "status": "active", "code": code, **about}
        timing = {"repeat": {"frequency": 1, "period": 2, "periodUnit": "d"}}
        weighing = {"coding": [{"system": codes.LOINC, "code": "3141-9"}]}
        detail = {"status": "in-progress", "code": weighing, "scheduledTiming": timing}
        plan = {
            "resourceType": "CarePlan",
            "status": "active",
            "intent": "plan",
            "activity": [{"detail": detail}],
            **about,
        }
        stored = [api.post(f"/{one['resourceType']}", headers=bearer(REGION), json=one).json() for one in (flag, plan)]
        settings = record.get_one(PatientSettings, "elsa")
        assert (settings.limits["spo2_scale"], settings.agreed_readings[codes.WEIGHT]) == (2, 3.5)
        headers = bearer(REGION) | {"If-Match": 'W/"1"'}
        api.put(f"/Flag/{stored[0]['id']}", headers=headers, json=stored[0] | {"status": "inactive"})
        record.refresh(settings)
        assert "spo2_scale" not in settings.limits

    def test_a_withdrawn_questionnaire_takes_its_sum_along(
        self, api: TestClient, bearer: Bearer, record: Session
    ) -> None:
        response = {
            "resourceType": "QuestionnaireResponse",
            "status": "completed",
            "subject": {"reference": "Patient/anna"},
            "authored": "2026-01-05T10:00:00+01:00",
            "item": [{"linkId": "/44261-6", "answer": [{"valueInteger": 12}]}],
        }
        stored = api.post("/QuestionnaireResponse", headers=bearer(REGION), json=response).json()
        query = f"/Observation?patient=anna&code={codes.PHQ9}"
        assert [one["resource"]["status"] for one in api.get(query, headers=bearer(REGION)).json()["entry"]] == [
            "final"
        ]
        headers = bearer(REGION) | {"If-Match": 'W/"1"'}
        api.put(f"/QuestionnaireResponse/{stored['id']}", headers=headers, json=stored | {"status": "entered-in-error"})
        found = api.get(query, headers=bearer(REGION)).json()["entry"]
        assert [one["resource"]["status"] for one in found] == ["entered-in-error"]

    def test_a_contained_medication_is_put_into_its_order(
        self, api: TestClient, bearer: Bearer, record: Session
    ) -> None:
        sent = order(
            contained=[
                {
                    "resourceType": "Medication",
                    "id": "m",
                    "code": {"coding": [{"system": codes.ATC, "code": "C07AB02"}]},
                }
            ],
            medicationReference={"reference": "#m"},
        )
        del sent["medicationCodeableConcept"]
        created = api.post("/MedicationRequest", headers=bearer(REGION), json=sent)
        assert created.status_code == 201, created.text
        assert record.get_one(MedicationRequest, created.json()["id"]).atc == "C07AB02"

    def test_a_new_dose_is_a_change_and_a_new_note_is_none(
        self, api: TestClient, bearer: Bearer, record: Session
    ) -> None:
        written = {"authoredOn": "2025-01-01T09:00:00+01:00"}
        stored = api.post("/MedicationRequest", headers=bearer(REGION), json=order(**written)).json()
        row = record.get_one(MedicationRequest, stored["id"])
        headers = bearer(REGION) | {"If-Match": 'W/"1"'}
        api.put(f"/MedicationRequest/{row.id}", headers=headers, json=stored | {"note": [{"text": "Ring"}]})
        record.refresh(row)
        assert row.changed_at == row.authored_on
        dose = [{"text": "2 tabletter"}]
        headers = bearer(REGION) | {"If-Match": 'W/"2"'}
        changed = api.put(f"/MedicationRequest/{row.id}", headers=headers, json=stored | {"dosageInstruction": dose})
        assert changed.status_code == 200, changed.text
        record.refresh(row)
        assert row.changed_at is not None
        assert row.authored_on is not None
        assert row.changed_at > row.authored_on

    def test_weights_are_judged_alike_whatever_order_they_come_in(
        self, api: TestClient, bearer: Bearer, record: Session
    ) -> None:
        patient_id = api.post("/Patient", headers=bearer(REGION), json=self.patient()).json()["id"]
        days = {4: 60.1, 3: 132.0, 2: 132.2, 1: 60.0}
        for day, value in days.items():
            sent = weight(patient_id, value=value, at=datetime(2026, 1, day, 7, tzinfo=UTC))
            api.post("/Observation", headers=bearer(REGION), json=sent)
        rows = record.scalars(
            select(Observation).where(Observation.patient_id == patient_id).order_by(Observation.effective_at)
        )
        assert [(row.value, row.doubtful) for row in rows] == [
            (60.0, False),
            (132.2, True),
            (132.0, True),
            (60.1, False),
        ]
