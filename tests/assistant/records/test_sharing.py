"""Who reads for other uses than the care is bounded by what the patient has said; the care itself is not."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from assistant.records import consents, repository, rights
from assistant.records.access import Actor
from assistant.records.consents import Category
from assistant.records.errors import ForbiddenError, NotFoundError
from assistant.records.fhir import audit_events, operations
from assistant.records.models.base import utc_now
from tests.assistant.records.conftest import ANNA, KARIN, REGION, SARA, Headers, weight

OTHER_CARE = Actor(id="another-clinic", role="other-care")
RESEARCH = Actor(id="a-study", role="research")
QUALITY = Actor(id="a-register", role="quality")
USES = [OTHER_CARE, RESEARCH, QUALITY]
ASSISTANT = Actor(id="assistant", role="assistant", patient_id="anna")
LATER = timedelta(minutes=1)


@pytest.fixture
def reading(record: Session) -> str:
    """A weight of Anna's."""
    return repository.create(record, weight(), actor=REGION).id


def say(record: Session, category: Category, *, given: bool, at: datetime, identified: bool = True) -> None:
    consents.change(record, actor=ASSISTANT, patient_id="anna", category=category, given=given, now=at)
    if identified:
        consents.identified(record, actor=SARA, patient_id="anna", category=category, now=at)
    record.flush()


def sees(record: Session, actor: Actor, reading: str) -> bool:
    """Whether reading and searching agree that Anna's weight is there."""
    asked = [("patient", "anna"), ("_id", reading)]
    found = repository.search(record, resource_type="Observation", parameters=asked, actor=actor)
    try:
        repository.read(record, resource_type="Observation", resource_id=reading, actor=actor)
    except NotFoundError:
        assert found.total == 0
        return False
    assert found.total == 1
    return True


def test_without_an_answer_nothing_is_shared_but_quality_is_followed_up(record: Session, reading: str) -> None:
    assert [sees(record, one, reading) for one in USES] == [False, False, True]


def test_a_yes_opens_what_it_is_about_once_the_patient_is_identified(record: Session, reading: str) -> None:
    now = utc_now()
    say(record, "care", given=True, at=now, identified=False)
    assert not sees(record, OTHER_CARE, reading)
    say(record, "care", given=True, at=now + LATER)
    assert [sees(record, one, reading) for one in USES] == [True, False, True]
    say(record, "research", given=True, at=now + LATER)
    assert [sees(record, one, reading) for one in USES] == [True, True, True]


@pytest.mark.parametrize(
    ("category", "closed"), [("care", [OTHER_CARE]), ("research", [RESEARCH, QUALITY])], ids=["care", "research"]
)
def test_a_withdrawal_closes_at_once_and_leaves_the_care_as_it_was(
    record: Session, reading: str, category: Category, closed: list[Actor]
) -> None:
    now = utc_now()
    for one in consents.CATEGORIES:
        say(record, one, given=True, at=now)
    say(record, category, given=False, at=now + LATER)
    assert [one for one in USES if not sees(record, one, reading)] == closed
    for actor in (ANNA, KARIN, REGION):
        assert sees(record, actor, reading)
    assert repository.create(record, weight(value=70.5), actor=REGION).id


def test_a_withdrawal_holds_until_a_new_yes_has_been_identified(record: Session, reading: str) -> None:
    now = utc_now()
    say(record, "research", given=False, at=now)
    say(record, "research", given=True, at=now + LATER, identified=False)
    assert not sees(record, QUALITY, reading)
    assert consents.standing(record, patient_id="anna") == {"research": "waiting"}
    consents.identified(record, actor=SARA, patient_id="anna", category="research", now=now + 2 * LATER)
    assert sees(record, QUALITY, reading)
    assert consents.standing(record, patient_id="anna") == {"research": "given"}


def test_a_no_that_the_clinic_has_written_counts_as_a_no(record: Session, reading: str) -> None:
    say(record, "care", given=True, at=utc_now())
    known = consents.current(record, patient_id="anna", category="care")
    assert known
    denied = known.content | {"provision": {"type": "deny"}}
    repository.update(record, denied, actor=SARA, expected_version=known.version)
    assert not sees(record, OTHER_CARE, reading)
    assert consents.standing(record, patient_id="anna") == {"care": "withdrawn"}


@pytest.mark.parametrize("actor", USES, ids=lambda one: one.role)
def test_other_uses_read_values_and_write_nothing(record: Session, actor: Actor) -> None:
    for category in consents.CATEGORIES:
        say(record, category, given=True, at=utc_now())
    with pytest.raises(ForbiddenError):
        rights.check_create(actor, weight())
    with pytest.raises(ForbiddenError):
        rights.check_update(actor, weight(), weight())
    with pytest.raises(ForbiddenError):
        operations.hold(record, actor, {"slot": "s", "mode": "phone", "identifier": "i", "patient": "anna"})
    for resource_type in ("Task", "Communication", "Consent"):
        found = repository.search(record, resource_type=resource_type, parameters=[("patient", "anna")], actor=actor)
        assert found.total == 0
    assert audit_events.search(record, parameters=[("patient", "anna")], actor=actor) == (0, [])
    is_other_care = actor is OTHER_CARE
    assert repository.search(record, resource_type="Patient", parameters=[], actor=actor).total == int(is_other_care)


def test_the_patient_reads_in_the_log_who_it_was_for(api, bearer, record: Session, reading: str) -> None:
    answer = api.get("/Observation", params={"patient": "anna"}, headers=bearer(QUALITY))
    assert answer.json()["total"] > 0
    log: Headers = bearer(ANNA)
    events = api.get("/AuditEvent", params={"agent": QUALITY.id}, headers=log).json()["entry"]
    assert {one["resource"]["agent"][0]["role"][0]["text"] for one in events} == {"quality"}
