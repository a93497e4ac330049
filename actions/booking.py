"""Booking a time: role, day and time among those that are really free, way of meeting, read-back, yes."""

import re
from abc import ABC
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rasa_sdk import FormValidationAction, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import forms, swedish, wishes
from actions.action import CareAction, Events
from actions.api import JSON, CareApiError
from actions.questions import without_marks
from actions.talk import Talk

ROLES = ("doctor", "nurse")
MODES = ("visit", "phone", "video")
SLOTS = (
    "booking_role",
    "booking_mode",
    "booking_day",
    "booking_time",
    "booking_confirmed",
    "booking_from",
    "booking_part",
)
PARTS_OF_DAY = {"morning": (0, 10), "forenoon": (0, 12), "afternoon": (12, 17), "evening": (17, 24), "night": (20, 24)}
"""The hours, from and until, in which a time is looked for when a part of the day is wished for."""
CHANGES = (
    ("day", r"\bannan dag\b|\banother day\b|^(?:dagen|the day)$"),
    ("time", r"\bannan tid\b|\banother time\b|^(?:klockslaget|tiden|the time)$"),
    ("mode", r"\bannat sätt\b|\banother way\b|^(?:sättet|sättet att träffas|the way)$"),
)
"""What is to be changed, and how those write it who do not press the choice."""
DAYS_AHEAD = 28
DAYS_SHOWN = 4
TIMES_SHOWN = 6


class FreeTime:
    """A free time as `$find` proposes it."""

    def __init__(self, appointment: JSON, zone: ZoneInfo) -> None:
        self.slot = str(appointment["slot"][0]["reference"]).removeprefix("Slot/")
        self.start = datetime.fromisoformat(appointment["start"]).astimezone(zone)
        self.practitioner, self.name = practitioner_of(appointment)

    def value(self, appointment: str) -> JSON:
        """Return what the form keeps of it once it is held as `appointment`."""
        return {
            "appointment": appointment,
            "slot": self.slot,
            "start": self.start.isoformat(),
            "practitioner": self.practitioner,
            "name": self.name,
        }


def practitioner_of(appointment: JSON) -> tuple[str, str]:
    """Return id and name of the practitioner whom an Appointment is with."""
    actors = (participant["actor"] for participant in appointment["participant"])
    actor = next(actor for actor in actors if actor["reference"].startswith("Practitioner/"))
    return actor["reference"].removeprefix("Practitioner/"), actor.get("display", "")


async def free_times(talk: Talk, *, start: date, days: int) -> list[FreeTime]:
    """Return the free times from `start` for a number of days that meet the form's role and way of meeting, in order.

    A doctor means the patient's own.
    """
    role, mode, doctor = talk.slot("booking_role"), talk.slot("booking_mode"), talk.patient.get("doctor")
    wishes = {"role": role, "mode": mode, "practitioner": doctor["id"] if doctor and role == "doctor" else None}
    return await find_times(talk, start=start, days=days, wishes={name: one for name, one in wishes.items() if one})


async def find_times(talk: Talk, *, start: date, days: int, wishes: dict[str, str]) -> list[FreeTime]:
    """Return the free times from `start` for a number of days, in order. `wishes`: role, mode, practitioner."""
    zone = ZoneInfo(talk.patient["timezone"])
    first = max(datetime.combine(start, datetime.min.time(), zone), datetime.fromisoformat(talk.patient["now"]))
    last = datetime.combine(start + timedelta(days=days), datetime.min.time(), zone)
    bundle = await talk.api.operation(
        "Appointment/$find", start=first.isoformat(), end=last.isoformat(), _count=200, **wishes
    )
    return sorted((FreeTime(entry["resource"], zone) for entry in bundle.get("entry", [])), key=lambda time: time.start)


def reset() -> Events:
    """Return the events that empty the form."""
    return [SlotSet(slot, None) for slot in SLOTS]


def heard(tracker: Tracker, slot: str, entity: str) -> Any:
    """Return what this turn says about a slot: a choice made for it, else an entity of the text, else None.

    The words of a question that another action has answered say nothing about the booking.
    """
    if forms.served_otherwise(tracker, "book_appointment_form"):
        return None
    values = {found["entity"]: found["value"] for found in tracker.latest_message.get("entities", [])}
    return values.get(slot, values.get(entity))


def freed(tracker: Tracker) -> JSON:
    """Return what a new wish empties: the held time and its yes. A time of day that waits for the rest is kept."""
    time = tracker.get_slot("booking_time")
    return {"booking_time": time if isinstance(time, str) else None, "booking_confirmed": None}


def _kept_or_changed(tracker: Tracker, slot: str, value: str) -> JSON:
    """Return the slot with what was said; only what differs frees the time."""
    return {slot: value} if value == tracker.get_slot(slot) else {slot: value, **freed(tracker)}


def looked_from(tracker: Tracker) -> str | None:
    """Return the day from which days are shown: of the choice "later days", or the first of a week that was said."""
    said = heard(tracker, "booking_from", "date")
    first = said.get("from") if isinstance(said, dict) else heard(tracker, "booking_from", "")
    return first if isinstance(first, str) else None


def to_change(tracker: Tracker) -> str | None:
    """Return what the patient wants to change, by a choice or in words: day, time or mode."""
    if forms.served_otherwise(tracker, "book_appointment_form"):
        return None
    said = without_marks(str(tracker.latest_message.get("text") or "").casefold().strip(" .!"))
    typed = next((what for what, words in CHANGES if re.search(without_marks(words), said)), None)
    chosen = heard(tracker, "booking_change", "")
    return chosen if isinstance(chosen, str) else typed


def _is_all_known(tracker: Tracker) -> bool:
    """Tell whether a time can be looked up: whom, how and on which day."""
    return all(tracker.get_slot(slot) for slot in ("booking_role", "booking_mode", "booking_day"))


class ValidateBookAppointmentForm(FormValidationAction):
    """Takes what was said in any order; a new day or role frees the time that was chosen before."""

    def name(self) -> str:
        """Return the name that Rasa looks for."""
        return "validate_book_appointment_form"

    async def extract_booking_role(self, _: CollectingDispatcher, tracker: Tracker, __: DomainDict) -> JSON:
        """Take a role, and free the time when it changes."""
        role = heard(tracker, "booking_role", "role")
        return _kept_or_changed(tracker, "booking_role", role) if role in ROLES else {}

    async def extract_booking_day(self, _: CollectingDispatcher, tracker: Tracker, __: DomainDict) -> JSON:
        """Take a day, and free the time when it changes; a week, or "later days", asks for the day anew."""
        day = heard(tracker, "booking_day", "date")
        if looked_from(tracker):
            return {"booking_day": None, **freed(tracker)}
        if to_change(tracker) in ("day", "time") and day is None:
            kept = None if to_change(tracker) == "day" else tracker.get_slot("booking_day")
            return {"booking_day": kept, "booking_time": None, "booking_confirmed": None}
        return _kept_or_changed(tracker, "booking_day", day) if isinstance(day, str) else {}

    async def extract_booking_time(self, _: CollectingDispatcher, tracker: Tracker, __: DomainDict) -> JSON:
        """Take a time: the id of a free slot, a time of day to be looked up on the chosen day, or a part of the day.

        A time of day that was said too early is taken as soon as all else is known.
        """
        time = heard(tracker, "booking_time", "time") or heard(tracker, "booking_time", "part_of_day")
        waiting = tracker.get_slot("booking_time") if _is_all_known(tracker) else None
        found = time or waiting
        return {"booking_time": found} if isinstance(found, str) else {}

    async def extract_booking_mode(self, _: CollectingDispatcher, tracker: Tracker, __: DomainDict) -> JSON:
        """Take a way of meeting, and free the time when it changes."""
        mode = heard(tracker, "booking_mode", "mode")
        if to_change(tracker) == "mode" and mode is None:
            return {"booking_mode": None, "booking_time": None, "booking_confirmed": None}
        return _kept_or_changed(tracker, "booking_mode", mode) if mode in MODES else {}

    async def extract_booking_confirmed(self, _: CollectingDispatcher, tracker: Tracker, __: DomainDict) -> JSON:
        """Take a yes to the read-back, and to nothing else."""
        asked = tracker.get_slot("requested_slot") == "booking_confirmed"
        return {"booking_confirmed": True} if asked and tracker.latest_message["intent"]["name"] == "affirm" else {}

    async def validate_booking_day(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, _: DomainDict
    ) -> JSON:
        """Accept a day that has free times; otherwise say so, and the form asks again with days that have."""
        if value is None:
            return {"booking_day": None, "booking_from": looked_from(tracker)}
        talk = await Talk.begin(dispatcher, tracker)
        chosen = date.fromisoformat(value)
        if await free_times(talk, start=chosen, days=1):
            return {"booking_day": value}
        talk.say("booking.no_times_that_day", day=swedish.day(chosen, talk.language))
        return {"booking_day": None}

    async def validate_booking_time(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, _: DomainDict
    ) -> JSON:
        """Hold the chosen time, so that nobody else takes it before the yes."""
        if value in PARTS_OF_DAY:
            return {"booking_time": None, "booking_part": value}
        if not isinstance(value, str) or not _is_all_known(tracker):
            return {"booking_time": value}
        talk = await Talk.begin(dispatcher, tracker)
        found = await _find(talk, value)
        if found is None:
            return {"booking_time": None}
        try:
            held = await talk.api.operation(
                "Appointment/$hold",
                slot=found.slot,
                mode=tracker.get_slot("booking_mode"),
                identifier=f"{talk.turn}-hold",
            )
        except CareApiError as error:
            if error.status != 409:
                raise
            talk.say("booking.just_taken")
            return {"booking_time": None}
        return {"booking_time": found.value(held["id"]), "booking_day": found.start.date().isoformat()}


async def _find(talk: Talk, wish: str) -> FreeTime | None:
    """Return the free time with a slot's id, or at a clock time, on the chosen day."""
    times = await free_times(talk, start=date.fromisoformat(talk.slot("booking_day")), days=1)
    found = next((time for time in times if wish in (time.slot, f"{time.start:%H:%M}")), None)
    if found is None and ":" in wish:
        talk.say("booking.no_time_then", time=swedish.told_clock(wish, talk.language))
    return found


def _in_part(times: list[FreeTime], part: str | None) -> list[FreeTime]:
    """Return the times in the part of the day that is wished for; all of them when none is."""
    first, end = PARTS_OF_DAY[part] if part else (0, 24)
    return [time for time in times if first <= time.start.hour < end] or times


def changes_expected() -> JSON:
    """Return the event that tells the policy how a change of the booking is written."""
    pattern = without_marks("|".join(words for _, words in CHANGES))
    expected: JSON = SlotSet("expected", {"form": "book_appointment", "pattern": pattern})
    return expected


class BookingQuestion(CareAction, ABC):
    """Base of the booking's questions."""

    def afterwards(self, talk: Talk) -> Events:
        """Keep what was asked for beside the booking until the time is booked."""
        return [SlotSet("offered_intent", wishes.second(talk))] if talk.intent == "book_appointment" else []

    @staticmethod
    def way_out(talk: Talk) -> list[JSON]:
        """Return a choice to give up, for who says no to a question."""
        return [talk.choice("booking.give_up", "stop")] if talk.intent == "deny" else []


class ActionAskBookAppointmentFormBookingRole(BookingQuestion):
    """Asks whom the patient wants to meet."""

    async def act(self, talk: Talk) -> Events:
        """Ask with the two roles as choices."""
        choices = [talk.choice(f"booking.role_{role}", "inform", booking_role=role) for role in ROLES]
        talk.say("booking.ask_role", choices=[*choices, *self.way_out(talk)])
        return []


class ActionAskBookAppointmentFormBookingDay(BookingQuestion):
    """Asks for a day, showing those that have free times."""

    async def act(self, talk: Talk) -> Events:
        """Ask with the nearest days as choices; a no, or "later", shows the days after those."""
        today = date.fromisoformat(talk.patient["local_date"])
        wished = talk.slot("booking_from")
        start = max(today, date.fromisoformat(wished)) if wished else today
        times = await free_times(talk, start=start, days=DAYS_AHEAD)
        days = sorted({time.start.date() for time in times})
        if talk.intent == "deny":
            days = days[DAYS_SHOWN:] or days
        if not days:
            talk.say("booking.no_times_at_all", choices=[talk.choice("common.human", "talk_to_human")])
            return []
        shown = days[:DAYS_SHOWN]
        choices = [
            talk.choice(f"={swedish.day(day, talk.language)}", "inform", booking_day=day.isoformat()) for day in shown
        ]
        if days[DAYS_SHOWN:]:
            choices.append(talk.choice("booking.later_days", "inform", booking_from=days[DAYS_SHOWN].isoformat()))
        talk.say("booking.ask_day", choices=[*choices, *self.way_out(talk)])
        return [SlotSet("booking_from", None)]


class ActionAskBookAppointmentFormBookingTime(BookingQuestion):
    """Asks for a time on the chosen day."""

    async def act(self, talk: Talk) -> Events:
        """Ask with the free times as choices."""
        day = date.fromisoformat(talk.slot("booking_day"))
        times = spread(_in_part(await free_times(talk, start=day, days=1), talk.slot("booking_part")), TIMES_SHOWN)
        labels = [talk.text("booking.at_clock", time=swedish.clock(time.start, talk.language)) for time in times]
        choices = [
            talk.choice(f"={label}", "inform", booking_time=time.slot)
            for label, time in zip(labels, times, strict=True)
        ]
        choices.append(talk.choice("booking.other_day", "inform", booking_change="day"))
        talk.say("booking.ask_time", day=swedish.day(day, talk.language), choices=[*choices, *self.way_out(talk)])
        return [changes_expected()]


class ActionAskBookAppointmentFormBookingMode(BookingQuestion):
    """Asks how to meet."""

    async def act(self, talk: Talk) -> Events:
        """Ask with the three ways as choices."""
        choices = [talk.choice(f"booking.mode_{mode}", "inform", booking_mode=mode) for mode in MODES]
        talk.say("booking.ask_mode", choices=[*choices, *self.way_out(talk)])
        return []


class ActionAskBookAppointmentFormBookingConfirmed(BookingQuestion):
    """Reads the booking back and asks for a yes."""

    async def act(self, talk: Talk) -> Events:
        """Read back; after a no, ask what to change."""
        if talk.intent == "deny":
            talk.say(
                "booking.ask_change",
                choices=[
                    talk.choice("booking.change_day", "inform", booking_change="day"),
                    talk.choice("booking.change_time", "inform", booking_change="time"),
                    talk.choice("booking.change_mode", "inform", booking_change="mode"),
                    talk.choice("booking.give_up", "stop"),
                ],
            )
            return [changes_expected()]
        talk.say(
            "booking.read_back",
            **described(talk, talk.slot("booking_time"), talk.slot("booking_mode")),
            choices=[talk.choice("booking.yes_book", "affirm"), talk.choice("booking.no_change", "deny")],
        )
        return [changes_expected()]


class ActionSubmitBookAppointmentForm(CareAction):
    """Books the held time after the yes."""

    async def act(self, talk: Talk) -> Events:
        """Book; a hold that ran out is said, and the form starts over with fresh times."""
        time, mode = talk.slot("booking_time"), talk.slot("booking_mode")
        try:
            booked = await talk.api.operation(
                "Appointment/$book",
                appointment=time["appointment"],
                mode=mode,
                action="create",
                identifier=f"{talk.turn}-book",
            )
        except CareApiError as error:
            if error.status not in (404, 409, 410):
                raise
            talk.say("booking.hold_ran_out")
            kept = [SlotSet("booking_time", None), SlotSet("booking_confirmed", None)]
            return [*kept, FollowupAction("book_appointment_form")]
        appointment = booked["entry"][0]["resource"]
        details = described(talk, time, mode)
        talk.say(
            "booking.done",
            **details,
            data={"kind": "booking", "appointment": appointment["id"], "mode": mode, **details},
        )
        return [*reset(), *_go_back(talk)]


def _go_back(talk: Talk) -> Events:
    """Offer to go on with a form that the booking interrupted, else what else was asked for."""
    interrupted = talk.slot("form_answers")
    return wishes.resume(talk, interrupted["form"]) if interrupted else wishes.offer(talk, talk.slot("offered_intent"))


def described(talk: Talk, time: JSON, mode: str) -> dict[str, str]:
    """Return the words for a time: who, how, day and clock."""
    moment = datetime.fromisoformat(time["start"])
    doctor = talk.patient.get("doctor")
    own = doctor is not None and doctor["id"] == time["practitioner"]
    met = "at" if mode == "visit" else "with"
    return {
        "who": talk.text(f"booking.{met}_own_doctor" if own else f"booking.{met}", name=time["name"]),
        "how": talk.text(f"booking.as_{mode}"),
        "day": swedish.day(moment, talk.language),
        "time": swedish.clock(moment, talk.language),
    }


def spread(times: list[FreeTime], most: int) -> list[FreeTime]:
    """Return at most `most` of the times, spread over the day."""
    if len(times) <= most:
        return times
    step = (len(times) - 1) / (most - 1)
    return [times[round(index * step)] for index in range(most)]
