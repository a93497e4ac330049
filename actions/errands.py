"""Errands that the clinic handles and the patient can follow: journeys, certificates, deviations, test results."""

import re
from datetime import datetime
from typing import Any, ClassVar

from actions import swedish
from actions.forms import Form, Question, Values
from actions.talk import Talk
from actions.writing import open_task

FOLLOWED = ("renewal", "certificate", "travel", "deviation", "question", "device", "callback")
"""Codes of the Tasks that a patient asks for and can follow."""
SHOWN = 5
STATUS = re.compile(
    r"(?:hur (?:går|gick|är) det med|vad händer med|vad hände med|hur långt har|how is|what about|what happened)"
    r".*\b(?:recept|intyg|sjukres|resa|anmälan|fråga|ärende|prescription|certificate|report|question|errand)",
    re.IGNORECASE,
)
"""How people ask for an errand's state, also where the message was taken for another question."""


class ErrandForm(Form):
    """Base of the forms that end in a Task. The clinic reads the answers in Swedish, whatever the talk is in."""

    code: ClassVar[str]
    heading: ClassVar[str]
    kinds: ClassVar[dict[str, str]] = {}

    async def start(self, talk: Talk) -> Values | None:
        """Tell how earlier errands stand when that was asked."""
        return None if await tell_if_asked(talk) else {}

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Open the Task."""
        kind = self.kinds.get(values.get("kind", ""), "")
        words = [str(values[one.name]) for one in self.questions if one.words]
        told = " ".join(f"”{one}”" for one in dict.fromkeys(words))
        await open_task(talk, self.code, f"{self.heading}{f' ({kind})' if kind else ''}: {told}")
        talk.say(f"{self.intent()}.done")
        return None


class RequestTravelReimbursementForm(ErrandForm):
    """A journey to or from care, to be booked or paid back."""

    code, heading = "travel", "Sjukresa"
    kinds: ClassVar[dict[str, str]] = {"journey": "resa att boka", "refund": "ersättning"}
    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "kind",
            choices=("journey", "refund"),
            keywords=(
                ("refund", r"ersätt|tillbaka|kvitto|pengar|betal|utlägg|kostnad|refund|money back|reimburse"),
                ("journey", r"boka|beställ|behöver|färdtjänst|taxi|hämta|skjuts|åka|book|need|ride"),
            ),
            opening=True,
        ),
        Question("journey", words=True),
    )


class RequestCertificateForm(ErrandForm):
    """A certificate or a sick note."""

    code, heading = "certificate", "Intyg"
    kinds: ClassVar[dict[str, str]] = {"sick_note": "sjukintyg", "driving": "körkort", "other": "annat"}
    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "kind",
            choices=("sick_note", "driving", "other"),
            keywords=(
                ("sick_note", r"sjukintyg|sjukskriv|läkarintyg|försäkringskass|sick note|sick leave"),
                ("driving", r"körkort|syn-?intyg|driving|licen[cs]e"),
                ("other", r"färdtjänst|parkering|resa|flyg|bostad|gym|annat|other|travel|parking"),
            ),
            opening=True,
        ),
        Question("purpose", words=True),
    )


class ReportDeviationForm(ErrandForm):
    """Something that went wrong and should be looked into."""

    code, heading = "deviation", "Avvikelse"
    kinds: ClassVar[dict[str, str]] = {
        "care": "vården",
        "medicine": "läkemedel",
        "technology": "teknik",
        "treatment": "bemötande",
    }
    questions: ClassVar[tuple[Question, ...]] = (
        Question("kind", choices=("care", "medicine", "technology", "treatment")),
        Question("what", words=True),
    )


class AskTestResultsForm(ErrandForm):
    """Test results are not kept here: says so, and asks the clinic."""

    code, heading = "question", "Patienten undrar över provsvar"
    questions: ClassVar[tuple[Question, ...]] = (Question("which", words=True, opening=True),)

    async def start(self, talk: Talk) -> Values | None:
        """Say where results are shown."""
        begun = await super().start(talk)
        if begun is not None:
            talk.say("ask_test_results.elsewhere")
        return begun


async def tell_if_asked(talk: Talk) -> bool:
    """Say how the errands stand if that was asked, and return whether it was and there are any."""
    return bool(STATUS.search(talk.said or "")) and await tell_errands(talk)


async def tell_errands(talk: Talk) -> bool:
    """Say how the patient's own errands stand, the newest first; return whether there were any."""
    found = await talk.api.search("Task", _sort="-authored-on", _count=50)
    own = [task for task in found if _code(task) in FOLLOWED][:SHOWN]
    if own:
        lines = [f"• {_line(talk, task)}" for task in own]
        talk.tell("\n".join([talk.text("errands.yours"), *lines]))
    return bool(own)


def _line(talk: Talk, task: dict[str, Any]) -> str:
    on = swedish.day(datetime.fromisoformat(task["authoredOn"]), talk.language)
    state = talk.text(f"errands.state_{STATES.get(task['status'], 'waiting')}")
    reason = task.get("statusReason", {}).get("text", "")
    return f"{talk.text(f'errands.{_code(task)}')} ({on}): {state} {reason}".strip()


def _code(task: dict[str, Any]) -> str:
    return str(task["code"]["coding"][0]["code"])


STATES = {
    "accepted": "working",
    "in-progress": "working",
    "on-hold": "working",
    "completed": "done",
    "rejected": "refused",
    "failed": "refused",
    "cancelled": "refused",
}
"""How the states of a Task are told; all others wait."""
