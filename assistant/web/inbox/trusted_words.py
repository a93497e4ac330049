"""The words that may stand in a cleaned text: those that stand in our own texts, where no patient has written."""

import re
from functools import lru_cache
from pathlib import Path

import yaml

from assistant.settings import ROOT
from knowledge.lexicon import entries
from knowledge.snapshot import written_in
from knowledge.store import FolderStore

NAMES = Path(__file__).with_name("names.txt")
UTTERANCES = ROOT / "nlu_data" / "train"
PLACES = frozenset(
    [
        "göteborg",
        "göteborgs",
        "stockholm",
        "uppsala",
        "nyköping",
        "ringvägen",
        "bakvägen",
        "vintervägen",
        "skogsstigen",
        "folkparken",
        "granngården",
    ]
)
"""Places that our texts name, and words of theirs that are street names elsewhere."""
NAMES_AND_WORDS = frozenset(
    {"björn", "bo", "hans", "klara", "liv", "maj", "max", "my", "per", "saga", "sam", "sten", "stig", "tim", "tom"}
)
"""Names that are also ordinary words."""
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@lru_cache
def trusted() -> frozenset[str]:
    """Return every word that our articles, their questions, the lexicon and the training utterances write small.

    Only files that were shipped count: what editors and patients write later never makes a word trusted.
    """
    texts = [text for article in FolderStore().published() for text in (*written_in(article), *article.questions)]
    texts += [expression for pair in entries() for expression in pair]
    for file in sorted(UTTERANCES.glob("*/*.yml")):
        loaded = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        texts += [intent.get("examples", "") for intent in loaded["nlu"]]
    written = frozenset(word for text in texts for word in WORD.findall(text) if word == word.lower())
    return written - PLACES - (common_names() - NAMES_AND_WORDS)


@lru_cache
def capitalised() -> frozenset[str]:
    """Return the words that our articles and the lexicon write with a capital: brands, abbreviations, first words."""
    texts = [text for article in FolderStore().published() for text in written_in(article)]
    texts += [expression for pair in entries() for expression in pair]
    return frozenset(word.lower() for text in texts for word in WORD.findall(text) if word != word.lower()) - PLACES


@lru_cache
def common_names() -> frozenset[str]:
    """Return common names, in small letters."""
    lines = NAMES.read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.split())
