"""The channel's one route, on real trackers: who may use it, each turn once, commands never typed, failures told."""

import asyncio
import json
import logging
import unittest
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, ClassVar

from assistant.dialogue.serve import leave_out_what_is_not_served

leave_out_what_is_not_served()

from rasa.core.channels.channel import UserMessage  # noqa: E402 - after TensorFlow has been left out
from rasa.core.lock_store import InMemoryLockStore  # noqa: E402
from rasa.core.tracker_store import InMemoryTrackerStore  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActiveLoop, BotUttered, SlotSet, UserUttered  # noqa: E402
from rasa.shared.core.trackers import DialogueStateTracker  # noqa: E402

from assistant.dialogue.channel import ACTION_FAILED, TURNS_PER_SESSION, Gateway  # noqa: E402

SECRET = "only for this test"
DOMAIN = Domain.load("assistant/dialogue/domain")


class Talk:
    """A gateway with a real tracker store, and a stand-in for what answers a message."""

    def __init__(self) -> None:
        self.store = InMemoryTrackerStore(DOMAIN)
        agent = SimpleNamespace(lock_store=InMemoryLockStore(), tracker_store=self.store)
        self.app = SimpleNamespace(ctx=SimpleNamespace(agent=agent))
        self.heard: list[UserMessage] = []
        self.answer: Callable[[UserMessage], Awaitable[None]] = self.say_hello
        (self.route,) = Gateway(SECRET).blueprint(self.take)._future_routes

    async def take(self, message: UserMessage) -> None:
        self.heard.append(message)
        tracker = await self.store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text, metadata=message.metadata))
        await self.answer(message)
        for one in message.output_channel.messages:
            tracker.update(BotUttered(one.get("text"), {"buttons": one.get("buttons"), "custom": one.get("custom")}))
        await self.store.save(tracker)

    async def say_hello(self, message: UserMessage) -> None:
        await message.output_channel.send_text_message(message.sender_id, "Hej!")

    def send(self, secret: str = SECRET, **body: Any) -> tuple[int, Any]:
        """Send one turn and return status and body of the answer."""
        turn = {"conversation": "c1", "turn": "t1", "text": "hej", "payload": None, **body}
        request = SimpleNamespace(headers={"authorization": f"Bearer {secret}"}, json=turn, app=self.app)
        answer = asyncio.run(self.route.handler(request))
        return answer.status, json.loads(answer.body)

    def hold(self, *events: Any) -> None:
        """Let the tracker hold these events."""
        tracker = DialogueStateTracker.from_events("c1", events, slots=DOMAIN.slots)
        self.store.store["c1"] = self.store.serialise_tracker(tracker)


class ATurn(unittest.TestCase):
    def setUp(self) -> None:
        self.talk = Talk()

    def test_without_the_secret_is_refused(self) -> None:
        assert self.talk.send(secret="guess")[0] == 401
        assert self.talk.heard == []

    def test_is_answered(self) -> None:
        assert self.talk.send() == (200, {"replies": [{"text": "Hej!", "buttons": [], "data": {}}]})

    def test_that_is_sent_again_is_answered_from_the_tracker(self) -> None:
        first, again = self.talk.send(), self.talk.send()
        assert first == again
        assert len(self.talk.heard) == 1

    def test_that_is_typed_is_never_a_command(self) -> None:
        self.talk.send(text="/restart")
        self.talk.send(turn="t2", text=" //session_start")
        assert [one.text for one in self.talk.heard] == ["restart", "session_start"]

    def test_of_a_choice_keeps_its_payload(self) -> None:
        self.talk.send(text=None, payload='/inform{"field":"x"}')
        assert self.talk.heard[0].text == '/inform{"field":"x"}'

    def test_carries_its_id_and_what_the_form_expects(self) -> None:
        expected = SlotSet("expected", {"form": "report_measurement", "kind": "weight"})
        self.talk.hold(ActiveLoop("report_measurement_form"), expected)
        self.talk.send()
        assert self.talk.heard[0].metadata == {"turn": "t1", "expected": "weight"}

    def test_puts_extras_back_to_the_words_they_came_with(self) -> None:
        async def with_extras(message: UserMessage) -> None:
            await message.output_channel.send_text_message(message.sender_id, "Bokat.")
            await message.output_channel.send_custom_json(message.sender_id, {"kind": "booking"})

        self.talk.answer = with_extras
        reply = {"text": "Bokat.", "buttons": [], "data": {"kind": "booking"}}
        assert self.talk.send() == (200, {"replies": [reply]})

    def test_whose_action_failed_is_an_error_and_is_done_anew_when_sent_again(self) -> None:
        async def failing(message: UserMessage) -> None:
            await message.output_channel.send_text_message(message.sender_id, "Något gick fel.")
            logging.getLogger("rasa.core.processor").error(f"{ACTION_FAILED} 'action_greet'")

        self.talk.answer = failing
        assert self.talk.send()[0] == 503
        self.talk.answer = self.talk.say_hello
        assert self.talk.send()[1]["replies"][0]["text"] == "Hej!"
        assert len(self.talk.heard) == 2


class ARedFlag(unittest.TestCase):
    def test_is_told_before_the_turn_and_its_answer_is_not_repeated(self) -> None:
        talk = Talk()
        status, answer = talk.send(red_flag="self_harm")
        assert status == 200
        assert [one.text for one in talk.heard] == ['/EXTERNAL_red_flag{"level": "self_harm"}', "hej"]
        assert len(answer["replies"]) == 1
        assert talk.send(red_flag="self_harm")[1] == answer
        assert len(talk.heard) == 2


class ALongTalk(unittest.TestCase):
    turns: ClassVar[list[UserUttered]] = [
        UserUttered("hej", metadata={"turn": str(number)}) for number in range(TURNS_PER_SESSION)
    ]

    def test_is_cut_into_sessions(self) -> None:
        talk = Talk()
        talk.hold(*self.turns)
        talk.send()
        assert [one.text for one in talk.heard] == ["/session_start", "hej"]

    def test_is_never_cut_in_the_middle_of_a_form(self) -> None:
        talk = Talk()
        talk.hold(*self.turns, ActiveLoop("book_appointment_form"))
        talk.send()
        assert [one.text for one in talk.heard] == ["hej"]


if __name__ == "__main__":
    unittest.main()
