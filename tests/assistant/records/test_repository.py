"""The way in to and out of the record."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from assistant.records import conversations, orders, repository
from assistant.records.errors import (
    ConflictError,
    ForbiddenError,
    InvalidResourceError,
    MultipleMatchesError,
    NotFoundError,
    PreconditionRequiredError,
    SearchError,
    SignatureNeededError,
    UnknownTypeError,
    VersionConflictError,
)
from assistant.records.fhir import codes
from assistant.records.models import MedicationRequest, Observation, Provenance, Signature
from tests.assistant.records.conftest import ANNA, KARIN, REGION, ROUND, order, weight


def test_a_created_resource_is_read_back_with_its_version(record: Session) -> None:
    stored = repository.create(record, weight(), actor=ANNA)
    found = repository.read(record, resource_type="Observation", resource_id=stored.id, actor=ANNA)
    assert (found.etag, found.content["meta"]["versionId"], found.content["valueQuantity"]["value"]) == (
        'W/"1"',
        "1",
        70.0,
    )


def test_a_client_does_not_choose_the_id(record: Session) -> None:
    assert repository.create(record, weight(id="mine"), actor=ANNA).id != "mine"


def test_each_version_is_kept(record: Session) -> None:
    first = repository.create(record, weight(), actor=KARIN)
    repository.update(record, first.content | {"status": "amended"}, actor=KARIN, expected_version=1)
    versions = repository.history(record, resource_type="Observation", resource_id=first.id, actor=KARIN)
    assert [(one.version, one.content["status"]) for one in versions] == [(2, "amended"), (1, "final")]
    old = repository.read_version(record, resource_type="Observation", resource_id=first.id, version="1", actor=KARIN)
    assert old.content["status"] == "final"


@pytest.mark.parametrize("version", ["3", "x", "99999999999999999999"])
def test_a_version_that_never_was_is_not_found(record: Session, version: str) -> None:
    with pytest.raises(NotFoundError):
        repository.read_version(record, resource_type="Patient", resource_id="anna", version=version, actor=ANNA)


def test_an_update_needs_the_present_version(record: Session) -> None:
    stored = repository.create(record, weight(), actor=KARIN)
    with pytest.raises(PreconditionRequiredError):
        repository.update(record, stored.content, actor=KARIN, expected_version=None)
    with pytest.raises(VersionConflictError):
        repository.update(record, stored.content, actor=KARIN, expected_version=7)


def test_a_resource_stays_with_its_patient(record: Session) -> None:
    stored = repository.create(record, weight(), actor=KARIN)
    with pytest.raises(InvalidResourceError):
        repository.update(record, weight("bertil", id=stored.id), actor=KARIN, expected_version=1)


def test_another_patients_resource_does_not_exist(record: Session) -> None:
    with pytest.raises(NotFoundError):
        repository.create(record, weight("bertil"), actor=ANNA)
    theirs = repository.create(record, weight("bertil"), actor=KARIN)
    with pytest.raises(NotFoundError):
        repository.read(record, resource_type="Observation", resource_id=theirs.id, actor=ANNA)
    with pytest.raises(NotFoundError):
        repository.update(record, theirs.content, actor=ANNA, expected_version=1)


def test_a_patient_changes_no_reading(record: Session) -> None:
    stored = repository.create(record, weight(), actor=ANNA)
    with pytest.raises(ForbiddenError):
        repository.update(record, stored.content, actor=ANNA, expected_version=1)


def test_an_unknown_patient_is_refused(record: Session) -> None:
    with pytest.raises(InvalidResourceError):
        repository.create(record, weight("nobody"), actor=REGION)


def test_an_unknown_type_is_refused(record: Session) -> None:
    with pytest.raises(UnknownTypeError):
        repository.create(record, {"resourceType": "Basic"}, actor=REGION)


def test_the_same_identifier_is_stored_once(record: Session) -> None:
    identified = weight(identifier=[{"system": codes.READING_ID, "value": "r1"}])
    query = f"identifier={codes.READING_ID}|r1"
    first = repository.create(record, identified, actor=ANNA, if_none_exist=query)
    again = repository.create(record, identified, actor=ANNA, if_none_exist=query)
    assert (first.created, again.created, again.id) == (True, False, first.id)
    with pytest.raises(ConflictError):
        repository.create(record, identified, actor=ANNA)


def test_a_conditional_create_that_fits_several_is_refused(record: Session) -> None:
    with pytest.raises(MultipleMatchesError):
        repository.create(record, weight(), actor=ANNA, if_none_exist=f"code={codes.WEIGHT}")


def test_a_weight_that_no_body_reaches_in_a_day_is_doubtful(record: Session) -> None:
    at = datetime(2026, 1, 5, 7, tzinfo=UTC)
    repository.create(record, weight(value=70, at=at), actor=ANNA)
    jump = repository.create(record, weight(value=80, at=at + timedelta(days=1)), actor=ANNA)
    calm = repository.create(record, weight(value=70.5, at=at + timedelta(days=2)), actor=ANNA)
    rows = [record.get_one(Observation, one.id) for one in (jump, calm)]
    assert [(row.doubtful, row.doubtful_reason) for row in rows] == [(True, "jump"), (False, None)]


def test_pages_follow_each_other_without_gap_or_repeat(record: Session) -> None:
    seen: list[str] = []
    cursor = ""
    while True:
        parameters = [("code", codes.WEIGHT), ("_sort", "-date"), ("_count", "10"), ("_cursor", cursor)]
        page = repository.search(record, resource_type="Observation", parameters=parameters, actor=ANNA)
        seen += [one.content["effectiveDateTime"] for one in page.items]
        if page.next_cursor is None:
            break
        cursor = page.next_cursor
    assert len(seen) == page.total == 35
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("cursor", ["x", "W10", "eyJhIjoxfQ", "WyIyMDI2IiwiYSJdd"])
def test_a_made_up_cursor_is_refused(record: Session, cursor: str) -> None:
    with pytest.raises(SearchError):
        repository.search(record, resource_type="Observation", parameters=[("_cursor", cursor)], actor=ANNA)


def test_a_search_stays_within_the_actors_patients(record: Session) -> None:
    page = repository.search(record, resource_type="Patient", parameters=[], actor=KARIN)
    assert {one.id for one in page.items} == {"anna", "bertil", "david"}
    others = repository.search(record, resource_type="Observation", parameters=[("patient", "bertil")], actor=ANNA)
    assert others.total == 0


class TestNoOtherPathToAnActiveOrder:
    """Nothing but a signature makes an order active."""

    @pytest.mark.parametrize("actor", [ANNA, KARIN, ROUND])
    def test_nobody_but_the_region_creates_one(self, record: Session, actor: repository.Actor) -> None:
        with pytest.raises(SignatureNeededError):
            repository.create(record, order(), actor=actor)

    def test_the_assistant_creates_none(self, record: Session) -> None:
        assistant = repository.Actor(id="assistant", role="assistant", patient_id="anna")
        with pytest.raises(SignatureNeededError):
            repository.create(record, order(), actor=assistant)

    def test_our_own_services_create_none_unsigned(self, record: Session) -> None:
        with pytest.raises(ConflictError):
            repository.insert(record, order(), actor=ROUND)

    def test_the_round_makes_no_proposal_active(self, record: Session) -> None:
        draft = repository.create(record, order(status="draft", intent="proposal"), actor=ROUND)
        for changes in ({"status": "active"}, {"status": "active", "intent": "order"}):
            with pytest.raises(SignatureNeededError):
                repository.update(record, draft.content | changes, actor=ROUND, expected_version=1)

    @pytest.mark.parametrize("requester", [None, {"display": "somebody"}, {"reference": "Practitioner/nobody"}])
    def test_the_region_names_the_practitioner_who_ordered(self, record: Session, requester: object) -> None:
        with pytest.raises(SignatureNeededError):
            repository.create(record, order(requester=requester or {"display": "x"}), actor=REGION)

    def test_an_imported_order_carries_its_orderers_signature(self, record: Session) -> None:
        stored = repository.create(record, order(), actor=REGION)
        row = record.get_one(MedicationRequest, stored.id)
        signature = record.get_one(Signature, row.signature_id)
        assert (signature.kind, signature.practitioner_id) == ("imported", "doctor-karin")
        told = repository.search(
            record, resource_type="Provenance", parameters=[("target", f"MedicationRequest/{stored.id}")], actor=KARIN
        )
        assert told.total == 1
        assert record.get_one(Provenance, told.items[0].id).patient_id == "anna"

    def test_the_medicines_in_a_conversation_are_those_with_an_active_order(self, record: Session) -> None:
        repository.create(record, order(), actor=REGION)
        repository.create(record, order(status="stopped"), actor=REGION)
        talk = conversations.conversation_of(record, patient_id="anna")
        medicines = orders.medicines_in(record, conversation_id=talk.id)
        assert {"name": "Furosemid", "atc": "C03CA01"} in medicines
        assert sum(one["name"] == "Furosemid" for one in medicines) == 1

    def test_an_imported_change_of_dose_is_signed_anew(self, record: Session) -> None:
        stored = repository.create(record, order(), actor=REGION)
        first = record.get_one(MedicationRequest, stored.id).signature_id
        changed = stored.content | {"dosageInstruction": [{"text": "2 tabletter"}]}
        repository.update(record, changed, actor=REGION, expected_version=1)
        row = record.get_one(MedicationRequest, stored.id)
        assert row.signature_id not in (None, first)

    def test_orders_are_not_imported_in_bulk(self, record: Session) -> None:
        with pytest.raises(ForbiddenError):
            repository.import_many(record, [order()], actor=REGION)
