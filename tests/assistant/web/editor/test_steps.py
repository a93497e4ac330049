"""The whole way of an article on the pages: review by another person, publishing, withdrawal, history, the list."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from assistant.records.database import session
from assistant.records.models.base import utc_now
from assistant.settings import get_settings
from knowledge.editorial import store, workflow
from tests.assistant.web.editor.conftest import Desk

Fields = dict[str, object]


class TestTheWayToReaders:
    def test_two_people_bring_an_article_to_readers(
        self, eva: Desk, maria: Desk, slug: str, anonymous: TestClient
    ) -> None:
        assert eva.step(slug, "send").status_code == 303
        assert "Väntar på en medicinsk granskare" in eva.get(f"/articles/{slug}").text
        assert anonymous.get(f"/knowledge/{slug}").status_code == 404
        assert maria.step(slug, "approve", reason="Stämmer med källorna.").status_code == 303
        assert eva.step(slug, "publish").status_code == 303

        page = anonymous.get(f"/knowledge/{slug}")
        assert page.status_code == 200
        assert "Lägg dig ned." in page.text
        assert "Granskad av" in page.text
        history = eva.get(f"/articles/{slug}").text
        for words in ("Påbörjad", "Skickad till granskning", "Godkänd och signerad", "Publicerad", "Stämmer med"):
            assert words in history

    def test_an_editor_cannot_sign(self, eva: Desk, slug: str) -> None:
        eva.step(slug, "send")
        answer = eva.step(slug, "approve")
        assert answer.status_code == 403
        assert "Bara en medicinsk granskare" in answer.text

    def test_a_reviewer_cannot_sign_her_own_text(self, maria: Desk, fields: Fields) -> None:
        slug = str(fields["slug"])
        maria.post("/new", **fields)
        maria.step(slug, "send")
        answer = maria.step(slug, "approve")
        assert answer.status_code == 403
        assert "En annan person måste granska den" in answer.text

    def test_what_is_not_ready_is_not_sent(self, eva: Desk, fields: Fields) -> None:
        eva.post("/new", **{**fields, "source_title": [], "source_publisher": [], "source_url": []})
        answer = eva.step(str(fields["slug"]), "send")
        assert answer.status_code == 422
        assert "Artikeln saknar källa." in answer.text

    def test_a_reviewer_sends_it_back_with_what_to_change(self, eva: Desk, maria: Desk, slug: str) -> None:
        eva.step(slug, "send")
        assert maria.step(slug, "return", reason="").status_code == 422
        maria.step(slug, "return", reason="Säg när man ska ringa 112.")
        page = eva.get(f"/articles/{slug}").text
        assert "Skickad tillbaka" in page
        assert "Säg när man ska ringa 112." in page

    def test_an_unknown_article_is_not_found(self, eva: Desk) -> None:
        assert eva.get("/articles/nothing").status_code == 404
        assert eva.post("/articles/nothing/send", version=1).status_code == 404
        assert eva.get("/articles/nothing/compare?old=1&new=2").status_code == 404


class TestPublishingAtATime:
    def test_it_is_shown_and_can_be_stopped(self, eva: Desk, maria: Desk, slug: str) -> None:
        eva.step(slug, "send")
        maria.step(slug, "approve")
        tomorrow = (utc_now() + timedelta(days=1)).astimezone(get_settings().zone)
        assert eva.step(slug, "publish", at=f"{tomorrow:%Y-%m-%dT%H:%M}").status_code == 303
        assert f"i morgon kl. {tomorrow:%H.%M}" in eva.get(f"/articles/{slug}").text
        assert eva.step(slug, "unschedule").status_code == 303
        assert "Publicera nu" in eva.get(f"/articles/{slug}").text

    def test_the_time_is_the_editors_own(self, eva: Desk, maria: Desk, slug: str, anonymous: TestClient) -> None:
        eva.step(slug, "send")
        maria.step(slug, "approve")
        eva.step(slug, "publish", at="2099-07-01T08:00")
        with session() as db:
            due = workflow.publish_due(db, now=utc_now().replace(year=2099, month=7, day=1, hour=6, minute=1))
        assert due == [slug]
        assert anonymous.get(f"/knowledge/{slug}").status_code == 200

    @pytest.mark.parametrize("at", ["2020-01-01T08:00", "snart"])
    def test_a_time_that_has_passed_is_refused(self, eva: Desk, maria: Desk, slug: str, at: str) -> None:
        eva.step(slug, "send")
        maria.step(slug, "approve")
        answer = eva.step(slug, "publish", at=at)
        assert answer.status_code == 422
        assert "har redan passerat" in answer.text


class TestWithdrawal:
    def test_readers_meet_a_kind_page(self, eva: Desk, published: str, anonymous: TestClient) -> None:
        assert eva.step(published, "withdraw", reason="Fel råd.").status_code == 303
        page = anonymous.get(f"/knowledge/{published}")
        assert page.status_code == 410
        assert "Texten är indragen" in page.text
        assert "1177" in page.text
        assert "Fel råd." not in page.text
        assert "Fel råd." in eva.get(f"/articles/{published}").text

    def test_a_reason_is_needed(self, eva: Desk, published: str) -> None:
        assert eva.step(published, "withdraw", reason=" ").status_code == 422


class TestVersions:
    def test_an_old_version_comes_back_as_a_draft(self, eva: Desk, slug: str, fields: Fields) -> None:
        eva.post(f"/articles/{slug}/edit", **{**fields, "version": eva.version(slug), "summary": "Sämre."})
        assert "<ins>Sämre</ins>" in eva.get(f"/articles/{slug}/compare?old=1&new=2").text
        eva.step(slug, "restore", number=1)
        assert "Texterna är lika." in eva.get(f"/articles/{slug}/compare?old=1&new=3").text

    def test_the_preview_is_what_a_patient_sees(self, eva: Desk, slug: str) -> None:
        page = eva.get(f"/articles/{slug}/preview").text
        assert "Förhandsvisning av version 1." in page
        assert "<h2>Kort om</h2>" in page


class TestTheList:
    def test_it_finds_by_words_state_and_owner(self, eva: Desk, maria: Desk, slug: str) -> None:
        link = f"/editor/articles/{slug}"
        for path in ("", "?q=svimning", "?q=TUPPADE", "?state=draft", "?mine=true"):
            assert link in eva.get(path).text, path
        for path in ("?q=hosta", "?state=published", "?due=true"):
            assert link not in eva.get(path).text, path
        assert link not in maria.get("?mine=true").text
        maria.step(slug, "take")
        assert link in maria.get("?mine=true").text

    def test_wildcards_are_only_letters(self, eva: Desk, slug: str) -> None:
        assert slug not in eva.get("?q=%25").text

    def test_nothing_found_shows_a_way_on(self, eva: Desk, slug: str) -> None:
        assert "Skriv en ny artikel" in eva.get("?q=hosta").text

    def test_an_empty_database_says_where_the_answers_come_from(self, eva: Desk) -> None:
        assert "Här finns inga artiklar ännu." in eva.get("").text

    def test_an_overdue_article_is_shown_to_editors_and_told_to_readers(
        self, eva: Desk, maria: Desk, slug: str, fields: Fields, anonymous: TestClient
    ) -> None:
        overdue = {**fields, "version": eva.version(slug), "review_by": "2026-01-01"}
        eva.post(f"/articles/{slug}/edit", **overdue)
        eva.step(slug, "send")
        maria.step(slug, "approve")
        eva.step(slug, "publish")
        assert "Försenad" in eva.get("?due=true").text
        assert "Granskningen är försenad." in eva.get(f"/articles/{slug}").text
        assert "skulle ha granskats senast 2026-01-01" in anonymous.get(f"/knowledge/{slug}").text


def test_the_owner_is_the_one_who_began(eva: Desk, slug: str) -> None:
    with session() as db:
        assert store.newest(db, slug).author == "Eva Berg"
    assert "Ansvarig: Karin Holm" in eva.get(f"/articles/{slug}").text


def test_a_dead_link_is_shown_to_the_editor(eva: Desk, fields: Fields) -> None:
    eva.post("/new", **{**fields, "source_url": ["http://127.0.0.1:1/borta", ""]})
    page = eva.post(f"/articles/{fields['slug']}/links")
    assert page.status_code == 200
    assert "Länken fungerar inte:" in page.text
    assert "http://127.0.0.1:1/borta" in page.text
