"""Articles out to a folder of Markdown and back again, without loss."""

from collections.abc import Iterable
from pathlib import Path

import yaml

from knowledge import articles
from knowledge.articles import Article
from knowledge.errors import FolderNotEmptyError
from knowledge.store import read_questions

QUESTIONS_FOLDER = "questions"


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


def import_from(folder: Path) -> list[Article]:
    """Read what `export_to` wrote, in whatever state the articles are.

    Raises:
        BrokenArticleError, ArticleTooLargeError: one of them cannot be read; none is returned.
    """
    return [_with_questions(folder, articles.load(path)) for path in sorted(folder.glob("*.md"))]


def _with_questions(folder: Path, article: Article) -> Article:
    path = _questions_of(folder, article.slug)
    return article.model_copy(update={"questions": read_questions(path)}) if path.exists() else article


def _questions_of(folder: Path, slug: str) -> Path:
    return folder / QUESTIONS_FOLDER / f"{slug}.yml"
