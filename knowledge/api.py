"""The knowledge over HTTP. Mounted by the web application, which says who may ask.

A question may hold what a person would tell nobody else, so outside the machine it travels in the body, never in an
address.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from assistant.records.errors import NotFoundError
from assistant.settings import get_settings
from knowledge import rendering, service
from knowledge.answer import About, Language, answer
from knowledge.articles import Article
from knowledge.errors import ArticleNotFoundError
from knowledge.personal import Context
from knowledge.search import Index

router = APIRouter(prefix="/api/knowledge", tags=["knowledge"])

ReadyIndex = Annotated[Index, Depends(service.index)]


class Question(BaseModel):
    """What is asked, and what may be used to answer it. `topic` is the article last spoken of,
    `chosen` the one that was picked, `about` what the question is known to be about.
    """

    text: str = Field(min_length=1, max_length=2000)
    language: Language = "sv"
    topic: str | None = Field(None, max_length=80)
    chosen: str | None = Field(None, max_length=80)
    about: About | None = None
    context: Context = Context()


@router.post("/answer")
def answer_question(question: Question, index: ReadyIndex) -> dict[str, Any]:
    """Return a short answer with its source, or `answered` false with the nearest titles."""
    return answer(
        question.text,
        index=index,
        now=datetime.now(UTC),
        zone=get_settings().zone,
        language=question.language,
        context=question.context,
        topic=question.topic,
        chosen=question.chosen,
        about=question.about,
    ).as_dict()


@router.get("/articles")
def list_articles(index: ReadyIndex) -> dict[str, Any]:
    """Return every published article, by title."""
    listed = sorted(index.articles(), key=lambda article: article.title.casefold())
    return {"articles": [_summary(article) for article in listed]}


@router.get("/articles/{slug}")
def read_article(slug: str, index: ReadyIndex) -> dict[str, Any]:
    """Return one article with its text as safe HTML."""
    try:
        return page(index.article(slug))
    except ArticleNotFoundError as error:
        raise NotFoundError from error


def page(article: Article) -> dict[str, Any]:
    """Return what the page of an article shows."""
    return {
        **_summary(article),
        "html": rendering.html(article.body),
        "spoken": article.spoken,
        "sources": [source.model_dump(mode="json") for source in article.sources],
        "author": article.author,
        "reviewer": article.reviewer,
        "clinically_validated": article.clinically_validated,
        "version": article.version,
    }


def _summary(article: Article) -> dict[str, Any]:
    today = datetime.now(get_settings().zone).date()
    return {
        "slug": article.slug,
        "title": article.title,
        "summary": article.summary,
        "group": article.group,
        "review_by": article.review_by.isoformat(),
        "overdue": article.overdue(today),
    }
