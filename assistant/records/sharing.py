"""What the patient's consents let others than the care do with what is known here.

The care that treats the patient is not asked about: it has to keep a record, and reads it by its care relation
(patientdatalagen 2008:355, 3 and 4 ch.). Beside it there are three uses, each with a consent of the patient:

- `other-care`: other care providers; only with a yes that stands (lagen 2022:913, 2 and 3 ch.).
- `research`: only with a yes that stands (lagen 2003:460, 16-19 §).
- `quality`: quality registers and what improves the service; unless the patient has said no (2008:355, 7 ch. 2 §).

A yes stands once the patient has been identified; until then what was said before holds. A no holds at once.
"""

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from assistant.records.models import Consent

VALUES = frozenset(
    {"Observation", "QuestionnaireResponse", "Condition", "AllergyIntolerance", "MedicationRequest", "Goal", "CarePlan"}
)
READS: dict[str, frozenset[str]] = {"other-care": VALUES | {"Patient"}, "quality": VALUES, "research": VALUES}
"""The uses, and which resources each reads. Only other care learns who the patient is; the talk is nobody else's."""
CATEGORY = {"other-care": "care", "quality": "research", "research": "research"}
"""The category of the consent that decides about a use."""
WITHOUT_AN_ANSWER = {"other-care": False, "quality": True, "research": False}
SAID = ("active", "inactive")


def permitted(
    use: str, patient_column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> ColumnElement[bool]:
    """Return the condition that a query keeps to patients whose consents permit the use.

    The newest of what the patient has said decides, be it given, withdrawn, or a no that was written as such.
    """
    consent = aliased(Consent)
    yes = and_(
        consent.status == "active", not_(func.coalesce(consent.content["provision"]["type"].astext == "deny", False))
    )
    newest = (
        select(yes)
        .where(consent.patient_id == patient_column, consent.category == CATEGORY[use], consent.status.in_(SAID))
        .order_by(consent.last_updated.desc(), consent.id)
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(newest, WITHOUT_AN_ANSWER[use])
