"""A device that does not work: simple help first, then somebody who can do more."""

import re
from typing import ClassVar

from actions import errand_status, texts
from actions.action import Events
from actions.api import JSON
from actions.forms import CONFIRM, Form, Values
from actions.questions import Question
from actions.talk import Talk
from actions.writing import open_task, waits_already

DEVICES = (
    ("glucometer", r"blodsocker|sockermät|glukos|teststick|sensor|glucose|blood sugar"),
    ("cuff", r"blodtryck|manschett|tryckmät|cuff|pressure"),
    ("scale", r"\bvåg|scale"),
    ("oximeter", r"klämma|saturation|syremät|oximet|pulsox|clip"),
    ("thermometer", r"termomet|febermät|thermomet"),
    ("tablet", r"platta|surfplatta|skärm|app\b|appen|telefon|läsplatta|mobil|ipad|wifi|internet|tablet|screen|phone"),
)
SOLVED = re.compile(
    r"^(?!.*\b(?:inte|not)\b).*(?:\bnu\b.*\b(?:bra|bättre|igång|fungerar|funkar|går)\b|"
    r"\b(?:fungerar|funkar|går|blev) (?:bra|nu|igen)\b|löste sig|hjälpte|"
    r"(?:works|working|fixed|fine) now|it works|helped)",
    re.IGNORECASE,
)
"""How people say that the help helped."""
STILL_BROKEN = re.compile(
    r"\bhjälp(?:er|te) (?:det )?inte|fortfarande|lika (?:dan|illa)|help(?:ed)? not|n't help|\bstill\b", re.IGNORECASE
)


class DeviceProblemForm(Form):
    """Asks which device and what is wrong, helps, and tells the clinic after a yes."""

    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "device",
            choices=("scale", "cuff", "oximeter", "thermometer", "glucometer", "tablet"),
            keywords=DEVICES,
            opening=True,
        ),
        Question("problem", words=True, opening=True),
    )

    async def start(self, talk: Talk) -> Values | None:
        """Tell how earlier errands stand when that was asked."""
        return None if await errand_status.tell_if_asked(talk) else {}

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Name the device as within a sentence."""
        words = await super().described(talk, values)
        return {**words, "device": words["device"][:1].lower() + words["device"][1:]} if "device" in words else words

    def chosen_anew(self, talk: Talk, values: Values) -> Values:
        """Another device has another problem."""
        anew = super().chosen_anew(talk, values)
        return anew | {"problem": talk.said} if anew else {}

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Say once what usually helps, and ask whether to pass it on."""
        if values.get("helped") == values["device"]:
            return talk.text("device_problem.read_back_again", **await self.described(talk, values))
        values["helped"] = values["device"]
        helped = talk.text(f"device_problem.help_{values['device']}")
        return f"{helped} {await super().read_back(talk, values)}"

    async def _without_answer(self, talk: Talk, state: JSON, asked: str) -> Events:
        """Ask the clinic for nothing when the help has helped; when it has not, ask once more whether to tell them."""
        if asked == CONFIRM and talk.intent != "affirm" and SOLVED.search(talk.said or ""):
            talk.say("device_problem.solved")
            return self.done(talk, state)
        if asked == CONFIRM and talk.intent != "affirm" and STILL_BROKEN.search(talk.said or ""):
            return await self._go_on(talk, state)
        return await super()._without_answer(talk, state, asked)

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Open the Task."""
        device = texts.text(f"device_problem.device_{values['device']}", language="sv")
        heading = f"Utrustning som inte fungerar: {device}."
        if await waits_already(talk, "device", heading):
            talk.say("device_problem.already")
            return None
        description = f"{heading} Patientens ord: ”{values['problem']}”"
        await open_task(talk, "device", description)
        talk.say("device_problem.done")
        return None
