"""The page of an article, where an answer in the chat leads."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.records.errors import NotFoundError
from assistant.web.pages import render
from knowledge import service
from knowledge.api import page
from knowledge.errors import ArticleNotFoundError, ArticleWithdrawnError

router = APIRouter(include_in_schema=False)


@router.get("/knowledge/{slug}")
def show_article(request: Request, slug: str) -> Response:
    """Show one published article with its sources and review date, or say kindly that it has been withdrawn."""
    try:
        article = page(service.articles().get(slug))
    except ArticleWithdrawnError as error:
        gone = render(request, "article_withdrawn.html")
        gone.status_code = error.status
        return gone
    except ArticleNotFoundError as error:
        raise NotFoundError from error
    return render(request, "article.html", article=article)
