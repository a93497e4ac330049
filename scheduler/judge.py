"""Each rule against what is known to have happened: how much of it was noticed, how soon, and what was false."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Self

import polars as pl

from scheduler import replay
from scheduler.events import DEVICE_ERRS, EVENTS, Event

NOTICED_WITHIN_DAYS = 3
"""How long after an event ends it still counts as noticed."""
Span = tuple[date, date]


@dataclass(frozen=True)
class Judged:
    """One rule against the events it should notice.

    A day is quiet until the first event of the patient; what the rule says on one, where no device erred that it should
    have noticed, is a false alarm. `in_other_events` is what it says later, apart from its own events.

    `delays` are days from the beginning of each noticed event until the rule's conditions held. `why_none` says why
    there was no event, when there was none.
    """

    rule_id: str
    events: int
    delays: tuple[int, ...]
    said: int
    false_alarms: int
    in_other_events: int
    patient_days: int
    quiet_patient_days: int
    why_none: str | None

    @property
    def noticed(self) -> int:
        """How many of the events were noticed."""
        return len(self.delays)

    @property
    def sensitivity(self) -> float | None:
        """Share of the events that were noticed; None without events."""
        return self.noticed / self.events if self.events else None

    @property
    def median_delay_days(self) -> float | None:
        """Median days from an event's first day until it was noticed; None when none was."""
        return median(self.delays) if self.delays else None

    @property
    def false_alarms_per_1000(self) -> float:
        """False alarms per 1,000 patient-days without an event."""
        return 1000 * self.false_alarms / self.quiet_patient_days if self.quiet_patient_days else 0.0

    def figures(self) -> dict[str, str | float | None]:
        """Return what is reported, by name."""
        return {
            "rule_id": self.rule_id,
            "events": self.events,
            "noticed": self.noticed,
            "sensitivity": None if self.sensitivity is None else round(self.sensitivity, 3),
            "median_delay_days": self.median_delay_days,
            "said": self.said,
            "false_alarms": self.false_alarms,
            "false_alarms_per_1000": round(self.false_alarms_per_1000, 3),
            "in_other_events": self.in_other_events,
            "patient_days": self.patient_days,
            "quiet_patient_days": self.quiet_patient_days,
            "why_none": self.why_none,
        }


@dataclass(frozen=True)
class Course:
    """What happened in a cohort: by event the spans of each patient, and the day from which a patient is not quiet."""

    spans: Mapping[str, Mapping[str, Sequence[Span]]]
    disturbed_from: Mapping[str, date]
    patients: int
    days: int
    days_of_readings: int
    first_day: date

    @classmethod
    def of(cls, happened: pl.DataFrame, *, first_day: date, patients: int, days: int, days_of_readings: int) -> Self:
        """Sort what happened from `first_day` on.

        Args:
            happened: patient_id, event, first and last.
        """
        spans: dict[str, dict[str, list[Span]]] = {}
        disturbed_from: dict[str, date] = {}
        for patient_id, event, first, last in happened.filter(pl.col("first") >= first_day).iter_rows():
            spans.setdefault(event, {}).setdefault(patient_id, []).append((first, last))
            if event != DEVICE_ERRS.name:
                disturbed_from[patient_id] = first
        return cls(
            spans=spans,
            disturbed_from=disturbed_from,
            patients=patients,
            days=days,
            days_of_readings=days_of_readings,
            first_day=first_day,
        )

    @property
    def quiet_patient_days(self) -> int:
        """Patient-days before anything has happened to the patient."""
        lost = sum(self.days - (first - self.first_day).days for first in self.disturbed_from.values())
        return self.patients * self.days - lost

    def is_quiet(self, patient_id: str, day: date) -> bool:
        """Whether nothing has happened to the patient yet."""
        return day < self.disturbed_from.get(patient_id, date.max)

    def spans_of(self, rule_id: str) -> dict[str, list[Span]]:
        """Return by patient the spans of the events that the rule should notice."""
        theirs: dict[str, list[Span]] = {}
        for event in events_for(rule_id):
            for patient_id, spans in self.spans.get(event.name, {}).items():
                theirs.setdefault(patient_id, []).extend(spans)
        return theirs

    def why_none(self, rule_id: str) -> str:
        """Say why no event of the rule is among them."""
        events = events_for(rule_id)
        if not events:
            return "no known event"
        needed = min(event.days_needed for event in events)
        if needed > self.days_of_readings:
            return f"takes {needed} days of readings, this cohort has {self.days_of_readings}"
        return "happened to nobody"


def events_for(rule_id: str) -> list[Event]:
    """Return the events that a rule should notice."""
    return [event for event in (*EVENTS, DEVICE_ERRS) if rule_id in event.rules]


def judge(rule_id: str, fired: pl.DataFrame, course: Course, *, cool_down: int) -> Judged:
    """Hold what a rule found against what happened.

    Args:
        fired: patient_id and local_date of the days on which its conditions held and nothing blocked it.
    """
    spans = course.spans_of(rule_id)
    said = replay.said(fired, cool_down)
    beside = [(patient_id, day) for patient_id, day in said if not _within(day, spans.get(patient_id, []))]
    false_alarms = sum(course.is_quiet(patient_id, day) for patient_id, day in beside)
    events = sum(len(theirs) for theirs in spans.values())
    return Judged(
        rule_id=rule_id,
        events=events,
        delays=tuple(_delays(spans, fired)),
        said=len(said),
        false_alarms=false_alarms,
        in_other_events=len(beside) - false_alarms,
        patient_days=course.patients * course.days,
        quiet_patient_days=course.quiet_patient_days,
        why_none=None if events else course.why_none(rule_id),
    )


def _delays(spans: Mapping[str, Sequence[Span]], fired: pl.DataFrame) -> Iterator[int]:
    """Days from the first day of each noticed event to the first on which the rule held."""
    days: dict[str, list[date]] = {}
    for patient_id, day in fired.select("patient_id", "local_date").sort("local_date").iter_rows():
        days.setdefault(patient_id, []).append(day)
    for patient_id, theirs in spans.items():
        for first, last in theirs:
            held = next((day for day in days.get(patient_id, []) if _within(day, [(first, last)])), None)
            if held:
                yield (held - first).days


def _within(day: date, spans: Sequence[Span]) -> bool:
    return any((day - first).days >= 0 and (day - last).days <= NOTICED_WITHIN_DAYS for first, last in spans)
