"""Swedish words brought to a form that can be compared: case, base form, stem, and letters without their marks."""

import re
import unicodedata
from functools import lru_cache

FOLD = str.maketrans("åäöéèüáàæøñç", "aaoeeuaaaonc")
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
REPEATED = re.compile(r"(\w)\1{2,}")
ENDINGS = (
    *("heterna", "heten", "heter", "arnas", "ernas", "ornas", "andes", "ande", "arna", "erna", "orna", "aste"),
    *("ades", "ade", "are", "ast", "ens", "ets", "ar", "er", "or", "en", "et", "an", "as", "es", "at", "na"),
    *("te", "de", "a", "e", "s"),
)
SHORTEST_STEM = 4
STOP_WORDS = frozenset(
    word
    for line in """
    alla allt andra att av bara bli blir blev då de dem den denna deras dess det detta dig din dina ditt dom du där
    efter egen ej eller en er era ert ett finns få får för före från fått ge genom gör göra ha hade han hans har hej
    henne hennes hit hon honom hur här i igen in inte ja jag just kan kanske kom kommer kunde kunna lite man med mej
    men mig min mina mitt mot mycket må måste nej ni nog nu när någon något några och också om oss på sa sade samt
    sedan sej sen sig sin sina sitt ska skall skulle som så sådan till tack tar under upp ut utan va vad vem var vara
    varför varit vart vet vi vid vilken vilka vilket vill vår å är än även åt över håller går gått gick känns känner
    brukar hela lika ens dock ju väl ändå
    """.splitlines()
    for word in line.split()
)


def normalise(text: str) -> str:
    """Return the text in composed lower case with no letter more than twice in a row."""
    return REPEATED.sub(r"\1\1", unicodedata.normalize("NFC", text).lower())


def words(text: str) -> list[str]:
    """Return the words of the text in order, normalised; a hyphen inside a word stays."""
    return WORD.findall(normalise(text))


def fold(word: str) -> str:
    """Return the word without å, ä, ö and accents."""
    return word.translate(FOLD)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the word without its ending, as far as four letters remain and the ending is a common one."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word
