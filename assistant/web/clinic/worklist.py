"""What the clinic has to do, the most urgent first."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from assistant.records import audit
from assistant.records.access import Actor, in_reach
from assistant.records.models import Patient, Task
from assistant.records.reading import OPEN_TASKS

TITLES = {
    "medication-proposal": "Dosförslag att ta ställning till",
    "red-flag": "Rött varningstecken i chatten",
    "alert": "Larm från mätvärden",
    "callback": "Vill bli uppringd",
    "renewal": "Receptförnyelse",
    "certificate": "Intyg",
    "travel": "Sjukresa",
    "deviation": "Avvikelse",
    "question": "Fråga till vården",
    "device": "Mätutrustning",
    "engine-failure": "Samtalet fungerade inte",
}
PRIORITIES = {"stat": "Genast", "asap": "Snarast", "urgent": "Skyndsamt", "routine": "Vanlig"}
ORDER = {priority: rank for rank, priority in enumerate(PRIORITIES)}
MOST_SHOWN = 200


@dataclass(frozen=True)
class Item:
    """One row of the worklist."""

    id: str
    code: str
    title: str
    priority: str
    priority_words: str
    patient_name: str
    description: str
    authored_on: datetime


@dataclass(frozen=True)
class Worklist:
    """The open tasks and how many there are of each priority."""

    items: list[Item]
    counts: dict[str, int]


def read(db: Session, *, actor: Actor) -> Worklist:
    """Return the open tasks of the patients whom the clinician cares for: by priority, alarms first, then age."""
    alarms_first = case((Task.code.in_(["red-flag", "alert"]), 0), else_=1)
    query = (
        select(Task, Patient)
        .join(Patient, Patient.id == Task.patient_id)
        .where(Task.status.in_(OPEN_TASKS), in_reach(actor, Task.patient_id))
        .order_by(case(ORDER, value=Task.priority, else_=len(ORDER)), alarms_first, Task.authored_on)
        .limit(MOST_SHOWN)
    )
    rows = [(task, patient) for task, patient in db.execute(query)]
    for patient_id in sorted({task.patient_id for task, _ in rows}):
        audit.record(db, actor=actor, action="search", entity="Task", patient_id=patient_id)
    items = [_item(task, patient) for task, patient in rows]
    found = Counter(item.priority for item in items)
    return Worklist(items=items, counts={priority: found[priority] for priority in PRIORITIES if found[priority]})


def _item(task: Task, patient: Patient) -> Item:
    return Item(
        id=task.id,
        code=task.code,
        title=TITLES.get(task.code, task.code),
        priority=task.priority,
        priority_words=PRIORITIES.get(task.priority, task.priority),
        patient_name=f"{patient.given} {patient.family}",
        description=task.content.get("description", ""),
        authored_on=task.authored_on,
    )
