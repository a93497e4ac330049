"""The one web application: pages, chat and APIs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from threading import Thread

from fastapi import Depends, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.staticfiles import StaticFiles
from starlette.middleware.sessions import SessionMiddleware
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from assistant.records.fhir.app import app as fhir
from assistant.records.models.base import utc_now
from assistant.safety import red_flags
from assistant.settings import Settings, get_settings
from assistant.web import articles, assistant_api, demo_api, failures, health, patient_pages, wishes_api
from assistant.web.chat import routes as chat
from assistant.web.chat.engine import Engine
from assistant.web.chat.stream import Stream
from assistant.web.chat.turns import Turns
from assistant.web.clinic import routes as clinic
from assistant.web.clinic import rules as clinic_rules
from assistant.web.editor import routes as editor
from assistant.web.inbox import intake, ratings
from assistant.web.inbox import routes as inbox
from assistant.web.security import SecurityMiddleware
from assistant.web.sessions import COOKIE, LOGIN_SECONDS
from knowledge import service
from knowledge.api import router as knowledge
from knowledge.editorial.live import Follower
from knowledge.editorial.store import DatabaseStore

STATIC = Path(__file__).parent / "static"


class BundleAddress:
    """The FHIR base without its closing slash, where a transaction is posted too."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the base itself does."""
        inner = {**scope, "path": "/fhir/", "root_path": f"{scope.get('root_path', '')}/fhir"}
        await fhir(inner, receive, send)


def create_app() -> FastAPI:
    """Build the application; its background work starts and stops with it."""
    settings = get_settings()
    service.read_from(DatabaseStore())
    app = FastAPI(title="ViGoR", lifespan=_background, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.engine = Engine()
    app.state.turns = Turns(app.state.engine)
    app.state.stream = Stream(on_arrival=app.state.turns.wake)
    failures.install(app)
    talk = (chat, ratings, assistant_api, wishes_api, intake)
    for part in (health, *talk, demo_api, patient_pages, articles, clinic, clinic_rules, editor, inbox):
        app.include_router(part.router)
    app.include_router(knowledge, dependencies=[Depends(assistant_api.speaking_assistant)])
    app.router.routes.append(Route("/fhir", BundleAddress()))
    app.mount("/fhir", fhir)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    _add_middleware(app, settings)
    return app


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """The last one added meets the request first."""
    app.add_middleware(
        SessionMiddleware,
        secret_key=settings.session_secret.get_secret_value(),
        session_cookie=COOKIE,
        max_age=max(LOGIN_SECONDS.values()),
        same_site="lax",
        https_only=(settings.public_url or "").startswith("https://"),
    )
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.embed_origins,
        allow_credentials=True,
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type"],
    )
    app.add_middleware(SecurityMiddleware)


@contextlib.asynccontextmanager
async def _background(app: FastAPI) -> AsyncIterator[None]:
    """Listen for new messages and take up what waits, as long as the application runs.

    The red-flag rules are read first: an application that cannot read them must not start.
    """
    red_flags.check("")
    if service.is_prepared(get_settings()):
        Thread(target=service.index, name="knowledge", daemon=True).start()
    follower = Follower(index=service.built, clock=utc_now)
    follower.start()
    listening = asyncio.create_task(app.state.stream.listen())
    sweeping = Thread(target=app.state.turns.sweep_until_stopped, name="sweep", daemon=True)
    sweeping.start()
    try:
        yield
    finally:
        follower.stop()
        app.state.stream.close()
        listening.cancel()
        await asyncio.to_thread(app.state.turns.stop)
