"""The articles in the database, as search and pages read them."""

import hashlib
import json
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session, aliased

from assistant.records.database import session
from assistant.records.models import ArticleEvent, ArticleRevision, ArticleSignature, Practitioner, StoredArticle
from knowledge.articles import Article, State
from knowledge.errors import ArticleNotFoundError, ArticleWithdrawnError
from knowledge.store import FolderStore

Content = dict[str, Any]
WORKFLOW_FIELDS = {"state", "version"}
"""Fields of an article that the workflow keeps, and no revision."""
SHOWN_AS = {"approved": State.REVIEW}
"""An approved revision is not published yet; outside the database that is one in review."""


def content_of(article: Article) -> Content:
    """Return what a revision keeps of an article."""
    return article.model_dump(mode="json", exclude=WORKFLOW_FIELDS)


def fingerprint(content: Content) -> str:
    """Return the SHA-256 of what a signature covers: all that the article says."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def is_filled(db: Session) -> bool:
    """Tell whether any article has been stored; if none has, the shipped ones are what there is."""
    return db.scalar(select(StoredArticle.slug).limit(1)) is not None


def published(db: Session) -> list[Article]:
    """Return the articles that readers may see, by slug."""
    rows = db.execute(_with_revision(StoredArticle.published).order_by(StoredArticle.slug))
    return [_article(row, State.PUBLISHED) for row in rows]


def published_numbers(db: Session) -> dict[str, int]:
    """Return the number of the revision that readers see of each article."""
    rows = db.execute(select(StoredArticle.slug, StoredArticle.published).where(StoredArticle.published.is_not(None)))
    return {slug: number for slug, number in rows if number is not None}


def get(db: Session, slug: str) -> Article:
    """Return one published article.

    Raises:
        ArticleNotFoundError: there is none.
        ArticleWithdrawnError: there was one.
    """
    row = db.execute(_with_revision(StoredArticle.published).where(StoredArticle.slug == slug)).one_or_none()
    if row is not None:
        return _article(row, State.PUBLISHED)
    stored = db.get(StoredArticle, slug)
    raise ArticleWithdrawnError(slug) if stored is not None and stored.withdrawn_at else ArticleNotFoundError(slug)


def newest(db: Session, slug: str) -> Article:
    """Return the newest revision of an article, whatever its state.

    Raises:
        ArticleNotFoundError: there is no such article.
    """
    row = db.execute(_with_revision(StoredArticle.newest).where(StoredArticle.slug == slug)).one_or_none()
    if row is None:
        raise ArticleNotFoundError(slug)
    return _article(row, shown(row[0].state))


def revision(db: Session, slug: str, number: int) -> Article:
    """Return one revision; published if readers see it now, else a draft.

    Raises:
        ArticleNotFoundError: there is no such revision.
    """
    wanted = _with_revision(ArticleRevision.number).where(StoredArticle.slug == slug, ArticleRevision.number == number)
    row = db.execute(wanted).one_or_none()
    if row is None:
        raise ArticleNotFoundError(slug)
    return _article(row, State.PUBLISHED if row[0].published == number else State.DRAFT)


def to_export(db: Session) -> list[Article]:
    """Return what readers see of each article, and else its newest revision."""
    seen = func.coalesce(StoredArticle.published, StoredArticle.newest)
    rows = db.execute(_with_revision(seen).order_by(StoredArticle.slug)).all()
    return [_article(row, State.PUBLISHED if row[0].published else shown(row[0].state)) for row in rows]


def unpublished_changes(db: Session) -> list[Article]:
    """Return the newest revision of the articles of which readers see an older one."""
    ahead = (StoredArticle.published.is_not(None)) & (StoredArticle.newest != StoredArticle.published)
    rows = db.execute(_with_revision(StoredArticle.newest).where(ahead).order_by(StoredArticle.slug))
    return [_article(row, shown(row[0].state)) for row in rows]


def slugs_worked_on(db: Session) -> set[str]:
    """Return the articles with which somebody has done something here."""
    return set(db.scalars(select(ArticleEvent.slug).where(ArticleEvent.actor_id.is_not(None)).distinct()))


def _with_revision(number: Any) -> Select[StoredArticle, ArticleRevision, str | None]:
    """Select each article with its revision of that number and the name of who signed it."""
    signer = aliased(Practitioner)
    return (
        select(StoredArticle, ArticleRevision, func.max(signer.name))
        .join(ArticleRevision, (ArticleRevision.slug == StoredArticle.slug) & (ArticleRevision.number == number))
        .outerjoin(
            ArticleSignature,
            (ArticleSignature.slug == ArticleRevision.slug) & (ArticleSignature.number == ArticleRevision.number),
        )
        .outerjoin(signer, signer.id == ArticleSignature.reviewer_id)
        .group_by(StoredArticle.slug, ArticleRevision.slug, ArticleRevision.number)
    )


def _article(row: Row[StoredArticle, ArticleRevision, str | None], state: State) -> Article:
    _, kept, signer = row
    given = {**kept.content, "state": state, "version": kept.number}
    return Article.model_validate(given | ({"reviewer": signer} if signer else {}))


def shown(state: str) -> State:
    """Return the state as files and pages name it."""
    return SHOWN_AS.get(state) or State(state)


class DatabaseStore:
    """The articles in the database, for search and pages; those shipped as long as none has been stored in it."""

    def published(self) -> list[Article]:
        """Return the articles that readers may see, by slug; those shipped also while no database answers."""
        try:
            with session() as db:
                return published(db) if is_filled(db) else FolderStore().published()
        except (OperationalError, ProgrammingError):
            return FolderStore().published()

    def get(self, slug: str) -> Article:
        """Return one published article.

        Raises:
            ArticleNotFoundError: there is none.
            ArticleWithdrawnError: there was one.
        """
        with session() as db:
            return get(db, slug) if is_filled(db) else FolderStore().get(slug)
