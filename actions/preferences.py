"""What the patient chooses: language, how the screen looks and sounds, tastes and name, when check-ins come."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from actions import swedish
from actions.action import CareAction, Events
from actions.forms import Form, Values, reset
from actions.questions import Question, by_keyword
from actions.talk import Talk
from actions.writing import open_task

SETTINGS = "/api/assistant/settings"
LANGUAGES = (("en", r"engelsk|english"), ("sv", r"svensk|swedish"))
CHOSEN = "language"
LONGEST_PAUSE = timedelta(days=90)
"""A pause "until I say" ends by itself after this time, so that nobody is forgotten. Our default."""


class ActionChangeLanguage(CareAction):
    """Goes over to English, or back."""

    async def act(self, talk: Talk) -> Events:
        """Change at once, since it is as easily changed back; ask when the language is none we have."""
        wanted = talk.entity("value") if talk.entity("field") == CHOSEN else by_keyword(talk.said or "", LANGUAGES)
        if wanted is None:
            choices = [
                talk.choice(f"={name}", "change_language", field=CHOSEN, value=code) for code, name in NAMES.items()
            ]
            talk.say("preferences.which_language", choices=choices)
            return []
        await talk.api.post(SETTINGS, {"language": wanted})
        talk.patient["language"] = wanted
        talk.say("preferences.language_changed", data={"kind": "language", "language": wanted})
        return []


NAMES = {"sv": "Svenska", "en": "English"}

SCREEN: dict[str, tuple[tuple[str, str], ...]] = {
    "text_size": (
        (
            "normal",
            r"mindre text|text\w* mindre|^\W*(?:lite )?mindre(?: igen)?\W*$|mindre bokst|minska|normal text|för stor"
            r"|smaller|too big",
        ),
        (
            "large",
            r"större|stora bokstäver|stor text|små|pytteliten|för liten|synsvag|kan inte läsa|larger|bigger|too small",
        ),
    ),
    "read_aloud": (
        (
            "off",
            r"stäng av (?:uppläsning|ljud|röst)|sluta läs|läs(?:a|er)? (?:det )?inte|inte läs|tyst"
            r"|stop reading|turn off",
        ),
        ("on", r"läs (?:upp|högt)|läsa (?:upp|högt)|uppläsning|högläs|read (?:it )?(?:aloud|out|to me)"),
    ),
    "contrast": (
        ("normal", r"normal kontrast|mindre kontrast|less contrast"),
        ("high", r"kontrast|tydligare|grå|mörkare|svart text|färg|contrast|darker"),
    ),
    "pace": (
        ("normal", r"snabbare|normal takt|faster"),
        ("slow", r"långsamm|för fort|för snabbt|sakta|slower|too fast|slow down"),
    ),
}
"""Settings of the screen, the values each can have, and the words that mean them; the first that fits is used."""


class ActionAccessibilitySetting(CareAction):
    """Text size, reading aloud, contrast, pace: changed at once, so that who cannot read it need not confirm it."""

    async def act(self, talk: Talk) -> Events:
        """Store what was asked for and tell the screen; ask when it was not clear."""
        changes = self._wanted(talk)
        if not changes:
            choices = [
                talk.choice(f"preferences.{name}_{value}", "accessibility_setting", field=name, value=value)
                for name, value in (
                    ("text_size", "large"),
                    ("read_aloud", "on"),
                    ("contrast", "high"),
                    ("pace", "slow"),
                )
            ]
            talk.say("preferences.which_setting", choices=choices)
            return []
        stored = await talk.api.post(SETTINGS, {"accessibility": changes})
        done = [talk.text(f"preferences.done_{name}_{value}") for name, value in changes.items()]
        talk.tell(" ".join(done), data={"kind": "accessibility", **stored["accessibility"]})
        return []

    @staticmethod
    def _wanted(talk: Talk) -> dict[str, str]:
        field, value = talk.entity("field"), talk.entity("value")
        if field in SCREEN and value in dict(SCREEN[field]):
            return {field: value}
        return {name: found for name, values in SCREEN.items() if (found := by_keyword(talk.said or "", values))}


TASTES = (
    (
        "call_name",
        r"(?:kalla[ds]?|kallad för|heter|tilltala)(?: du)?(?: mig)?(?: för| bara)?\s+(?P<what>.+)|call me\s+(?P<en>.+)"
        r"|säg(?:a|er)?\s+(?P<to_me>\S+)\s+(?:till|åt) mig",
    ),
    (
        "allergies",
        r"(?:allergi(?:sk)? mot|tål inte|tål ej|överkänslig mot|intolerant mot|utslag av|reagerar på)\s+(?P<what>.+)"
        r"|allergic to\s+(?P<en>.+)|(?P<compound>\w+intoleran\w*|celiaki|glutenallerg\w*|nötallerg\w*)",
    ),
    (
        "dislikes",
        r"(?:tycker inte om|gillar inte|ogillar|hatar|avskyr|(?:äter|dricker) inte|vill inte ha)\s+(?P<what>.+)"
        r"|(?:do not|don't) (?:like|eat)\s+(?P<en>.+)|(?P<compound>vegetarian|vegan)",
    ),
    (
        "likes",
        r"(?:älskar|gillar|tycker (?:mycket |väldigt )?om|föredrar|favorit\w* är|bästa jag vet är)\s+(?P<what>.+)"
        r"|i (?:like|love|prefer)\s+(?P<en>.+)",
    ),
)
"""Kinds of preference and how they are said; a refusal is looked for before a liking, which it contains."""
CLAUSE_END = re.compile(r"[,.!?;]|\s(?:så|men|och|för|kan|skriv|but|so|please)\s", re.IGNORECASE)


class SetPreferenceForm(Form):
    """Keeps likes, dislikes, allergies and the name to be called by."""

    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "kind",
            choices=("likes", "dislikes", "allergies", "call_name"),
            keywords=tuple((kind, expression) for kind, expression in TASTES),
            opening=True,
        ),
        Question("what", entities=("food",), words=True),
    )

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Take what stands after the verb before the foods that are named, since a name may be a food."""
        kind, said = _taste(talk)
        if kind and question.name == "kind":
            return kind
        if said and question.name == "what":
            return said
        found = await super().read(talk, question, values, asked=asked)
        if question.name == "what" and found is not None and found == talk.entity("food"):
            return _as_said(talk, found)
        return found.strip(" .!?")[:80] if isinstance(found, str) else found

    async def cut_short(self, talk: Talk, values: Values, found: Values) -> Events | None:
        """Say so when it is known already, instead of asking and telling the clinic again."""
        if not {"kind", "what"} <= values.keys():
            return None
        own_name = [talk.patient["call_name"]] if values["kind"] == "call_name" else []
        known = [*own_name, *talk.patient["tastes"].get(values["kind"], [])]
        if values["what"].casefold() not in [one.casefold() for one in known]:
            return None
        talk.say(f"set_preference.known_{values['kind']}", what=values["what"])
        return reset()

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Read back in a sentence of its kind."""
        return talk.text(f"set_preference.read_back_{values['kind']}", what=values["what"])

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store it; an allergy is also for the record, so the clinic is told."""
        if values["kind"] == "call_name":
            await talk.api.post(SETTINGS, {"call_name": values["what"]})
        else:
            await talk.api.post("/api/assistant/tastes", {"kind": values["kind"], "word": values["what"]})
        if values["kind"] == "allergies":
            await open_task(talk, "question", f"Patienten uppger allergi eller överkänslighet: ”{values['what']}”.")
        talk.say(f"set_preference.done_{values['kind']}", what=values["what"])
        return None


def _taste(talk: Talk) -> tuple[str | None, str | None]:
    """Return the kind that is said first, and what is liked, disliked, not tolerated, or the name, as it was said."""
    searched = ((kind, re.search(expression, talk.said or "", re.IGNORECASE)) for kind, expression in TASTES)
    first = min(((kind, one) for kind, one in searched if one), key=lambda one: one[1].start(), default=None)
    if first is None:
        return None, None
    said = next(value for value in first[1].groupdict().values() if value)
    return first[0], CLAUSE_END.split(said)[0].strip(" .!?")[:80] or None


def _as_said(talk: Talk, food: str) -> str:
    """Return the word of the text that was taken for this food: its form says more than its base form."""
    stem = food.casefold()
    return next((one for one in re.findall(r"\w+", talk.said or "") if one.casefold().startswith(stem)), food)


class ChangeCheckinTimeForm(Form):
    """Moves the check-in to another time of day."""

    questions: ClassVar[tuple[Question, ...]] = (
        Question("time", choices=("07:00", "08:00", "09:00", "10:00"), entities=("time",), expected="time"),
    )

    async def prompt(self, talk: Talk, question: Question, values: Values) -> str:
        """Say which time it is now, then ask."""
        settings = await talk.api.get(SETTINGS)
        return talk.text(
            "change_checkin_time.ask_time", now=swedish.told_clock(settings["checkin_time"], talk.language)
        )

    async def check(self, talk: Talk, name: str, value: Any) -> Any:
        """Take one clock time."""
        return value if isinstance(value, str) else None

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Say the time as people write it."""
        return {"time": swedish.told_clock(values.get("time", ""), talk.language)}

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store it."""
        await talk.api.post(SETTINGS, {"checkin_time": values["time"]})
        talk.say("change_checkin_time.done", **await self.described(talk, values))
        return None


class PauseCheckinsForm(Form):
    """Pauses check-ins until a day, or starts them again. Alerts about missing readings go on (policy, Persons)."""

    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "what",
            choices=("pause", "start"),
            keywords=(
                ("start", r"starta|börja|igen|återuppta|sätt igång|kan ta slut|hemma igen|start|resume|begin"),
                ("pause", r"paus|sluta|stäng av|inga|inte|uppehåll|semester|bort|tyst|låt bli|pause|stop|no check"),
            ),
            opening=True,
        ),
        Question(
            "until",
            choices=("week", "fortnight", "open"),
            entities=("date", "duration"),
            keywords=(
                ("week", r"\ben vecka\b|\b(?:one|a) week\b"),
                ("fortnight", r"två veckor|fjorton dagar|fortnight|two weeks"),
                ("open", r"säger till|tills ?vidare|until i\b"),
            ),
            expected="date",
        ),
    )

    async def start(self, talk: Talk) -> Values | None:
        """Tell whether it is paused, and until when, if that was asked."""
        if not PAUSED.search(talk.said or ""):
            return {}
        until = (await talk.api.get(SETTINGS))["paused_until"]
        paused = bool(until) and until > talk.patient["local_date"]
        change = "start" if paused else "pause"
        field = {"field": f"{self.intent()}.what", "value": change}
        talk.say(
            f"pause_checkins.{'paused' if paused else 'not_paused'}",
            until=swedish.day(date.fromisoformat(until), talk.language) if paused else "",
            choices=[talk.choice(f"pause_checkins.what_{change}", self.intent(), **field)],
        )
        return None

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """A wish to start again is heard at any question."""
        if question.name == "what" and asked and by_keyword(talk.said or "", START_AGAIN):
            return "start"
        if question.name == "until" and (back := _back_after_a_journey(talk)):
            return back
        return await super().read(talk, question, values, asked=asked)

    def needed(self, values: Values) -> Sequence[Question]:
        """A start needs no end."""
        what, until = self.questions
        return [what] if values.get("what") == "start" else [what, until]

    async def check(self, talk: Talk, name: str, value: Any) -> Any:
        """Turn days, periods and durations into the first day with a check-in again."""
        if name != "until":
            return value
        today = date.fromisoformat(talk.patient["local_date"])
        until = _first_day_again(value, today)
        if until is None or until <= today:
            talk.say("pause_checkins.not_a_day")
            return None
        return min(until, today + LONGEST_PAUSE).isoformat()

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Say the day."""
        until = values.get("until")
        return {"until": swedish.day(date.fromisoformat(until), talk.language) if until else ""}

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Read back, and say what goes on all the same."""
        open_end = values.get("until") == (date.fromisoformat(talk.patient["local_date"]) + LONGEST_PAUSE).isoformat()
        how = "open" if values["what"] == "pause" and open_end else values["what"]
        return talk.text(f"pause_checkins.read_back_{how}", **await self.described(talk, values))

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store it, and let the clinic see a pause."""
        described = await self.described(talk, values)
        paused = values["what"] == "pause"
        await talk.api.post(SETTINGS, {"checkins_enabled": True, "paused_until": values["until"] if paused else None})
        if paused:
            await open_task(
                talk, "question", f"För kännedom: patienten har pausat incheckningarna till {values['until']}."
            )
        talk.say(f"pause_checkins.done_{values['what']}", **described)
        return None


PAUSED = re.compile(
    r"(?:hur länge|till när|när slutar|är det|är jag|how long|until when)\b.*(?:paus|tyst)", re.IGNORECASE
)
START_AGAIN = (("start", r"\bstarta|börja (?:om|igen)|återuppta|sätt igång|(?:start|begin) again|resume"),)
DAYS = {"d": 1, "wk": 7, "mo": 30, "a": 365}


def _back_after_a_journey(talk: Talk) -> str | None:
    """Return the day when so long has passed from such a day: "jag åker på fredag och är borta i två veckor"."""
    leaves, away = talk.entity("date"), talk.entity("duration")
    if not isinstance(leaves, str) or not isinstance(away, dict):
        return None
    back = _first_day_again(away, datetime.fromisoformat(leaves).date())
    return back.isoformat() if back else None


def _first_day_again(said: Any, today: date) -> date | None:
    """Return the day on which check-ins come again; a named day is that day, a period ends the day before it."""
    known = {"week": 7, "fortnight": 14, "open": LONGEST_PAUSE.days}
    if isinstance(said, dict) and "unit" in said:
        days = DAYS.get(said["unit"])
        return today + timedelta(days=round(said["value"] * days)) if days else None
    if isinstance(said, dict):
        return date.fromisoformat(said["to"]) + timedelta(days=1)
    return today + timedelta(days=known[said]) if said in known else datetime.fromisoformat(said).date()
