"""Articles leave and come back without loss."""

from pathlib import Path

import pytest

from knowledge import transfer
from knowledge.articles import Article
from knowledge.errors import BrokenArticleError, FolderNotEmptyError
from knowledge.store import FolderStore


def test_what_is_exported_is_imported_unchanged(articles: list[Article], tmp_path: Path) -> None:
    assert transfer.export_to(tmp_path / "out", articles) == len(articles)
    assert sorted(transfer.import_from(tmp_path / "out"), key=lambda one: one.slug) == sorted(
        articles, key=lambda one: one.slug
    )


def test_every_published_article_survives(tmp_path: Path) -> None:
    published = FolderStore().published()
    transfer.export_to(tmp_path, published)
    assert transfer.import_from(tmp_path) == published


def test_an_export_never_overwrites(articles: list[Article], tmp_path: Path) -> None:
    (tmp_path / "kept.md").write_text("mine")
    with pytest.raises(FolderNotEmptyError):
        transfer.export_to(tmp_path, articles)


def test_one_broken_file_stops_the_import(articles: list[Article], tmp_path: Path) -> None:
    transfer.export_to(tmp_path, articles)
    (tmp_path / "broken.md").write_text("no front matter")
    with pytest.raises(BrokenArticleError):
        transfer.import_from(tmp_path)
