"""What only a demonstration has: a morning that nobody has begun."""

from fastapi import APIRouter

from assistant.records import demo
from assistant.records.errors import NotFoundError
from assistant.records.models.base import utc_now
from assistant.settings import get_settings
from assistant.web.sessions import Database

router = APIRouter(prefix="/demo", include_in_schema=False)


@router.post("/morning")
def prepare_morning(db: Database) -> dict[str, str]:
    """Return the id of an Anna whose morning is untouched; the next round makes her check-in."""
    if not get_settings().demo:
        raise NotFoundError
    return {"patient": demo.untouched_anna(db, now=utc_now())}
