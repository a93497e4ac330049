"""Workers, of which one leads, are killed at random moments; everybody still gets exactly one check-in."""

import os
import random
import time as clock
from contextlib import ExitStack
from datetime import time
from subprocess import Popen

import pytest
from sqlalchemy import text

from assistant.records.database import session
from scheduler import jobs
from tests.scheduler.people import add_patient, annas_morning, latest_morning
from tests.scheduler.test_worker import count, wait_until, worker

KILLS = int(os.environ.get("VIGOR_TEST_KILLS", "6"))
"""How many; the full run has 50."""
PATIENTS = 20 * KILLS
WORKERS = 2


@pytest.mark.slow
@pytest.mark.timeout(300 + 30 * KILLS)
def test_exactly_one_check_in_each_through_random_kills(care: str) -> None:
    chance = random.Random(KILLS)  # noqa: S311 - moments to kill at, not secrets
    with session() as db:
        everybody = [add_patient(db, checkin_time=time(0), timezone="UTC") for _ in range(PATIENTS - 2)]
        everybody += [annas_morning(db, latest_morning(), checkin_time=time(0), timezone="UTC") for _ in range(2)]
        for start in range(0, PATIENTS, 2):
            jobs.queue_shard(db, everybody[start : start + 2])
    with ExitStack() as stack:
        living: list[Popen[bytes]] = [stack.enter_context(worker()) for _ in range(WORKERS)]
        for _ in range(KILLS):
            _wait_for_progress(everybody)
            clock.sleep(chance.uniform(0, 2))
            victim = living.pop(chance.randrange(WORKERS))
            victim.kill()
            victim.wait()
            living.append(stack.enter_context(worker()))
        wait_until(lambda: _check_ins(everybody) == PATIENTS, 90 + 10 * KILLS)
    with session() as db:
        doubled = db.execute(
            text("SELECT patient_id FROM check_in WHERE patient_id = ANY(:ids) GROUP BY 1 HAVING count(*) <> 1"),
            {"ids": everybody},
        ).all()
        said = db.execute(
            text("SELECT patient_id, count(*) FROM recommendation WHERE patient_id = ANY(:ids) GROUP BY 1"),
            {"ids": everybody[-2:]},
        ).all()
    assert doubled == []
    assert [number for _, number in said] == [3, 3]
    assert count("SELECT count(*) FROM task WHERE patient_id = ANY(:ids)", ids=everybody[-2:]) == 2


def _wait_for_progress(patient_ids: list[str]) -> None:
    """Wait until some worker is in the middle of its work, or there is none left."""
    before = _check_ins(patient_ids)
    wait_until(lambda: before < _check_ins(patient_ids) or before == PATIENTS, 120)


def _check_ins(patient_ids: list[str]) -> int:
    return count("SELECT count(*) FROM check_in WHERE patient_id = ANY(:ids)", ids=patient_ids)
