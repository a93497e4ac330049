"""What the patient is told at once: calm, short, what to do now."""

from assistant.safety.red_flags.load import Bilingual, Level, Place, Rule

OPENING: dict[tuple[Place, bool], dict[str, str]] = {
    ("call_112", False): {
        "sv": "Det du beskriver kan vara allvarligt. Ring 112 nu.",
        "en": "What you describe can be serious. Call 112 now.",
    },
    ("call_112", True): {
        "sv": "Det du beskriver om den andra personen kan vara allvarligt. "
        "Ring 112 nu och stanna hos personen om det är säkert för dig.",
        "en": "What you describe about the other person can be serious. "
        "Call 112 now, and stay with them if it is safe for you.",
    },
    ("emergency_department", False): {
        "sv": "Det här behöver bedömas genast. Ring 112, eller åk till akutmottagningen nu om någon kan köra dig.",
        "en": "This needs to be seen at once. "
        "Call 112, or go to the emergency department now if someone can drive you.",
    },
    ("emergency_department", True): {
        "sv": "Den andra personen behöver bedömas genast. Ring 112, eller följ med personen till akutmottagningen nu.",
        "en": "The other person needs to be seen at once. Call 112, or go with them to the emergency department now.",
    },
}
EMERGENCY_END = {
    "sv": "Jag är en maskin och kan inte ringa åt dig. Skriv till mig när hjälpen är nådd, så fortsätter vi sedan.",
    "en": "I am a machine and cannot call for you. Write to me when help has been reached, and we will go on then.",
}
SELF_HARM = {
    (False, False): {
        "sv": "Tack för att du berättar det här för mig. Det låter tungt, och du ska inte behöva bära det ensam. "
        "Ring 90101, självmordslinjen, dygnet runt, så får du prata med en människa. "
        "Blir det värre, eller är du rädd för att göra dig illa, ring 112. Vill du berätta mer?",
        "en": "Thank you for telling me this. It sounds heavy, and you should not have to carry it alone. "
        "Call 90101, the suicide helpline, day or night, and talk to a person. "
        "If it gets worse, or you are afraid you will hurt yourself, call 112. Do you want to tell me more?",
    },
    (False, True): {
        "sv": "Ring 112 nu. Är du i fara just nu, gå till någon som är nära, eller be någon komma till dig. "
        "Du kan också ringa 90101, självmordslinjen, dygnet runt. "
        "Jag är en maskin, men du får gärna skriva till mig medan du väntar. Vill du berätta mer?",
        "en": "Call 112 now. If you are in danger right now, go to someone who is near, or ask someone to come to you. "
        "You can also call 90101, the suicide helpline, day or night. "
        "I am a machine, but you are welcome to write to me while you wait. Do you want to tell me more?",
    },
    (True, False): {
        "sv": "Tack för att du berättar om den du är orolig för. Ta det på allvar: fråga rakt ut och lyssna. "
        "Ni kan båda ringa 90101, självmordslinjen, dygnet runt. "
        "Blir det värre, eller kan personen göra sig illa, ring 112. Vill du berätta mer?",
        "en": "Thank you for telling me about the person you are worried about. "
        "Take it seriously: ask directly and listen. "
        "You can both call 90101, the suicide helpline, day or night. "
        "If it gets worse, or they may hurt themselves, call 112. Do you want to tell me more?",
    },
    (True, True): {
        "sv": "Ring 112 nu för den du är orolig för. Lämna inte personen ensam om det är säkert för dig att vara där. "
        "Ring sedan 90101, självmordslinjen, för stöd, dygnet runt. Vill du berätta mer?",
        "en": "Call 112 now for the person you are worried about. "
        "Do not leave them alone if it is safe for you to be there. "
        "Then call 90101, the suicide helpline, for support, day or night. Do you want to tell me more?",
    },
}


def to_rule(rule: Rule, *, other_person: bool, in_progress: bool) -> dict[str, str]:
    """Return the answer to a sign that a rule knows, in Swedish and English."""
    if rule.level == "self_harm":
        return dict(SELF_HARM[other_person, in_progress])
    return _emergency(rule.place, rule.advice, other_person=other_person)


def to_meaning(level: Level, *, other_person: bool) -> dict[str, str]:
    """Return the answer to what no rule knows but sounds like a sign, in Swedish and English."""
    if level == "self_harm":
        return dict(SELF_HARM[other_person, False])
    return _emergency("call_112", None, other_person=other_person)


def _emergency(place: Place, advice: Bilingual | None, *, other_person: bool) -> dict[str, str]:
    opening = OPENING[place, other_person]
    said = {"sv": advice.sv, "en": advice.en} if advice else {"sv": "", "en": ""}
    return {
        language: " ".join(part for part in (opening[language], said[language], EMERGENCY_END[language]) if part)
        for language in ("sv", "en")
    }
