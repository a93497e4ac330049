"""A device that does not work: simple help first, then somebody who can do more."""

from typing import ClassVar

from actions import texts
from actions.forms import Form, Question, Values
from actions.talk import Talk
from actions.writing import open_task

DEVICES = (
    ("glucometer", r"blodsocker|sockermät|glukos|teststick|sensor|glucose|blood sugar"),
    ("cuff", r"blodtryck|manschett|tryckmät|cuff|pressure"),
    ("scale", r"\bvåg|scale"),
    ("oximeter", r"klämma|saturation|syremät|oximet|pulsox|clip"),
    ("thermometer", r"termomet|febermät|thermomet"),
    ("tablet", r"platta|surfplatta|skärm|app\b|appen|telefon|läsplatta|mobil|ipad|wifi|internet|tablet|screen|phone"),
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

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Say what usually helps, then ask whether to pass it on."""
        helped = talk.text(f"device_problem.help_{values['device']}")
        return f"{helped} {await super().read_back(talk, values)}"

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Open the Task."""
        device = texts.text(f"device_problem.device_{values['device']}", language="sv")
        description = f"Utrustning som inte fungerar: {device}. Patientens ord: ”{values['problem']}”"
        await open_task(talk, "device", description)
        talk.say("device_problem.done")
        return None
