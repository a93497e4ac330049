"""What the workers do: one job is one shard of the round."""

import hashlib
from collections.abc import Sequence

import structlog
from procrastinate import RetryStrategy
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from assistant.records.database import session
from assistant.records.models.base import utc_now
from scheduler import queue
from scheduler.shard import run_shard

QUEUE = "round"
TASK = "round.shard"
RETRY = RetryStrategy(max_attempts=10, linear_wait=5, retry_exceptions=[DBAPIError])

log = structlog.get_logger()


@queue.app.task(name=TASK, queue=QUEUE, retry=RETRY)
def shard(patient_ids: list[str]) -> None:
    """Run a shard; one that fails is split until the patient who makes it fail stands alone."""
    try:
        run_shard(patient_ids, now=utc_now())
    except DBAPIError:
        raise
    except Exception as error:
        log.error("shard_failed", patients=len(patient_ids), problem=type(error).__name__)
        if len(patient_ids) == 1:
            raise
        middle = len(patient_ids) // 2
        with session() as db:
            for half in (patient_ids[:middle], patient_ids[middle:]):
                queue_shard(db, half)


def queue_shard(db: Session, patient_ids: Sequence[str]) -> None:
    """Queue one shard in the session's transaction, unless the very same one waits already."""
    lock = hashlib.sha256(" ".join(patient_ids).encode()).hexdigest()
    queue.defer(db, task=TASK, queue=QUEUE, lock=lock, arguments={"patient_ids": list(patient_ids)})
