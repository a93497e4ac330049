"""What the workers do: one job is one shard of the round."""

import hashlib
from collections.abc import Sequence

from procrastinate import RetryStrategy
from sqlalchemy import text
from sqlalchemy.orm import Session

from assistant.records.models.base import utc_now
from scheduler import queue
from scheduler.shard import run_shard

QUEUE = "round"
TASK = "round.shard"
RETRY = RetryStrategy(max_attempts=10, linear_wait=5)
"""For a database that does not answer; a patient who cannot be evaluated does not make the job fail."""


@queue.app.task(name=TASK, queue=QUEUE, retry=RETRY)
def shard(patient_ids: list[str]) -> None:
    """Run a shard."""
    run_shard(patient_ids, now=utc_now())


def queue_shard(db: Session, patient_ids: Sequence[str]) -> None:
    """Queue one shard in the session's transaction, unless the very same one waits already."""
    lock = hashlib.sha256(" ".join(patient_ids).encode()).hexdigest()
    queue.defer(db, task=TASK, queue=QUEUE, lock=lock, arguments={"patient_ids": list(patient_ids)})


def waiting(db: Session) -> int:
    """Return how many shards wait or run."""
    query = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task AND status IN ('todo', 'doing')")
    return db.scalar(query, {"task": TASK}) or 0
