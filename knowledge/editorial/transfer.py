"""Articles out to a folder of Markdown and back again, without loss."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import yaml
from sqlalchemy.orm import Session

from knowledge import articles
from knowledge.articles import Article
from knowledge.editorial import store, workflow
from knowledge.errors import BrokenArticleError, FolderNotEmptyError, KnowledgeError
from knowledge.store import FolderStore, read_questions

QUESTIONS_FOLDER = "questions"
DRAFTS_FOLDER = "drafts"


class Broken(NamedTuple):
    """A file that could not be read, and why."""

    path: Path
    error: KnowledgeError


class Imported(NamedTuple):
    """What an import did: how many articles were news, how many were known, and which files could not be read."""

    new: int
    known: int
    broken: list[Broken]


def export_all(db: Session, folder: Path) -> int:
    """Write what readers see of every article, and under `drafts` what is being written; return how many files.

    Raises:
        FolderNotEmptyError: something is there already.
    """
    listed = store.to_export(db) if store.is_filled(db) else FolderStore().published()
    written = export_to(folder, listed)
    drafts = store.unpublished_changes(db)
    return written + (export_to(folder / DRAFTS_FOLDER, drafts) if drafts else 0)


def import_all(db: Session, folder: Path, *, now: datetime) -> Imported:
    """Keep what `export_all` wrote, in the states that the files state; a broken file does not stop the others."""
    read, broken = read_folder(folder)
    drafts, broken_drafts = read_folder(folder / DRAFTS_FOLDER)
    news = [workflow.import_article(db, article=article, now=now) for article in (*read, *drafts)]
    return Imported(sum(news), len(news) - sum(news), [*broken, *broken_drafts])


def import_shipped(db: Session, *, now: datetime) -> int:
    """Keep the shipped articles, but for those that somebody here has worked on; return how many are new."""
    worked_on = store.slugs_worked_on(db)
    shipped = [article for article in FolderStore().every() if article.slug not in worked_on]
    return sum(workflow.import_article(db, article=article, now=now) for article in shipped)


def export_to(folder: Path, listed: Iterable[Article]) -> int:
    """Write each article as `<slug>.md` and its questions as `questions/<slug>.yml`; return how many.

    Raises:
        FolderNotEmptyError: something is there already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FolderNotEmptyError(detail=folder.name)
    (folder / QUESTIONS_FOLDER).mkdir(parents=True, exist_ok=True)
    written = 0
    for article in listed:
        (folder / f"{article.slug}.md").write_text(articles.dump(article), encoding="utf-8")
        if article.questions:
            _questions_of(folder, article.slug).write_text(
                yaml.safe_dump(article.questions, allow_unicode=True, width=1000), encoding="utf-8"
            )
        written += 1
    return written


def read_folder(folder: Path) -> tuple[list[Article], list[Broken]]:
    """Return the articles of a folder, in whatever state they are, and the files that cannot be read."""
    read, broken = [], []
    for path in sorted(folder.glob("*.md")):
        try:
            read.append(_with_questions(folder, articles.load(path)))
        except KnowledgeError as error:
            broken.append(Broken(path, error))
        except UnicodeDecodeError:
            broken.append(Broken(path, BrokenArticleError(path.stem, "Filen är inte skriven i UTF-8.")))
    return read, broken


def _with_questions(folder: Path, article: Article) -> Article:
    path = _questions_of(folder, article.slug)
    return article.model_copy(update={"questions": read_questions(path)}) if path.exists() else article


def _questions_of(folder: Path, slug: str) -> Path:
    return folder / QUESTIONS_FOLDER / f"{slug}.yml"
