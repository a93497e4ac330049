"""The red-flag layer: reads a message, finds the signs, cancels those that are none, and says what fired."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.safety.red_flags import answer as answers
from assistant.safety.red_flags import load, normalise
from assistant.safety.red_flags.cancel import MARKERS_OF, Reading, reading, reasons
from assistant.safety.red_flags.clauses import layout
from assistant.safety.red_flags.load import Level, Pattern, Reason, rule_book
from assistant.safety.red_flags.match import Finding, find_concepts, find_patterns
from assistant.safety.red_flags.persons import is_about_another


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A sign that goes before everything else; `phrase` is text[start:end], exactly as typed."""

    level: Level
    rule_id: str
    phrase: str
    start: int
    end: int
    other_person: bool
    in_progress: bool
    answer: dict[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matched, the words it matched, and what cancelled it (nothing: it fired)."""

    rule_id: str
    pattern: str
    phrase: str
    cancelled_by: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the layer read and why it answered as it did."""

    clauses: tuple[str, ...]
    concepts: tuple[tuple[str, str], ...]
    matches: tuple[Match, ...]
    red_flag: RedFlag | None


def check(text: str) -> RedFlag | None:
    """Return the most urgent red flag of the message, or None. Never raises on any text."""
    read, findings = _read(text)
    return _red_flag(text, read, [finding for finding in findings if not reasons(finding, read)])


def open_to(text: str) -> frozenset[Level]:
    """Return the levels at which the meaning of the whole message may raise the alarm that no rule raised.

    It may where words of a rule stand in the text and nothing there takes the alarm out of them. Where a rule matched,
    its judgement stands: what it cancelled is no sign.
    """
    read, findings = _read(text)
    if findings:
        return frozenset()
    return frozenset(pattern.rule.level for pattern in rule_book().patterns if _is_open(pattern, read))


def explain(text: str) -> Explanation:
    """Return which clauses were read, what matched and what cancelled it."""
    read, findings = _read(text)
    judged = [(finding, reasons(finding, read)) for finding in findings]
    return Explanation(
        clauses=_clauses(text, read),
        concepts=tuple(
            (hit.concept, _phrase(text, read, hit.first, hit.last)) for hits in read.hits.values() for hit in hits
        ),
        matches=tuple(
            Match(
                rule_id=finding.pattern.rule.id,
                pattern=" + ".join(finding.pattern.concepts),
                phrase=_phrase(text, read, finding.first, finding.last),
                cancelled_by=tuple(sorted(why)),
            )
            for finding, why in judged
        ),
        red_flag=_red_flag(text, read, [finding for finding, why in judged if not why]),
    )


def _is_open(pattern: Pattern, read: Reading) -> bool:
    rule = pattern.rule
    cancelling = (marker for reason in rule.cancelled_by for marker in MARKERS_OF.get(reason, ()))
    spoken_of = any(read.marks(concept) for concept in pattern.concepts)
    return spoken_of and not any(read.marks(name) for name in (*rule.unless, *cancelling))


def _read(text: str) -> tuple[Reading, list[Finding]]:
    tokens = normalise.read(text, spoken=load.spoken_forms(), fillers=load.fillers())
    where = layout(tokens)
    hits = find_concepts(tokens, where)
    return reading(tokens, where, hits), list(find_patterns(hits, where))


def _red_flag(text: str, read: Reading, live: Sequence[Finding]) -> RedFlag | None:
    if not live:
        return None
    chosen = next((one for one in live if one.pattern.rule.level == "self_harm"), live[0])
    rule = chosen.pattern.rule
    self_harm = rule.level == "self_harm"
    in_progress = self_harm and any(
        one.pattern.rule.in_progress or one.pattern.rule.level == "emergency" for one in live
    )
    other_person = is_about_another(chosen, read)
    start, end = read.tokens[chosen.first].start, read.tokens[chosen.last].end
    return RedFlag(
        level=rule.level,
        rule_id=rule.id,
        phrase=text[start:end],
        start=start,
        end=end,
        other_person=other_person,
        in_progress=in_progress,
        answer=answers.answer(rule, other_person=other_person, in_progress=in_progress),
    )


def _phrase(text: str, read: Reading, first: int, last: int) -> str:
    return text[read.tokens[first].start : read.tokens[last].end]


def _clauses(text: str, read: Reading) -> tuple[str, ...]:
    spans: dict[int, tuple[int, int]] = {}
    for number, clause in enumerate(read.layout.clause):
        first, _ = spans.get(clause, (number, number))
        spans[clause] = (first, number)
    return tuple(_phrase(text, read, first, last) for first, last in spans.values())
