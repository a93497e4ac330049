"""A proposed medication change as the doctor meets it, and the decision that is sent back."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import cast, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import formulary, reading
from assistant.records.decision_texts import medicine_name, number
from assistant.records.errors import RecordsError
from assistant.records.fhir.content import Content, reference_id
from assistant.records.models import MedicationRequest, Recommendation, Task
from assistant.records.signing import Choice, Dose, dose_of

ANTIHYPERTENSIVES = ("C02", "C03", "C07", "C08", "C09")
"""ATC groups of medicines that lower blood pressure (WHO ATC/DDD index: C02, C03, C07, C08, C09)."""
TIMES_A_DAY = {1: "en gång om dagen", 2: "två gånger om dagen", 3: "tre gånger om dagen", 4: "fyra gånger om dagen"}
MAX_REASON = 1000


class UnfinishedDecisionError(RecordsError):
    """Something is missing on the form; the doctor fills it in and tries again."""

    id = "unfinished-decision"
    status = 422
    sv = "{problem}"
    en = "The decision is not complete: {problem}"


@dataclass(frozen=True)
class Option:
    """An active order whose dose could be lowered, and the next lower marketed strength, when there is one.

    `name` has the present strength ("Amlodipin 5 mg"), `substance` has not.
    """

    order_id: str
    name: str
    substance: str
    present: Dose
    frequency: str
    suggestion: Dose | None
    note: str | None


@dataclass(frozen=True)
class Proposal:
    """What the doctor sees beside the curve."""

    task: Task
    recommendation: Recommendation | None
    options: list[Option]


@dataclass(frozen=True)
class Decision:
    """What the doctor has chosen on the form."""

    choice: Choice
    option: Option | None
    dose: Dose | None
    reason: str | None


def read(db: Session, *, task: Task) -> Proposal:
    """Return the proposal behind the task."""
    found = db.scalars(select(Recommendation).where(Recommendation.task_id == task.id)).first()
    orders = reading.active_orders(db, patient_id=task.patient_id, atc_prefixes=ANTIHYPERTENSIVES)
    options = [option for option in map(_option, orders) if option is not None]
    return Proposal(task=task, recommendation=found, options=options)


def signed_order(db: Session, *, task: Task) -> Content | None:
    """Return the order that came of a signed proposal."""
    output: Content = next(iter(task.content.get("output", [])), {})
    order_id = reference_id(output.get("valueReference"), "MedicationRequest")
    order = db.get(MedicationRequest, order_id) if order_id else None
    return order.content if order else None


def understand(form: Mapping[str, str], proposal: Proposal) -> Decision:
    """Return the decision on the form.

    Raises:
        UnfinishedDecisionError: something is missing or cannot be read.
    """
    chosen = form.get("decision", "")
    if chosen not in get_args(Choice):
        raise UnfinishedDecisionError(problem="Välj godkänn, ändra eller avslå.")
    choice = cast(Choice, chosen)
    reason = form.get("reason", "").strip()[:MAX_REASON] or None
    if choice != "approve" and reason is None:
        raise UnfinishedDecisionError(problem="Skriv en motivering. Patienten får läsa den.")
    if choice == "reject":
        return Decision(choice=choice, option=None, dose=None, reason=reason)
    option = next((one for one in proposal.options if one.order_id == form.get("order")), None)
    if option is None:
        raise UnfinishedDecisionError(problem="Välj vilket läkemedel det gäller.")
    dose = option.suggestion if choice == "approve" else _own_dose(form, option)
    if dose is None:
        raise UnfinishedDecisionError(problem="Det finns ingen lägre styrka att föreslå. Välj Ändra och ange dosen.")
    return Decision(choice=choice, option=option, dose=dose, reason=reason)


def _option(order: MedicationRequest) -> Option | None:
    present = dose_of(order.content)
    if present is None:
        return None
    atc = order.atc or ""
    lower = formulary.next_lower(atc=atc, strength=present.value, unit=present.unit)
    frequency = _frequency(order.content)
    known = formulary.medicines().get(atc)
    return Option(
        order_id=order.id,
        name=order.content["medicationCodeableConcept"].get("text", atc),
        substance=medicine_name(order.content).capitalize(),
        present=present,
        frequency=frequency,
        suggestion=_dose(lower, present.unit, frequency) if lower and frequency else None,
        note=known.note if known else None,
    )


def _own_dose(form: Mapping[str, str], option: Option) -> Dose:
    try:
        value = Decimal(form.get("dose", "").strip().replace(",", "."))
    except InvalidOperation as error:
        raise UnfinishedDecisionError(problem="Skriv den nya dosen som ett tal, till exempel 2,5.") from error
    if not value.is_finite() or value <= 0:
        raise UnfinishedDecisionError(problem="Dosen måste vara större än noll.")
    how = form.get("dose_text", "").strip()[:MAX_REASON] or option.frequency
    if not how:
        raise UnfinishedDecisionError(problem="Skriv hur ofta läkemedlet ska tas.")
    return _dose(value, option.present.unit, how)


def _dose(value: Decimal, unit: str, how: str) -> Dose:
    return Dose(text=f"{number(value)} {unit} {how}", value=value, unit=unit)


def _frequency(content: Content) -> str:
    """Return "en gång om dagen" where the order's timing says so, else nothing: it is never guessed."""
    repeat = content["dosageInstruction"][0].get("timing", {}).get("repeat", {})
    daily = (repeat.get("period"), repeat.get("periodUnit")) == (1, "d")
    return TIMES_A_DAY.get(repeat.get("frequency"), "") if daily else ""
