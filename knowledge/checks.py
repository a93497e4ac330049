"""What an editor is told about an article before it can be published."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

from knowledge.articles import Article, Source
from knowledge.readability import lix

MAX_LIX = 40
SOURCE_AGES = timedelta(days=365)
"""Our own limit: an article is reviewed about twice a year, so a source unread for a year has been missed twice."""
OBLIGATORY_HEADINGS = (
    "Kort om",
    "Det här kan du göra själv",
    "När ska du söka vård?",
    "För dig som är närstående",
)


class Problem(NamedTuple):
    """`error` stops publishing, `warning` does not; `text` is for the editor."""

    id: str
    level: Literal["error", "warning"]
    text: str


def problems(article: Article, *, today: date) -> list[Problem]:
    """Return everything that should be mended, errors first."""
    found = [*_structure(article), *_language(article), *_trust(article, today)]
    return sorted(found, key=lambda problem: problem.level)


def _structure(article: Article) -> list[Problem]:
    present = {passage.heading for passage in article.passages()}
    missing = [heading for heading in OBLIGATORY_HEADINGS if heading not in present]
    return [Problem("heading-missing", "error", f"Rubriken ”{heading}” saknas.") for heading in missing]


def _language(article: Article) -> list[Problem]:
    found = []
    for part, text in (("Texten", article.body), ("Den upplästa texten", article.spoken)):
        level = round(lix(text))
        if level > MAX_LIX:
            found.append(Problem("too-hard", "error", f"{part} är för svår: LIX {level}, högst {MAX_LIX}."))
    if not article.synonyms and not article.lay_words:
        found.append(Problem("no-lay-words", "warning", "Lägg till ord som folk använder, så att artikeln hittas."))
    return found


def _of_source(source: Source, today: date) -> list[Problem]:
    if source.accessed > today:
        return [Problem("source-in-future", "error", f"Källan ”{source.title}” lästes {source.accessed}, i framtiden.")]
    if today - source.accessed > SOURCE_AGES:
        return [Problem("source-old", "warning", f"Källan ”{source.title}” lästes {source.accessed}. Läs den igen.")]
    if source.url.scheme != "https":
        return [Problem("source-plain", "warning", f"Källan ”{source.title}” har ingen säker adress (https).")]
    return []


def _trust(article: Article, today: date) -> list[Problem]:
    found = []
    if not article.sources:
        found.append(Problem("no-source", "error", "Artikeln saknar källa."))
    for source in article.sources:
        found += _of_source(source, today)
    if article.overdue(today):
        found.append(Problem("review-overdue", "warning", f"Granskningen gick ut {article.review_by}."))
    return found
