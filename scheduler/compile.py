"""From rules to Polars expressions: the same for one patient in a talk and for a shard of a thousand.

Conditions are three-valued: what is not known is null, and only a condition known to be true fires or blocks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_, or_
from typing import assert_never

import polars as pl
import structlog

from scheduler import facts, news2, slopes
from scheduler.frames import Frames
from scheduler.rule import (
    All,
    Allergy,
    AnyOf,
    Bmi,
    Compare,
    Condition,
    Consent,
    Diagnosis,
    Difference,
    Kept,
    Likes,
    Limit,
    Measured,
    Medicine,
    MedicineChanged,
    Met,
    News2,
    Not,
    OnDays,
    PatientFact,
    PatientLimit,
    Percent,
    ReportCount,
    Reported,
    ReportedLately,
    Rule,
    RuleId,
    SomeOf,
    Twice,
    Value,
)
from scheduler.vocabulary import SLOPE_MEASURES, ReportName, SignalName

log = structlog.get_logger()

Window = tuple[int, int]
DECIMALS = 6
"""Values are rounded to this many decimals before they are compared, so that 84.6 - 82.6 is 2 and not a hair less."""


AFTER_SLOPES = 1000
"""The first step that may look at slopes; values that are made of one another are never so many."""


class RuleCompileError(ValueError):
    """A rule refers to something that does not exist, or to itself."""

    def __init__(self, rule_id: str, problem: str) -> None:
        super().__init__(f"{rule_id}: {problem}")
        self.rule_id = rule_id


@dataclass
class Columns:
    """What the expressions need to find in the wide frame, collected while compiling."""

    readings: dict[SignalName, dict[str, pl.Expr]] = field(default_factory=dict)
    pairs: dict[tuple[SignalName, ...], dict[str, pl.Expr]] = field(default_factory=dict)
    slopes: dict[SignalName, dict[Window, set[RuleId]]] = field(default_factory=dict)
    """By signal the windows of slopes, and for which rules each is wanted."""
    reports: dict[str, pl.Expr] = field(default_factory=dict)
    medicines: dict[str, pl.Expr] = field(default_factory=dict)
    conditions: dict[str, pl.Expr] = field(default_factory=dict)
    consents: dict[str, pl.Expr] = field(default_factory=dict)
    made: dict[str, pl.Expr] = field(default_factory=dict)
    """Columns made of other columns, each made once however many rules look at it."""
    earliest: dict[SignalName, int] = field(default_factory=dict)

    def made_of_others(self, name: str, expression: pl.Expr) -> pl.Expr:
        """Ask for a column that is made of other columns and return it."""
        self.made[name] = expression
        return pl.col(name)

    def in_steps(self) -> tuple[list[list[pl.Expr]], list[list[pl.Expr]]]:
        """Return the columns made of others in steps, each of earlier ones: those before and those after the slopes."""
        step: dict[str, int] = {}
        for name, expression in self.made.items():
            seen = expression.meta.root_names()
            after_slopes = AFTER_SLOPES if any(one.startswith(slopes.PREFIX) for one in seen) else 0
            step[name] = max([after_slopes, *(step[one] + 1 for one in seen if one in step)])
        steps = [
            (number, [self.made[name].alias(name) for name, its in step.items() if its == number])
            for number in sorted(set(step.values()))
        ]
        before = [some for number, some in steps if number < AFTER_SLOPES]
        return before, [some for number, some in steps if number >= AFTER_SLOPES]

    def reading(self, signal: SignalName, name: str, window: Window, expression: pl.Expr) -> pl.Expr:
        """Ask for an aggregate of one signal's readings and return its column."""
        self.readings.setdefault(signal, {})[name] = expression
        self.reach([signal], window[0])
        return pl.col(name)

    def pair(self, signals: tuple[SignalName, ...], name: str, window: Window, expression: pl.Expr) -> pl.Expr:
        """Ask for an aggregate of the readings of several signals and return its column."""
        self.pairs.setdefault(signals, {})[name] = expression
        self.reach(signals, window[0])
        return pl.col(name)

    def slope(self, signal: SignalName, measure: str, window: Window, *, rule_id: RuleId) -> pl.Expr:
        """Ask for the robust slope of a window, on behalf of a rule, and return one of its columns."""
        self.slopes.setdefault(signal, {}).setdefault(window, set()).add(rule_id)
        self.reach([signal], window[0])
        return pl.col(slopes.column(measure, signal, window))

    def slopes_together(self) -> Iterable[tuple[frozenset[RuleId], dict[SignalName, list[Window]]]]:
        """Return the windows of slopes by signal, those that are wanted for the same rules together."""
        together: dict[frozenset[RuleId], dict[SignalName, list[Window]]] = {}
        for signal, windows in self.slopes.items():
            for window, rule_ids in windows.items():
                together.setdefault(frozenset(rule_ids), {}).setdefault(signal, []).append(window)
        return together.items()

    def reach(self, signals: Iterable[SignalName], day: int) -> None:
        """Ask for the readings of these signals from this day on."""
        for signal in signals:
            self.earliest[signal] = min(day, self.earliest.get(signal, 0))


@dataclass(frozen=True)
class CompiledRule:
    """A rule's parts as expressions over the wide frame."""

    rule: Rule
    when: pl.Expr
    guards: Mapping[str, pl.Expr]
    wordings: tuple[pl.Expr, ...]
    values: Mapping[str, pl.Expr]


class Compiler:
    """Compiles rules that may refer to one another, sharing the columns they need."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self.columns = Columns()
        self.possible: dict[RuleId, pl.Expr] = {}
        """For each rule what holds for all for whom its conditions may, whatever the slopes are; none is looked at."""

    def compile(self, rule: Rule) -> CompiledRule:
        """Return the rule as expressions.

        Raises:
            RuleCompileError: the rule names an unknown value or rule, or refers to itself.
        """
        scope = Scope(self, rule)
        self.possible[rule.id] = known(Scope(self, rule, slopes_are=True).condition(rule.when))
        wordings = tuple(pl.lit(True) if w.if_ is None else known(scope.condition(w.if_)) for w in rule.wordings)
        return CompiledRule(
            rule=rule,
            when=known(scope.condition(rule.when)),
            guards={guard.guard: known(scope.condition(guard.when)) for guard in rule.unless},
            wordings=wordings,
            values={name: scope.value(name) for name in rule.values},
        )

    def wide(self, frames: Frames, *, only_needed: bool = False) -> pl.DataFrame:
        """Return one row per patient with every column that the compiled expressions need.

        Args:
            only_needed: leave slopes unknown where no rule that looks at them can fire whatever they are.
        """
        columns, readings = self.columns, frames.readings
        sources = [
            *((readings.filter(pl.col("signal") == signal), made) for signal, made in columns.readings.items()),
            *((readings.filter(pl.col("signal").is_in(signals)), made) for signals, made in columns.pairs.items()),
            (frames.reports, columns.reports),
            (frames.medicines, columns.medicines),
            (frames.conditions, columns.conditions),
            (frames.consents, columns.consents),
        ]
        known = frames.patients.join(frames.facts, on="patient_id", how="left", maintain_order="left")
        made = [_aggregated(rows, expressions) for rows, expressions in sources if expressions]
        before, after = columns.in_steps()
        wide = pl.concat([known, *_beside(known, made)], how="horizontal")
        for step in before:
            wide = _with(wide, step)
        slopes_found = list(self._slopes(wide, readings, only_needed=only_needed))
        wide = pl.concat([wide, *_beside(known, slopes_found)], how="horizontal")
        for step in after:
            wide = _with(wide, step)
        return wide

    def _slopes(self, wide: pl.DataFrame, readings: pl.DataFrame, *, only_needed: bool) -> Iterator[pl.DataFrame]:
        for rule_ids, windows in self.columns.slopes_together():
            wanted = pl.any_horizontal(self.possible[one] for one in rule_ids) if only_needed else pl.lit(True)
            theirs = readings.join(wide.filter(wanted).select("patient_id"), on="patient_id", how="semi")
            for signal, some in windows.items():
                yield slopes.slopes(theirs.filter(pl.col("signal") == signal), signal=signal, windows=some)


@dataclass(frozen=True)
class Scope:
    """One rule seen `back` days ago (0: today), and the rules that led here.

    `slopes_are` is set where no slope is looked at: whether a comparison that needs one is taken to hold. `asked_by` is
    the rule whose conditions led to this one.
    """

    compiler: Compiler
    rule: Rule
    back: int = 0
    trail: tuple[str, ...] = ()
    slopes_are: bool | None = None
    asked_by: RuleId | None = None

    def condition(self, condition: Condition) -> pl.Expr:  # noqa: PLR0911, PLR0912 - one case for each word of the vocabulary
        """Return a three-valued boolean expression."""
        columns = self.compiler.columns
        match condition:
            case All():
                return reduce(and_, [self.condition(part) for part in condition.all])
            case AnyOf():
                return reduce(or_, [self.condition(part) for part in condition.any])
            case Not():
                opposite = None if self.slopes_are is None else not self.slopes_are
                return ~replace(self, slopes_are=opposite).condition(condition.not_)
            case Compare():
                return self._compare(condition)
            case Medicine():
                found = pl.col("active") & _starts_with("atc", condition.medicine)
                return _listed(columns.medicines, _name("medicine", *condition.medicine), found.any())
            case MedicineChanged():
                found = pl.col("changed_day").is_between(-condition.within, -condition.at_least_ago)
                if condition.medicine_changed:
                    found = found & _starts_with("atc", condition.medicine_changed)
                name = _name("changed", condition.within, condition.at_least_ago, *condition.medicine_changed)
                return _listed(columns.medicines, name, found.any())
            case Diagnosis():
                found = pl.any_horizontal(
                    pl.col("code").str.replace_all(".", "", literal=True).str.starts_with(group)
                    for group in condition.diagnosis
                )
                return _listed(columns.conditions, _name("diagnosis", *condition.diagnosis), found.any())
            case Reported():
                return self._reported(condition)
            case ReportedLately():
                return self._reported_lately(condition)
            case Twice():
                return self._twice(condition)
            case OnDays():
                return self._on_days(condition)
            case SomeOf():
                held = [known(self.condition(part)) for part in condition.some_of]
                return pl.sum_horizontal(held) >= condition.at_least
            case Limit():
                return _limit(condition.limit, condition.equals)
            case Consent():
                found = pl.col("category") == condition.consent
                return _listed(columns.consents, _name("consent", condition.consent), found.any())
            case Likes():
                return pl.col("flavour_sv").is_not_null()
            case Allergy():
                return pl.col("allergies").str.contains_any([word.lower() for word in condition.allergy])
            case Met():
                return self._met(condition)
            case _:
                assert_never(condition)

    def value(self, name: str) -> pl.Expr:
        """Return a named value of the rule as a number; null when it is not known.

        Raises:
            RuleCompileError: the rule has no such value, or defines it by itself.
        """
        if name not in self.rule.values:
            raise RuleCompileError(self.rule.id, f"no value is named {name}")
        if name in self.trail:
            raise RuleCompileError(self.rule.id, f"the value {name} is defined by itself")
        inner = replace(self, trail=(*self.trail, name))
        number = inner._number(self.rule.values[name]).cast(pl.Float64)
        value = pl.when(number.is_finite()).then(number.round(DECIMALS))
        return self.compiler.columns.made_of_others(_name("value", self.rule.id, self.back, name), value)

    def _number(self, value: Value) -> pl.Expr:  # noqa: PLR0911 - one case for each word of the vocabulary
        match value:
            case Measured():
                return self._measured(value)
            case Difference():
                return self.value(value.minus[0]) - self.value(value.minus[1])
            case Percent():
                return self.value(value.percent_of[0]) / self.value(value.percent_of[1]) * 100
            case PatientFact():
                if value.patient in facts.FROM_DEVICES:
                    self.compiler.columns.reach(facts.DEVICE_SIGNALS, facts.DEVICE_FIRST_DAY)
                return pl.col(value.patient)
            case News2():
                return self._news2(value)
            case Bmi():
                return self.value(value.bmi[0]) / (self.value(value.bmi[1]) / 100).pow(2)
            case PatientLimit():
                own = pl.col("limits").str.json_path_match(f"$.{value.limit_of}").cast(pl.Float64, strict=False)
                return own.fill_null(value.otherwise)
            case ReportCount():
                return self._report_count(value)
            case _:
                assert_never(value)

    def _measured(self, value: Measured) -> pl.Expr:
        window = self._shifted(value.days)
        if value.measure in SLOPE_MEASURES:
            return self._slope(value, window)
        limits = (value.at_least, value.at_most, *(value.apart or ()))
        name = _name(value.measure, value.of, *window, *limits)
        column = self.compiler.columns.reading(value.of, name, _reach(value, window), _aggregate(value, window))
        return column.fill_null(0) if value.measure in ("count", "days_with") else column

    def _slope(self, value: Measured, window: Window) -> pl.Expr:
        columns = self.compiler.columns
        if value.measure not in ("fall", "fall_percent"):
            return columns.slope(value.of, value.measure, window, rule_id=self.asked_by or self.rule.id)
        inside = pl.col("day").filter(pl.col("day").is_between(*window))
        span = columns.reading(value.of, _name("span", value.of, *window), window, inside.max() - inside.min())
        fall = -columns.slope(value.of, "slope", window, rule_id=self.asked_by or self.rule.id) * span
        if value.measure == "fall":
            return fall
        first = Measured(measure="first", of=value.of, days=value.days)
        return fall / self._measured(first) * 100

    def _news2(self, value: News2) -> pl.Expr:
        latest = {
            signal: self._measured(Measured(measure="latest", of=signal, days=value.days)) for signal in news2.INPUTS
        }
        scale_2 = _limit("spo2_scale", 2)
        latest["spo2"] = self._certain_spo2(latest["spo2"], value.days, scale_2)
        points = news2.points(
            latest,
            scale_2=scale_2,
            on_oxygen=_limit("oxygen") | self._reported(Reported(reported=("oxygen-treatment",), days=value.days)),
            impaired=self._reported(Reported(reported=("confusion", "consciousness-impaired"), days=value.days)),
            alert=self._reported(Reported(reported=("consciousness-alert",), days=value.days)),
        )
        window = self._shifted(value.days)
        parts = {
            name: self.compiler.columns.made_of_others(_name("points", name, *window), one)
            for name, one in points.items()
        }
        return {"known": news2.known, "highest": news2.highest, "missing": news2.missing}[value.news2](parts)

    def _certain_spo2(self, latest: pl.Expr, days: Window, scale_2: pl.Expr) -> pl.Expr:
        """The latest SpO2, unless it is so low that it needs a second one, or symptoms, and has none."""
        window = self._shifted(days)
        to_confirm = {1: news2.SPO2_TO_CONFIRM_SCALE_1, 2: news2.SPO2_TO_CONFIRM_SCALE_2}
        confirmed = {
            scale: self.compiler.columns.reading(
                "spo2", _name("confirmed", "spo2", limit, *window), window, _confirmed(limit, window)
            )
            for scale, limit in to_confirm.items()
        }
        low = pl.when(scale_2).then(latest <= to_confirm[2]).otherwise(latest <= to_confirm[1])
        twice = pl.when(scale_2).then(confirmed[2]).otherwise(confirmed[1])
        symptoms = self._reported(Reported(reported=OXYGEN_SYMPTOMS, days=days))
        return pl.when(~low | twice | symptoms).then(latest)

    def _compare(self, condition: Compare) -> pl.Expr:
        names = [condition.value, *(limit for limit in condition.limits.values() if isinstance(limit, str))]
        if self.slopes_are is not None and any(_needs_slope(self.rule, name) for name in names):
            return pl.lit(self.slopes_are)
        value = self.value(condition.value)
        return reduce(and_, [COMPARATORS[name](value, self._limit(limit)) for name, limit in condition.limits.items()])

    def _limit(self, limit: float | str) -> pl.Expr:
        return self.value(limit) if isinstance(limit, str) else pl.lit(float(limit))

    def _reported(self, condition: Reported) -> pl.Expr:
        window = self._shifted(condition.days)
        days = (
            pl.col("day")
            .filter(pl.col("report").is_in(condition.reported) & pl.col("day").is_between(*window))
            .unique()
        )
        if condition.consecutive:
            days = _longest_run(days)
            name = _name("run", *condition.reported, *window)
        else:
            days = days.len()
            name = _name("reported", *condition.reported, *window)
        self.compiler.columns.reports[name] = days
        return pl.col(name).fill_null(0) >= condition.at_least_days

    def _reported_lately(self, condition: ReportedLately) -> pl.Expr:
        found = pl.col("report").is_in(condition.reported_since_round) & pl.col("since_round")
        if condition.own_medicine:
            found = found & pl.col("atc").is_not_null()
        name = _name("lately", condition.own_medicine, *condition.reported_since_round)
        return _listed(self.compiler.columns.reports, name, found.any())

    def _report_count(self, value: ReportCount) -> pl.Expr:
        window = self._shifted(value.days)
        found = pl.col("report").is_in(value.of) & pl.col("day").is_between(*window)
        if value.medicine:
            found = found & (pl.col("atc").fill_null("").eq("") | _starts_with("atc", value.medicine))
        days = pl.col("day").filter(found)
        name = _name(value.reports, *value.of, *window, *value.medicine)
        if value.reports == "days_since":
            self.compiler.columns.reports[name] = -days.max() - self.back
            return pl.col(name)
        self.compiler.columns.reports[name] = days.len()
        return pl.col(name).fill_null(0)

    def _twice(self, condition: Twice) -> pl.Expr:
        window = self._shifted(condition.days)
        kept = pl.any_horizontal((pl.col("signal") == one.of) & _within(one) for one in condition.twice)
        moments = pl.col("at").filter(pl.col("day").is_between(*window) & kept).unique().sort()
        close = moments.diff().min() <= pl.duration(minutes=condition.within_minutes)
        said = [f"{one.of}{one.limits}" for one in condition.twice]
        name = _name("twice", *said, condition.within_minutes, *window)
        signals = tuple(sorted({one.of for one in condition.twice}))
        return self.compiler.columns.pair(signals, name, window, close).fill_null(False)

    def _on_days(self, condition: OnDays) -> pl.Expr:
        window = self._shifted(condition.days)
        inside = pl.col("day").is_between(*window)
        lists = []
        for one in condition.on_days:
            name = _name("days", one.of, one.limits, *window)
            lists.append(
                self.compiler.columns.reading(one.of, name, window, pl.col("day").filter(inside & _within(one)))
            )
        if condition.reported:
            name = _name("days", *condition.reported, *window)
            found = pl.col("report").is_in(condition.reported)
            self.compiler.columns.reports[name] = pl.col("day").filter(inside & found)
            lists.append(pl.col(name))
        days = pl.concat_list(one.fill_null(NO_DAYS) for one in lists)
        return days.list.n_unique() >= condition.at_least_days

    def _met(self, condition: Met) -> pl.Expr:
        other = self.compiler.rules.get(condition.met)
        if other is None:
            raise RuleCompileError(self.rule.id, f"no working rule is named {condition.met}")
        if condition.met in (self.rule.id, *self.trail):
            raise RuleCompileError(self.rule.id, f"refers to itself through {condition.met}")
        trail, asked_by = (*self.trail, self.rule.id), self.asked_by or self.rule.id
        first, last = condition.days
        return reduce(or_, [self._seen(other, self.back - day, trail, asked_by) for day in range(first, last + 1)])

    def _seen(self, other: Rule, back: int, trail: tuple[str, ...], asked_by: RuleId) -> pl.Expr:
        """Whether another rule's conditions held so many days ago."""
        held = Scope(self.compiler, other, back, trail, self.slopes_are, asked_by).condition(other.when)
        return self.compiler.columns.made_of_others(_name("met", other.id, back, self.slopes_are), held)

    def _shifted(self, window: Window) -> Window:
        return (window[0] - self.back, window[1] - self.back)


def _needs_slope(rule: Rule, name: str) -> bool:
    match rule.values.get(name):
        case Measured(measure=measure):
            return measure in SLOPE_MEASURES
        case Difference(minus=names) | Percent(percent_of=names) | Bmi(bmi=names):
            return any(_needs_slope(rule, one) for one in names)
        case _:
            return False


COMPARATORS: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "above": lambda value, limit: value > limit,
    "at_least": lambda value, limit: value >= limit,
    "below": lambda value, limit: value < limit,
    "at_most": lambda value, limit: value <= limit,
}


NO_DAYS = pl.lit([], dtype=pl.List(pl.Int32))
OXYGEN_SYMPTOMS: tuple[ReportName, ...] = ("breathlessness", "laboured-breathing", "chest-pain", "confusion")
"""With one of these a single low SpO2 is taken as true. Our own choice."""


def known(condition: pl.Expr) -> pl.Expr:
    """Return whether the condition is known to hold: what is unknown is not."""
    return condition.fill_null(False)


def _aggregate(value: Measured, window: Window) -> pl.Expr:
    inside = pl.col("day").is_between(*window)
    if value.measure == "rise":
        return _rise(value, window)
    if value.measure == "days_with":
        return pl.col("day").filter(inside & _keeps(value)).n_unique()
    if value.measure == "days_since":
        return -pl.col("day").filter(inside).max()
    return AGGREGATES[value.measure](pl.col("value").filter(inside))


AGGREGATES: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "count": lambda values: values.len(),
    "latest": lambda values: values.last(),
    "first": lambda values: values.first(),
    "mean": lambda values: values.mean(),
    "median": lambda values: values.median(),
    "min": lambda values: values.min(),
    "max": lambda values: values.max(),
    "change": lambda values: pl.when(values.len() > 1).then(values.last() - values.first()),
    "change_percent": lambda values: pl.when(values.len() > 1).then((values.last() / values.first() - 1) * 100),
}


def _keeps(value: Measured) -> pl.Expr:
    high = pl.lit(True) if value.at_most is None else pl.col("value") <= value.at_most
    low = pl.lit(True) if value.at_least is None else pl.col("value") >= value.at_least
    return high & low


def _within(kept: Kept) -> pl.Expr:
    return reduce(and_, [COMPARATORS[name](pl.col("value"), pl.lit(limit)) for name, limit in kept.limits.items()])


def _confirmed(limit: float, window: Window) -> pl.Expr:
    """Whether another reading at or below the limit lies within ten minutes before the latest one."""
    inside = pl.col("day").is_between(*window)
    latest = pl.col("at").filter(inside).last()
    before = latest - pl.duration(minutes=news2.CONFIRM_WITHIN_MINUTES)
    return (inside & (pl.col("value") <= limit) & (pl.col("at") >= before) & (pl.col("at") < latest)).any()


def _rise(value: Measured, window: Window) -> pl.Expr:
    """The latest reading of the window above the lowest one that lies `apart` days before it."""
    nearest, furthest = value.apart or (0, 0)
    latest_day = pl.col("day").filter(pl.col("day").is_between(*window)).last()
    latest = pl.col("value").filter(pl.col("day").is_between(*window)).last()
    before = pl.col("day").is_between(latest_day - furthest, latest_day - nearest)
    return latest - pl.col("value").filter(before).min()


def _reach(value: Measured, window: Window) -> Window:
    return (window[0] - value.apart[1], window[1]) if value.apart else window


def _longest_run(days: pl.Expr) -> pl.Expr:
    """The longest run of consecutive days."""
    ordered = days.sort()
    return (ordered - ordered.rank("ordinal").cast(pl.Int32)).value_counts().struct.field("count").max()


def _starts_with(column: str, prefixes: Iterable[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(column).str.starts_with(prefix) for prefix in prefixes)


def _limit(name: str, number: int | None = None) -> pl.Expr:
    wanted = "true" if number is None else str(number)
    return pl.col("limits").str.json_path_match(f"$.{name}").eq_missing(pl.lit(wanted))


def _listed(group: dict[str, pl.Expr], name: str, expression: pl.Expr) -> pl.Expr:
    """A fact read from a list in the record: not on the list is false."""
    group[name] = expression
    return pl.col(name).fill_null(False)


def _name(*parts: object) -> str:
    return "|".join(str(part) for part in parts)


def _aggregated(rows: pl.DataFrame, expressions: Mapping[str, pl.Expr]) -> pl.DataFrame:
    return rows.group_by("patient_id").agg(expression.alias(name) for name, expression in expressions.items())


def _with(wide: pl.DataFrame, columns: list[pl.Expr]) -> pl.DataFrame:
    """Add columns; when some cannot be made they are unknown, loudly, and the others are made one by one."""
    try:
        return wide.with_columns(columns)
    except pl.exceptions.PolarsError:
        for column in columns:
            try:
                wide = wide.with_columns(column)
            except pl.exceptions.PolarsError as error:
                name = column.meta.output_name()
                log.error("column_unknown", column=name, problem=repr(error))
                wide = wide.with_columns(pl.lit(None).alias(name))
        return wide


def _beside(known: pl.DataFrame, parts: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Put each part's rows in the order of the patients known, and leave out whose they are."""
    patients = known.select("patient_id")
    for part in parts:
        yield patients.join(part, on="patient_id", how="left", maintain_order="left").drop("patient_id")
