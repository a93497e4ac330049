"""Rendering of pages from templates."""

from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.templating import Jinja2Templates
from starlette.responses import HTMLResponse

from assistant.settings import get_settings
from assistant.web import swedish

templates = Jinja2Templates(directory=Path(__file__).parent / "templates")
templates.env.filters.update(
    day=swedish.day, when=swedish.when, moment=swedish.moment, value=swedish.value, age=swedish.age
)
templates.env.trim_blocks = templates.env.lstrip_blocks = True


def render(request: Request, template: str, **context: Any) -> HTMLResponse:
    """Return the page; every page knows whether this is a demonstration."""
    return templates.TemplateResponse(request, template, {"demo": get_settings().demo, **context})
