"""Errands that the clinic handles and the patient can follow: journeys, certificates, deviations, test results."""

import re
from textwrap import shorten
from typing import Any, ClassVar

from actions import swedish
from actions.forms import Form, Question, Values
from actions.talk import Talk
from actions.writing import open_task, waits_already

FOLLOWED = ("renewal", "certificate", "travel", "deviation", "question", "device", "callback")
"""Codes of the Tasks that a patient asks for and can follow."""
SHOWN = 5
OPENING = "opening"
FEWEST_WORDS_KEPT = 6
"""A sentence of so many words or more, that opened the form, goes with the errand."""
BETWEEN = " – "
LONGEST_SUBJECT = 80
"""Characters of what an errand is about that are said when it is followed."""
SUBJECTS = (
    r"(?:recept|intyg|sjukres|resa|anmäl|klagomål|fråga|ärende|radering|begäran|ombud|fullmakt|ersättning|fall\b|våg|mätare"
    r"|platta|apparat|prov|svar|prescription|certificate|report|question|errand|request|complaint|refund|scale|monitor"
    r"|tablet)"
)
STATUS = re.compile(
    r"(?:hur (?:går|gick|är|blev|blir) det (?:med|för)|vad (?:händer|hände|blev det) (?:med|av)|hur långt har|how is"
    rf"|what about|what (?:has )?(?:happened|became)|what(?: i|['’])s happening)(?:.*\b{SUBJECTS}| det\W*$)"
    r"|har (?:ni|de|dom|någon|mottagningen) (?:gjort|hunnit|ordnat|svarat|fixat|tittat)\b"
    r"|have (?:you|they) (?:done|fixed|answered)\b"
    rf"|^\W*(?!jag |i )(?:\w+ )?(?:har|är|has|have|is)\b(?=.*\b{SUBJECTS})"
    r"(?=.*\b(?:kommit|klar|färdig|godkän|förnyat|svarat|come|ready|renewed|approved|answered))",
    re.IGNORECASE,
)
"""How people ask for an errand's state, also where the message was taken for another question."""


class ErrandForm(Form):
    """Base of the forms that end in a Task. The clinic reads the answers in Swedish, whatever the talk is in."""

    code: ClassVar[str]
    heading: ClassVar[str]
    kinds: ClassVar[dict[str, str]] = {}

    async def start(self, talk: Talk) -> Values | None:
        """Tell how earlier errands stand when that was asked; else keep what opened the form, if it tells something."""
        if await tell_status(talk):
            return None
        return {OPENING: talk.said} if _tells(talk) else {}

    async def aside(self, talk: Talk) -> bool:
        """Tell how earlier errands stand in the middle of another."""
        return await tell_status(talk)

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Keep what opened the form before the patient's own words about it."""
        found = await super().read(talk, question, values, asked=asked)
        kind = self.questions[0]
        if question.words and asked == kind.name != question.name and _tells(talk):
            found = talk.said if await super().read(talk, kind, values, asked=asked) is not None else None
        opened = values.get(OPENING)
        own = question.words and asked != ""
        return f"{opened}{BETWEEN}{found}" if own and found is not None and opened not in (None, found) else found

    def words_told_anew(self, talk: Talk, values: Values) -> Values:
        """A correction is kept beside what it corrects; what is told over again takes the place of what was told."""
        told = super().words_told_anew(talk, values)
        return {name: _corrected(str(values.get(name, "")), words, talk.said or words) for name, words in told.items()}

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Open the Task."""
        kind = self.kinds.get(values.get("kind", ""), "")
        words = [str(values[one.name]) for one in self.questions if one.words]
        told = " ".join(f"”{one}”" for one in dict.fromkeys(words))
        await send(talk, self.code, f"{self.heading}{f' ({kind})' if kind else ''}: {told}", f"{self.intent()}.done")
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
                ("journey", r"boka|beställ|behöver|vill ha|ordna|färdtjänst|taxi|hämta|skjuts|åka|book|need|ride"),
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
                ("sick_note", r"sjukintyg|sjukskriv|läkarintyg|försäkringskass|sick note|sick leave|social insurance"),
                ("driving", r"körkort|syn-?intyg|driving|licen[cs]e"),
                ("other", r"färdtjänst|parkering|resa|flyg|bostad|gym|annat|other|travel|parking|insurance"),
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
        Question(
            "kind",
            choices=("care", "medicine", "technology", "treatment"),
            keywords=(
                ("medicine", r"medicin|läkemed|tablett|\bdos|spruta|pill|tablet"),
                ("technology", r"teknik|appen|vågen|mätare|larm|platta|device|alarm|scale|technical"),
                ("treatment", r"bemöt|otrevlig|oförskäm|ohövlig|nonchalan|rude|treated me|met me"),
                ("care", r"vård|hemtjänst|sjuksköt|doktor|läkare|\bcare\b|nurse|doctor"),
            ),
        ),
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


def _corrected(earlier: str, told: str, said: str) -> str:
    parts = earlier.split(BETWEEN)
    again = next((part for part in parts if _says_again(part, told)), None)
    return (
        BETWEEN.join([*parts, said]) if again is None else BETWEEN.join(told if one == again else one for one in parts)
    )


def _says_again(earlier: str, told: str) -> bool:
    """Tell whether most of the words are those of before."""
    before, now = (set(re.findall(r"\w+", one.casefold())) for one in (earlier, told))
    return len(now & before) > len(now) / 2


def _tells(talk: Talk) -> bool:
    """Tell whether so much was said that it is more than the kind of errand that was asked for."""
    return len((talk.said or "").split()) >= FEWEST_WORDS_KEPT


async def tell_status(talk: Talk) -> bool:
    """Say how the errands stand, or that there are none, if that was asked; return whether it was."""
    if not STATUS.search(talk.said or ""):
        return False
    if not await tell_errands(talk):
        talk.say("errands.none")
    return True


async def send(talk: Talk, code: str, description: str, done: str, **values: str) -> None:
    """Open the Task and say that it is `done`; what waits at the clinic in the same words is not sent again."""
    if await waits_already(talk, code, description):
        talk.say("errands.sent_before")
        return
    await open_task(talk, code, description)
    talk.say(done, **values)


async def tell_if_asked(talk: Talk) -> bool:
    """Say how the errands stand if that was asked, and return whether it was and there are any."""
    return bool(STATUS.search(talk.said or "")) and await tell_errands(talk)


async def tell_errands(talk: Talk) -> bool:
    """Say how the patient's own errands stand, the newest first; return whether there were any."""
    found = await talk.api.search("Task", _sort="-authored-on", _count=50)
    own = [task for task in found if _is_own(task)][:SHOWN]
    if own:
        lines = [f"• {_line(talk, task)}" for task in own]
        talk.tell("\n".join([talk.text("errands.yours"), *lines]))
    return bool(own)


async def is_open(talk: Talk, code: str, heading: str) -> bool:
    """Tell whether the clinic already has such an errand of the patient's and has not closed it."""
    found = await talk.api.search("Task", _sort="-authored-on", _count=50)
    return any(
        _code(task) == code
        and task["description"].startswith(heading)
        and STATES.get(task["status"]) in (None, "working")
        for task in found
    )


def _is_own(task: dict[str, Any]) -> bool:
    """Tell whether the patient asked for it or told it; what a round has seen is a proposal of ours, not an order."""
    told = _code(task) == "alert" and task["intent"] == "order"
    return told or _code(task) in FOLLOWED


def _line(talk: Talk, task: dict[str, Any]) -> str:
    on = swedish.day(talk.local(task["authoredOn"]), talk.language)
    state = talk.text(f"errands.state_{STATES.get(task['status'], 'waiting')}")
    reason = task.get("statusReason", {}).get("text", "")
    about = shorten(str(task.get("description", "")).partition(": ")[2].rstrip("."), LONGEST_SUBJECT, placeholder=" …”")
    heading = ", ".join(part for part in (talk.text(f"errands.{_code(task)}"), about) if part)
    return f"{heading} ({on}): {state} {reason}".strip()


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
