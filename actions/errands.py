"""Errands that the clinic handles and the patient can follow: journeys, certificates, deviations, test results."""

import re
from typing import Any, ClassVar

from actions.errand_status import tell_status
from actions.forms import Form, Values
from actions.questions import Question
from actions.talk import Talk
from actions.writing import open_task, waits_already

OPENING = "opening"
FEWEST_WORDS_KEPT = 6
"""A sentence of so many words or more, that opened the form, goes with the errand."""
BETWEEN = " – "


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
    return BETWEEN.join([*parts, said] if again is None else [told if one == again else one for one in parts])


def _says_again(earlier: str, told: str) -> bool:
    """Tell whether most of the words are those of before."""
    before, now = (set(re.findall(r"\w+", one.casefold())) for one in (earlier, told))
    return len(now & before) > len(now) / 2


def _tells(talk: Talk) -> bool:
    """Tell whether so much was said that it is more than the kind of errand that was asked for."""
    return len((talk.said or "").split()) >= FEWEST_WORDS_KEPT


async def send(talk: Talk, code: str, description: str, done: str, **values: str) -> None:
    """Open the Task and say that it is `done`; what waits at the clinic in the same words is not sent again."""
    if await waits_already(talk, code, description):
        talk.say("errands.sent_before")
        return
    await open_task(talk, code, description)
    talk.say(done, **values)
