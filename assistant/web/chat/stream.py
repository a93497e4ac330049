"""Live delivery: one listening database connection per process, fanned out to every open screen."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import psycopg
import structlog
from anyio import to_thread

from assistant import database
from assistant.records import conversations
from assistant.records.database import session
from assistant.records.models import Message
from assistant.web.chat import messages, presence

log = structlog.get_logger()

CHANNEL = "vigor_message"
"""PostgreSQL announces each message here as "<conversation>:<seq>"."""
HEARTBEAT_S = 15.0
"""Longest silence on a stream; also how often presence is refreshed. Well below the usual 60 s of proxies."""
RECONNECT_S = 1.0


class Stream:
    """The open screens of this process. `on_arrival` is told when a patient's screen opens or is still there."""

    def __init__(self, *, on_arrival: Callable[[str], None]) -> None:
        self._on_arrival = on_arrival
        self._screens: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._closing = False

    async def listen(self) -> None:
        """Wake the screens of a conversation when it has a new message; reconnect for ever."""
        while True:
            try:
                await self._listen_once()
            except psycopg.OperationalError as error:
                log.warning("stream_lost_database", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_S)

    async def events(self, conversation_id: str, since: int) -> AsyncIterator[str]:
        """Yield server-sent events: every message after number `since`, in order, then each new one."""
        news = asyncio.Event()
        self._screens[conversation_id].add(news)
        try:
            yield "retry: 2000\n\n"
            await self._mark_present(conversation_id)
            while not self._closing:
                news.clear()
                for message in await to_thread.run_sync(_after, conversation_id, since):
                    since = message.seq
                    yield _event(message)
                if not await _happens(news, HEARTBEAT_S):
                    await self._mark_present(conversation_id)
                    yield ": still here\n\n"
        finally:
            self._screens[conversation_id].discard(news)
            if not self._screens[conversation_id]:
                del self._screens[conversation_id]

    def close(self) -> None:
        """End all streams, so that the process can stop; the screens reconnect."""
        self._closing = True
        self._wake_all()

    async def _listen_once(self) -> None:
        connection = await psycopg.AsyncConnection.connect(database.url(), autocommit=True)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            self._wake_all()
            async for notification in connection.notifies():
                conversation_id, _, _ = notification.payload.rpartition(":")
                for news in self._screens.get(conversation_id, ()):
                    news.set()

    def _wake_all(self) -> None:
        for screens in self._screens.values():
            for news in screens:
                news.set()

    async def _mark_present(self, conversation_id: str) -> None:
        await to_thread.run_sync(presence.mark, conversation_id)
        self._on_arrival(conversation_id)


async def _happens(event: asyncio.Event, timeout_s: float) -> bool:
    with suppress(TimeoutError):
        return await asyncio.wait_for(event.wait(), timeout_s)
    return False


def _after(conversation_id: str, seq: int) -> list[Message]:
    with session() as db:
        return conversations.messages_since(db, conversation_id=conversation_id, seq=seq)


def _event(message: Message) -> str:
    body = json.dumps(messages.as_json(message), ensure_ascii=False)
    return f"id: {message.seq}\nevent: message\ndata: {body}\n\n"
