"""Articles leave and come back without loss."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from knowledge.articles import Article
from knowledge.editorial import store, transfer, workflow
from knowledge.errors import FolderNotEmptyError
from knowledge.store import FOLDER, FolderStore
from tests.knowledge.editorial.desk import Desk, make_desk

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def read(folder: Path) -> list[Article]:
    listed, broken = transfer.read_folder(folder)
    assert broken == []
    return listed


def test_what_is_exported_is_read_unchanged(articles: list[Article], tmp_path: Path) -> None:
    assert transfer.export_to(tmp_path / "out", articles) == len(articles)
    assert read(tmp_path / "out") == sorted(articles, key=lambda one: one.slug)


def test_every_published_article_survives(tmp_path: Path) -> None:
    published = FolderStore().published()
    transfer.export_to(tmp_path, published)
    assert read(tmp_path) == published


def test_an_export_never_overwrites(articles: list[Article], tmp_path: Path) -> None:
    (tmp_path / "kept.md").write_text("mine")
    with pytest.raises(FolderNotEmptyError):
        transfer.export_to(tmp_path, articles)


class TestBrokenFiles:
    """Each is named with the line, and does not stop the others."""

    @pytest.fixture
    def folder(self, articles: list[Article], tmp_path: Path) -> Path:
        transfer.export_to(tmp_path, articles)
        return tmp_path

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"no front matter", "Rad 1: huvudet saknas"),
            (b"---\ntitle: [\nslug: x\n---\n\nText", "Rad 3: huvudet går inte att tolka"),
            (b"\xff\xfe\x00", "UTF-8"),
            (b"x" * 2_000_000, "för lång"),
        ],
    )
    def test_a_broken_file_is_named_and_the_others_are_kept(
        self, folder: Path, db: Session, articles: list[Article], content: bytes, told: str
    ) -> None:
        (folder / "broken.md").write_bytes(content)
        done = transfer.import_all(db, folder, now=NOW)
        assert (done.new, [path.name for path, _ in done.broken]) == (len(articles), ["broken.md"])
        assert told in done.broken[0].error.text["sv"]

    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("review_by: 2027-05-21", "review_by: snart", "fältet review_by ska vara ett datum"),
            ("version: 1", "version: 1\nprice: 10", "fältet price finns inte"),
            ("https://www.1177.se/", "elva", "fältet sources.0.url ska vara en webbadress"),
            ("state: published", "state: klar", "fältet state ska vara draft"),
        ],
    )
    def test_a_wrong_field_is_named_with_its_line(self, folder: Path, old: str, new: str, told: str) -> None:
        path = folder / "dizziness.md"
        path.write_text(path.read_text().replace(old, new))
        wrong = new.splitlines()[-1]
        line = next(row for row, text in enumerate(path.read_text().splitlines(), start=1) if wrong in text)
        _, broken = transfer.read_folder(folder)
        assert f"Rad {line}: {told}" in broken[0].error.text["sv"]


class TestTheDatabase:
    def test_everything_moves_to_another_installation_and_back(self, desk: Desk, tmp_path: Path) -> None:
        desk.published()
        desk.rewrite("Nytt utkast.")
        transfer.export_all(desk.db, tmp_path / "out")
        published, drafts = read(tmp_path / "out"), read(tmp_path / "out" / "drafts")
        assert [one.slug for one in drafts] == [desk.article.slug]
        assert transfer.import_all(desk.db, tmp_path / "out", now=NOW).new == 0
        assert published == store.to_export(desk.db)
        assert drafts == store.unpublished_changes(desk.db)

    def test_the_shipped_articles_are_the_first_revisions_and_come_once(self, db: Session) -> None:
        shipped = FolderStore().published()
        assert transfer.import_shipped(db, now=NOW) == len(shipped)
        assert transfer.import_shipped(db, now=NOW) == 0
        assert store.published(db) == shipped

    def test_a_shipped_article_that_somebody_withdrew_stays_away(self, db: Session) -> None:
        transfer.import_shipped(db, now=NOW)
        desk = make_desk(db, FolderStore().get("dizziness"))
        workflow.withdraw(db, editor=desk.eva, reason="Fel.", **desk.at)
        assert transfer.import_shipped(db, now=NOW) == 0
        assert "dizziness" not in store.published_numbers(db)

    def test_an_empty_database_exports_what_is_shipped(self, db: Session, tmp_path: Path) -> None:
        assert transfer.export_all(db, tmp_path / "out") == len(list(FOLDER.glob("*.md")))
