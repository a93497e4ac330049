"""The patient's data: who has seen it, a copy, erasure, consent, and who may act in the patient's place."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from actions import errand_status, swedish
from actions.action import CareAction, Events
from actions.api import JSON
from actions.forms import Form, Values
from actions.questions import Question
from actions.talk import Talk
from actions.writing import open_task

EXPORT = "/patient/export"
SHOWN = 6


class ActionWhoHasAccess(CareAction):
    """Tells who has read the data, and who can."""

    async def act(self, talk: Talk) -> Events:
        """Say who, in which role, when and what."""
        access = await talk.api.get("/api/assistant/access")
        lines = [f"• {_reader(talk, one)}" for one in access["readers"][:SHOWN]]
        heading = talk.text("privacy.readers" if lines else "privacy.no_readers")
        care = swedish.listed([one["name"] for one in access["care"]], talk.language)
        parts = [
            heading,
            *lines,
            *([talk.text("privacy.may_read", names=care)] if care else []),
            *_others(talk, access["consents"]),
            talk.text("privacy.log"),
        ]
        talk.tell("\n".join(parts), data={"kind": "access_log", "readers": access["readers"]})
        return []


def _others(talk: Talk, said: JSON) -> list[str]:
    """Return what the patient's consents let others do, and that relatives have no way in."""
    about_research = [talk.text(f"privacy.research_{said['research']}")] if "research" in said else []
    return [talk.text(f"privacy.care_{said.get('care', 'unasked')}"), *about_research, talk.text("privacy.relatives")]


def _reader(talk: Talk, reader: JSON) -> str:
    who = reader["name"] or talk.text(f"privacy.role_{reader['role']}")
    what = swedish.listed([talk.text(f"privacy.what_{one}") for one in reader["what"]], talk.language)
    day = swedish.day(talk.local(reader["last"]), talk.language)
    title = f" ({reader['title']})" if reader["title"] else ""
    return talk.text("privacy.reader", who=f"{who}{title}", what=what, day=day)


class ActionExportData(CareAction):
    """Tells how to get a copy of everything: after login, never by e-mail (policy, Persons)."""

    async def act(self, talk: Talk) -> Events:
        """Give the page's address."""
        talk.say("privacy.export", data={"kind": "link", "url": EXPORT, "label": talk.text("privacy.export_link")})
        return []


class DeleteDataForm(Form):
    """Says what can be erased and what cannot, and why; passes the wish on."""

    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "what",
            choices=("preferences", "talk", "research", "record"),
            keywords=(
                ("preferences", r"inställning|önskemål|påminnelse|preference|setting"),
                ("talk", r"samtal|chatt|meddelande|konversation|talk|chat|message|conversation"),
                ("research", r"forskning|research"),
                ("record", r"journal|mätvärde|värde|allt|allting|record|everything|readings"),
            ),
            opening=True,
        ),
    )

    async def start(self, talk: Talk) -> Values | None:
        """Explain first, unless the question is how it goes."""
        if await errand_status.tell_status(talk):
            return None
        talk.say("delete_data.explained")
        return {}

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Say why the record stays when it is that."""
        refused = f"{talk.text('delete_data.not_the_record')} " if values["what"] == "record" else ""
        return f"{refused}{await super().read_back(talk, values)}"

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Open the Task."""
        await open_task(
            talk, "question", f"Patienten vill ha uppgifter raderade: {ERASED[values['what']]}. Kräver legitimation."
        )
        talk.say("delete_data.done")
        return None


ERASED = {
    "preferences": "inställningar och önskemål",
    "talk": "samtalet",
    "research": "kopior för forskning",
    "record": "journaluppgifter (ansökan om journalförstöring prövas av IVO)",
}


class ManageConsentForm(Form):
    """Gives or withdraws a consent. Withdrawing counts at once; giving counts when the person is identified."""

    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "about",
            choices=("care", "research"),
            keywords=(
                ("research", r"forsk|kvalitetsregist|studie|research|register"),
                (
                    "care",
                    r"vård|sjukhus|klinik|läkare|sköterska|journal|tandvård|ambulans|hemsjuk|rehab|akut|care|hospital",
                ),
            ),
            opening=True,
        ),
        Question(
            "answer",
            choices=("give", "withdraw"),
            keywords=(
                (
                    "withdraw",
                    r"drar? tillbaka|tar? tillbaka|sluta|inte|spärr|motsätt|återkall|nej till|withdraw|stop|not\b",
                ),
                (
                    "give",
                    r"samtyck|godkän|dela|får gärna|ger lov|vara med|medger|okej|tillåt|häv|give|share|agree|allow",
                ),
            ),
            opening=True,
        ),
    )

    async def start(self, talk: Talk) -> Values | None:
        """Tell how the consents stand when that was asked."""
        if not STANDING.search(talk.said or ""):
            return {}
        access = await talk.api.get("/api/assistant/access")
        talk.tell(
            " ".join(
                [*_others(talk, {"research": "unasked"} | access["consents"])[:2], talk.text("manage_consent.change")]
            )
        )
        return None

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Read back what it is and what it means."""
        return talk.text(f"manage_consent.read_back_{values['answer']}_{values['about']}")

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store the consent."""
        consent = {"category": values["about"], "given": values["answer"] == "give"}
        stored = await talk.api.post("/api/assistant/consents", consent)
        if stored["status"] == "proposed":
            words = {"care": "att andra vårdgivare läser", "research": "forskning"}[values["about"]]
            await open_task(talk, "question", f"Samtycke till {words} väntar på att patienten legitimerar sig.")
        done = values["about"] if stored["status"] == "inactive" else "given"
        talk.say(f"manage_consent.done_{stored['status']}_{done}")
        return None


STANDING = re.compile(
    r"^\W*(?:vad|vilka|hur|har jag|what|which|have i)\b.*(?:samtyck|sagt ja|sagt nej|consent|agreed)", re.IGNORECASE
)
"""How people ask what they have agreed to."""


class ManageProxyForm(Form):
    """Passes on that somebody shall, or shall no longer, see or act in the patient's place."""

    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "what",
            choices=("add", "remove"),
            keywords=(
                ("remove", r"ta bort|tar bort|inte längre|dra in|sluta|stopp|remove|no longer|stop"),
                ("add", r"låt|lägg|få(?:r)?\b|kunna|ge\b|fullmakt|ombud|kan\b|behörig|add|let|allow|give"),
            ),
            opening=True,
        ),
        Question("who", words=True),
        Question(
            "right",
            choices=("see", "act"),
            keywords=(
                ("act", r"sköta|logga in|boka|åt mig|ärenden|göra|svara|act|book|manage"),
                ("see", r"\bse\b|\bläsa\b|följa|see\b|read"),
            ),
            opening=True,
        ),
    )

    async def start(self, talk: Talk) -> Values | None:
        """Tell how an earlier wish stands when that was asked."""
        return None if await errand_status.tell_status(talk) else {}

    def words_told_anew(self, talk: Talk, values: Values) -> Values:
        """Take another relative from a correction."""
        who = _relative(talk)
        return {"who": who} if who else {}

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Take the relative from the words that opened the form."""
        found = await super().read(talk, question, values, asked=asked)
        return _relative(talk) if found is None and question.name == "who" and not asked else found

    def needed(self, values: Values) -> Sequence[Question]:
        """Who is removed needs no right."""
        what, who, right = self.questions
        return [what, who] if values.get("what") == "remove" else [what, who, right]

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Say "din son" of what the patient calls "min son"."""
        words = await super().described(talk, values)
        return words | {"who": MINE.sub(lambda found: YOURS[found[0].casefold()], words.get("who", ""))}

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Read back in a sentence."""
        change = f"add_{values['right']}" if values["what"] == "add" else "remove"
        return talk.text(f"manage_proxy.read_back_{change}", **await self.described(talk, values))

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Open the Task; nothing changes until the clinic has seen who asks."""
        change = {"add": "lägga till", "remove": "ta bort"}[values["what"]]
        right = {"see": " (se uppgifter)", "act": " (sköta ärenden)"}.get(values.get("right", ""), "")
        words = f"Patienten vill {change} ombud: ”{values['who']}”{right}. Kräver legitimation av båda."
        await open_task(talk, "question", words, priority="urgent" if values["what"] == "remove" else "routine")
        talk.say(f"manage_proxy.done_{values['what']}", **await self.described(talk, values))
        return None


MINE = re.compile(r"\b(?:min|mitt|mina|my)\b", re.IGNORECASE)
YOURS = {"min": "din", "mitt": "ditt", "mina": "dina", "my": "your"}
RELATIVES = [
    "dotter",
    "son",
    "fru",
    "man",
    "hustru",
    "make",
    "maka",
    "sambo",
    "syster",
    "bror",
    "syskon",
    "mamma",
    "pappa",
    "mor",
    "far",
    "barnbarn",
    "granne",
    "vän",
    "god",
    "barn",
    "daughter",
    "wife",
    "husband",
    "sister",
    "brother",
    "mother",
    "father",
    "neighbour",
    "friend",
    "child",
]


def _relative(talk: Talk) -> str | None:
    """Return the relative who is named, with whose it is, and the name where it is written with a capital."""
    found = RELATIVE.search(talk.said or "")
    return found[0] if found else None


RELATIVE = re.compile(rf"(?:\w+\s+)?\b(?i:{'|'.join(RELATIVES)})\b(?:\s+[A-ZÅÄÖ]\w+)?")
