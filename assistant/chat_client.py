"""A patient's screen in code: logs in to a demonstration, listens, writes and presses choices."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx

from assistant.settings import get_settings

JSON = dict[str, Any]
ANSWER_TIMEOUT_S = 30.0
RETRY_S = 0.5


class NoAnswerError(RuntimeError):
    """What was waited for did not come in time."""


class ChatClient:
    """One open screen. `messages` holds everything seen so far, in order, each once."""

    def __init__(self, patient: str, base_url: str | None = None) -> None:
        self._http = httpx.Client(base_url=base_url or get_settings().web_url, timeout=10.0)
        answer = self._http.post("/login", data={"patient": patient})
        if answer.status_code != httpx.codes.SEE_OTHER:
            answer.raise_for_status()
        conversation = self._get("/api/chat/conversation")
        self.conversation_id = str(conversation["id"])
        self.messages: list[JSON] = list(conversation["messages"])
        self.arrivals: dict[str, float] = {}
        self._news = threading.Condition()
        self._closed = False
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def close(self) -> None:
        """Close the screen."""
        self._closed = True
        self._http.close()

    def say(self, text: str) -> list[JSON]:
        """Send words and return the answer's messages."""
        return self._send({"text": text})

    def press(self, label: str) -> list[JSON]:
        """Press the newest choice with this label and return the answer's messages."""
        for message in reversed(self.messages):
            for choice in message["choices"]:
                if choice["label"] == label:
                    return self._send({"choice": {"message_id": message["id"], "id": choice["id"]}})
        raise NoAnswerError(f"There is no choice {label!r} on the screen.")

    def wait_for(self, found: Callable[[JSON], bool], *, timeout_s: float = ANSWER_TIMEOUT_S) -> JSON:
        """Return the first message that `found` accepts, waiting for it if needed. Raises NoAnswerError."""
        deadline = time.monotonic() + timeout_s
        with self._news:
            while True:
                for message in self.messages:
                    if found(message):
                        return message
                if not self._news.wait(deadline - time.monotonic()):
                    raise NoAnswerError(f"Nothing came within {timeout_s:.0f} s.")

    def _send(self, body: JSON) -> list[JSON]:
        client_id = str(uuid4())
        path = f"/api/chat/{self.conversation_id}/messages"
        sent = self._persistently(lambda: self._http.post(path, json={"client_id": client_id, **body}))
        if sent.is_error:
            return [{"sender": "assistant", "kind": "error", "choices": [], "data": {}, **sent.json()}]
        message_id = sent.json()["id"]
        self.wait_for(lambda message: message["reply_to"] == message_id and message["kind"] != "notice")
        page = self._get("/api/chat/conversation")
        return [message for message in page["messages"] if message["reply_to"] == message_id]

    def _persistently(self, send: Callable[[], httpx.Response]) -> httpx.Response:
        """Send again while nobody answers, as a screen does: the client id makes that harmless."""
        deadline = time.monotonic() + ANSWER_TIMEOUT_S
        while True:
            try:
                answer = send()
                if not answer.is_server_error or time.monotonic() > deadline:
                    return answer
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(RETRY_S)

    def _get(self, path: str) -> JSON:
        answer = self._persistently(lambda: self._http.get(path))
        answer.raise_for_status()
        body: JSON = answer.json()
        return body

    def _listen(self) -> None:
        """Read server-sent events until closed, asking for what was missed after every break."""
        while not self._closed:
            since = self.messages[-1]["seq"] if self.messages else 0
            path = f"/api/chat/{self.conversation_id}/events?since={since}"
            try:
                with self._http.stream("GET", path, timeout=httpx.Timeout(10.0, read=60.0)) as stream:
                    self._read(stream)
            except httpx.HTTPError:
                time.sleep(RETRY_S)
            except RuntimeError:
                return  # the client was closed while it waited

    def _read(self, stream: httpx.Response) -> None:
        for line in stream.iter_lines():
            if line.startswith("data:"):
                self._take(json.loads(line.removeprefix("data:")))

    def _take(self, message: JSON) -> None:
        with self._news:
            if "seq" in message and all(message["seq"] != known["seq"] for known in self.messages):
                self.messages.append(message)
                self.arrivals[message["id"]] = time.monotonic()
                self._news.notify_all()
