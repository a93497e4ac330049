"""For whom the round failed: noted, left alone for a while, tried again, and forgotten once it succeeds."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from assistant.records import bulk
from assistant.records.models import Patient, RoundFailure


def note(db: Session, problems: Mapping[str, str], *, now: datetime) -> None:
    """Note the type of error by patient, counting the attempts."""
    known = db.scalars(select(Patient.id).where(Patient.id.in_(list(problems)))).all()
    rows = [{"patient_id": one, "failed_at": now, "attempts": 1, "problem": problems[one]} for one in sorted(known)]
    if not rows:
        return
    statement = insert(RoundFailure)
    again = {
        "failed_at": statement.excluded.failed_at,
        "problem": statement.excluded.problem,
        "attempts": RoundFailure.attempts + 1,
    }
    db.execute(statement.on_conflict_do_update(index_elements=["patient_id"], set_=again), rows)


def forget(db: Session, patient_ids: Sequence[str]) -> None:
    """Forget the failures of patients for whom the round succeeded."""
    db.execute(
        delete(RoundFailure).where(bulk.among(RoundFailure.patient_id, patient_ids)),
        execution_options={"synchronize_session": False},
    )


def count(db: Session) -> int:
    """Return for how many patients the round fails."""
    return db.scalar(select(func.count()).select_from(RoundFailure)) or 0
