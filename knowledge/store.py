"""Where articles are read from. A folder of Markdown now; a store in the database answers the same questions."""

from functools import cached_property
from pathlib import Path
from typing import Protocol

import yaml

from knowledge import articles, yaml_text
from knowledge.articles import Article, State
from knowledge.errors import ArticleNotFoundError, BrokenArticleError

FOLDER = Path(__file__).parent / "articles"
QUESTIONS = Path(__file__).parent / "questions" / "train"


class Store(Protocol):
    """What search and pages need to know of the articles."""

    def published(self) -> list[Article]:
        """Return the articles that readers may see, with their questions, by slug."""

    def get(self, slug: str) -> Article:
        """Return one published article.

        Raises:
            ArticleNotFoundError: there is none.
        """


class FolderStore:
    """Articles in a folder of `<slug>.md`, their questions in another of `<slug>.yml`. Read once."""

    def __init__(self, folder: Path = FOLDER, questions: Path | None = QUESTIONS) -> None:
        self.folder = folder
        self.questions = questions

    @cached_property
    def _by_slug(self) -> dict[str, Article]:
        return {one.slug: one for one in self.every() if one.state is State.PUBLISHED}

    def every(self) -> list[Article]:
        """Return the articles in whatever state, with their questions, by slug."""
        return [self._with_questions(articles.load(path)) for path in sorted(self.folder.glob("*.md"))]

    def published(self) -> list[Article]:
        """Return the articles that readers may see, with their questions, by slug."""
        return list(self._by_slug.values())

    def get(self, slug: str) -> Article:
        """Return one published article.

        Raises:
            ArticleNotFoundError: there is none.
        """
        if slug not in self._by_slug:
            raise ArticleNotFoundError(slug)
        return self._by_slug[slug]

    def _with_questions(self, article: Article) -> Article:
        path = self.questions / f"{article.slug}.yml" if self.questions else None
        if path is None or not path.exists():
            return article
        return article.model_copy(update={"questions": read_questions(path)})


def read_questions(path: Path) -> list[str]:
    """Return the questions of one file, a YAML list of strings.

    Raises:
        BrokenArticleError: it is something else.
    """
    try:
        listed = yaml_text.load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise BrokenArticleError(path.stem, str(error)) from error
    if not isinstance(listed, list):
        raise BrokenArticleError(path.stem, "the questions are not a list")
    return [str(question).strip() for question in listed]
