"""A small real HTTP server that stands in for the dialogue engine: dead, slow, empty or well, as a test wants."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

JSON = dict[str, Any]


class Dialogue(ThreadingHTTPServer):
    """What it answers can be changed while it runs; `turns` and `triggers` hold what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies: list[JSON] = [{"text": "Hej!", "buttons": [], "data": {}}]
        self.messages: list[JSON] = [{"text": "God morgon!"}]
        self.events: list[JSON] = []
        self.status = 200
        self.delay_s = 0.0
        self.model: str | None = "model"
        self.turns: list[JSON] = []
        self.triggers: list[JSON] = []
        self.authorization: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that gave up waiting is no error here."""


class _Handler(BaseHTTPRequestHandler):
    server: Dialogue

    def do_GET(self) -> None:
        self._answer(
            {"model_file": self.server.model} if self.path == "/status" else {"events": self.server.events}, 200
        )

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.authorization.append(self.headers["Authorization"])
        time.sleep(self.server.delay_s)
        if "trigger_intent" in self.path:
            self.server.triggers.append(body)
            self._answer({"messages": self.server.messages}, self.server.status)
        else:
            self.server.turns.append(body)
            self._answer({"replies": self.server.replies}, self.server.status)

    def _answer(self, body: JSON, status: int) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[Dialogue]:
    """Yield the server while it runs."""
    server = Dialogue()
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
