"""Finds the concepts of the rules in a text, and the rules whose concepts stand together."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, pairwise

from assistant.safety.red_flags.clauses import Layout
from assistant.safety.red_flags.load import Pattern, rule_book
from assistant.safety.red_flags.normalise import Token, canonical
from assistant.safety.red_flags.numbers import values_near
from assistant.safety.red_flags.vocabulary import ANY_YEAR, Vocabulary

GAP = ".."
LONGEST_GAP = 3
"""Words that may stand where a term says `..`."""
NARROW_WINDOW = 14
WIDE_WINDOW = 45
ORDERED_WINDOW = 7
MOST_FINDINGS = 50
"""Words between the concepts of one pattern: in a sentence, across sentences, in order; and findings kept of each."""

STEPPED_OVER = frozenset(
    {"jag", "han", "hon", "vi", "mamma", "pappa", "mor", "far", "man", "mig", "honom", "henne"}
    | {"plötsligt", "nu", "längre", "helt", "alls", "nästan", "suddenly", "even", "really"}
)
"""Words that may stand between a verb and its negation: subjects turned round, objects and adverbs."""
NEGATIONS = frozenset({"inte", "ingen", "inget", "knappt"})

Element = frozenset[str] | None
Term = tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """One concept found: the words from `first` to `last`, of which `words` were named by the rule."""

    concept: str
    first: int
    last: int
    words: frozenset[int]


@dataclass(frozen=True, slots=True)
class Finding:
    """One pattern of a rule whose concepts all stand together."""

    pattern: Pattern
    hits: tuple[Hit, ...]

    @property
    def first(self) -> int:
        """Number of the first word."""
        return min(hit.first for hit in self.hits)

    @property
    def last(self) -> int:
        """Number of the last word."""
        return max(hit.last for hit in self.hits)


def find_concepts(tokens: Sequence[Token], layout: Layout) -> list[Hit]:
    """Return every concept in the text, measured values included."""
    lexicon = _lexicon()
    possible = [lexicon.vocabulary.atoms_of(token.word) for token in tokens]
    light = [token.word in STEPPED_OVER for token in tokens]
    hits: set[Hit] = set()
    for start in range(len(tokens)):
        for concept, term in lexicon.starting_with(possible[start]):
            hits.update(_follow(term, concept, start, possible=possible, light=light, layout=layout))
        hits.update(_joined(tokens, start, lexicon))
    hits.update(_measured(tokens, layout, hits))
    return sorted(hits, key=lambda hit: (hit.first, hit.last, hit.concept))


def find_patterns(hits: Sequence[Hit], layout: Layout) -> Iterator[Finding]:
    """Yield every pattern whose concepts stand together, in the order of the rules."""
    by_concept: dict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        by_concept[hit.concept].append(hit)
    for pattern in _candidates(by_concept):
        if pattern.most_words and len(layout.clause) > pattern.most_words:
            continue
        found = (
            Finding(pattern, chosen)
            for chosen in _choose(pattern.concepts, by_concept, ())
            if _together(chosen, layout, pattern) and not _ruled_out(pattern, chosen, by_concept, layout)
        )
        yield from islice(found, MOST_FINDINGS)


def _candidates(by_concept: Mapping[str, object]) -> Iterator[Pattern]:
    starting = _patterns_by_first_concept()
    found = [entry for concept in by_concept for entry in starting.get(concept, ())]
    yield from (pattern for _, pattern in sorted(found, key=lambda entry: entry[0]))


@lru_cache
def _patterns_by_first_concept() -> dict[str, list[tuple[int, Pattern]]]:
    starting: dict[str, list[tuple[int, Pattern]]] = defaultdict(list)
    for number, pattern in enumerate(rule_book().patterns):
        starting[pattern.concepts[0]].append((number, pattern))
    return starting


def _choose(
    names: tuple[str, ...], by_concept: Mapping[str, list[Hit]], chosen: tuple[Hit, ...]
) -> Iterator[tuple[Hit, ...]]:
    if len(chosen) == len(names):
        yield chosen
        return
    for hit in _near(by_concept.get(names[len(chosen)], []), chosen):
        if all(not hit.words & other.words for other in chosen):
            yield from _choose(names, by_concept, (*chosen, hit))


def _near(hits: list[Hit], chosen: tuple[Hit, ...]) -> list[Hit]:
    """Return the hits, sorted by place, that are not too far from those chosen already."""
    if not chosen:
        return hits
    start = bisect_left(hits, chosen[0].first - WIDE_WINDOW, key=_first)
    return hits[start : bisect_right(hits, chosen[0].first + WIDE_WINDOW, key=_first)]


def _first(hit: Hit) -> int:
    return hit.first


def _together(hits: tuple[Hit, ...], layout: Layout, pattern: Pattern) -> bool:
    if len(hits) == 1:
        return True
    first, last = min(hit.first for hit in hits), max(hit.last for hit in hits)
    if pattern.wide:
        return last - first <= WIDE_WINDOW
    if pattern.ordered and not all(_follows(a, b, layout) for a, b in pairwise(hits)):
        return False
    return last - first <= NARROW_WINDOW and layout.sentence[first] == layout.sentence[last]


def _follows(before: Hit, after: Hit, layout: Layout) -> bool:
    near = 0 < after.first - before.last <= ORDERED_WINDOW
    return near and layout.clause[before.last] == layout.clause[after.first]


def _ruled_out(pattern: Pattern, chosen: tuple[Hit, ...], by_concept: Mapping[str, list[Hit]], layout: Layout) -> bool:
    clauses = {layout.clause[hit.first] for hit in chosen} | {layout.clause[hit.last] for hit in chosen}
    clauses |= {clause + 1 for clause in clauses} & layout.circumstances
    return any(layout.clause[hit.first] in clauses for name in pattern.rule.unless for hit in by_concept.get(name, ()))


def _follow(
    term: Term,
    concept: str,
    start: int,
    *,
    possible: Sequence[frozenset[str]],
    light: Sequence[bool],
    layout: Layout,
) -> Iterator[Hit]:
    """Yield the first way in which the words from `start` on make the term."""
    ends: list[tuple[tuple[int, ...], int]] = [((start,), start)]
    gap = 0
    for element in term[1:]:
        if element is None:
            gap = LONGEST_GAP
            continue
        ends = [
            ((*words, at), at)
            for words, end in ends
            for at in range(end + 1, min(end + 2 + max(gap, _inversion(end, element, light)), len(possible)))
            if possible[at] & element
            and (at == end + 1 or layout.clause[at] == layout.clause[end])
            and layout.sentence[at] == layout.sentence[start]
        ]
        gap = 0
    for words, end in ends[:1]:
        yield Hit(concept, start, end, frozenset(words))


def _inversion(end: int, element: frozenset[str], light: Sequence[bool]) -> int:
    """Return 1 where a word that may be stepped over stands between verb and negation ("kunde jag inte")."""
    return int(end + 1 < len(light) and light[end + 1] and not element.isdisjoint(NEGATIONS))


def _joined(tokens: Sequence[Token], start: int, lexicon: "Lexicon") -> Iterator[Hit]:
    for length in (2, 3):
        end = start + length
        if end > len(tokens) or any(token.stop for token in tokens[start : end - 1]):
            return
        word = "".join(token.word for token in tokens[start:end])
        without_last = len(word) - len(tokens[end - 1].word)
        for concept, term in lexicon.starting_with(lexicon.vocabulary.atoms_of_joined(word, without_last)):
            if len(term) == 1:
                yield Hit(concept, start, end - 1, frozenset(range(start, end)))


def _measured(tokens: Sequence[Token], layout: Layout, hits: Iterable[Hit]) -> list[Hit]:
    found = []
    for name, measured in rule_book().measured.items():
        for hit in hits:
            if hit.concept != measured.words:
                continue
            for at, value in values_near(tokens, hit.first, hit.last, layout):
                if measured.at_least <= value < measured.below:
                    first, last = min(hit.first, at), max(hit.last, at)
                    found.append(Hit(name, first, last, frozenset({*hit.words, at})))
    return found


@dataclass(frozen=True)
class Lexicon:
    """The terms of every concept, reachable from their first word."""

    vocabulary: Vocabulary
    starts: Mapping[str, Sequence[tuple[str, Term]]]

    def starting_with(self, atoms: frozenset[str]) -> Iterator[tuple[str, Term]]:
        """Yield the terms whose first word is one of `atoms`, each with its concept."""
        seen: set[tuple[str, Term]] = set()
        for atom in atoms:
            for entry in self.starts.get(atom, ()):
                if entry not in seen:
                    seen.add(entry)
                    yield entry


@lru_cache
def _lexicon() -> Lexicon:
    book = rule_book()
    starts: dict[str, list[tuple[str, Term]]] = defaultdict(list)
    atoms: set[str] = set()
    for concept, written in book.concepts.items():
        for text in written:
            term = _term(text, book.concepts)
            atoms.update(atom for element in term if element for atom in element)
            for atom in term[0] or ():
                starts[atom].append((concept, term))
    return Lexicon(
        Vocabulary(atoms, lookalikes=book.language.lookalikes, intensifiers=book.language.intensifiers), starts
    )


def _term(text: str, concepts: Mapping[str, tuple[str, ...]]) -> Term:
    return tuple(None if part == GAP else _element(part, concepts) for part in text.split())


def _element(part: str, concepts: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    atoms: set[str] = set()
    for choice in part.split("|"):
        named = re.fullmatch(r"<(\w+)>", choice)
        if named:
            single = (term for term in concepts[named[1]] if " " not in term)
            atoms.update(atom for term in single for atom in _element(term, concepts))
        else:
            atoms.add(_atom(choice))
    return frozenset(atoms)


def _atom(text: str) -> str:
    if text == ANY_YEAR:
        return text
    before, after = "*" * text.startswith("*"), "*" * text.endswith("*")
    return f"{before}{canonical(text.strip('*'))}{after}"
