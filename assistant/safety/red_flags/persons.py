"""Whom a sign is about."""

from assistant.safety.red_flags.cancel import Reading
from assistant.safety.red_flags.match import Finding


def is_about_another(finding: Finding, read: Reading) -> bool:
    """Tell whether the nearest person named up to the sign is someone other than the writer."""
    if finding.pattern.rule.about_writer:
        return False
    named = sorted(
        (hit.first, name == "other_person")
        for name in ("other_person", "myself")
        for hit in read.marks(name)
        if hit.first <= finding.last + 2
    )
    inside = [other for at, other in named if at >= finding.first]
    before = [other for at, other in named if at < finding.first]
    if before:
        return before[-1] or (True in inside and False not in inside and not before[-1])
    return bool(inside) and inside[0]


def speaks_of_another(read: Reading) -> bool:
    """Tell whether a message without any particular sign names somebody else, and never the writer."""
    return bool(read.marks("other_person")) and not read.marks("myself")
