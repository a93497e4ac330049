"""From draft to readers and away again, on a real database."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from assistant.records.models import ArticleEvent, ArticleRevision, ArticleSignature, StoredArticle
from knowledge.articles import State
from knowledge.editorial import store, workflow
from knowledge.errors import (
    ArticleChangedError,
    ArticleExistsError,
    ArticleNotFoundError,
    ArticleWithdrawnError,
    MomentPassedError,
    NotReadyError,
    NotReviewerError,
    ReasonNeededError,
    SamePersonError,
    WrongStateError,
)
from tests.knowledge.editorial.desk import NOW, Desk

LATER = NOW + timedelta(hours=2)


def kinds(desk: Desk) -> list[str]:
    events = select(ArticleEvent.kind).where(ArticleEvent.slug == desk.article.slug).order_by(ArticleEvent.id)
    return list(desk.db.scalars(events))


class TestTheWayToReaders:
    def test_an_article_goes_from_draft_over_review_to_readers(self, desk: Desk) -> None:
        desk.published()
        read = store.get(desk.db, desk.article.slug)
        assert (read.state, read.version, read.title) == (State.PUBLISHED, 1, "Svimning")
        assert read.questions == ["varför svimmar jag"]
        assert read.reviewer == desk.maria.name
        assert kinds(desk) == ["created", "sent", "approved", "published"]

    @pytest.mark.parametrize("far", [Desk.draft, Desk.reviewed, Desk.approved])
    def test_readers_see_nothing_before_it_is_published(self, desk: Desk, far: Callable[[Desk], object]) -> None:
        far(desk)
        with pytest.raises(ArticleNotFoundError):
            store.get(desk.db, desk.article.slug)
        assert desk.article.slug not in store.published_numbers(desk.db)

    def test_readers_keep_the_old_text_while_a_new_one_is_written(self, desk: Desk) -> None:
        desk.published()
        desk.rewrite()
        assert store.get(desk.db, desk.article.slug).version == 1
        assert "Ny text." in store.newest(desk.db, desk.article.slug).body
        assert desk.stored.state == "draft"

    def test_the_slug_of_another_article_is_refused(self, desk: Desk) -> None:
        desk.draft()
        with pytest.raises(ArticleExistsError):
            desk.draft()

    def test_an_unknown_article_is_not_found(self, desk: Desk) -> None:
        with pytest.raises(ArticleNotFoundError):
            workflow.take(desk.db, slug="nothing", editor=desk.eva, version=1, now=NOW)

    def test_a_colleague_takes_over(self, desk: Desk) -> None:
        desk.draft()
        workflow.take(desk.db, editor=desk.johan, **desk.at)
        assert desk.stored.owner_id == desk.johan.id


class TestReview:
    def test_an_article_with_errors_is_not_sent(self, desk: Desk) -> None:
        desk.article = desk.article.model_copy(update={"sources": []})
        desk.draft()
        with pytest.raises(NotReadyError, match="källa"):
            workflow.send_to_review(desk.db, editor=desk.eva, **desk.at)

    def test_what_is_published_is_not_sent_again(self, desk: Desk) -> None:
        desk.published()
        with pytest.raises(WrongStateError) as refused:
            workflow.send_to_review(desk.db, editor=desk.eva, **desk.at)
        assert "publicerad" in refused.value.text["sv"]

    def test_an_editor_without_medical_role_does_not_approve(self, desk: Desk) -> None:
        desk.reviewed()
        with pytest.raises(NotReviewerError):
            workflow.approve(desk.db, editor=desk.eva, **desk.at)

    def test_nobody_approves_their_own_text(self, desk: Desk) -> None:
        workflow.create(desk.db, article=desk.article, editor=desk.maria, now=NOW)
        workflow.send_to_review(desk.db, editor=desk.eva, **desk.at)
        with pytest.raises(SamePersonError):
            workflow.approve(desk.db, editor=desk.maria, **desk.at)
        workflow.approve(desk.db, editor=desk.johan, **desk.at)

    def test_nobody_approves_a_text_they_had_a_hand_in(self, desk: Desk) -> None:
        workflow.create(desk.db, article=desk.article, editor=desk.maria, now=NOW)
        desk.rewrite()
        workflow.send_to_review(desk.db, editor=desk.eva, **desk.at)
        with pytest.raises(SamePersonError):
            workflow.approve(desk.db, editor=desk.maria, **desk.at)

    def test_the_signature_says_who_when_and_what(self, desk: Desk) -> None:
        desk.reviewed()
        workflow.approve(desk.db, editor=desk.maria, comment="Stämmer.", **desk.at)
        signed = desk.db.scalars(select(ArticleSignature).where(ArticleSignature.slug == desk.article.slug)).one()
        kept = desk.db.get_one(ArticleRevision, (desk.article.slug, 1))
        assert (signed.reviewer_id, signed.author_id, signed.signed_at) == (desk.maria.id, desk.eva.id, NOW)
        assert signed.content_sha256 == kept.content_sha256 == store.fingerprint(kept.content)
        assert signed.comment == "Stämmer."

    def test_a_change_after_the_signature_needs_a_new_one(self, desk: Desk) -> None:
        desk.approved()
        desk.rewrite()
        with pytest.raises(WrongStateError):
            workflow.publish(desk.db, editor=desk.eva, **desk.at)

    def test_what_is_sent_back_says_why(self, desk: Desk) -> None:
        desk.reviewed()
        with pytest.raises(ReasonNeededError):
            workflow.send_back(desk.db, editor=desk.maria, reason=" ", **desk.at)
        workflow.send_back(desk.db, editor=desk.maria, reason="Dosen saknar källa.", **desk.at)
        assert desk.stored.state == "draft"
        assert kinds(desk)[-1] == "returned"


class TestTime:
    def test_a_scheduled_article_is_published_when_its_time_comes(self, desk: Desk) -> None:
        desk.approved()
        workflow.publish(desk.db, editor=desk.eva, at=LATER, **desk.at)
        assert workflow.publish_due(desk.db, now=LATER - timedelta(seconds=1)) == []
        assert desk.article.slug in workflow.publish_due(desk.db, now=LATER)
        assert store.get(desk.db, desk.article.slug).version == 1
        assert workflow.publish_due(desk.db, now=LATER) == []

    def test_nothing_is_scheduled_for_the_past(self, desk: Desk) -> None:
        desk.approved()
        with pytest.raises(MomentPassedError):
            workflow.publish(desk.db, editor=desk.eva, at=NOW, **desk.at)

    @pytest.mark.parametrize("step", ["unschedule", "save", "send_back"])
    def test_a_schedule_can_be_stopped(self, desk: Desk, step: str) -> None:
        desk.approved()
        workflow.publish(desk.db, editor=desk.eva, at=LATER, **desk.at)
        if step == "save":
            desk.rewrite()
        elif step == "unschedule":
            workflow.unschedule(desk.db, editor=desk.eva, **desk.at)
        else:
            workflow.send_back(desk.db, editor=desk.eva, reason="Vänta.", **desk.at)
        assert desk.article.slug not in workflow.publish_due(desk.db, now=LATER)


class TestWithdrawal:
    def test_readers_no_longer_see_what_is_withdrawn(self, desk: Desk) -> None:
        desk.published()
        workflow.withdraw(desk.db, editor=desk.eva, reason="Fel råd om dos.", **desk.at)
        with pytest.raises(ArticleWithdrawnError):
            store.get(desk.db, desk.article.slug)
        assert (desk.stored.state, desk.stored.withdrawn_reason) == ("withdrawn", "Fel råd om dos.")

    def test_a_reason_is_needed(self, desk: Desk) -> None:
        desk.published()
        with pytest.raises(ReasonNeededError):
            workflow.withdraw(desk.db, editor=desk.eva, reason="", **desk.at)

    def test_what_readers_never_saw_is_not_withdrawn(self, desk: Desk) -> None:
        desk.draft()
        with pytest.raises(WrongStateError):
            workflow.withdraw(desk.db, editor=desk.eva, reason="Fel.", **desk.at)

    def test_a_withdrawal_stops_a_scheduled_revision_too(self, desk: Desk) -> None:
        desk.published()
        desk.rewrite()
        workflow.send_to_review(desk.db, editor=desk.eva, **desk.at)
        workflow.approve(desk.db, editor=desk.maria, **desk.at)
        workflow.publish(desk.db, editor=desk.eva, at=LATER, **desk.at)
        workflow.withdraw(desk.db, editor=desk.eva, reason="Fel.", **desk.at)
        assert desk.article.slug not in workflow.publish_due(desk.db, now=LATER)

    def test_it_comes_back_only_over_a_new_review(self, desk: Desk) -> None:
        desk.published()
        workflow.withdraw(desk.db, editor=desk.eva, reason="Fel.", **desk.at)
        with pytest.raises(WrongStateError):
            workflow.publish(desk.db, editor=desk.eva, **desk.at)
        desk.rewrite("Rättat.")
        workflow.send_to_review(desk.db, editor=desk.eva, **desk.at)
        workflow.approve(desk.db, editor=desk.maria, **desk.at)
        workflow.publish(desk.db, editor=desk.eva, **desk.at)
        assert "Rättat." in store.get(desk.db, desk.article.slug).body


class TestTwoAtOnce:
    def test_the_second_to_save_is_told_and_nothing_is_lost(self, desk: Desk) -> None:
        seen = desk.draft().version
        desk.rewrite("Evas text.")
        late = desk.article.model_copy(update={"body": "Johans text."})
        with pytest.raises(ArticleChangedError):
            workflow.save(desk.db, article=late, editor=desk.johan, version=seen, now=NOW)
        assert "Evas text." in store.newest(desk.db, desk.article.slug).body

    def test_a_reviewer_does_not_sign_a_text_that_changed_meanwhile(self, desk: Desk) -> None:
        seen = desk.reviewed().version
        desk.rewrite()
        with pytest.raises(ArticleChangedError):
            workflow.approve(desk.db, slug=desk.article.slug, editor=desk.maria, version=seen, now=NOW)

    def test_an_old_revision_comes_back_as_a_new_draft(self, desk: Desk) -> None:
        desk.draft()
        desk.rewrite("Sämre.")
        workflow.restore(desk.db, number=1, editor=desk.eva, **desk.at)
        back = store.newest(desk.db, desk.article.slug)
        assert (back.version, back.body) == (3, desk.article.body)
        assert "Sämre." in store.revision(desk.db, desk.article.slug, 2).body


class TestGuardsOfTheDatabase:
    @pytest.mark.parametrize("table", ["article_revision", "article_signature", "article_event"])
    @pytest.mark.parametrize("statement", ["DELETE FROM {}", "UPDATE {} SET slug = slug", "TRUNCATE {} CASCADE"])
    def test_history_cannot_be_changed(self, desk: Desk, table: str, statement: str) -> None:
        desk.published()
        with pytest.raises(DBAPIError, match="append-only"):
            desk.db.execute(text(statement.format(table)))

    def test_an_author_cannot_sign(self, desk: Desk) -> None:
        desk.reviewed()
        with pytest.raises(IntegrityError, match="two_people"):
            desk.db.execute(_signature(desk, reviewer_id=desk.eva.id))

    def test_an_author_cannot_sign_by_naming_another_as_author(self, desk: Desk) -> None:
        desk.reviewed()
        with pytest.raises(DBAPIError, match="does not fit"):
            desk.db.execute(_signature(desk, reviewer_id=desk.eva.id, author_id=desk.johan.id))

    def test_a_signature_under_another_text_is_refused(self, desk: Desk) -> None:
        desk.reviewed()
        with pytest.raises(DBAPIError, match="does not fit"):
            desk.db.execute(_signature(desk, reviewer_id=desk.maria.id, content_sha256="0" * 64))

    def test_an_unsigned_revision_cannot_be_published(self, desk: Desk) -> None:
        desk.reviewed()
        mine = update(StoredArticle).where(StoredArticle.slug == desk.article.slug)
        with pytest.raises(DBAPIError, match="not signed"):
            desk.db.execute(mine.values(published=1))


class TestImport:
    def test_an_article_from_a_file_keeps_its_state_and_version(self, desk: Desk) -> None:
        given = desk.article.model_copy(update={"state": State.PUBLISHED, "version": 4, "reviewer": "Dr A"})
        assert workflow.import_article(desk.db, article=given, now=NOW)
        assert store.get(desk.db, desk.article.slug) == given

    def test_the_same_file_again_is_no_news(self, desk: Desk) -> None:
        given = desk.article.model_copy(update={"state": State.PUBLISHED})
        workflow.import_article(desk.db, article=given, now=NOW)
        assert not workflow.import_article(desk.db, article=given, now=NOW)
        assert kinds(desk) == ["imported"]

    def test_a_changed_file_becomes_a_new_revision(self, desk: Desk) -> None:
        desk.published()
        given = desk.article.model_copy(update={"state": State.PUBLISHED, "title": "Att svimma"})
        assert workflow.import_article(desk.db, article=given, now=NOW)
        assert (store.get(desk.db, desk.article.slug).title, desk.stored.published) == ("Att svimma", 2)

    def test_a_withdrawn_article_stays_away(self, desk: Desk) -> None:
        given = desk.article.model_copy(update={"state": State.WITHDRAWN})
        workflow.import_article(desk.db, article=given, now=NOW)
        with pytest.raises(ArticleWithdrawnError):
            store.get(desk.db, desk.article.slug)


def _signature(desk: Desk, **changes: object) -> object:
    kept = desk.db.get_one(ArticleRevision, (desk.article.slug, 1))
    given = {
        "id": f"forged-{desk.article.slug}",
        "slug": desk.article.slug,
        "number": 1,
        "author_id": kept.author_id,
        "content_sha256": kept.content_sha256,
        "signed_at": NOW,
        **changes,
    }
    return ArticleSignature.__table__.insert().values(given)
