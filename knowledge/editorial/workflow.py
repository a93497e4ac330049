"""From draft over medical review to readers, and away again. Every step is kept: who, when, why.

    draft --send--> review --approve (another person, signed)--> approved --publish, now or at a time--> published
      ^               |                                             |                                        |
      +---send back---+---------------------- save -----------------+------ withdraw, with a reason ---------+

Saving always makes a new revision, which is a draft. Readers keep seeing the published one until a newer one takes its
place or it is withdrawn. Functions raise `ArticleChangedError` when somebody else changed the article after `version`.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assistant.records.models import (
    ArticleEvent,
    ArticleRevision,
    ArticleSignature,
    Practitioner,
    StoredArticle,
)
from knowledge import checks
from knowledge.articles import Article, State
from knowledge.editorial import store
from knowledge.errors import (
    ArticleChangedError,
    ArticleExistsError,
    ArticleNotFoundError,
    MomentPassedError,
    NotReadyError,
    NotReviewerError,
    ReasonNeededError,
    SamePersonError,
    WrongStateError,
)

Kind = Literal[
    "imported",
    "created",
    "saved",
    "restored",
    "taken",
    "sent",
    "returned",
    "approved",
    "scheduled",
    "unscheduled",
    "published",
    "withdrawn",
]
REVIEWER = "reviewer"
STATES = {
    "draft": "utkast",
    "review": "på granskning",
    "approved": "godkänd",
    "published": "publicerad",
    "withdrawn": "indragen",
}


def create(
    db: Session, *, article: Article, editor: Practitioner, now: datetime, reason: str | None = None
) -> StoredArticle:
    """Keep a new article as a draft that the editor owns.

    Raises:
        ArticleExistsError: the slug is taken.
    """
    stored = StoredArticle(slug=article.slug, state="draft", newest=1, owner_id=editor.id, version=0, changed_at=now)
    try:
        with db.begin_nested():
            db.add(stored)
    except IntegrityError as error:
        raise ArticleExistsError(article.slug, article.slug) from error
    _write_revision(db, article, number=1, editor=editor, now=now)
    _note(db, stored, "created", editor=editor, now=now, reason=reason)
    return stored


def save(
    db: Session, *, article: Article, editor: Practitioner, version: int, now: datetime, reason: str | None = None
) -> StoredArticle:
    """Keep the article's text as a new revision and draft.

    Raises:
        ArticleNotFoundError, ArticleChangedError
    """
    stored = locked(db, article.slug, version)
    _add_draft(db, stored, article, editor=editor, now=now)
    _note(db, stored, "saved", editor=editor, now=now, reason=reason)
    return stored


def restore(db: Session, *, slug: str, number: int, editor: Practitioner, version: int, now: datetime) -> StoredArticle:
    """Make an old revision the newest draft.

    Raises:
        ArticleNotFoundError, ArticleChangedError
    """
    stored = locked(db, slug, version)
    _add_draft(db, stored, store.revision(db, slug, number), editor=editor, now=now)
    _note(db, stored, "restored", editor=editor, now=now, reason=f"Version {number}")
    return stored


def take(db: Session, *, slug: str, editor: Practitioner, version: int, now: datetime) -> StoredArticle:
    """Make the editor the one who answers for the article.

    Raises:
        ArticleNotFoundError, ArticleChangedError
    """
    stored = locked(db, slug, version)
    stored.owner_id = editor.id
    _note(db, stored, "taken", editor=editor, now=now)
    return stored


def send_to_review(db: Session, *, slug: str, editor: Practitioner, version: int, now: datetime) -> StoredArticle:
    """Ask for medical review.

    Raises:
        ArticleNotFoundError, ArticleChangedError
        WrongStateError: it is no draft.
        NotReadyError: something must be mended first.
    """
    stored = locked(db, slug, version, "draft", "withdrawn")
    found = checks.problems(store.newest(db, slug), today=now.date())
    errors = [problem.text for problem in found if problem.level == "error"]
    if errors:
        raise NotReadyError(slug, " ".join(errors))
    stored.state = "review"
    _note(db, stored, "sent", editor=editor, now=now)
    return stored


def send_back(
    db: Session, *, slug: str, editor: Practitioner, version: int, now: datetime, reason: str
) -> StoredArticle:
    """Return the article to its author, with what is to be changed.

    Raises:
        ArticleNotFoundError, ArticleChangedError, WrongStateError, ReasonNeededError
    """
    stored = locked(db, slug, version, "review", "approved")
    said = _said(reason)
    stored.state, stored.publish_at = "draft", None
    _note(db, stored, "returned", editor=editor, now=now, reason=said)
    return stored


def approve(
    db: Session, *, slug: str, editor: Practitioner, version: int, now: datetime, comment: str | None = None
) -> StoredArticle:
    """Sign the newest revision as its medical reviewer.

    Raises:
        ArticleNotFoundError, ArticleChangedError, WrongStateError
        NotReviewerError: the role is another.
        SamePersonError: the reviewer has written in it since it was last signed.
    """
    stored = locked(db, slug, version, "review")
    if editor.role != REVIEWER:
        raise NotReviewerError(slug)
    if editor.id in _authors_since_signed(db, stored):
        raise SamePersonError(slug)
    kept = db.get_one(ArticleRevision, (slug, stored.newest))
    db.add(
        ArticleSignature(
            slug=slug,
            number=kept.number,
            author_id=kept.author_id,
            reviewer_id=editor.id,
            content_sha256=store.fingerprint(kept.content),
            comment=comment,
            signed_at=now,
        )
    )
    stored.state = "approved"
    _note(db, stored, "approved", editor=editor, now=now, reason=comment)
    return stored


def publish(
    db: Session, *, slug: str, editor: Practitioner, version: int, now: datetime, at: datetime | None = None
) -> StoredArticle:
    """Let readers see the approved revision, now or from a later moment.

    Raises:
        ArticleNotFoundError, ArticleChangedError, WrongStateError
        MomentPassedError: `at` is not later than now.
    """
    stored = locked(db, slug, version, "approved")
    if at is None:
        _publish(stored, now)
        _note(db, stored, "published", editor=editor, now=now)
        return stored
    if at <= now:
        raise MomentPassedError(slug)
    stored.publish_at = at
    _note(db, stored, "scheduled", editor=editor, now=now, reason=at.isoformat())
    return stored


def unschedule(db: Session, *, slug: str, editor: Practitioner, version: int, now: datetime) -> StoredArticle:
    """Do not publish by itself after all; the approval stands.

    Raises:
        ArticleNotFoundError, ArticleChangedError, WrongStateError
    """
    stored = locked(db, slug, version, "approved")
    stored.publish_at = None
    _note(db, stored, "unscheduled", editor=editor, now=now)
    return stored


def publish_due(db: Session, *, now: datetime) -> list[str]:
    """Publish what is scheduled for now or earlier, and return the slugs. Several processes may ask at once."""
    due = select(StoredArticle).where(StoredArticle.publish_at <= now).order_by(StoredArticle.slug)
    found = list(db.scalars(due.with_for_update(skip_locked=True)))
    for stored in found:
        _publish(stored, now)
        _note(db, stored, "published", editor=None, now=now)
    return [stored.slug for stored in found]


def withdraw(
    db: Session, *, slug: str, editor: Practitioner, version: int, now: datetime, reason: str
) -> StoredArticle:
    """Take the article away from readers at once; a newer draft of it stays, but is not published by itself.

    Raises:
        ArticleNotFoundError, ArticleChangedError, ReasonNeededError
        WrongStateError: readers do not see it.
    """
    stored = locked(db, slug, version)
    if stored.published is None:
        raise WrongStateError(slug, STATES[stored.state])
    said = _said(reason)
    stored.published, stored.publish_at = None, None
    stored.withdrawn_at, stored.withdrawn_reason = now, said
    if stored.state == "published":
        stored.state = "withdrawn"
    _note(db, stored, "withdrawn", editor=editor, now=now, reason=said)
    return stored


def import_article(db: Session, *, article: Article, now: datetime) -> bool:
    """Keep an article that comes from a file, in the state that it states; return whether that was news."""
    stored = db.get(StoredArticle, article.slug, with_for_update=True)
    if stored is None:
        stored = StoredArticle(slug=article.slug, state="draft", newest=article.version, version=0, changed_at=now)
        db.add(stored)
        db.flush()
    elif _is_known(db, stored, article):
        return False
    else:
        stored.newest = max(stored.newest + 1, article.version)
    _write_revision(db, article, number=stored.newest, editor=None, now=now)
    stored.publish_at = None
    if article.state is State.PUBLISHED:
        _publish(stored, now)
    else:
        stored.state = str(article.state)
    if article.state is State.WITHDRAWN:
        stored.published, stored.withdrawn_at = None, now
    _note(db, stored, "imported", editor=None, now=now)
    return True


def locked(db: Session, slug: str, version: int, *states: str) -> StoredArticle:
    """Return the article for a change by somebody who saw this version of it, in one of these states, if any are given.

    Raises:
        ArticleNotFoundError: there is no such article.
        ArticleChangedError: it has another version now.
        WrongStateError: its state is none of these.
    """
    stored = db.get(StoredArticle, slug, with_for_update=True, populate_existing=True)
    if stored is None:
        raise ArticleNotFoundError(slug)
    if stored.version != version:
        raise ArticleChangedError(slug)
    if states and stored.state not in states:
        raise WrongStateError(slug, STATES[stored.state])
    return stored


def _add_draft(db: Session, stored: StoredArticle, article: Article, *, editor: Practitioner, now: datetime) -> None:
    last = db.scalar(select(func.max(ArticleRevision.number)).where(ArticleRevision.slug == stored.slug)) or 0
    _write_revision(db, article, number=last + 1, editor=editor, now=now)
    stored.newest, stored.state, stored.publish_at = last + 1, "draft", None
    stored.owner_id = stored.owner_id or editor.id


def _write_revision(db: Session, article: Article, *, number: int, editor: Practitioner | None, now: datetime) -> None:
    """What an editor writes has been reviewed and validated by nobody yet; what is imported states it itself."""
    if editor is not None:
        article = article.model_copy(update={"reviewer": None, "clinically_validated": False})
    content = store.content_of(article)
    db.add(
        ArticleRevision(
            slug=article.slug,
            number=number,
            content=content,
            content_sha256=store.fingerprint(content),
            author_id=editor.id if editor else None,
            written_at=now,
        )
    )
    db.flush()


def _publish(stored: StoredArticle, now: datetime) -> None:
    stored.state, stored.published, stored.published_at = "published", stored.newest, now
    stored.publish_at = stored.withdrawn_at = stored.withdrawn_reason = None


def _is_known(db: Session, stored: StoredArticle, article: Article) -> bool:
    """Tell whether a revision of this content is what the article is in this state already."""
    number = stored.published if article.state is State.PUBLISHED else stored.newest
    kept = db.get(ArticleRevision, (stored.slug, number)) if number else None
    if kept is None or (article.state is not State.PUBLISHED and store.shown(stored.state) is not article.state):
        return False
    reviewer = {"reviewer": kept.content["reviewer"]}
    return store.fingerprint(store.content_of(article) | reviewer) == kept.content_sha256


def _authors_since_signed(db: Session, stored: StoredArticle) -> set[str | None]:
    """Return who has written since the last revision that was signed or imported."""
    signed = select(func.max(ArticleSignature.number)).where(ArticleSignature.slug == stored.slug)
    imported = select(func.max(ArticleRevision.number)).where(
        ArticleRevision.slug == stored.slug, ArticleRevision.author_id.is_(None)
    )
    since = max(db.scalar(signed) or 0, db.scalar(imported) or 0)
    later = (ArticleRevision.slug == stored.slug) & (ArticleRevision.number > since)
    return set(db.scalars(select(ArticleRevision.author_id).where(later)))


def _said(reason: str) -> str:
    if not reason.strip():
        raise ReasonNeededError
    return reason.strip()


def _note(
    db: Session,
    stored: StoredArticle,
    kind: Kind,
    *,
    editor: Practitioner | None,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Write down what was done, and count the change."""
    stored.version += 1
    stored.changed_at = now
    who = editor.id if editor else None
    db.add(ArticleEvent(slug=stored.slug, number=stored.newest, kind=kind, actor_id=who, reason=reason or None, at=now))
    db.flush()
