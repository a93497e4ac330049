"""Answers to PHQ-2, PHQ-9 and GDS-15 that came as a questionnaire, as the sums that the rules read."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.fhir import codes
from assistant.records.fhir.content import Content
from assistant.records.fhir.equivalents import SCORE_OF_ANSWER
from assistant.records.models import Observation

TOTALS = (codes.PHQ2, codes.PHQ9, codes.GDS15, codes.PHQ9_ITEM9)
PHQ9_ITEMS = frozenset(
    {"44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", codes.PHQ9_ITEM9}
)
PHQ2_ITEMS = frozenset({"44250-9", "44255-8"})
"""LOINC codes of the items; a response's linkIds end with them ("/44250-9")."""
COMPLETE = ("completed", "amended")


def observations(response: Content) -> list[Content]:
    """Return the observations that follow from a completed response; a sum only when every item is answered."""
    if response["status"] not in COMPLETE or "authored" not in response:
        return []
    answers = dict(_answers(response))
    sums = {code: answers[code] for code in TOTALS if code in answers}
    if "questionnaire" in response or answers.keys() >= PHQ2_ITEMS:
        for code, items in ((codes.PHQ9, PHQ9_ITEMS), (codes.PHQ2, PHQ2_ITEMS)):
            if items <= answers.keys():
                sums.setdefault(code, sum(answers[item] for item in items))
    return [_observation(response, code, value) for code, value in sums.items()]


def derived_from(db: Session, *, patient_id: str, response_id: str) -> list[Observation]:
    """Return the observations that an earlier version of the response led to and that still count."""
    source = {"derivedFrom": [{"reference": f"QuestionnaireResponse/{response_id}"}]}
    query = select(Observation).where(
        Observation.patient_id == patient_id,
        Observation.code.in_(TOTALS),
        Observation.status == "final",
        Observation.content.contains(source),
    )
    return list(db.scalars(query))


def _answers(holder: Content) -> Iterator[tuple[str, int]]:
    for item in holder.get("item", []):
        for answer in item.get("answer", []):
            value = _number(answer)
            if value is not None:
                yield item["linkId"].rpartition("/")[2], value
        yield from _answers(item)


def _number(answer: dict[str, Any]) -> int | None:
    for field in ("valueInteger", "valueDecimal"):
        if field in answer:
            return int(answer[field])
    return SCORE_OF_ANSWER.get(answer.get("valueCoding", {}).get("code", ""))


def _observation(response: Content, code: str, value: int) -> Content:
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": codes.OBSERVATION_CATEGORY, "code": "survey"}]}],
        "code": {"coding": [{"system": codes.LOINC, "code": code}]},
        "subject": response["subject"],
        "effectiveDateTime": response["authored"],
        "derivedFrom": [{"reference": f"QuestionnaireResponse/{response['id']}"}],
        "valueQuantity": {"value": value, "system": codes.UCUM, "code": "{score}"},
    }
