"""Medicines: questions to the clinician, side effects, doses, renewals, reminders. Never advice to change a dose."""

from collections.abc import Sequence
from typing import Any, ClassVar

from actions import errands, swedish
from actions.api import JSON
from actions.daily import SINCE, since_in_words
from actions.forms import Form, Question, Values
from actions.medicine_list import matching, named, own_medicines
from actions.talk import Talk
from actions.writing import open_task, store_observation

ALL = "all"
MEDICINE = Question(
    "medicine", entities=("medicine",), keywords=((ALL, r"\balla\b|allihop|samtliga|\ball of|\ball my"),)
)


class MedicineForm(Form):
    """Base of the forms that ask for one of the patient's own medicines; others can be named too."""

    all_at_once: ClassVar[bool] = False

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Return the medicine's name as the record has it, else as it was said."""
        found = await super().read(talk, question, values, asked=asked)
        if question.name != "medicine" or found is None:
            return found
        own = matching(await own_medicines(talk), found)
        return own.name if own else named(found)

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


class AskMedicationChangeForm(Form):
    """Passes a wish about a dose on as a question to the clinician; the dose stays as prescribed."""

    questions: ClassVar[tuple[Question, ...]] = (Question("wish", words=True, opening=True),)

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Open the Task with the patient's own words."""
        await open_task(talk, "question", f"Fråga om läkemedel, patientens ord: ”{values['wish']}”")
        talk.say("ask_medication_change.done")
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
                ("double", r"dubbel|dubbla|två gånger|för många|för mycket|twice|double|too many"),
                ("forgotten", r"glöm|miss|inte tagit|hoppat över|forgot|missed|not taken"),
                ("taken", r"\btagit|\btog\b|taget|tagen|\bgett\b|fått|druckit|inhaler|took|taken"),
            ),
            opening=True,
        ),
        Question("medicine", entities=MEDICINE.entities, keywords=MEDICINE.keywords, opening=True),
    )

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Give the general advice first, since it cannot wait for the yes."""
        if values["dose"] == "taken":
            return await super().read_back(talk, values)
        thinner = await self._is_anticoagulant(talk, values)
        advice = talk.text(f"report_medication_taken.advice_{values['dose']}{'_thinner' if thinner else ''}")
        return f"{advice} {await super().read_back(talk, values)}"

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
        named_one = matching(own, values["medicine"])
        meant = own if values["medicine"] == ALL else [named_one] if named_one else []
        return any(medicine.is_anticoagulant for medicine in meant)


class RenewPrescriptionForm(MedicineForm):
    """Asks the clinic to renew a prescription."""

    all_at_once = True
    questions: ClassVar[tuple[Question, ...]] = (
        Question("medicine", entities=MEDICINE.entities, keywords=MEDICINE.keywords, opening=True),
    )

    async def start(self, talk: Talk) -> Values | None:
        """Tell how an earlier request stands when that was asked."""
        return None if await errands.tell_if_asked(talk) else {}

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Open the Task, which the patient can follow."""
        medicine = (await self.described(talk, values))["medicine"]
        await open_task(talk, "renewal", f"Patienten önskar förnyat recept: {medicine}.")
        talk.say("renew_prescription.done", medicine=medicine)
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
        Question("reminder"),
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
        """Return all the times that were said."""
        if question.name != "times":
            return await super().read(talk, question, values, asked=asked)
        said = [one["value"] for one in talk.entities("time") if isinstance(one["value"], str)]
        chosen = await super().read(talk, question, values, asked=asked)
        return sorted(set(said)) or ([chosen] if isinstance(chosen, str) else None)

    async def choices(self, talk: Talk, question: Question, values: Values) -> list[JSON]:
        """Offer the reminders there are."""
        if question.name != "reminder":
            return await super().choices(talk, question, values)
        return [self.option(talk, "reminder", one["id"], _line(talk, one)) for one in values["existing"]]

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Say times and reminder in words."""
        words = await super().described(talk, values)
        chosen = next((one for one in values.get("existing", []) if one["id"] == values.get("reminder")), None)
        times = swedish.listed([time.replace(":", ".") for time in values.get("times") or []], talk.language)
        return words | {"times": times, "reminder": _line(talk, chosen) if chosen else ""}

    async def read_back(self, talk: Talk, values: Values) -> str:
        """Read back what will be done."""
        return talk.text(f"medication_reminder.read_back_{values['what']}", **await self.described(talk, values))

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store it."""
        described = await self.described(talk, values)
        if values["what"] == "set":
            reminder = {"medicine": described["medicine"], "times": values["times"], "key": talk.key}
            await talk.api.post("/api/assistant/reminders", reminder)
        elif values["what"] == "change":
            await talk.api.post(f"/api/assistant/reminders/{values['reminder']}/times", {"times": values["times"]})
        else:
            await talk.api.post(f"/api/assistant/reminders/{values['reminder']}/stop")
        talk.say(f"medication_reminder.done_{values['what']}", **described)
        return None

    async def _existing(self, talk: Talk) -> list[JSON]:
        found: list[JSON] = (await talk.api.get("/api/assistant/reminders"))["reminders"]
        return found

    async def _listed(self, talk: Talk, existing: list[JSON]) -> str:
        if not existing:
            return talk.text("medication_reminder.none")
        return "\n".join([talk.text("medication_reminder.list"), *(f"• {_line(talk, one)}" for one in existing)])


def _line(talk: Talk, reminder: JSON) -> str:
    times = swedish.listed([time.replace(":", ".") for time in reminder["times"]], talk.language)
    return talk.text("medication_reminder.line", medicine=reminder["medicine"], times=times)
