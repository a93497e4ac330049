"""LIX, the Swedish readability index."""

import re

LONG_WORD = 7
WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
SENTENCE = re.compile(r"[.!?:]+(?:\s|$)|\n+")


def lix(text: str) -> float:
    """Return words per sentence plus the percentage of words longer than six letters; 0 for no words.

    Below 30 reads like a book for children, 30-40 like fiction, 40-50 like a newspaper, above 60 like an agency
    (Björnsson, C. H.: Läsbarhet, 1968). A line of a list and a heading are sentences.
    """
    words = WORD.findall(text)
    if not words:
        return 0.0
    sentences = sum(bool(WORD.search(part)) for part in SENTENCE.split(text))
    long_words = sum(len(word) >= LONG_WORD for word in words)
    return len(words) / sentences + 100 * long_words / len(words)
