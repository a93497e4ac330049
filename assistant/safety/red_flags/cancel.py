"""What takes the alarm out of a sign: it is denied, long past, imagined, asked about in general, told, a joke, over."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.safety.red_flags.clauses import Layout
from assistant.safety.red_flags.load import MARKERS, Reason, rule_book
from assistant.safety.red_flags.match import Finding, Hit
from assistant.safety.red_flags.normalise import Token

WORDS_DENIED_AFTER = 7
WORDS_DENIED_AFTER_NARROW = 2
WORDS_TO_JOKE = 9
MARKERS_OF: Mapping[Reason, tuple[str, ...]] = {
    "past": ("past", "died"),
    "hypothetical": ("hypothetical",),
    "question": ("question",),
    "fiction": ("fiction",),
    "idiom": ("idiom", "joking"),
    "resolved": ("resolved",),
    "usual": ("usual",),
}
"""Concepts that say so of the whole message. A negation is none: "svarar inte" is a sign."""
LISTED_ON = frozenset({"eller", "heller", "or", "nor"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as the layer has read it."""

    tokens: Sequence[Token]
    layout: Layout
    hits: Mapping[str, Sequence[Hit]]

    def marks(self, name: str) -> Sequence[Hit]:
        """Return where the marker `name` stands."""
        return self.hits.get(name, ())

    def in_clause(self, name: str, clause: int) -> bool:
        """Tell whether the marker stands in the clause."""
        return any(self.layout.clause[hit.first] == clause for hit in self.marks(name))


def reading(tokens: Sequence[Token], layout: Layout, hits: Sequence[Hit]) -> Reading:
    """Return the text with its hits by concept."""
    by_concept: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_concept[hit.concept].append(hit)
    return Reading(tokens, layout, by_concept)


def reasons(finding: Finding, read: Reading) -> frozenset[Reason]:
    """Return what cancels the finding, of that which its rule lets cancel it."""
    allowed = set(finding.pattern.rule.cancelled_by)
    lasting = rule_book().lasting
    found: set[Reason] = set()
    for hit in finding.hits:
        for reason, holds in _checks(hit, finding, read):
            if reason in allowed and (hit.concept not in lasting or reason == "negated") and holds:
                found.add(reason)
    return frozenset(found)


def _checks(hit: Hit, finding: Finding, read: Reading) -> Iterator[tuple[Reason, bool]]:
    taken = frozenset(word for one in finding.hits for word in one.words)
    yield "negated", _negated(hit, taken, read)
    yield "idiom", _overlaps(hit, read.marks("idiom")) or _near(hit, read.marks("joking"), read)
    yield "fiction", _told(hit, read)
    yield "question", _asked(hit, taken, read)
    yield "hypothetical", _imagined(hit, taken, read)
    yield "past", _past(hit, taken, read)
    yield "resolved", _over(hit, taken, read)
    yield "usual", _marked_in_clause(hit, "usual", taken, read)


def _overlaps(hit: Hit, others: Sequence[Hit]) -> bool:
    return any(hit.words & frozenset(range(other.first, other.last + 1)) for other in others)


def _near(hit: Hit, others: Sequence[Hit], read: Reading) -> bool:
    sentence = read.layout.sentence
    return any(
        sentence[other.first] == sentence[hit.first]
        and max(other.first - hit.last, hit.first - other.last) <= WORDS_TO_JOKE
        for other in others
    )


def _negated(hit: Hit, taken: frozenset[int], read: Reading) -> bool:
    negators = frozenset(mark.first for mark in read.marks("negation"))
    if any(hit.first < negator < hit.last for negator in negators - taken):
        return True
    narrow: frozenset[int] = frozenset()
    for mark in read.marks("negation_narrow"):
        narrow |= mark.words
        if not mark.words & negators & taken and _reach(mark, WORDS_DENIED_AFTER_NARROW, hit, read):
            return True
    for mark in read.marks("negation"):
        if mark.words & (taken | narrow):
            continue
        if _reach(mark, WORDS_DENIED_AFTER, hit, read) or _just_before(hit, mark, read):
            return True
    return False


def _reach(mark: Hit, words: int, hit: Hit, read: Reading) -> bool:
    """Tell whether the hit begins within so many words after the marker, in its clause or a list that goes on."""
    if not 0 < hit.first - mark.last <= words:
        return False
    clause = read.layout.clause
    return all(clause[at] == clause[at - 1] or _list_goes_on(at, read) for at in range(mark.last + 1, hit.first + 1))


def _list_goes_on(at: int, read: Reading) -> bool:
    if read.layout.sentence[at] != read.layout.sentence[at - 1]:
        return False
    clause = read.layout.clause
    rest = [token.word for number, token in enumerate(read.tokens[at:], at) if clause[number] == clause[at]]
    return bool(LISTED_ON.intersection(rest)) and not set(rule_book().language.subjects).intersection(rest)


def _just_before(hit: Hit, mark: Hit, read: Reading) -> bool:
    """Tell whether the negation follows the hit ("trycker inte") and does not begin a sign itself ("inte leva")."""
    if hit.last != mark.first - 1 or read.layout.clause[hit.last] != read.layout.clause[mark.first]:
        return False
    return not any(
        other.first == mark.first and len(other.words) > 1
        for name, hits in read.hits.items()
        if name not in MARKERS
        for other in hits
    )


def _told(hit: Hit, read: Reading) -> bool:
    """Tell whether the text speaks of a story and neither the clause says "jag" nor the sentence says "nu"."""
    if not read.marks("fiction") or _about_writer(hit, read):
        return False
    sentence = read.layout.sentence
    return not any(sentence[mark.first] == sentence[hit.first] for mark in read.marks("present"))


def _about_writer(hit: Hit, read: Reading) -> bool:
    """Tell whether the writer stands in the hit's clause, other than as the reader of the story ("boken jag läser")."""
    clause = read.layout.clause[hit.first]
    reader = frozenset(word for mark in read.marks("reader") for word in mark.words)
    return any(read.layout.clause[mark.first] == clause and not mark.words & reader for mark in read.marks("myself"))


def _asked(hit: Hit, taken: frozenset[int], read: Reading) -> bool:
    return _opened_by("question", hit, taken, read)


def _imagined(hit: Hit, taken: frozenset[int], read: Reading) -> bool:
    return _opened_by("hypothetical", hit, taken, read)


def _opened_by(name: str, hit: Hit, taken: frozenset[int], read: Reading) -> bool:
    """Tell whether the marker opens the sentence before the hit and nothing since brings it back to the present."""
    sentence = read.layout.sentence
    for mark in read.marks(name):
        if mark.words & taken or sentence[mark.first] != sentence[hit.first] or mark.first > hit.last:
            continue
        if read.layout.clause[mark.first] != read.layout.clause[hit.first] and _is_statement(hit, read):
            continue
        if not any(sentence[now.first] == sentence[hit.first] for now in read.marks("present")):
            return True
    return False


def _is_statement(hit: Hit, read: Reading) -> bool:
    """Tell whether the hit's clause begins as a statement of its own ("jag vill ...", "hon har ...")."""
    clause = read.layout.clause
    words = [token.word for number, token in enumerate(read.tokens) if clause[number] == clause[hit.first]]
    statement = rule_book().language.statement
    return len(words) > 1 and words[0] in statement.subjects and words[1] in statement.verbs


def _past(hit: Hit, taken: frozenset[int], read: Reading) -> bool:
    if read.in_clause("present", read.layout.clause[hit.first]):
        return False
    if _marked_in_clause(hit, "past", taken, read) or _marked_in_clause(hit, "died", taken, read):
        return True
    if not read.in_clause("preterite", read.layout.clause[hit.first]):
        return False
    clause, sentence = read.layout.clause, read.layout.sentence
    return any(
        abs(clause[mark.first] - clause[hit.first]) <= 1
        and sentence[mark.first] == sentence[hit.first]
        and not mark.words & taken
        for mark in read.marks("past")
    )


def _over(hit: Hit, taken: frozenset[int], read: Reading) -> bool:
    clause = read.layout.clause
    later = [mark for mark in _undenied("resolved", read) if clause[mark.last] >= clause[hit.first]]
    again = any(mark.first > hit.last for mark in _undenied("relapse", read))
    return any(not mark.words & taken for mark in later) and not again


def _undenied(name: str, read: Reading) -> list[Hit]:
    """Return where the marker stands without a negation just before it ("går inte över")."""
    denied = {mark.last for mark in read.marks("negation")}
    return [mark for mark in read.marks(name) if not denied & {mark.first - 2, mark.first - 1}]


def _marked_in_clause(hit: Hit, name: str, taken: frozenset[int], read: Reading) -> bool:
    clauses = {read.layout.clause[hit.first], read.layout.clause[hit.last]}
    clauses |= {clause + 1 for clause in clauses} & read.layout.circumstances
    return any(read.layout.clause[mark.first] in clauses and not mark.words & taken for mark in read.marks(name))
