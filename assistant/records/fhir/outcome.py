"""Every error of the FHIR API, as an OperationOutcome in Swedish and English."""

from typing import Any

from assistant.records.errors import RecordsError
from assistant.records.fhir.content import Content

TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"


def of(error: RecordsError) -> Content:
    """Return the OperationOutcome that tells of this error."""
    text = error.text
    issue: Content = {
        "severity": "fatal" if error.status >= 500 else "error",
        "code": error.issue,
        "details": {
            "coding": [{"system": "https://vigor.example/CodeSystem/error", "code": error.id}],
            "text": text["sv"],
            "_text": {"extension": [_translation("en", text["en"])]},
        },
        "diagnostics": text["en"],
    }
    if "expression" in error.details:
        issue["expression"] = [error.details["expression"]]
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def _translation(language: str, text: str) -> dict[str, Any]:
    return {
        "url": TRANSLATION,
        "extension": [{"url": "lang", "valueCode": language}, {"url": "content", "valueString": text}],
    }
