"""What the editors have before them: every article with its state, who answers for it, and when it is due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, case, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, aliased

from assistant.records.models import ArticleEvent, ArticleRevision, ArticleSignature, Practitioner, StoredArticle

SOON = timedelta(days=60)
PAGE = 50
Due = Literal["overdue", "soon"]


@dataclass(frozen=True)
class Item:
    """One article of the list; `due` says that its review date has passed or is near."""

    slug: str
    title: str
    state: str
    published: bool
    withdrawn: bool
    owner: str | None
    review_by: date
    due: Due | None
    publish_at: datetime | None
    changed_at: datetime


@dataclass(frozen=True)
class Filter:
    """Which articles are wanted. `text` is looked for in titles, summaries, other words and addresses."""

    text: str = ""
    state: str = ""
    owner_id: str = ""
    due: bool = False


@dataclass(frozen=True)
class Overview:
    """One page of the list, how many there are in all, and how many in each state and past their date."""

    items: list[Item]
    found: int
    states: dict[str, int]
    overdue: int


@dataclass(frozen=True)
class Step:
    """Something that was done with an article."""

    kind: str
    number: int
    who: str | None
    reason: str | None
    at: datetime


@dataclass(frozen=True)
class Version:
    """A revision: who wrote it, and who signed it."""

    number: int
    author: str | None
    written_at: datetime
    signer: str | None
    signed_at: datetime | None
    sha256: str


def read(db: Session, *, wanted: Filter, today: date, page: int = 1) -> Overview:
    """Return the articles that fit, those past their review date first, then those changed last."""
    rows = _rows(wanted, today)
    found = db.scalar(select(func.count()).select_from(rows.order_by(None).subquery())) or 0
    late_first = case((_late(today), 0), else_=1)
    ordered = rows.order_by(late_first, StoredArticle.changed_at.desc(), StoredArticle.slug)
    shown = db.execute(ordered.offset((page - 1) * PAGE).limit(PAGE)).all()
    items = [_item(stored, content, owner, today) for stored, content, owner in shown]
    return Overview(items, found, _states(db), _overdue(db, today))


def history(db: Session, slug: str) -> list[Step]:
    """Return what was done with the article, the latest first."""
    rows = db.execute(
        select(ArticleEvent, Practitioner.name)
        .outerjoin(Practitioner, Practitioner.id == ArticleEvent.actor_id)
        .where(ArticleEvent.slug == slug)
        .order_by(ArticleEvent.id.desc())
    )
    return [Step(event.kind, event.number, name, event.reason, event.at) for event, name in rows]


def versions(db: Session, slug: str) -> list[Version]:
    """Return the revisions, the newest first."""
    author, signer = Practitioner.__table__.alias("author"), Practitioner.__table__.alias("signer")
    fits = (ArticleSignature.slug == ArticleRevision.slug) & (ArticleSignature.number == ArticleRevision.number)
    rows = db.execute(
        select(ArticleRevision, author.c.name, func.max(signer.c.name), func.max(ArticleSignature.signed_at))
        .outerjoin(author, author.c.id == ArticleRevision.author_id)
        .outerjoin(ArticleSignature, fits)
        .outerjoin(signer, signer.c.id == ArticleSignature.reviewer_id)
        .where(ArticleRevision.slug == slug)
        .group_by(ArticleRevision.slug, ArticleRevision.number, author.c.name)
        .order_by(ArticleRevision.number.desc())
    )
    return [
        Version(one.number, wrote, one.written_at, signed, signed_at, one.content_sha256)
        for one, wrote, signed, signed_at in rows
    ]


_TITLE = ArticleRevision.content["title"].astext
_Seen = aliased(ArticleRevision)
"""The revision that readers see, or the newest where they see none: its review date is the one that counts."""
_REVIEW_BY = _Seen.content["review_by"].astext


def _rows(wanted: Filter, today: date) -> Select[StoredArticle, dict[str, str], str | None]:
    shown = func.jsonb_build_object("title", _TITLE, "review_by", _REVIEW_BY)
    newest = (ArticleRevision.slug == StoredArticle.slug) & (ArticleRevision.number == StoredArticle.newest)
    seen = (_Seen.slug == StoredArticle.slug) & (
        _Seen.number == func.coalesce(StoredArticle.published, StoredArticle.newest)
    )
    rows = (
        select(StoredArticle, cast(shown, JSONB), Practitioner.name)
        .join(ArticleRevision, newest)
        .join(_Seen, seen)
        .outerjoin(Practitioner, Practitioner.id == StoredArticle.owner_id)
    )
    if wanted.text.strip():
        fields = (_TITLE, *(ArticleRevision.content[name].astext for name in ("summary", "synonyms", "lay_words")))
        rows = rows.where(
            or_(*(one.icontains(wanted.text.strip(), autoescape=True) for one in (*fields, StoredArticle.slug)))
        )
    if wanted.state:
        rows = rows.where(StoredArticle.state == wanted.state)
    if wanted.owner_id:
        rows = rows.where(StoredArticle.owner_id == wanted.owner_id)
    if wanted.due:
        rows = rows.where(StoredArticle.published.is_not(None), (today + SOON).isoformat() >= _REVIEW_BY)
    return rows


def _late(today: date) -> ColumnElement[bool]:
    return and_(StoredArticle.published.is_not(None), today.isoformat() > _REVIEW_BY)


def _states(db: Session) -> dict[str, int]:
    rows = db.execute(select(StoredArticle.state, func.count().label("count_")).group_by(StoredArticle.state))
    return {row.state: row.count_ for row in rows}


def _overdue(db: Session, today: date) -> int:
    late = _rows(Filter(), today).where(_late(today)).subquery()
    return db.scalar(select(func.count()).select_from(late)) or 0


def _item(stored: StoredArticle, content: dict[str, str], owner: str | None, today: date) -> Item:
    review_by = date.fromisoformat(content["review_by"])
    due: Due | None = "overdue" if today > review_by else "soon" if today + SOON >= review_by else None
    return Item(
        slug=stored.slug,
        title=content["title"],
        state=stored.state,
        published=stored.published is not None,
        withdrawn=stored.withdrawn_at is not None,
        owner=owner,
        review_by=review_by,
        due=due if stored.published is not None else None,
        publish_at=stored.publish_at,
        changed_at=stored.changed_at,
    )
