"""The patient's own medicines as the record has them."""

from typing import Any, NamedTuple

from actions.api import JSON
from actions.talk import Talk

ATC = "http://www.whocc.no/atc"
ANTICOAGULANTS, LOW_DOSE_ASPIRIN = "B01A", "B01AC06"
"""ATC groups of the policy, section Red flags."""
SUBSTANCE = 7
"""Characters of the ATC code of a substance; a group's is shorter."""


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


def all_matching(medicines: list[Medicine], said: Any) -> list[Medicine]:
    """Return the medicines that an entity or a word means, by ATC code, also that of a group, or by name."""
    value = said if isinstance(said, dict) else {"name": said}
    code, name = str(value.get("atc") or ""), str(value.get("name", "")).casefold()
    by_code = [medicine for medicine in medicines if code and medicine.atc.startswith(code)]
    return by_code or [medicine for medicine in medicines if name and _shares_name(medicine.name.casefold(), name)]


def matching(medicines: list[Medicine], said: Any) -> Medicine | None:
    """Return the medicine that an entity or a word means; none where a group has several."""
    found = all_matching(medicines, said)
    return None if len(found) > 1 and is_group(said) else next(iter(found), None)


def is_group(said: Any) -> bool:
    """Tell whether a medicine entity means a group ("blodtrycksmedicin"), not a substance or a product."""
    return isinstance(said, dict) and 0 < len(str(said.get("atc") or "")) < SUBSTANCE


def named(said: Any) -> str:
    """Return the name of a medicine entity, of whatever shape."""
    return str(said.get("name", "") if isinstance(said, dict) else said)


def _shares_name(own: str, said: str) -> bool:
    return own == said or own.partition(" ")[0] == said.partition(" ")[0]


def _atc(request: JSON) -> str:
    codings = request["medicationCodeableConcept"].get("coding", [])
    return next((str(coding["code"]) for coding in codings if coding.get("system") == ATC), "")
