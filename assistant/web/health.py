"""Whether the process lives, and whether everything that a conversation needs answers."""

from collections.abc import Callable

import psycopg
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from assistant.records.database import session
from knowledge import service
from scheduler.queue import queue_answers

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def is_alive() -> dict[str, str]:
    """Answer: this process is alive."""
    return {"status": "ok"}


@router.get("/readyz")
def is_ready(request: Request) -> JSONResponse:
    """Tell part by part what answers; 503 unless all do."""
    checks: dict[str, Callable[[], bool]] = {
        "dialogue": request.app.state.engine.is_ready,
        "actions": request.app.state.engine.can_act,
        "database": _database_answers,
        "queue": queue_answers,
        "knowledge": lambda: not service.is_loading(),
    }
    parts = {name: "ok" if check() else "unavailable" for name, check in checks.items()}
    ready = set(parts.values()) == {"ok"}
    return JSONResponse({"ready": ready, "parts": parts}, status_code=200 if ready else 503)


def _database_answers() -> bool:
    try:
        with session() as db:
            return db.scalar(select(1)) == 1
    except (SQLAlchemyError, psycopg.Error):
        return False
