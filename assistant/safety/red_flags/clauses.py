"""Where one statement ends and the next begins, so that "inte" in one says nothing about the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.safety.red_flags.load import rule_book
from assistant.safety.red_flags.normalise import Token, canonical


@dataclass(frozen=True, slots=True)
class Layout:
    """The number of the clause and of the sentence of each word, and the clauses that say how the one before came."""

    clause: tuple[int, ...]
    sentence: tuple[int, ...]
    circumstances: frozenset[int]


def layout(tokens: Sequence[Token]) -> Layout:
    """Number clauses and sentences: by punctuation, and by the words that open a clause when it is missing."""
    clauses: list[int] = []
    sentences: list[int] = []
    circumstances: set[int] = set()
    openers = rule_book().language.circumstance_openers
    clause = sentence = 0
    for position in range(len(tokens)):
        if position and (tokens[position - 1].stop or _opens_clause(tokens, position)):
            clause += 1
            sentence += tokens[position - 1].stop == "."
            if tokens[position].word in openers and tokens[position - 1].stop != ".":
                circumstances.add(clause)
        clauses.append(clause)
        sentences.append(sentence)
    return Layout(tuple(clauses), tuple(sentences), frozenset(circumstances))


def _opens_clause(tokens: Sequence[Token], position: int) -> bool:
    openers, before_subject, subjects = _openers()
    word = tokens[position].word
    if word in openers:
        return True
    following = tokens[position + 1].word if position + 1 < len(tokens) else ""
    if word in before_subject and following in subjects:
        return True
    statement = rule_book().language.statement
    return (
        word in statement.subjects and following in statement.verbs and tokens[position - 1].word not in statement.after
    )


@lru_cache
def _openers() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    language = rule_book().language
    lists = (language.clause_openers, language.clause_openers_before_subject, language.subjects)
    first, second, third = (frozenset(canonical(word) for word in words) for words in lists)
    return first, second, third
