"""The conversations in PostgreSQL, with those at hand kept ready in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import Session

MOST_KEPT = 64
"""Conversations kept ready; a session of 40 turns takes some 200 kB."""


@dataclass
class _Kept:
    """A tracker as it was when it agreed with the database."""

    tracker: DialogueStateTracker
    events: int
    last_id: int

    def is_untouched(self) -> bool:
        """Tell that nothing has happened in it since: a turn that broke off leaves events that were never saved."""
        return len(self.tracker.events) == self.events

    def grew_into(self, tracker: DialogueStateTracker) -> bool:
        """Tell whether this is the tracker, with no new session begun since, from which the database would count."""
        added = islice(self.tracker.events, self.events, None)
        return self.tracker is tracker and not any(isinstance(event, SessionStarted) for event in added)


class TalkStore(SQLTrackerStore):
    """Rasa's store reads and replays all events of a session several times a turn; this one asks if any were added.

    The database stays the truth: what is kept is used only if its last event is the last one stored, so several engines
    may serve the same conversations.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._add_indexes()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the tracker of the latest session, or None if the conversation is new."""
        last_id = self._last_id(sender_id)
        kept = self._kept.pop(sender_id, None)
        if kept and kept.last_id == last_id and kept.is_untouched():
            self._keep(kept)
            return kept.tracker
        tracker: DialogueStateTracker | None = await super().retrieve(sender_id)
        if tracker and last_id:
            self._keep(_Kept(tracker, len(tracker.events), last_id))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the events that were added."""
        await super().save(tracker)
        kept = self._kept.pop(tracker.sender_id, None)
        if kept and kept.grew_into(tracker):
            last_id = self._last_id(tracker.sender_id)
            if last_id:
                self._keep(_Kept(tracker, len(tracker.events), last_id))

    def _additional_events(self, session: Session, tracker: DialogueStateTracker) -> Iterator[Event]:
        """Return the events that are not stored yet, without counting those that are when we know."""
        kept = self._kept.get(tracker.sender_id)
        if kept and kept.grew_into(tracker):
            return islice(tracker.events, kept.events, None)
        added: Iterator[Event] = super()._additional_events(session, tracker)
        return added

    def _keep(self, kept: _Kept) -> None:
        self._kept[kept.tracker.sender_id] = kept
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)

    def _last_id(self, sender_id: str) -> int | None:
        with self.engine.connect() as connection:
            last: int | None = connection.scalar(
                sa.select(sa.func.max(self.SQLEvent.id)).where(self.SQLEvent.sender_id == sender_id)
            )
        return last

    def _add_indexes(self) -> None:
        """Let a conversation of years answer as quickly as a new one; Rasa's table has an index on the sender only."""
        event = self.SQLEvent
        for name, columns in {
            "events_last": (event.sender_id, event.id),
            "events_of_session": (event.sender_id, event.timestamp),
            "events_sessions": (event.sender_id, event.type_name, event.timestamp),
        }.items():
            sa.Index(name, *columns).create(self.engine, checkfirst=True)
