"""A short answer for the chat: two or three sentences, where they come from, and a way on when there is none."""

import re
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from knowledge import personal
from knowledge.articles import Article, sentences
from knowledge.personal import Context
from knowledge.search import Hit, Index, Result

Language = Literal["sv", "en"]

NEAREST = 2
FOLLOW_UP_WORDS = 3
REFERS_BACK = re.compile(r"^\W*(?:och|and)\b|\b(?:det|den|detta|denna|dem|då|it|that|this|them|then)\b", re.IGNORECASE)
About = Literal["food"]
NUTRITION = "nutrition"
SELF_CARE = "Det här kan du göra själv"
FOOD = re.compile(
    r"\b(?:äta?|äter|mat|mål|mellanmål|måltid|frukost|lunch|middag|drick|dricker|dricka|dryck|vatten|salt|socker|fett"
    r"|fisk|grönsak|frukt|fiber|fullkorn|protein|kalk|d-vitamin|mjölk|kaffe|alkohol|olja|smör|kött|soppa)\w*"
    r"|\b(?:te|bär|ägg)\b",
    re.IGNORECASE,
)
FOOD_SENTENCES = 3
MENTIONED = 0.5
"""Share of the question's words that an article on nutrition has to hold. Our own number."""
GENERAL_HEADINGS = ("Kort om", "När ska du söka vård?")
SURE_OF_PASSAGE = 0.45
PERHAPS_FROM = 0.01
UNSURE = {
    "sv": "Det är jag inte säker på, och jag vill inte gissa. Ring 1177, eller fråga en sköterska på din mottagning.",
    "en": "I am not sure about that, and I do not want to guess. Call 1177, or ask a nurse at your clinic.",
}
PERHAPS = {"sv": "Menar du kanske {titles}?", "en": "Do you perhaps mean {titles}?"}
OR = {"sv": " eller ", "en": " or "}
OVERDUE = {
    "sv": "Texten skulle ha granskats senast {date}. Fråga din mottagning om du är osäker.",
    "en": "This text was due for review on {date}. Ask your clinic if you are unsure.",
}
SWEDISH_ONLY = "The answer is in Swedish, as it has not been translated yet."


@dataclass(frozen=True)
class Answer:
    """What the assistant says. `text` is for reading aloud; `notes` say what to keep in mind about it."""

    answered: bool
    text: str
    title: str | None = None
    source: str | None = None
    review_by: str | None = None
    overdue: bool = False
    slug: str | None = None
    link: str | None = None
    heading: str | None = None
    personal: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    nearest: list[str] = field(default_factory=list)
    nearest_slugs: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)


def answer(
    text: str,
    *,
    index: Index,
    now: datetime,
    zone: ZoneInfo,
    language: Language = "sv",
    context: Context | None = None,
    topic: str | None = None,
    chosen: str | None = None,
    about: About | None = None,
) -> Answer:
    """Answer from the article that fits best, or say that none does.

    `topic` is the article last spoken of: a question that refers back to it ("hur behandlas det då?"), and a short one
    that nothing else answers, is taken as one about it.
    `chosen` is the article that the person has picked, whatever the question. A question `about` food is answered only
    with what an article says of food: one on nutrition, or on what the question names or refers back to.
    """
    result = index.search(text)
    if about == "food" and chosen is None:
        return _food(text, result, index, language, topic=topic, today=now.astimezone(zone).date())
    if chosen is not None and index.has(chosen):
        hit = index.within(chosen, text)
    elif topic is not None and index.has(topic) and _refers_back(text, result, index):
        hit = index.within(topic, text)
    elif result.answered:
        hit = result.hits[0]
    elif topic is not None and index.has(topic) and _is_follow_up(text, index):
        hit = index.within(topic, text)
    else:
        return _unsure(result, index, language)
    article = index.article(hit.slug)
    return replace(
        _from(article, hit, language, overdue=article.overdue(now.astimezone(zone).date())),
        text=_said(article, hit, text, index),
        personal=personal.sentences(article, context or Context(), now=now, zone=zone),
    )


def _food(text: str, result: Result, index: Index, language: Language, *, topic: str | None, today: date) -> Answer:
    """Answer with what the first fitting article says that one can do oneself about food and drink."""
    back = [topic] if topic and index.has(topic) and REFERS_BACK.search(text) else []
    articles = [index.article(slug) for slug in (*back, *(hit.slug for hit in result.hits if result.answered))]
    fitting = [one for one in articles if one.slug in back or _names(text, one, index) or _on_food(text, one, index)]
    for article in fitting:
        said = _of_food(article)
        if said:
            hit = index.within(article.slug, text)
            found = _from(article, hit, language, overdue=article.overdue(today))
            return replace(found, text=f"{article.title}: {' '.join(said)}", heading=SELF_CARE)
    return _unsure(result, index, language)


def _of_food(article: Article) -> list[str]:
    own = [one for part in article.passages() if part.heading == SELF_CARE for one in sentences(part.text)]
    return [one for one in own if FOOD.search(one)][:FOOD_SENTENCES]


def _on_food(text: str, article: Article, index: Index) -> bool:
    """Say whether it is an article on nutrition that has what is asked for."""
    return article.group == NUTRITION and index.overlap(text, article.body) >= MENTIONED


def _names(text: str, article: Article, index: Index) -> bool:
    return index.overlap(text, article.title) > 0


def _from(article: Article, hit: Hit, language: Language, *, overdue: bool) -> Answer:
    notes = [OVERDUE[language].format(date=article.review_by)] if overdue else []
    return Answer(
        answered=True,
        text=article.spoken.strip(),
        title=article.title,
        source=", ".join(dict.fromkeys(source.publisher for source in article.sources)),
        review_by=article.review_by.isoformat(),
        overdue=overdue,
        slug=article.slug,
        link=f"/knowledge/{article.slug}",
        heading=hit.heading,
        notes=notes + ([SWEDISH_ONLY] if language == "en" else []),
    )


def _said(article: Article, hit: Hit, text: str, index: Index) -> str:
    """Return two sentences of the passage when the question is clearly about them, else the spoken version."""
    if hit.heading in GENERAL_HEADINGS:
        return article.spoken.strip()
    said = sentences(hit.passage)
    overlap = [index.overlap(text, one) for one in said]
    best = max(range(len(said)), key=overlap.__getitem__)
    if overlap[best] < SURE_OF_PASSAGE:
        return article.spoken.strip()
    return " ".join(said[best : best + 2])


def _refers_back(text: str, result: Result, index: Index) -> bool:
    """Say whether the question has a pronoun in place of a subject: hardly a word of content, none of another title."""
    named = result.hits and _names(text, index.article(result.hits[0].slug), index)
    return bool(REFERS_BACK.search(text)) and len(index.content_words(text)) <= 1 and not named


def _is_follow_up(text: str, index: Index) -> bool:
    return len(index.content_words(text)) <= FOLLOW_UP_WORDS


def _unsure(result: Result, index: Index, language: Language) -> Answer:
    nearest = result.hits[:NEAREST]
    titles = [index.article(hit.slug).title for hit in nearest]
    quoted = OR[language].join(f"”{title}”" for title in titles)
    offer = f" {PERHAPS[language].format(titles=quoted)}" if result.confidence >= PERHAPS_FROM else ""
    return Answer(
        answered=False, text=UNSURE[language] + offer, nearest=titles, nearest_slugs=[hit.slug for hit in nearest]
    )
