"""Times of day as Swedes say them: "kl halv nio", "kvart över två", "fem i halv tre", "åtta trettio", "17.30"."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.dialogue.entities.corrections import AGAIN, AT_ONCE, MEANT
from assistant.dialogue.entities.reading import Found, Reading, rule

MINUTES_OF_DAY = 24 * 60

HOUR = r"(?:[01]?\d|2[0-4])"
HOUR_IN_WORDS = {"ett": 1, "ni": 9}
HOUR_OR_WORD = r"(?:[01]?\d|2[0-4]|ett|ni(?= |$)(?! (?:kan|har|ska|vill|ar|vara)))"
MINUTE = r"[0-5]\d"
KL = r"klockan(?: (?:ca|runt|vid|typ|ungefar|efter|fore|till|vara|:|,))?"
COUNTED = (
    "kg|pounds|procent|grader|mmol|slag|mg|ml|dagar|dag|veckor|vecka|manader|manad|timmar|timme|minuter|ar|ars|arig"
    "|gang|ganger|ggr|tabletter|tablett|av|/|cm|gram|stycken|st|personer|kr|kronor|meter|steg|glas|h|min|genom|komma"
    "|hekto|andetag|liter|i puls|barn|barnbarn|piller|dos|doser|enheter|kapslar"
    "|puffar|trappor|nummer|mest|stora|par|halvar|tag|om dag|om vecka|dagar i rad|natter|tuggor|koppar"
)
NOT_COUNTED = rf"(?! (?:{COUNTED})(?: |$))"
NEAR = (
    r"vid|runt|efter|fore|till|typ(?! [12]\b)|ca|cirka|ungefar|senast|tidigast|sa dar|fran|fran och med|redan|forst"
    "|forran|mot|framat|va|i stallet for|inte|helst|hellre|battre|sag"
)
MORE = rf"(?:(?: och)? (?P<spoken>{MINUTE}))?"

HALF = rule(
    rf"(?:{KL} )?(?:(?P<minutes>[1-9]|1\d|2[0-5]|kvart)(?: minuter)? (?P<side>i|over|fore|efter) )?"
    rf"halv (?:- )?(?P<hour>{HOUR_OR_WORD}){NOT_COUNTED}"
)
PAST_OR_TO = rule(
    rf"(?:{KL} )?(?:(?<!den )en )?(?<!den )(?P<minutes>[1-9]|1\d|2\d|kvart)(?: minuter)? (?P<side>i|over|fore|efter) "
    rf"(?P<hour>{HOUR_OR_WORD}){NOT_COUNTED}"
)
PACKED = rule(rf"{KL} (?P<hour>[01]\d|2[0-3])(?P<minute>{MINUTE})")
WITH_KL = rule(
    rf"{KL} (?P<hour>{HOUR_OR_WORD})"
    rf"(?:[.:,](?P<minute>{MINUTE})|(?: och| :| \.)? (?P<spoken>{MINUTE}|0 \d){NOT_COUNTED})?"
)
ABOUT = rule(rf"(?P<hour>{HOUR_OR_WORD})(?: -| –)? tiden")
DIGITAL = rule(rf"(?P<hour>{HOUR})[.:](?P<minute>{MINUTE})(?: h)?{NOT_COUNTED}")
FULL_HOUR = rule(rf"(?P<hour>{HOUR}) 0 (?P<minute>\d)")
AND_TO = r"(?:och|-|–|till|to)"
BETWEEN = rule(rf"mellan (?P<it>(?P<hour>{HOUR_OR_WORD}))(?= {AND_TO} (?:<clock>|{HOUR_OR_WORD}){NOT_COUNTED}(?: |$))")
FIRST = rule(rf"(?P<it>(?P<hour>{HOUR_OR_WORD}))(?= (?:-|–|till|to) <clock>)")
ONE = rule(
    r"(?:vid|runt|efter|fore|till|<date>|mellan <clock> och|<clock> (?:-|–|till|to)) (?P<it>(?P<hour>ett))"
    r"(?= (?:pa|den|da|nu|i|eller|-|–|till|to|,|[.!?]|<\w+>)(?: |$)|$)"
)
CORRECTED = rule(rf"<clock>(?:{AGAIN}|{AT_ONCE}(?= \S+{MEANT})) (?P<it>(?P<hour>{HOUR}){MORE}){NOT_COUNTED}")
SLEPT_AT = rule(rf"(?:somna|vakna)\w*(?: sent| tidigt)? (?P<it>(?P<hour>{HOUR}){MORE}){NOT_COUNTED}")
NEAR_HOUR = rule(rf"(?:{NEAR})(?: {KL})? (?P<it>(?P<hour>(?!0(?: |$)){HOUR}){MORE}){NOT_COUNTED}")
AFTER_DAY = rule(rf"(?:<date>|<part>|<recurring>|varje dag)(?: ,)? (?P<it>(?P<hour>{HOUR}){MORE}){NOT_COUNTED}")
BEFORE_PART = rule(rf"(?P<it>(?P<hour>{HOUR}){MORE})(?= (?:pa |i |om |varje |in den |in )(?:<part>|varje dag))")
AT_NOON = rule(r"(?P<it>(?P<hour>ett|1[0-2]))(?= (?:mitt )?pa dag(?: |$))")
BEFORE_DAY = rule(rf"(?P<it>(?P<hour>[6-9]|1\d|2[0-3]){MORE})(?= (?:<part>|(?:(?:nu )?pa )?<date>))")
PACKED_BEFORE_DAY = rule(r"(?P<it>(?P<hour>[01]\d)(?P<minute>00|15|30|45))(?= (?:(?:nu )?pa )?<date>)")
SECOND = rule(
    r"(?:mellan <clock> och|<clock> (?:-|–|eller|till|to)) "
    rf"(?P<it>(?P<hour>{HOUR})(?:[.:](?P<minute>{MINUTE})|{MORE})){NOT_COUNTED}"
)
INSTEAD = rule(rf"(?P<it>(?P<hour>{HOUR}){MORE})(?= (?:i stallet|hellre))")
ASKED = (
    r"(?:kom|komma|kommer|fraga|fragor|fragar|incheckning|inchekning|avstamning|morgonkoll|ring|ringa|ringer|saj|vack"
    r"|vill|vaknar|borjar|alltsa|larm|larma|vanta|mig)"
)
ENDS = r"(?= (?:i stallet|hellre|,|\.|!|\?|da|du|tack|och|sa|den|for|pa|varje|om)(?: |$)|$)"
VERB_HOUR = rule(rf"{ASKED} (?P<it>(?P<hour>[6-9]|1\d|2[0-2]){MORE}){ENDS}{NOT_COUNTED}")
LISTED = rule(rf"<clock>(?: ,| och) (?P<it>(?P<hour>{HOUR}))(?= (?:och|,|om|pa|i|med|for|varje)(?: |$)|$)")
ALONE = rule(
    rf"(?P<hour>{HOUR}|(?<=^)ett(?=$))(?:[.:](?P<minute>{MINUTE})|(?: och)? (?P<spoken>{MINUTE}))?{NOT_COUNTED}"
)
ENGLISH = rule(
    r"(?<!fran )(?<!mellan )(?:vid )?(?P<minutes>half|quarter|5|1\d|2\d)(?: minuter)? (?P<side>past|to) "
    r"(?P<hour>1[0-2]|[1-9])(?! (?:am|pm|pa <date>))"
)
AM_PM = rule(r"(?:vid )?(?P<hour>1[0-2]|[1-9])(?:[.:](?P<minute>[0-5]\d))? (?P<half>am|pm)")
AM_PM_FIRST = rule(
    r"(?P<it>(?P<hour>1[0-2]|[1-9])(?:[.:](?P<minute>[0-5]\d))?)"
    r"(?= (?:och|-|–|till|to) (?P<last>1[0-2]|[1-9])(?:[.:][0-5]\d)? (?P<half>am|pm)(?: |$))"
)
MIDNIGHT = rule(r"(?:vid )?(?:midnatt|midnight)")
NOON = rule(r"(?:vid )?(?:noon|midday)")


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as said: minutes after midnight; `certain` when the half of the day is beyond doubt."""

    minutes: int
    certain: bool = False
    after: bool = False

    def resolved(self, part: str | None) -> str:
        """Return "HH:MM" in the half of the day that `part` tells, or else the waking one.

        Without a part, one to six is the afternoon and the rest is as said; "efter sex" is the evening.
        """
        minutes = self.minutes
        if not self.certain and self._is_late(part):
            minutes += MINUTES_OF_DAY // 2
        return "{:02}:{:02}".format(*divmod(minutes % MINUTES_OF_DAY, 60))

    def _is_late(self, part: str | None) -> bool:
        if part in ("afternoon", "evening"):
            return self.minutes < 12 * 60 or (part == "evening" and self.minutes >= 12 * 60)
        if part == "night":
            return self.minutes >= 9 * 60
        if part in ("morning", "forenoon"):
            return False
        return self.minutes < 6 * 60 or (self.after and self.minutes < 7 * 60)


def read_marked(reading: Reading) -> None:
    """Turn clock phrases that can be nothing else into `<clock>`."""
    for pattern in (HALF, PAST_OR_TO):
        reading.rewrite(pattern, "<clock>", _spoken)
    for pattern in (PACKED, WITH_KL, ABOUT):
        reading.rewrite(pattern, "<clock>", _digital)
    reading.rewrite(AM_PM_FIRST, "<clock>", _halves_of_day)
    reading.rewrite(AM_PM, "<clock>", _halves_of_day)
    reading.rewrite(ENGLISH, "<clock>", _english)
    reading.rewrite(NOON, "<clock>", lambda _: Clock(12 * 60, certain=True))
    reading.rewrite(MIDNIGHT, "<clock>", lambda _: Clock(0, certain=True))


def read_unmarked(reading: Reading, *, expected: bool) -> None:
    """Turn bare numbers where a time is likely into `<clock>`, once measurements have been taken out."""
    for pattern in (
        DIGITAL,
        FULL_HOUR,
        BETWEEN,
        INSTEAD,
        NEAR_HOUR,
        AFTER_DAY,
        BEFORE_PART,
        BEFORE_DAY,
        AT_NOON,
        PACKED_BEFORE_DAY,
        VERB_HOUR,
        CORRECTED,
        SLEPT_AT,
        SECOND,
        ONE,
        FIRST,
        LISTED,
        LISTED,
    ):
        reading.rewrite(pattern, "<clock>", _digital)
    if expected and "<clock>" not in reading.forms:
        reading.rewrite(ALONE, "<clock>", _digital)


def _spoken(found: Found) -> Clock | None:
    """Build "kvart över två" and "fem i halv tre"."""
    minutes = found["minutes"]
    shift = 15 if minutes == "kvart" else int(minutes or 0)
    if found["side"] in ("i", "fore"):
        shift = -shift
    hour = _hour(found)
    half = -30 if "halv" in found.match[0] else 0
    total = hour * 60 + half + shift
    return Clock(total % MINUTES_OF_DAY, certain=hour > 12, after=_after(found))


def _digital(found: Found) -> Clock | None:
    groups = found.match.groupdict()
    hour = _hour(found)
    minute = groups.get("minute") or (groups.get("spoken") or "0").replace(" ", "")
    total = hour * 60 + int(minute)
    if total > MINUTES_OF_DAY:
        return None
    return Clock(total % MINUTES_OF_DAY, certain=hour > 12 or groups["hour"].startswith("0"), after=_after(found))


def _halves_of_day(found: Found) -> Clock:
    """Build "3 pm", and the 10 and the 1 of "10 to 2 pm" and "1 to 2 pm"."""
    hour, groups = int(found["hour"] or "0") % 12, found.match.groupdict()
    crosses_noon = hour > int(groups.get("last") or "12") % 12 and "last" in groups
    late = (found["half"] == "pm") != crosses_noon
    return Clock((hour + (12 if late else 0)) * 60 + int(found["minute"] or "0"), certain=True)


def _english(found: Found) -> Clock:
    """Build "half past ten" and "quarter to nine"."""
    shift = {"half": 30, "quarter": 15}.get(found["minutes"] or "") or int(found["minutes"] or "0")
    shift = shift if found["side"] == "past" else -shift
    return Clock((int(found["hour"] or "0") * 60 + shift) % MINUTES_OF_DAY)


def _hour(found: Found) -> int:
    said = found["hour"] or "0"
    return HOUR_IN_WORDS.get(said) or int(said)


def _after(found: Found) -> bool:
    return "efter" in found.match[0].split()[:2] or found.before.endswith("efter ")
