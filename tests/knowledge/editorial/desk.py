"""The people of an editorial desk, and what they do with an article."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from assistant.records import repository
from assistant.records.access import Actor
from assistant.records.fhir import codes
from assistant.records.models import Practitioner, StoredArticle
from knowledge.articles import Article
from knowledge.editorial import workflow

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@dataclass
class Desk:
    """The editorial desk: who works there, and one article of theirs."""

    db: Session
    eva: Practitioner
    maria: Practitioner
    johan: Practitioner
    article: Article

    @property
    def stored(self) -> StoredArticle:
        return self.db.get_one(StoredArticle, self.article.slug)

    @property
    def at(self) -> dict[str, object]:
        """What every step is told: which article, as it is now, and when."""
        return {"slug": self.article.slug, "version": self.stored.version, "now": NOW}

    def draft(self) -> StoredArticle:
        return workflow.create(self.db, article=self.article, editor=self.eva, now=NOW)

    def reviewed(self) -> StoredArticle:
        self.draft()
        return workflow.send_to_review(self.db, editor=self.eva, **self.at)

    def approved(self) -> StoredArticle:
        self.reviewed()
        return workflow.approve(self.db, editor=self.maria, **self.at)

    def published(self) -> StoredArticle:
        self.approved()
        return workflow.publish(self.db, editor=self.eva, **self.at)

    def rewrite(self, text: str = "Ny text.") -> StoredArticle:
        """Save another body as Eva."""
        changed = self.article.model_copy(update={"body": self.article.body + f"\n\n{text}"})
        version = self.stored.version
        return workflow.save(self.db, article=changed, editor=self.eva, version=version, now=NOW, reason="Förtydligat")


def make_desk(db: Session, article: Article) -> Desk:
    """Employ new people in a session of the test's own."""
    return Desk(db, *(_staff(db, role) for role in ("editor", "reviewer", "reviewer")), article)


def _staff(db: Session, role: str) -> Practitioner:
    staff_id = f"{role}-{uuid4().hex}"
    content = {
        "resourceType": "Practitioner",
        "id": staff_id,
        "name": [{"family": "Berg", "given": [role]}],
        "qualification": [{"code": {"coding": [{"system": codes.ROLE, "code": role}], "text": role}}],
    }
    repository.insert(db, content, actor=Actor(id="region", role="system"))
    return db.get_one(Practitioner, staff_id)
