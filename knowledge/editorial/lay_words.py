"""Lay words that editors have added to the lexicon; every index uses them within seconds of the second person's yes."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.models import LayWord


def approved(db: Session) -> frozenset[tuple[str, str]]:
    """Return the (what people say, headword) that search uses beside the lexicon's own."""
    rows = db.execute(select(LayWord.said, LayWord.headword).where(LayWord.state == "approved"))
    return frozenset((said, headword) for said, headword in rows)
