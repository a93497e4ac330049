"""Headers and origin checks on every request, and the id that follows it through the logs."""

from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.settings import get_settings

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
MAX_REQUEST_ID = 64
FORGED = {
    "error": "foreign-origin",
    "text": {"sv": "Begäran kom från en annan webbplats.", "en": "The request came from another site."},
}


def content_security_policy(embed_origins: list[str]) -> str:
    """Return the policy: nothing inline, nothing from elsewhere; only `embed_origins` may frame our pages."""
    ancestors = " ".join(["'self'", *embed_origins])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {ancestors}"
    )


class SecurityMiddleware:
    """Refuse forged cross-site writes, bind the request id and set the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.embed_origins = get_settings().embed_origins
        self.policy = content_security_policy(self.embed_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers)
        scope.setdefault("state", {})["request_id"] = request_id
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            send = self._with_headers(scope, send, request_id)
            if is_forged(scope["method"], headers, self.embed_origins):
                await JSONResponse(FORGED, status_code=403)(scope, receive, send)
                return
            await self.app(scope, receive, send)

    def _with_headers(self, scope: Scope, send: Send, request_id: str) -> Send:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers.setdefault("Content-Security-Policy", self.policy)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(self)"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                static = scope["path"].startswith("/static/")
                headers.setdefault("Cache-Control", "no-cache" if static else "no-store")
            await send(message)

        return send_with_headers


def is_forged(method: str, headers: Headers, trusted_origins: list[str]) -> bool:
    """Tell whether another site's page sent this write. Browsers always name its origin; other clients need not."""
    if method in SAFE_METHODS:
        return False
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc != headers.get("host") and origin not in trusted_origins
    return headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    usable = 0 < len(given) <= MAX_REQUEST_ID and given.replace("-", "").isalnum() and given.isascii()
    return given if usable else str(uuid4())
