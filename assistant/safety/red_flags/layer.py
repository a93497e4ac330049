"""The red-flag layer: reads a message, finds the signs, cancels those that are none, and says what fired.

Rules and two judges that have learnt from examples read every message. A rule that fires is an alarm, unless what is
said around its words makes one unlikely ("det här korsordet ..."), whichever words they were, or nothing that is said
there means one. Where none fires, a message, or a sentence in it, is one when it surely means it. All thresholds were
chosen on examples that neither rules nor judges had seen (`vigor red-flags measure`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.safety.red_flags import answer as answers
from assistant.safety.red_flags import load, normalise
from assistant.safety.red_flags.cancel import Reading, reading, reasons
from assistant.safety.red_flags.clauses import layout
from assistant.safety.red_flags.load import Level, Reason
from assistant.safety.red_flags.match import Finding, find_concepts, find_patterns
from assistant.safety.red_flags.meaning import Judgement, Judges, Meaning, Noticed, judges, notice
from assistant.safety.red_flags.persons import is_about_another, speaks_of_another

DOUBTED = 0.2
"""A rule's alarm falls when message, sentence and clause, each read without its words, all make one less likely."""
UNLIKELY = 0.3
"""It falls too when each of them, read with its words, means an alarm less likely than this, and what is said around
them in the message no likelier than `EVEN`: a judge that has not met a sign must not take a bare one back."""
EVEN = 0.5
SURE = 0.5
"""A message as a whole is an alarm from this on, where no rule matched."""
SURE_AGAINST_RULES = 0.9
"""The same, where rules matched but something there takes the alarm out: past, supposed, asked, told."""
SURE_OF_A_SENTENCE = 0.8
"""A sentence alone is one from this on; more, as what explains it may stand beside it."""
SIGN = "<sign>"
"""Stands for the words that a rule named, for the judge of what is said around them."""
BY_MEANING = "meaning"
"""In place of a rule's id, where no rule fired."""


Judged = list[tuple[Finding, frozenset[Reason]]]
"""What matched, and what cancels it (nothing: it fired)."""


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
    meaning: Judgement
    red_flag: RedFlag | None


def check(text: str) -> RedFlag | None:
    """Return the most urgent red flag of the message, or None. Never raises on any text."""
    return _judged(text, judges())[-1]


def explain(text: str) -> Explanation:
    """Return which clauses were read, what matched, what cancelled it, and what the whole seems to mean."""
    read, found, judgement, red_flag = _judged(text, judges())
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
            for finding, why in found
        ),
        meaning=judgement,
        red_flag=red_flag,
    )


def noticed_in(text: str) -> tuple[Noticed, Noticed | None]:
    """Return what there is to notice in a message as a whole, and around the words that rules named, if any did."""
    read, found = _read(text)
    return _noticed(read, found), _noticed_around(read, found) if found else None


def fires(text: str) -> bool:
    """Tell whether a rule fires, whatever the meaning says."""
    return any(not why for _, why in _read(text)[1])


def alarms(text: str, by: Judges) -> bool:
    """Tell whether the layer would raise an alarm with these judges."""
    return _judged(text, by)[-1] is not None


def _judged(text: str, by: Judges) -> tuple[Reading, Judged, Judgement, RedFlag | None]:
    read, found = _read(text)
    live = [finding for finding, why in found if not why]
    whole = by.whole.judge(_noticed(read, found))
    if any(not _is_doubted(text, read, found, finding, by) for finding in live):
        return read, found, whole, _by_rule(text, read, live)
    if not live and _is_alarm(text, read, found, whole, by.whole):
        return read, found, whole, _by_meaning(text, read, whole)
    if not found:
        return read, found, whole, _in_a_sentence(text, read, by.whole)
    return read, found, whole, None


def _is_alarm(text: str, read: Reading, found: Judged, whole: Judgement, judge: Meaning) -> bool:
    """Tell whether the message as a whole is an alarm; where a sign is denied, it must be one without that clause."""
    if not any("negated" in why for _, why in found):
        return whole.alarm >= (SURE_AGAINST_RULES if found else SURE)
    clause = read.layout.clause
    denied = {clause[at] for finding, _ in found for at in range(finding.first, finding.last + 1)}
    kept = [token for at, token in enumerate(read.tokens) if clause[at] not in denied]
    rest = " ".join(text[token.start : token.end] for token in kept)
    return min(whole.alarm, judge.judge(_noticed(*_read(rest))).alarm) >= SURE


def _in_a_sentence(text: str, read: Reading, judge: Meaning) -> RedFlag | None:
    """Return the alarm that one sentence of several is by itself."""
    spans = _spans(read.layout.sentence)
    for first, last in spans if len(spans) > 1 else ():
        sentence = _read(_phrase(text, read, first, last))
        alone = judge.judge(_noticed(*sentence))
        if alone.alarm >= SURE_OF_A_SENTENCE:
            return _by_meaning(text, sentence[0], alone, offset=read.tokens[first].start)
    return None


def _is_doubted(text: str, read: Reading, found: Judged, finding: Finding, by: Judges) -> bool:
    """Tell whether an alarm is unlikely in the message, the sign's sentence and its clause: by what is said around the
    rule's words in each, or by all that is said in each."""
    parts = [(read, found)]
    for part_of in (read.layout.sentence, read.layout.clause):
        inside = [at for at, part in enumerate(part_of) if part_of[finding.first] <= part <= part_of[finding.last]]
        parts.append(_read(_phrase(text, read, inside[0], inside[-1])))
    around = [by.around.judge(_noticed_around(*part)).alarm for part in parts]
    if max(around) < DOUBTED:
        return True
    return around[0] < EVEN and all(by.whole.judge(_noticed(*part)).alarm < UNLIKELY for part in parts)


def _noticed(read: Reading, found: Judged) -> Noticed:
    return notice([token.word for token in read.tokens], _marks(read, found))


def _noticed_around(read: Reading, found: Judged) -> Noticed:
    named = {at for finding, _ in found for hit in finding.hits for at in hit.words}
    return notice([SIGN if at in named else token.word for at, token in enumerate(read.tokens)], _marks(read, found))


def _marks(read: Reading, found: Judged) -> list[str]:
    marks = set(read.hits)
    for finding, why in found:
        marks |= {f"{'cancelled' if why else 'fired'} {finding.pattern.rule.id}", "cancelled" if why else "fired", *why}
    return sorted(marks)


def _read(text: str) -> tuple[Reading, Judged]:
    tokens = normalise.read(text, spoken=load.spoken_forms(), fillers=load.fillers())
    where = layout(tokens)
    hits = find_concepts(tokens, where)
    read = reading(tokens, where, hits)
    return read, [(finding, reasons(finding, read)) for finding in find_patterns(hits, where)]


def _by_rule(text: str, read: Reading, live: Sequence[Finding]) -> RedFlag:
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
        answer=answers.to_rule(rule, other_person=other_person, in_progress=in_progress),
    )


def _by_meaning(text: str, read: Reading, judgement: Judgement, *, offset: int = 0) -> RedFlag:
    """Return the alarm of what was read, which begins at `offset` in the text; its phrase lies in one sentence."""
    sentences = _spans(read.layout.sentence)
    begins, ends = next((first, last) for first, last in sentences if first <= judgement.heaviest <= last)
    first, last = max(judgement.first, begins), min(judgement.last, ends)
    start, end = offset + read.tokens[first].start, offset + read.tokens[last].end
    other_person = speaks_of_another(read)
    return RedFlag(
        level=judgement.level,
        rule_id=BY_MEANING,
        phrase=text[start:end],
        start=start,
        end=end,
        other_person=other_person,
        in_progress=False,
        answer=answers.to_meaning(judgement.level, other_person=other_person),
    )


def _phrase(text: str, read: Reading, first: int, last: int) -> str:
    return text[read.tokens[first].start : read.tokens[last].end]


def _clauses(text: str, read: Reading) -> tuple[str, ...]:
    return tuple(_phrase(text, read, first, last) for first, last in _spans(read.layout.clause))


def _spans(part_of: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and the last token of each part, where every token has the number of its own."""
    spans: dict[int, tuple[int, int]] = {}
    for at, part in enumerate(part_of):
        first, _ = spans.get(part, (at, at))
        spans[part] = (first, at)
    return list(spans.values())
