"""Articles: one Markdown file with YAML front matter each, checked as it is read, and written back without loss."""

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, HttpUrl, StringConstraints, ValidationError

from knowledge import faults, yaml_text
from knowledge.errors import ArticleTooLargeError, BrokenArticleError

MAX_BYTES = 200_000
TOO_LONG = "högst 200 000 byte får plats"
FRONT_MATTER = re.compile(r"\A---\r?\n(?P<head>.*?)\r?\n---\r?\n(?P<body>.*)\Z", re.DOTALL)
HEADING = re.compile(r"^##\s+(?P<heading>.+?)\s*$", re.MULTILINE)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÅÄÖ0-9])")

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class State(StrEnum):
    """Where an article is on its way to the reader and out again."""

    DRAFT = "draft"
    REVIEW = "review"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Source(BaseModel):
    """Where a claim can be checked, and when somebody last did."""

    model_config = ConfigDict(extra="forbid")

    title: Line
    publisher: Line
    url: HttpUrl
    accessed: date


class Passage(NamedTuple):
    """The text under one heading."""

    heading: str
    text: str


class Article(BaseModel):
    """One topic in plain Swedish. `review_by` is the last day on which it may be trusted without a new review."""

    model_config = ConfigDict(extra="forbid")

    slug: Slug
    version: int = Field(1, ge=1)
    state: State = State.DRAFT
    title: Line
    group: Line
    audience: list[Line] = ["patient"]
    summary: Line
    synonyms: list[Line] = []
    lay_words: list[Line] = []
    icd10: list[Line] = []
    atc: list[Line] = []
    sources: list[Source] = []
    author: Line
    reviewer: Line | None = None
    clinically_validated: bool = False
    review_by: date
    spoken: str = Field(min_length=1, max_length=1000)
    body: str = Field(min_length=1)
    questions: list[Line] = Field([], description="Questions that people ask about it; kept in files of their own.")

    def overdue(self, today: date) -> bool:
        """Say whether the review date has passed."""
        return today > self.review_by

    def passages(self) -> list[Passage]:
        """Return the texts under the headings, in order; words before the first heading stand under the title."""
        parts = HEADING.split(self.body)
        headed = [(self.title, parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
        return [Passage(heading, text.strip()) for heading, text in headed if text.strip()]


def parse(text: str, *, slug: str = "") -> Article:
    """Read an article from its file's text; `slug` names it in errors and must be the one it states, if given.

    Raises:
        ArticleTooLargeError: more than `MAX_BYTES` bytes.
        BrokenArticleError: no front matter, or one that breaks the schema.
    """
    if len(text.encode()) > MAX_BYTES:
        raise ArticleTooLargeError(slug, TOO_LONG)
    found = FRONT_MATTER.match(text.lstrip("\ufeff"))
    if found is None:
        raise BrokenArticleError(slug, "Rad 1: huvudet saknas. Det står mellan två rader med ---.")
    try:
        article = Article.model_validate({**_front_matter(found["head"]), "body": found["body"].strip()})
    except yaml.YAMLError as error:
        raise BrokenArticleError(slug, faults.of_yaml(error)) from error
    except ValidationError as error:
        raise BrokenArticleError(slug, faults.of_file(error, found["head"])) from error
    except TypeError as error:
        raise BrokenArticleError(slug, "Rad 2: huvudet är ingen lista av fält.") from error
    if slug and article.slug != slug:
        raise BrokenArticleError(slug, f"Filen säger att adressen är {article.slug}, men den heter {slug}.md.")
    return article


def dump(article: Article) -> str:
    """Return the text of the article's file; `parse` gives the same article back, but for its questions."""
    head = article.model_dump(mode="json", exclude={"body", "questions"})
    head["review_by"] = article.review_by
    for written, source in zip(head["sources"], article.sources, strict=True):
        written["accessed"] = source.accessed
    front_matter = yaml.safe_dump(head, allow_unicode=True, sort_keys=False, default_flow_style=None, width=120)
    return f"---\n{front_matter}---\n\n{article.body}\n"


def load(path: Path) -> Article:
    """Read one article's file.

    Raises:
        ArticleTooLargeError, BrokenArticleError: see `parse`.
    """
    if path.stat().st_size > MAX_BYTES:
        raise ArticleTooLargeError(path.stem, TOO_LONG)
    return parse(path.read_text(encoding="utf-8"), slug=path.stem)


def sentences(text: str) -> list[str]:
    """Split running text into sentences; list items are sentences of their own."""
    lines = [line.strip().removeprefix("- ").strip() for line in text.splitlines()]
    return [sentence for line in lines if line for sentence in SENTENCE_END.split(line)]


def _front_matter(head: str) -> dict[str, Any]:
    loaded = yaml_text.load(head)
    if not isinstance(loaded, dict):
        raise TypeError("the front matter is not a mapping")
    return loaded
