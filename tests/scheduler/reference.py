"""A slow, obviously right evaluator: plain Python over one worked case, with scipy for the slopes."""

from collections.abc import Callable
from dataclasses import dataclass
from math import isnan
from statistics import mean, median
from typing import Any

from scipy.stats import theilslopes  # type: ignore[import-untyped]  # it has no types

from scheduler import rule as words
from scheduler.facts import COUNTED
from scheduler.rule import Case, Condition, Measured, Rule, Value
from scheduler.tastes import liked_flavour

Reading = tuple[int, float]
Known = bool | None


@dataclass(frozen=True)
class Reference:
    """One patient, and the rules that may refer to one another."""

    case: Case
    rules: dict[str, Rule]

    def outcome(self, rule: Rule) -> str:
        """Return silent, fires, blocked or instead."""
        if self.holds(rule, rule.when, 0) is not True:
            return "silent"
        met = [guard for guard in rule.unless if self.holds(rule, guard.when, 0) is True]
        if not met:
            return "fires"
        return "instead" if all(guard.then == "instead" for guard in met) else "blocked"

    def holds(self, rule: Rule, condition: Condition, back: int) -> Known:  # noqa: PLR0911, PLR0912 - one case a word
        """Return whether a condition holds, seen `back` days ago; None when it is not known."""
        match condition:
            case words.All():
                return _all([self.holds(rule, part, back) for part in condition.all])
            case words.AnyOf():
                return _any([self.holds(rule, part, back) for part in condition.any])
            case words.Not():
                inner = self.holds(rule, condition.not_, back)
                return None if inner is None else not inner
            case words.Compare():
                return _all([self._compare(rule, condition, name, back) for name in condition.limits])
            case words.Medicine():
                return any(
                    one.stopped is None and one.atc.startswith(condition.medicine) for one in self.case.medicines
                )
            case words.MedicineChanged():
                return any(
                    -condition.within
                    <= (one.started if one.stopped is None else one.stopped)
                    <= -condition.at_least_ago
                    and (not condition.medicine_changed or one.atc.startswith(condition.medicine_changed))
                    for one in self.case.medicines
                )
            case words.Diagnosis():
                return any(code.startswith(condition.diagnosis) for code in self.case.diagnoses)
            case words.Reported():
                return self._reported(condition, back)
            case words.ReportedLately():
                days = [d for name in condition.reported_since_round for d in self.case.reports.get(name, [])]
                about = not condition.own_medicine or self.case.about_medicine is not None
                return about and any(day >= self.case.last_round for day in days)
            case words.Twice():
                return self._twice(condition, back)
            case words.OnDays():
                return self._on_days(condition, back)
            case words.SomeOf():
                held = [part for part in condition.some_of if self.holds(rule, part, back) is True]
                return len(held) >= condition.at_least
            case words.Limit():
                wanted = True if condition.equals is None else condition.equals
                return self.case.limits.get(condition.limit) == wanted
            case words.Consent():
                return condition.consent in self.case.consents
            case words.Likes():
                return liked_flavour(likes=self.case.likes, refused=self.case.allergies) is not None
            case words.Allergy():
                return any(word.lower() in " ".join(self.case.allergies).lower() for word in condition.allergy)
            case words.Met():
                other = self.rules[condition.met]
                days = range(condition.days[0], condition.days[1] + 1)
                return _any([self.holds(other, other.when, back - day) for day in days])

    def value(self, rule: Rule, name: str, back: int) -> float | None:
        """Return a named value, rounded like the product rounds; None when it is not known."""
        found = self._number(rule, rule.values[name], back)
        return None if found is None else round(found, 6)

    def _number(self, rule: Rule, value: Value, back: int) -> float | None:  # noqa: PLR0911 - one case a word
        match value:
            case words.Measured():
                return measure(value, self._readings(value.of), back)
            case words.Difference():
                one, other = (self.value(rule, name, back) for name in value.minus)
                return None if one is None or other is None else one - other
            case words.Percent():
                one, other = (self.value(rule, name, back) for name in value.percent_of)
                return None if one is None or not other else one / other * 100
            case words.PatientFact():
                counted = 0 if value.patient in COUNTED else None
                return self.case.age if value.patient == "age" else self.case.facts.get(value.patient, counted)
            case words.News2():
                return self._news2(value, back)
            case words.Bmi():
                weight, height = (self.value(rule, name, back) for name in value.bmi)
                return None if weight is None or not height else weight / (height / 100) ** 2
            case words.PatientLimit():
                return float(self.case.limits.get(value.limit_of, value.otherwise))
            case words.ReportCount():
                return self._report_count(value, back)

    def _readings(self, signal: str) -> list[Reading]:
        if signal in ("systolic_on_standing", "diastolic_on_standing"):
            return self._on_standing(signal.removesuffix("_on_standing"))
        rows = [(day, value) for day, _, value in self._timed(signal)]
        if signal == "fasting_glucose":
            first = {day: value for day, minute, value in self._timed("glucose") if minute == 0}
            rows = sorted(rows + list(first.items()), key=lambda row: row[0])
        return rows

    def _timed(self, signal: str) -> list[tuple[int, int, float]]:
        """Day, minute of the day's readings and value, in order of time."""
        first = self.case.stood_after_minutes if signal.endswith("_standing") else 0
        rows = []
        for day, values in sorted(self.case.readings.get(signal, {}).items()):  # type: ignore[call-overload]  # any name
            several = values if isinstance(values, list) else [values]
            rows += [(day, first + n * self.case.minutes_apart, float(value)) for n, value in enumerate(several)]
        return rows

    def _on_standing(self, pressure: str) -> list[Reading]:
        rows = []
        for day, minute, standing in self._timed(f"{pressure}_standing"):
            before = [(m, value) for d, m, value in self._timed(f"{pressure}_lying") if d == day and m <= minute]
            if before and minute - before[-1][0] <= 3:
                rows.append((day, standing - before[-1][1]))
        return rows

    def _twice(self, condition: words.Twice, back: int) -> bool:
        first, last = condition.days[0] - back, condition.days[1] - back
        moments = {
            day * 1440 + minute
            for kept in condition.twice
            for day, minute, value in self._timed(kept.of)
            if first <= day <= last and _within(kept, value)
        }
        return any(0 < other - one <= condition.within_minutes for one in moments for other in moments)

    def _on_days(self, condition: words.OnDays, back: int) -> bool:
        first, last = condition.days[0] - back, condition.days[1] - back
        days = {day for kept in condition.on_days for day, value in self._readings(kept.of) if _within(kept, value)}
        days |= {day for name in condition.reported for day in self.case.reports.get(name, [])}
        return sum(first <= day <= last for day in days) >= condition.at_least_days

    def _report_count(self, value: words.ReportCount, back: int) -> float | None:
        first, last = value.days[0] - back, value.days[1] - back
        about = self.case.about_medicine or ""
        counts = not value.medicine or about == "" or about.startswith(value.medicine)
        days = [d for name in value.of for d in self.case.reports.get(name, []) if counts and first <= d <= last]
        if value.reports == "count":
            return len(days)
        return -max(days) - back if days else None

    def _compare(self, rule: Rule, condition: words.Compare, name: str, back: int) -> Known:
        limit: Any = condition.limits[name]
        right = self.value(rule, limit, back) if isinstance(limit, str) else limit
        left = self.value(rule, condition.value, back)
        return None if left is None or right is None else COMPARE[name](left, right)

    def _reported(self, condition: words.Reported, back: int) -> bool:
        first, last = condition.days[0] - back, condition.days[1] - back
        days = {d for name in condition.reported for d in self.case.reports.get(name, []) if first <= d <= last}
        if not condition.consecutive:
            return len(days) >= condition.at_least_days
        longest = max((sum(1 for n in range(40) if set(range(d, d + n + 1)) <= days) for d in days), default=0)
        return longest >= condition.at_least_days

    def _news2(self, value: words.News2, back: int) -> float | None:
        first, last = value.days[0] - back, value.days[1] - back
        on_oxygen = self.case.limits.get("oxygen") is True or self._any_reported(("oxygen-treatment",), first, last)
        points: dict[str, int | None] = {}
        for name in ("breaths", "spo2", "systolic", "pulse", "temperature"):
            inside = [row for row in self._timed(name) if first <= row[0] <= last]
            known = bool(inside) and (name != "spo2" or self._is_certain(inside, first, last))
            points[name] = self._points(name, inside[-1][2], on_oxygen=on_oxygen) if known else None
        impaired = self._any_reported(("confusion", "consciousness-impaired"), first, last)
        alert = self._any_reported(("consciousness-alert",), first, last)
        points["consciousness"] = 3 if impaired else 0 if alert else None
        if value.news2 == "missing":
            return sum(2**place for place, point in enumerate(points.values()) if point is None)
        given = [point for point in points.values() if point is not None]
        given += [2] if on_oxygen else []
        if not given:
            return None
        return max(given) if value.news2 == "highest" else sum(given)

    def _points(self, name: str, value: float, *, on_oxygen: bool) -> int:
        if name == "spo2" and self.case.limits.get("spo2_scale") == 2:
            return _points_on_scale_2(value, on_oxygen=on_oxygen)
        return _points(name, value)

    def _is_certain(self, inside: list[tuple[int, int, float]], first: int, last: int) -> bool:
        """Whether the latest SpO2 is not low, or is confirmed within ten minutes, or goes with symptoms."""
        limit = 83 if self.case.limits.get("spo2_scale") == 2 else 91
        day, minute, latest = inside[-1]
        if latest > limit:
            return True
        earlier = [row for row in inside if row[2] <= limit and 0 < (day - row[0]) * 1440 + minute - row[1] <= 10]
        symptoms = ("breathlessness", "laboured-breathing", "chest-pain", "confusion")
        return bool(earlier) or self._any_reported(symptoms, first, last)

    def _any_reported(self, names: tuple[str, ...], first: int, last: int) -> bool:
        reports: dict[Any, list[int]] = self.case.reports  # type: ignore[assignment]  # any name
        return any(first <= day <= last for name in names for day in reports.get(name, []))


def measure(value: Measured, readings: list[Reading], back: int) -> float | None:  # noqa: PLR0911 - one case a word
    """Return one measure of one signal's readings, seen `back` days ago."""
    first, last = value.days[0] - back, value.days[1] - back
    inside = [(day, number) for day, number in readings if first <= day <= last]
    numbers = [number for _, number in inside]
    match value.measure:
        case "count":
            return len(numbers)
        case "days_with":
            return len({day for day, number in inside if _keeps(value, number)})
        case "days_since":
            return -max(day for day, _ in inside) if inside else None
        case "rise":
            return _rise(value, inside, readings)
        case "change":
            return numbers[-1] - numbers[0] if len(numbers) > 1 else None
        case "change_percent":
            return (numbers[-1] / numbers[0] - 1) * 100 if len(numbers) > 1 else None
        case "slope" | "slope_low" | "slope_high" | "fall" | "fall_percent":
            return _slope(value, inside)
        case _:
            return AGGREGATE[value.measure](numbers) if numbers else None


def _slope(value: Measured, inside: list[Reading]) -> float | None:
    days = [day for day, _ in inside]
    if len(set(days)) < 2:
        return None
    result = theilslopes([number for _, number in inside], days, alpha=0.9)
    fall = -result.slope * (max(days) - min(days))
    answers = {
        "slope": result.slope,
        "slope_low": result.low_slope,
        "slope_high": result.high_slope,
        "fall": fall,
        "fall_percent": fall / inside[0][1] * 100,
    }
    answer = float(answers[value.measure])
    return None if isnan(answer) else answer


def _rise(value: Measured, inside: list[Reading], readings: list[Reading]) -> float | None:
    if not inside or value.apart is None:
        return None
    day, latest = inside[-1]
    before = [number for other, number in readings if value.apart[0] <= day - other <= value.apart[1]]
    return latest - min(before) if before else None


def _keeps(value: Measured, number: float) -> bool:
    return (value.at_most is None or number <= value.at_most) and (value.at_least is None or number >= value.at_least)


def _within(kept: words.Kept, number: float) -> bool:
    return all(COMPARE[name](number, limit) for name, limit in kept.limits.items())


def _points_on_scale_2(value: float, *, on_oxygen: bool) -> int:
    """SpO2 of NEWS2, scale 2, as its table reads."""
    if value <= 83:
        return 3
    if value <= 85:
        return 2
    if value <= 87:
        return 1
    if value <= 92 or not on_oxygen:
        return 0
    return 1 if value <= 94 else 2 if value <= 96 else 3


def _all(parts: list[Known]) -> Known:
    if False in parts:
        return False
    return None if None in parts else True


def _any(parts: list[Known]) -> Known:
    if True in parts:
        return True
    return None if None in parts else False


def _points(name: str, value: float) -> int:
    """NEWS2, scale 1, as its table reads."""
    table: dict[str, list[tuple[bool, int]]] = {
        "breaths": [(value <= 8 or value >= 25, 3), (21 <= value <= 24, 2), (9 <= value <= 11, 1)],
        "spo2": [(value <= 91, 3), (92 <= value <= 93, 2), (94 <= value <= 95, 1)],
        "systolic": [(value <= 90 or value >= 220, 3), (91 <= value <= 100, 2), (101 <= value <= 110, 1)],
        "pulse": [
            (value <= 40 or value >= 131, 3),
            (111 <= value <= 130, 2),
            (41 <= value <= 50 or 91 <= value <= 110, 1),
        ],
        "temperature": [(value <= 35.0, 3), (value >= 39.1, 2), (35.1 <= value <= 36.0 or 38.1 <= value <= 39.0, 1)],
    }
    return next((points for holds, points in table[name] if holds), 0)


AGGREGATE: dict[str, Callable[[list[float]], float]] = {
    "latest": lambda numbers: numbers[-1],
    "first": lambda numbers: numbers[0],
    "mean": mean,
    "median": median,
    "min": min,
    "max": max,
}
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "above": lambda left, right: left > right,
    "at_least": lambda left, right: left >= right,
    "below": lambda left, right: left < right,
    "at_most": lambda left, right: left <= right,
}
