"""The patient's own medicines as the record has them."""

from typing import Any, NamedTuple

from actions.api import JSON
from actions.talk import Talk

ATC = "http://www.whocc.no/atc"
ANTICOAGULANTS, LOW_DOSE_ASPIRIN = "B01A", "B01AC06"
"""ATC groups of the policy, section Red flags."""


class Medicine(NamedTuple):
    """A medicine with an active order: its id in the record, its name with strength, its ATC code."""

    id: str
    name: str
    atc: str

    @property
    def is_anticoagulant(self) -> bool:
        """Tell whether it thins the blood (low-dose aspirin is not counted)."""
        return self.atc.startswith(ANTICOAGULANTS) and self.atc != LOW_DOSE_ASPIRIN


async def own_medicines(talk: Talk) -> list[Medicine]:
    """Return the medicines with an active order."""
    found = await talk.api.search("MedicationRequest", status="active", intent="order")
    return [medicine_of(order) for order in found]


def medicine_of(order: JSON) -> Medicine:
    """Return the medicine of a MedicationRequest."""
    return Medicine(order["id"], order["medicationCodeableConcept"]["text"], _atc(order))


async def takes_anticoagulants(talk: Talk) -> bool:
    """Tell whether any of the medicines thins the blood."""
    return any(medicine.is_anticoagulant for medicine in await own_medicines(talk))


def matching(medicines: list[Medicine], said: Any) -> Medicine | None:
    """Return the medicine that an entity or a word means, by ATC code or by name."""
    value = said if isinstance(said, dict) else {"name": said}
    name = str(value.get("name", "")).casefold()
    by_code = (medicine for medicine in medicines if value.get("atc") and medicine.atc == value["atc"])
    by_name = (medicine for medicine in medicines if name and _shares_name(medicine.name.casefold(), name))
    return next(by_code, None) or next(by_name, None)


def named(said: Any) -> str:
    """Return the name of a medicine entity, of whatever shape."""
    return str(said.get("name", "") if isinstance(said, dict) else said)


def _shares_name(own: str, said: str) -> bool:
    return own == said or own.partition(" ")[0] == said.partition(" ")[0]


def _atc(request: JSON) -> str:
    codings = request["medicationCodeableConcept"].get("coding", [])
    return next((str(coding["code"]) for coding in codings if coding.get("system") == ATC), "")
