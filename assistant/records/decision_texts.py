"""What a patient is told about a doctor's decision, in plain words."""

from dataclasses import dataclass
from decimal import Decimal

from assistant.records.fhir.content import Content


@dataclass(frozen=True)
class Decision:
    """What the texts need: who decided (and whether it is the patient's own doctor), about which medicine, and how."""

    doctor: str
    own_doctor: bool
    medicine: str
    dose_text: str
    lowers: bool
    reason: str | None


def approved(decision: Decision) -> dict[str, str]:
    """Tell that the dose is changed, and what to do."""
    change_sv, change_en = ("sänka", "lower") if decision.lowers else ("ändra", "change")
    reason_sv = f" Så här skriver {_first_name(decision)}: ”{decision.reason}”" if decision.reason else ""
    reason_en = f" {_first_name(decision)} writes: “{decision.reason}”" if decision.reason else ""
    return {
        "sv": (
            f"{_who_sv(decision)} har bestämt att {change_sv} dosen av {decision.medicine} till {decision.dose_text}."
            f"{reason_sv} Fortsätt att ta dina andra läkemedel som förut. Vi följer dina värden tillsammans."
            " Mår du sämre, ring 1177. Är det akut, ring 112."
        ),
        "en": (
            f"{_who_en(decision)} has decided to {change_en} your dose of {decision.medicine} to {decision.dose_text}."
            f"{reason_en} Keep taking your other medicines as before. We will follow your readings together."
            " If you feel worse, call 1177. In an emergency, call 112."
        ),
    }


def rejected(decision: Decision) -> dict[str, str]:
    """Tell that nothing changes, and why."""
    return {
        "sv": (
            f"{_who_sv(decision)} har tittat på dina värden och vill inte ändra dosen nu."
            f" Så här skriver {_first_name(decision)}: ”{decision.reason}”"
            " Ta dina läkemedel precis som förut. Mår du sämre, ring 1177. Är det akut, ring 112."
        ),
        "en": (
            f"{_who_en(decision)} has looked at your readings and does not want to change the dose now."
            f" {_first_name(decision)} writes: “{decision.reason}”"
            " Take your medicines exactly as before. If you feel worse, call 1177. In an emergency, call 112."
        ),
    }


def medicine_name(order: Content) -> str:
    """Return an order's medicine as it is said in a sentence: "amlodipin"."""
    concept = order.get("medicationCodeableConcept", {})
    coded = next((one["display"] for one in concept.get("coding", []) if one.get("display")), None)
    return str(coded or concept.get("text", "läkemedlet")).lower()


def number(value: Decimal) -> str:
    """Write a number the Swedish way: 2,5."""
    return f"{value.normalize():f}".replace(".", ",")


def _who_sv(decision: Decision) -> str:
    return f"Din läkare {decision.doctor}" if decision.own_doctor else f"Läkaren {decision.doctor}"


def _who_en(decision: Decision) -> str:
    return f"Your doctor {decision.doctor}" if decision.own_doctor else f"The doctor {decision.doctor}"


def _first_name(decision: Decision) -> str:
    return decision.doctor.split()[0]
