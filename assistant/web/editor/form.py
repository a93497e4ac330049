"""The form in which an article is written, to and from the article itself."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, ValidationError

from knowledge import faults
from knowledge.articles import MAX_BYTES, TOO_LONG, Article, dump, parse
from knowledge.checks import OBLIGATORY_HEADINGS
from knowledge.errors import ArticleTooLargeError, BrokenArticleError

REVIEW_AFTER = timedelta(days=180)
GROUPS = {
    "body": "Kroppen",
    "breathing": "Andning",
    "care": "Vård och stöd",
    "circulation": "Hjärta och kärl",
    "infection": "Infektioner",
    "medicines": "Läkemedel",
    "metabolism": "Ämnesomsättning",
    "mind": "Psykisk hälsa",
    "movement": "Rörelse och värk",
    "nutrition": "Mat och näring",
}
AUDIENCES = {"patient": "Patienter", "relative": "Närstående"}
LISTS = ("synonyms", "lay_words", "icd10", "atc", "questions")
"""Fields that are written with one on each line."""
ADDRESS = str.maketrans("åäöéèüæø", "aaoeeuao")
LONGEST_SLUG = 80


class ArticleForm(BaseModel):
    """What the page sends. `version` is that of the article when the page was opened, 0 for a new one."""

    version: int = 0
    slug: str = ""
    title: str = ""
    group: str = ""
    audience: list[str] = []
    summary: str = ""
    synonyms: str = ""
    lay_words: str = ""
    icd10: str = ""
    atc: str = ""
    source_title: list[str] = []
    source_publisher: list[str] = []
    source_url: list[str] = []
    source_accessed: list[str] = []
    author: str = ""
    review_by: str = ""
    spoken: str = ""
    body: str = ""
    questions: str = ""
    reason: str = ""

    def sources(self) -> list[dict[str, str]]:
        """Return the sources that have been begun."""
        names = ("title", "publisher", "url", "accessed")
        rows = zip(self.source_title, self.source_publisher, self.source_url, self.source_accessed, strict=False)
        return [dict(zip(names, map(str.strip, row), strict=True)) for row in rows if any(row[:3])]


@dataclass(frozen=True)
class Understood:
    """What the form says: an article, or what is wrong by field."""

    article: Article | None = None
    faults: dict[str, str] = field(default_factory=dict)


def understand(form: ArticleForm) -> Understood:
    """Read the form.

    Raises:
        ArticleTooLargeError: it is longer than an article may be.
    """
    try:
        article = Article.model_validate(_fields(form))
    except ValidationError as error:
        return Understood(faults=faults.of_form(error))
    if len(dump(article).encode()) > MAX_BYTES:
        raise ArticleTooLargeError(form.slug, TOO_LONG)
    return Understood(article)


def fill(article: Article, *, version: int) -> ArticleForm:
    """Return the form with the article in it."""
    plain = article.model_dump(mode="json")
    return ArticleForm(
        version=version,
        **{name: plain[name] for name in ("slug", "title", "group", "audience", "summary", "author", "review_by")},
        **{name: "\n".join(plain[name]) for name in LISTS},
        spoken=article.spoken.strip(),
        body=article.body,
        source_title=[one["title"] for one in plain["sources"]],
        source_publisher=[one["publisher"] for one in plain["sources"]],
        source_url=[one["url"] for one in plain["sources"]],
        source_accessed=[one["accessed"] for one in plain["sources"]],
    )


def begin(*, author: str, today: date, title: str, question: str, lay_word: str) -> ArticleForm:
    """Return the form of a new article, with its headings, and what somebody asked."""
    return ArticleForm(
        title=title,
        questions=question,
        lay_words=lay_word,
        audience=["patient"],
        author=author,
        review_by=(today + REVIEW_AFTER).isoformat(),
        body="\n\n".join(f"## {heading}\n\n" for heading in OBLIGATORY_HEADINGS).rstrip(),
    )


def with_more(form: ArticleForm, *, question: str, lay_word: str) -> ArticleForm:
    """Return the form with a question or lay word added, unless it is there already."""
    more = {"questions": question.strip(), "lay_words": lay_word.strip()}
    added = {
        name: f"{getattr(form, name)}\n{text}".strip()
        for name, text in more.items()
        if text and text not in _lines(getattr(form, name))
    }
    return form.model_copy(update=added)


def address(title: str) -> str:
    """Return a title as the last part of a web address: "Ont i ryggen?" gives "ont-i-ryggen"."""
    plain = title.lower().translate(ADDRESS)
    kept = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in plain)
    return "-".join(kept.split())[:LONGEST_SLUG].strip("-")


def read_file(content: bytes) -> Article:
    """Return the article in a file that somebody has chosen.

    Raises:
        ArticleTooLargeError, BrokenArticleError: see `knowledge.articles.parse`.
    """
    if len(content) > MAX_BYTES:
        raise ArticleTooLargeError(detail=TOO_LONG)
    try:
        return parse(content.decode())
    except UnicodeDecodeError as error:
        raise BrokenArticleError(detail="Filen är inte skriven i UTF-8.") from error


def _fields(form: ArticleForm) -> dict[str, Any]:
    plain = form.model_dump(exclude={"version", "reason", *LISTS})
    fields = {name: _clean(value) for name, value in plain.items() if isinstance(value, str)}
    return {
        **fields,
        **{name: _lines(getattr(form, name)) for name in LISTS},
        "slug": fields["slug"] or address(fields["title"]),
        "audience": [one for one in form.audience if one in AUDIENCES],
        "sources": form.sources(),
    }


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def _lines(text: str) -> list[str]:
    return [line.strip() for line in _clean(text).splitlines() if line.strip()]
