"""The store of talks: every event kept once, whether the talk is at hand in memory or was read from the database."""

import asyncio
import unittest
from tempfile import TemporaryDirectory

from assistant.dialogue.serve import leave_out_what_is_not_served

leave_out_what_is_not_served()

from rasa.shared.core.domain import Domain  # noqa: E402 - after TensorFlow has been left out
from rasa.shared.core.events import BotUttered, SessionStarted, UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402

from assistant.dialogue.tracker_store import TalkStore  # noqa: E402

DOMAIN = Domain.load("assistant/dialogue/domain")


class ATalk(unittest.TestCase):
    """Two engines on one database; SQLite will do, as what is asked of it is Rasa's own SQL."""

    def setUp(self) -> None:
        self.folder = TemporaryDirectory()
        self.one, self.other = (
            TalkStore(DOMAIN, dialect="sqlite", db=f"{self.folder.name}/talks.db") for _ in range(2)
        )

    def tearDown(self) -> None:
        self.one.engine.dispose()
        self.other.engine.dispose()
        self.folder.cleanup()

    def say(self, text: str, store: TalkStore | None = None, *before: object) -> None:
        """Hold one turn at an engine."""
        store = store or self.one
        tracker = asyncio.run(store.get_or_create_tracker("c1"))
        for event in (*before, UserUttered(text), BotUttered("Jaha.")):
            tracker.update(event, DOMAIN)
        asyncio.run(store.save(tracker))

    def said(self, store: TalkStore) -> list[str]:
        """Return what the patient has said, as an engine has it."""
        tracker: DialogueStateTracker | None = asyncio.run(store.retrieve("c1"))
        return [event.text for event in tracker.events if isinstance(event, UserUttered)] if tracker else []

    def test_is_stored_once_each_turn(self) -> None:
        for text in ("ett", "två", "tre"):
            self.say(text)
        assert self.said(self.other) == ["ett", "två", "tre"]

    def test_goes_on_at_another_engine_and_back(self) -> None:
        for text, store in (("ett", self.one), ("två", self.other), ("tre", self.one), ("fyra", self.one)):
            self.say(text, store)
        assert self.said(self.one) == self.said(self.other) == ["ett", "två", "tre", "fyra"]

    def test_counts_anew_from_a_new_session(self) -> None:
        self.say("ett")
        self.say("två", self.one, SessionStarted())
        self.say("tre")
        assert self.said(self.other) == ["två", "tre"]

    def test_forgets_a_turn_that_broke_off(self) -> None:
        self.say("ett")
        tracker = asyncio.run(self.one.retrieve("c1"))
        tracker.update(UserUttered("halvt"), DOMAIN)
        self.say("två")
        assert self.said(self.other) == ["ett", "två"]


if __name__ == "__main__":
    unittest.main()
