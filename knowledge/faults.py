"""What is wrong with the fields of an article, in Swedish, with the line where it stands."""

from collections.abc import Sequence

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

FIRST_LINE = 2
"""The front matter begins on the line after the first ---."""
WORDS = {
    "missing": "saknas",
    "extra_forbidden": "finns inte. Är det felstavat?",
    "string_too_short": "är tomt",
    "string_too_long": "är för långt, högst {max_length} tecken",
    "string_pattern_mismatch": "får bara ha små bokstäver a–z, siffror och bindestreck",
    "string_type": "ska vara en text",
    "list_type": "ska vara en lista",
    "bool_parsing": "ska vara true eller false",
    "enum": "ska vara draft, review, published eller withdrawn",
}
WORDS_BY_START = {
    "date": "ska vara ett datum, som 2027-05-21",
    "url": "ska vara en webbadress, som https://www.1177.se/",
    "int": "ska vara ett heltal",
    "greater_than": "är för litet",
}
OTHER = "är fel ifyllt"
NAMES = {
    "slug": "Adress",
    "title": "Rubrik",
    "group": "Grupp",
    "audience": "För vem",
    "summary": "Sammanfattning",
    "synonyms": "Fackord",
    "lay_words": "Vardagsord",
    "icd10": "ICD-10-SE",
    "atc": "ATC",
    "sources": "Källor",
    "author": "Författare",
    "review_by": "Granskas senast",
    "spoken": "Kort uppläst text",
    "body": "Text",
    "questions": "Frågor",
}
"""Fields as the pages name them."""

Place = Sequence[str | int]


def of_yaml(error: yaml.YAMLError) -> str:
    """Return where YAML could not be read."""
    mark = getattr(error, "problem_mark", None)
    where = f"Rad {mark.line + FIRST_LINE}: " if mark else ""
    return f"{where}huvudet går inte att tolka. Kontrollera kolon, citattecken och indrag."


def of_file(error: ValidationError, head: str) -> str:
    """Return every fault of a file's fields with its line and the field's name in the file."""
    root = yaml.compose(head, Loader=yaml.SafeLoader)
    faults = [(_line(root, one["loc"]), ".".join(map(str, one["loc"])), _words(one)) for one in error.errors()]
    return " ".join(f"Rad {line}: fältet {name} {words}." for line, name, words in sorted(faults))


def of_form(error: ValidationError) -> dict[str, str]:
    """Return the faults of a form by field, with the field's name on the page."""
    found: dict[str, str] = {}
    for one in error.errors():
        field = str(one["loc"][0])
        found.setdefault(field, f"{NAMES.get(field, field)}: fältet {_words(one)}.")
    return found


def _words(fault: ErrorDetails) -> str:
    kind = fault["type"]
    if kind in WORDS:
        return WORDS[kind].format(**fault.get("ctx", {}))
    return next((words for start, words in WORDS_BY_START.items() if kind.startswith(start)), OTHER)


def _line(root: yaml.Node | None, place: Place) -> int:
    node = root
    for step in place:
        inner = _inner(node, step)
        if inner is None:
            break
        node = inner
    return (node.start_mark.line if node else 0) + FIRST_LINE


def _inner(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        inner: yaml.Node = node.value[step]
        return inner
    return None
