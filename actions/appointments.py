"""Booked times moved and cancelled, after a read-back and a yes."""

from datetime import date, datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from actions import booking, swedish
from actions.api import JSON, CareApiError
from actions.booking import DAYS_AHEAD, DAYS_SHOWN, TIMES_SHOWN, FreeTime
from actions.forms import Form, Values
from actions.questions import Question
from actions.talk import Talk

TAKEN = (404, 409, 410)
"""HTTP statuses that say that the time is no longer to be had."""


class AppointmentForm(Form):
    """Base of the forms about one of the patient's own booked times."""

    async def start(self, talk: Talk) -> Values | None:
        """Find the booked times; with only one there is nothing to choose."""
        found = await talk.api.search("Appointment", status="booked", date=f"ge{talk.patient['now']}", _sort="date")
        booked = [_booked(talk, one) for one in found]
        if not booked:
            talk.say("care.no_appointments", choices=[talk.choice("care.book", "book_appointment")])
            return None
        only_one = {"appointment": booked[0]["id"]} if len(booked) == 1 else {}
        return {"booked": booked, **only_one}

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """Take a choice, or a day on which one time is booked."""
        found = await super().read(talk, question, values, asked=asked)
        if question.name != "appointment" or found is not None:
            return found
        on_day = [one["id"] for one in values["booked"] if one["start"][:10] == talk.entity("date")]
        return on_day[0] if len(on_day) == 1 and values.get("appointment") is None else None

    async def choices(self, talk: Talk, question: Question, values: Values) -> list[JSON]:
        """Offer the booked times."""
        if question.name != "appointment":
            return await super().choices(talk, question, values)
        return [self.option(talk, "appointment", one["id"], _line(talk, one)) for one in values["booked"]]

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Say which time it is about."""
        words = await super().described(talk, values)
        chosen = self.chosen(values)
        return words | {"appointment": _spoken(talk, chosen) if chosen else ""}

    def chosen(self, values: Values) -> JSON | None:
        """Return the booked time that it is about."""
        return next((one for one in values["booked"] if one["id"] == values.get("appointment")), None)


class CancelAppointmentForm(AppointmentForm):
    """Cancels a booked time."""

    questions: ClassVar[tuple[Question, ...]] = (Question("appointment"),)

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Cancel it."""
        await talk.api.operation("Appointment/$book", appointment=values["appointment"], action="cancel")
        described = await self.described(talk, values)
        talk.say("cancel_appointment.done", choices=[talk.choice("care.book", "book_appointment")], **described)
        return None


class RescheduleAppointmentForm(AppointmentForm):
    """Moves a booked time to another with the same person, met the same way."""

    questions: ClassVar[tuple[Question, ...]] = (
        Question("appointment"),
        Question("day", entities=("date",), expected="date"),
        Question("time", entities=("time",), expected="time"),
    )

    async def read(self, talk: Talk, question: Question, values: Values, *, asked: str) -> Any:
        """A day is where to move unless it says which time is meant; another day frees the chosen time."""
        found = await super().read(talk, question, values, asked=asked)
        if question.name == "day" and isinstance(found, dict):
            return found.get("from")
        names_the_appointment = asked in ("", "appointment")
        if (
            question.name == "day"
            and names_the_appointment
            and found in [one["start"][:10] for one in values["booked"]]
        ):
            return None
        return found

    async def check(self, talk: Talk, name: str, value: Any) -> Any:
        """Take only days and times that are free."""
        if name != "day":
            return value
        if await self._times(talk, date.fromisoformat(value), days=1):
            return value
        talk.say("booking.no_times_that_day", day=swedish.day(date.fromisoformat(value), talk.language))
        return None

    async def choices(self, talk: Talk, question: Question, values: Values) -> list[JSON]:
        """Offer days, then times, that are free."""
        if question.name == "day":
            times = await self._times(
                talk, date.fromisoformat(talk.patient["local_date"]), days=DAYS_AHEAD, values=values
            )
            days = sorted({one.start.date() for one in times})[:DAYS_SHOWN]
            return [self.option(talk, "day", day.isoformat(), swedish.day(day, talk.language)) for day in days]
        if question.name == "time":
            times = await self._times(talk, date.fromisoformat(values["day"]), days=1, values=values)
            shown = booking.spread(times, TIMES_SHOWN)
            return [
                self.option(talk, "time", f"{one.start:%H:%M}", swedish.clock(one.start, talk.language))
                for one in shown
            ]
        return await super().choices(talk, question, values)

    async def described(self, talk: Talk, values: Values) -> dict[str, str]:
        """Say day and time as people do."""
        words = await super().described(talk, values)
        day = swedish.day(date.fromisoformat(values["day"]), talk.language) if values.get("day") else ""
        clock = swedish.clock(time.fromisoformat(values["time"]), talk.language) if values.get("time") else ""
        return words | {"day": day, "time": clock}

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Move it; a time that somebody else took is said, and another is asked for."""
        times = await self._times(talk, date.fromisoformat(values["day"]), days=1, values=values)
        free = next((one for one in times if f"{one.start:%H:%M}" == values["time"]), None)
        unchanged = {name: value for name, value in values.items() if name != "time"}
        if free is None:
            talk.say("booking.no_time_then", time=swedish.told_clock(values["time"], talk.language))
            return unchanged
        try:
            await talk.api.operation(
                "Appointment/$book", appointment=values["appointment"], slot=free.slot, action="modify"
            )
        except CareApiError as error:
            if error.status not in TAKEN:
                raise
            talk.say("booking.just_taken")
            return unchanged
        talk.say("reschedule_appointment.done", **await self.described(talk, values))
        return None

    async def _times(self, talk: Talk, start: date, *, days: int, values: Values | None = None) -> list[FreeTime]:
        """Return the free times with the same person, met the same way."""
        known = values or (talk.slot("form_answers") or {}).get("values", {})
        chosen = self.chosen(known) if known else None
        wishes = {"practitioner": chosen["practitioner"], "mode": chosen["mode"]} if chosen else {}
        return await booking.find_times(talk, start=start, days=days, wishes=wishes)


def _booked(talk: Talk, appointment: JSON) -> JSON:
    start = datetime.fromisoformat(appointment["start"]).astimezone(ZoneInfo(talk.patient["timezone"]))
    practitioner, name = booking.practitioner_of(appointment)
    mode = appointment["appointmentType"]["coding"][0]["code"]
    return {
        "id": appointment["id"],
        "start": start.isoformat(),
        "practitioner": practitioner,
        "name": name,
        "mode": mode,
    }


def _line(talk: Talk, booked: JSON) -> str:
    return talk.text("care.appointment", **booking.described(talk, booked, booked["mode"]))


def _spoken(talk: Talk, booked: JSON) -> str:
    """Return "besöket hos din läkare Karin Holm fredag 27 november kl. 9.00"."""
    what = talk.text(f"care.the_{booked['mode']}")
    return talk.text("care.appointment_spoken", what=what, **booking.described(talk, booked, booked["mode"]))
