"""Medicines: questions to the clinician, side effects, doses, renewals, reminders. Never advice to change a dose."""

from collections.abc import Sequence
from typing import Any, ClassVar

from actions import errand_status, errands, swedish
from actions.api import JSON
from actions.daily import SINCE, since_in_words
from actions.forms import Form, Values
from actions.medicine_list import Medicine, all_matching, is_group, matching, named, own_medicines
from actions.questions import Question, by_keyword
from actions.talk import Talk
from actions.writing import open_task, store_observation

ALL = "all"
ALL_WORDS = (
    r"\balla\b|allihop|samtliga|\bbåda\b|\bbägge\b|\bboth\b|\bmina (?:medicin|läkemed|tablett|piller)|"
    r"\ball\b|\bmy (?:medicine|pill|tablet)s"
)
MEDICINE = Question("medicine", entities=("medicine",), keywords=((ALL, ALL_WORDS),))
DOUBLE_WORDS = (
    r"dubbel|dubbla|dubbelt|två gånger|för många|för mycket|\bextra\b|\bt(?:og|agit)\b.*en gång till|"
    r"(?:två|2|tre|3) (?:\w+ )?i ?stället för|twice|double|too many|too much|(?:two|2|three|3) (?:\w+ )?instead"
)


class MedicineForm(Form):
    """Base of the forms that ask for one of the patient's own medicines; others can be named too."""

    all_at_once: ClassVar[bool] = False

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Return the medicine's name as the record has it, else as it was said; a group of several names none."""
        found = await super().read(talk, question, values, asked=asked)
        if question.name != "medicine" or found is None:
            return found
        own = all_matching(await own_medicines(talk), found)
        if len(own) > 1 and is_group(found):
            return None
        return own[0].name if own else named(found)

    async def choices(self, talk: Talk, question: Question, values: Values) -> list[JSON]:
        """Offer the patient's own medicines."""
        if question.name != "medicine":
            return await super().choices(talk, question, values)
        own = [self.option(talk, "medicine", one.name, one.name) for one in await own_medicines(talk)]
        everything = (
            [self.option(talk, "medicine", ALL, talk.text("medicines.all"))] if self.all_at_once and own else []
        )
        return [*own, *everything]

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Say "all" in words."""
        words = await super().described(talk, values)
        return words | ({"medicine": talk.text("medicines.all_yours")} if values.get("medicine") == ALL else {})


class AskMedicationChangeForm(MedicineForm):
    """Passes a wish about a dose on as a question to the clinician; the dose stays as prescribed."""

    questions: ClassVar[tuple[Question, ...]] = (Question("wish", words=True, opening=True), MEDICINE)

    def needed(self, values: Values) -> Sequence[Question]:
        """The wish is enough; a medicine that is named apart from it is taken along."""
        return self.questions[:1]

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Say the medicine with the wish, unless the wish names it."""
        words = await super().described(talk, values)
        medicine, wish = words.get("medicine", ""), words.get("wish", "")
        names_it = not medicine or medicine.partition(" ")[0].casefold() in wish.casefold()
        return words | {"wish": wish if names_it else f"{wish} ({medicine})"}

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Open the Task with the patient's own words."""
        wish = (await self.described(talk, values))["wish"]
        question = f"Fråga om läkemedel, patientens ord: ”{wish}”"
        await errands.send(talk, "question", question, "ask_medication_change.done")
        return None


class ReportSideEffectForm(MedicineForm):
    """Asks which medicine, what happens and since when."""

    questions: ClassVar[tuple[Question, ...]] = (MEDICINE, Question("what", words=True, opening=True), SINCE)

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Return since when in words."""
        found = await super().read(talk, question, values, asked=asked)
        return since_in_words(talk, found) if question.name == "since" else found

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store it, and ask the clinician."""
        described = await self.described(talk, values)
        words = f"{described['medicine']}: ”{described['what']}” (sedan: {described['since']})"
        await store_observation(talk, "side-effect", {"valueString": described["medicine"]}, note=words)
        await open_task(talk, "question", f"Misstänkt biverkning av {words}", priority="urgent")
        talk.say("report_side_effect.done")
        return None


class ReportMedicationTakenForm(MedicineForm):
    """Notes a dose that was taken, forgotten or doubled, with the general advice of the leaflets."""

    all_at_once = True
    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "dose",
            choices=("taken", "forgotten", "double"),
            keywords=(
                ("double", DOUBLE_WORDS),
                ("forgotten", r"glöm|miss|inte tagit|hoppat över|forgot|missed|not taken"),
                ("taken", r"\btagit|\btog\b|taget|tagen|\bgett\b|fått|druckit|inhaler|took|taken"),
            ),
            opening=True,
        ),
        Question("medicine", entities=MEDICINE.entities, keywords=MEDICINE.keywords, opening=True),
    )

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Give the general advice first, since it cannot wait for the yes."""
        described = await self.described(talk, values)
        question = talk.text(f"report_medication_taken.read_back_{values['dose']}", medicine=described["medicine"])
        if values["dose"] == "taken":
            return question
        thinner = await self._is_anticoagulant(talk, values)
        advice = talk.text(f"report_medication_taken.advice_{values['dose']}{'_thinner' if thinner else ''}")
        return f"{advice} {question}"

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store it; the clinic hears of double doses, and of forgotten blood thinners."""
        medicine = (await self.described(talk, values))["medicine"]
        await store_observation(talk, f"medication-{values['dose']}", {"valueString": medicine})
        thinner = await self._is_anticoagulant(talk, values)
        if values["dose"] == "double":
            await open_task(talk, "alert", f"Patienten har tagit dubbel dos: {medicine}.", priority="urgent")
        elif values["dose"] == "forgotten" and thinner:
            await open_task(
                talk, "question", f"Patienten har glömt en dos blodförtunnande: {medicine}.", priority="urgent"
            )
        talk.say(f"report_medication_taken.done_{values['dose']}")
        return None

    async def _is_anticoagulant(self, talk: Talk, values: Values) -> bool:
        own = await own_medicines(talk)
        named_one = matching(own, values["medicine"]) or _spoken_of(talk, values["medicine"])
        meant = own if values["medicine"] == ALL else [named_one] if named_one else []
        return any(medicine.is_anticoagulant for medicine in meant)


def _spoken_of(talk: Talk, name: str) -> Medicine | None:
    """Return the medicine of this name that the patient has spoken of, which need not be on the list."""
    entities = (entity for event in talk.written for entity in event["parse_data"].get("entities", ()))
    said = (entity["value"] for entity in entities if entity["entity"] == "medicine")
    codes = (str(one.get("atc") or "") for one in said if isinstance(one, dict) and named(one) == name)
    return next((Medicine("", name, code) for code in codes), None)


class RenewPrescriptionForm(MedicineForm):
    """Asks the clinic to renew a prescription."""

    all_at_once = True
    questions: ClassVar[tuple[Question, ...]] = (
        Question("medicine", entities=MEDICINE.entities, keywords=MEDICINE.keywords, opening=True),
    )

    async def start(self, talk: Talk) -> Values | None:
        """Tell how an earlier request stands when that was asked."""
        return None if await errand_status.tell_if_asked(talk) else {}

    async def aside(self, talk: Talk) -> bool:
        """Tell how an earlier request stands also in the middle of a new one."""
        return await errand_status.tell_if_asked(talk)

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Say first when the medicine is none of the patient's list."""
        asked = await super().read_back(talk, values)
        if values["medicine"] == ALL or matching(await own_medicines(talk), values["medicine"]):
            return asked
        return f"{talk.text('care.not_on_list', medicine=values['medicine'].capitalize())} {asked}"

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Open the Task, which the patient can follow."""
        medicine = (await self.described(talk, values))["medicine"]
        wish = f"Patienten önskar förnyat recept: {medicine}."
        await errands.send(talk, "renewal", wish, "renew_prescription.done", medicine=medicine)
        return None


class MedicationReminderForm(MedicineForm):
    """Sets, lists and stops reminders."""

    all_at_once = True
    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "what",
            choices=("set", "stop"),
            keywords=(
                ("list", r"vilka påminn|visa|lista|när påminn|which remind|list|show"),
                ("change", r"flytta|ändra|byt|senare|tidigare|move|change"),
                ("stop", r"stäng av|sluta|ta bort|stopp|inte ha|inga |avsluta|turn off|stop|remove"),
                ("set", r"påmin|larm|alarm|säg till|pip|ställ in|remind|alarm"),
            ),
            opening=True,
        ),
        Question("medicine", entities=MEDICINE.entities, keywords=MEDICINE.keywords, opening=True),
        Question("times", choices=("08:00", "12:00", "18:00", "21:00"), entities=("time",), expected="time"),
        Question("reminder", entities=MEDICINE.entities, keywords=MEDICINE.keywords),
    )

    async def start(self, talk: Talk) -> Values | None:
        """Show the reminders when that is all that is wanted; there must be one to stop or move."""
        existing = await self._existing(talk)
        wanted = await self.read(talk, self.questions[0], {}, asked="")
        if wanted == "list" or (wanted in ("stop", "change") and not existing):
            talk.tell(await self._listed(talk, existing))
            return None
        only_one = {"reminder": existing[0]["id"]} if len(existing) == 1 else {}
        return {"existing": existing, **only_one}

    def needed(self, values: Values) -> Sequence[Question]:
        """A stop needs the reminder, a move also the time, a new one medicine and times."""
        what, medicine, times, reminder = self.questions
        by_wish = {"stop": [what, reminder], "change": [what, reminder, times]}
        return by_wish.get(values.get("what", ""), [what, medicine, times])

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Return all the times that were said; a medicine names the one reminder that there is of it."""
        if question.name == "reminder":
            return await self._reminder(talk, question, values, asked=asked)
        if question.name != "times":
            return await super().read(talk, question, values, asked=asked)
        said = [one["value"] for one in talk.entities("time") if isinstance(one["value"], str)]
        chosen = await super().read(talk, question, values, asked=asked)
        return sorted(set(said)) or ([chosen] if isinstance(chosen, str) else None)

    async def choices(self, talk: Talk, question: Question, values: Values) -> list[JSON]:
        """Offer the reminders there are."""
        if question.name != "reminder":
            return await super().choices(talk, question, values)
        each = [self.option(talk, "reminder", one["id"], _line(talk, one)) for one in values["existing"]]
        all_of_them = self.option(talk, "reminder", ALL, talk.text("medicines.all"))
        return [*each, all_of_them] if values["what"] == "stop" else each

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Say times and reminder in words."""
        words = await super().described(talk, values)
        chosen = next((one for one in values.get("existing", []) if one["id"] == values.get("reminder")), None)
        times = _clocks(talk, values.get("times") or [])
        return words | {"times": times, "reminder": _line(talk, chosen) if chosen else ""}

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Read back what will be done."""
        return talk.text(f"medication_reminder.read_back_{_done(values)}", **await self.described(talk, values))

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store it."""
        described = await self.described(talk, values)
        chosen = [one["id"] for one in values["existing"] if values.get("reminder") in (ALL, one["id"])]
        if values["what"] == "set":
            reminder = {"medicine": described["medicine"], "times": values["times"], "key": talk.key}
            await talk.api.post("/api/assistant/reminders", reminder)
        for reminder_id in chosen if values["what"] == "change" else ():
            await talk.api.post(f"/api/assistant/reminders/{reminder_id}/times", {"times": values["times"]})
        for reminder_id in chosen if values["what"] == "stop" else ():
            await talk.api.post(f"/api/assistant/reminders/{reminder_id}/stop")
        talk.say(f"medication_reminder.done_{_done(values)}", **described)
        return None

    async def aside(self, talk: Talk) -> bool:
        """Show the reminders when that is asked in the middle."""
        if by_keyword(talk.said or "", self.questions[0].keywords) != "list":
            return False
        talk.tell(await self._listed(talk, await self._existing(talk)))
        return True

    async def _reminder(self, talk: Talk, question: Question, values: Values, *, asked: str) -> str | None:
        """Return the id of the reminder that is meant, by its medicine if there is one of it; ALL only to stop them."""
        said = await super().read(talk, question, values, asked=asked)
        existing = values.get("existing", ())
        if said == ALL:
            return ALL if values.get("what") == "stop" else None
        if said in [one["id"] for one in existing]:
            return str(said)
        of_it = [one["id"] for one in existing if matching([Medicine(one["id"], one["medicine"], "")], said)]
        return of_it[0] if said is not None and len(of_it) == 1 else None

    async def _existing(self, talk: Talk) -> list[JSON]:
        found: list[JSON] = (await talk.api.get("/api/assistant/reminders"))["reminders"]
        return found

    async def _listed(self, talk: Talk, existing: list[JSON]) -> str:
        if not existing:
            return talk.text("medication_reminder.none")
        return "\n".join([talk.text("medication_reminder.list"), *(f"• {_line(talk, one)}" for one in existing)])


def _done(values: Values) -> str:
    """Return the name of what is done: set, change, stop, or stop_all."""
    return f"{values['what']}_all" if values.get("reminder") == ALL else str(values["what"])


def _line(talk: Talk, reminder: JSON) -> str:
    times = _clocks(talk, reminder["times"])
    return talk.text("medication_reminder.line", medicine=reminder["medicine"], times=times)


def _clocks(talk: Talk, times: Sequence[str]) -> str:
    return swedish.listed([swedish.told_clock(one, talk.language) for one in times], talk.language)
