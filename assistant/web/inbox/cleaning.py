"""Removes from a text what could tell who it is about, before it is stored or shown to those who teach the assistant.

It is a list of what is let through, not of what is stopped: every word of a cleaned text stands in our own texts, and
everything else is masked. Numbers, dates, addresses and names are masked even where their words are ordinary ones. A
text that is long, or of which too much had to be masked, is withheld.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator

from rapidfuzz.distance import DamerauLevenshtein

from assistant.web.inbox.trusted_words import NAMES_AND_WORDS, capitalised, common_names, trusted
from knowledge.text import fold

LONGEST = 300
"""Characters: who tells a story tells who they are."""
MOST_MASKED = 3
"""Masks in one text; more of them, or as many masks as words, say that we do not understand what it holds."""
NAME, PLACE, NUMBER, DATE, CONTACT, WORD = "[namn]", "[adress]", "[tal]", "[datum]", "[kontakt]", "[ord]"
PUBLIC_NUMBERS = frozenset({"112", "1177", "90101", "113 13", "11414"})
MONTHS = (
    r"(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|okt|nov|dec)"
)
UNITS = (
    "noll|en|ett|två|tre|fyra|fem|sex|sju|sjutti|åtta|nio|tio|elva|tolv|tretton|fjorton|femton|sexton|sjutton|arton|nitton|"
    "tjugo|tjugi|trettio|tretti|fyrtio|förtio|förti|fyrti|femtio|femti|sextio|sexti|sjuttio|åttio|åtti|nittio|nitti|"
    "hundra|tusen|miljoner|miljon"
)
SPELT_OUT = re.compile(rf"(?:{UNITS})(?:{UNITS}|och|å)*(?:e|nde|de|talet|årig|åringen|åring|års)?")
SMALL_NUMBERS = frozenset({"en", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio"})
ORDINALS = "första|andra|tredje|fjärde|femte|sjätte|sjunde|åttonde|nionde|tionde|elfte|tolfte|\\w+(?:onde|tionde|ionde)"
PERSONS = frozenset(
    word
    for line in """
    dotter dottern son sonen man mannen maken make hustru hustrun fru frun sambo sambon syster systern bror
    brodern mamma mor mormor morfar farmor farfar pappa far barnbarn barnbarnet granne grannen vän väninna
    väninnan kompis doktor doktorn dr läkare läkaren sköterska sköterskan distriktssköterska undersköterska herr
    farbror tant moster faster morbror heter hette kallas namnet namn svärdotter svärson kusin pojkvän flickvän
    partner gubben gumman
    """.splitlines()
    for word in line.split()
)
STREET = re.compile(
    r"\w{2,}(?:gatan|gata|gränden|gränd|vägen|väg|torget|allén|stigen|backen|platsen|plan|parken|gården)s?"
)
TOKEN = re.compile(r"\[\w+\]|[^\W\d_]+(?:[-'’][^\W\d_]+)*")
ONE_LETTER_WORDS = frozenset("iåöoe")
SENTENCE_ENDS = ".!?\n"

_CONTACTS = re.compile(
    r"\S*@\S*|\b\S*snabel-?a\S*\b|https?://\S+|\bwww\.\S+|\b[\w-]+\.(?:se|com|nu|org|net|eu|fi|no|dk)\b\S*",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<!\w)\+?\d(?:[\d\s\-–/.,:()]*\d)?(?!\w)|\w*\d\w*")
_DATES = re.compile(
    rf"(?:den\s+)?(?:(?:\[tal\]|\b(?:{ORDINALS})\b)(?::?[ae])?\s+)?\b{MONTHS}\b(?:\s+\[tal\])?", re.IGNORECASE
)


def cleaned(text: str, *, names: Collection[str]) -> str | None:
    """Return the text with what may identify somebody masked; None when it is better withheld.

    `names` are names that are known to bear on the person: their own, relatives', staff's.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if not any(map(str.isalpha, plain)) or len(plain) > LONGEST:
        return None
    masked = _CONTACTS.sub(CONTACT, plain.replace("[", "(").replace("]", ")"))
    masked = _DIGITS.sub(_mask_number, masked)
    masked = _DATES.sub(DATE, masked)
    masked = _mask_words(masked, _parts(names))
    return masked if _says_enough(masked) else None


def _mask_number(found: re.Match[str]) -> str:
    held = found[0]
    if held in PUBLIC_NUMBERS or held.lower() in trusted():
        return held
    return CONTACT if sum(sign.isdigit() for sign in held) >= 7 else NUMBER


def _parts(names: Collection[str]) -> frozenset[str]:
    """Return each part of the names in small letters, as it is and without its marks."""
    parts = [part.lower() for name in names for part in re.findall(r"[^\W\d_]+", name) if len(part) > 1]
    return frozenset([*parts, *map(fold, parts)])


def _mask_words(text: str, names: frozenset[str]) -> str:
    """Mask every word that is a name, a number, a street, or none that we know."""
    shouted = text == text.upper()
    written: list[str] = []
    end, before = 0, ""
    for found in TOKEN.finditer(text):
        between = text[end : found.start()]
        begins = end == 0 or any(sign in SENTENCE_ENDS for sign in between)
        word = _mask_word(found[0], before, names=names, small=shouted or (begins and not found[0].isupper()))
        written += [_signs(between), word]
        end, before = found.end(), word
    return _joined("".join([*written, _signs(text[end:])]))


def _mask_word(word: str, before: str, *, names: frozenset[str], small: bool) -> str:
    """Return the word or its mask. `small` says that its capital means nothing; `before` is the word before, masked."""
    if word.startswith("["):
        return word
    lower = word.lower()
    if _is_name(
        lower, names, after_person=before.lower() in PERSONS or before == NAME, capital=not small and word != lower
    ):
        return NAME
    if STREET.fullmatch(lower) and lower not in trusted():
        return PLACE
    if SPELT_OUT.fullmatch(lower) and lower not in SMALL_NUMBERS:
        return NUMBER
    return word if lower in trusted() else _nearest(lower, capital=word != lower)


def _is_name(lower: str, names: frozenset[str], *, after_person: bool, capital: bool) -> bool:
    forms = {lower, lower.removesuffix("s"), fold(lower), fold(lower).removesuffix("s")}
    if forms & names or any(part in names for part in re.split(r"[-'’]", lower)):
        return True
    if lower not in trusted() and any(_is_slip(lower, name) for name in names):
        return True
    common = {lower, lower.removesuffix("s")} & common_names()
    if common and not (common <= NAMES_AND_WORDS):
        return lower not in trusted() or capital or after_person
    if after_person and (capital or lower not in trusted()):
        return True
    if capital:
        return bool(common) or lower not in (trusted() | capitalised())
    return bool(common) and after_person


def _is_slip(word: str, name: str) -> bool:
    return len(name) >= 4 and DamerauLevenshtein.distance(word, name, score_cutoff=1) <= 1


def _nearest(lower: str, *, capital: bool) -> str:
    """Return a word of our own that this one is a slip of, so that nothing unknown is let through; else the mask."""
    if lower in capitalised():
        return lower
    if capital or len(lower) < 6:
        return WORD
    near = sorted(known for known in _within_one_letter(lower) if known in trusted())
    return near[0] if near else WORD


LETTERS = "abcdefghijklmnopqrstuvwxyzåäöé"


def _within_one_letter(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        head, tail = word[:place], word[place:]
        yield from (head + letter + tail for letter in LETTERS)
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]


def _signs(between: str) -> str:
    """Return what stands between words without signs of which we do not know what they say."""
    return re.sub(r"[^\s.,!?;:()\-–/%\d]", "", between)


def _joined(text: str) -> str:
    """Make one mask of several in a row, so that their number says nothing."""
    small = "|".join([*SMALL_NUMBERS, re.escape(NUMBER)])
    spelt = re.sub(rf"(?<!\w)(?:{small})(?:[\s,\-]+(?:{small}))+(?!\w)", NUMBER, text, flags=re.IGNORECASE)
    once = re.sub(r"(\[\w+\])(?:[\s,.\-–/]*\1)+", r"\1", spelt)
    return re.sub(rf"{re.escape(PLACE)}\s+(?:{small})", PLACE, once).strip()


def _says_enough(masked: str) -> bool:
    """Say whether enough is left to understand, and nothing is spelt letter by letter."""
    tokens = TOKEN.findall(masked)
    masks = sum(token.startswith("[") for token in tokens)
    letters = sum(len(token) == 1 and token.lower() not in ONE_LETTER_WORDS for token in tokens)
    return masks <= MOST_MASKED and 2 * masks <= len(tokens) and letters < 2
