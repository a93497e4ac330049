"""Questions without a good answer, those that mean the same together, the largest group first."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from assistant.records.models import HeardQuestion, Practitioner

MOST = 500
"""Open questions that are looked at together, the newest."""
FARTHEST = 0.55
"""Mean cosine distance within a group; ours, chosen by looking at groups of the development questions."""

Vectors = Callable[[Sequence[str]], NDArray[np.float32]]


class Group(NamedTuple):
    """Questions that mean about the same. `title` is the one nearest to all the others."""

    title: str
    questions: list[HeardQuestion]


class Inbox(NamedTuple):
    """What waits; `withheld` counts questions whose text might have told who asked, `helped` the answers that did."""

    groups: list[Group]
    withheld: int
    helped: int
    low_rated: int


def read(db: Session, vectors: Vectors | None) -> Inbox:
    """Return the open questions in groups; without `vectors` each stands alone."""
    shown = (
        select(HeardQuestion)
        .where(HeardQuestion.state == "open", HeardQuestion.text.is_not(None))
        .order_by(HeardQuestion.heard_on.desc(), HeardQuestion.id)
        .limit(MOST)
    )
    withheld = select(func.count()).where(
        HeardQuestion.state == "open", HeardQuestion.text.is_(None), HeardQuestion.kind != "helped"
    )
    rows = db.execute(select(HeardQuestion.kind, func.count()).group_by(HeardQuestion.kind))
    kinds = Counter(dict(rows.all()))
    return Inbox(
        groups=grouped(list(db.scalars(shown)), vectors),
        withheld=db.scalar(withheld) or 0,
        helped=kinds["helped"],
        low_rated=kinds["low_rated"],
    )


def grouped(questions: Sequence[HeardQuestion], vectors: Vectors | None) -> list[Group]:
    """Return the questions in groups by meaning, the largest first."""
    if vectors is None or len(questions) < 2:
        return [Group(question.text or "", [question]) for question in questions]
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - 14 MB that only this page needs

    texts = [question.text or "" for question in questions]
    found = vectors([text.replace("[", " ").replace("]", " ") for text in texts]).astype(np.float64)
    found[~found.any(axis=1)] = 1.0
    labels = fcluster(linkage(found, "average", metric="cosine"), FARTHEST, "distance")
    groups = []
    for label in dict.fromkeys(labels):
        members = [place for place, one in enumerate(labels) if one == label]
        middle = members[int(np.argmax(found[members] @ found[members].sum(axis=0)))]
        groups.append(Group(texts[middle], [questions[place] for place in members]))
    return sorted(groups, key=lambda group: -len(group.questions))


def close(db: Session, *, ids: Collection[str], state: str, editor: Practitioner, now: datetime) -> None:
    """Take questions out of the inbox: `used` or `dismissed`. What somebody else has closed stays as it is."""
    db.execute(
        update(HeardQuestion)
        .where(HeardQuestion.id.in_(ids), HeardQuestion.state == "open")
        .values(state=state, closed_by=editor.id, closed_at=now)
    )
