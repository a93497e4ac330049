"""The clinic's addresses."""

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from assistant.records import consents, signing
from assistant.records.access import Actor
from assistant.records.consents import Category
from assistant.records.errors import AlreadyDecidedError, NotFoundError, VersionConflictError
from assistant.records.fhir import codes
from assistant.records.models import Patient, Practitioner, Task
from assistant.records.models.base import utc_now
from assistant.records.reading import OPEN_TASKS
from assistant.web import curves, readings, staff_login
from assistant.web.clinic import decisions, patient_view, proposal, worklist
from assistant.web.clinic.access import CLINICAL_ROLES, Clinician, check_care_relation, task_for
from assistant.web.pages import render
from assistant.web.sessions import Database

router = APIRouter(prefix="/clinic", include_in_schema=False)
router.include_router(staff_login.routes("/clinic", roles=CLINICAL_ROLES))


@router.get("")
def show_worklist(request: Request, actor: Clinician, db: Database) -> Response:
    """Show what waits, the most urgent first."""
    return _worklist(request, db, actor, "clinic/worklist.html")


@router.get("/worklist")
def show_worklist_items(request: Request, actor: Clinician, db: Database) -> Response:
    """Return only the list, for the page that keeps itself fresh."""
    return _worklist(request, db, actor, "clinic/worklist_items.html")


@router.get("/patients/{patient_id}")
def show_patient(request: Request, patient_id: str, actor: Clinician, db: Database) -> Response:
    """Show one patient."""
    check_care_relation(db, actor=actor, patient_id=patient_id)
    view = patient_view.read(db, actor=actor, patient_id=patient_id)
    return _page(
        request,
        db,
        actor,
        "clinic/patient.html",
        view=view,
        titles=worklist.TITLES,
        levels=patient_view.LEVELS,
        states=patient_view.STATES,
        modes=patient_view.MODES,
    )


@router.get("/patients/{patient_id}/curves/{code}.svg")
def show_curve(patient_id: str, code: str, actor: Clinician, db: Database) -> Response:
    """Draw one of the patient's curves."""
    check_care_relation(db, actor=actor, patient_id=patient_id)
    signal = readings.SIGNALS.get(code)
    if signal is None:
        raise NotFoundError
    found = readings.read_signal(db, actor=actor, patient_id=patient_id, code=code)
    return Response(curves.draw(found, signal), media_type="image/svg+xml")


@router.post("/patients/{patient_id}/consents/{category}/identified")
def accept_consent(patient_id: str, category: Category, actor: Clinician, db: Database) -> RedirectResponse:
    """Let a consent take effect, since the clinician has seen who the patient is."""
    check_care_relation(db, actor=actor, patient_id=patient_id)
    consents.identified(db, actor=actor, patient_id=patient_id, category=category, now=utc_now())
    return RedirectResponse(f"/clinic/patients/{patient_id}", status_code=303)


@router.get("/tasks/{task_id}")
def show_task(request: Request, task_id: str, actor: Clinician, db: Database) -> Response:
    """Show one task with what it is about."""
    return _task_page(request, db, actor, task_for(db, actor=actor, task_id=task_id))


@router.post("/tasks/{task_id}/acknowledge")
def acknowledge(task_id: str, actor: Clinician, db: Database) -> RedirectResponse:
    """Mark a task as dealt with."""
    decisions.acknowledge(db, actor=actor, task=task_for(db, actor=actor, task_id=task_id))
    return RedirectResponse(f"/clinic/tasks/{task_id}", status_code=303)


class DecisionForm(BaseModel):
    """What the doctor filled in. `version` is that of the task on the page; `confirmed` comes from the dialog."""

    version: int
    decision: str = ""
    order: str = ""
    dose: str = ""
    dose_text: str = ""
    reason: str = ""
    confirmed: bool = False


@router.post("/tasks/{task_id}/decide")
def decide(
    request: Request, task_id: str, form: Annotated[DecisionForm, Form()], actor: Clinician, db: Database
) -> Response:
    """Check the decision, ask for confirmation, and sign once it is given."""
    task = task_for(db, actor=actor, task_id=task_id)
    if task.code != signing.PROPOSAL:
        raise NotFoundError
    filled = {name: str(value) for name, value in form.model_dump(exclude={"version", "confirmed"}).items()}
    if task.status not in OPEN_TASKS:
        return _task_page(request, db, actor, task, conflict=True)
    try:
        decision = proposal.understand(filled, proposal.read(db, task=task))
    except proposal.UnfinishedDecisionError as error:
        return _task_page(request, db, actor, task, form=filled, problem=error.text["sv"])
    if not form.confirmed:
        return _task_page(request, db, actor, task, form=filled, confirm=decision)
    try:
        decisions.sign(db, actor=actor, task_id=task_id, version=form.version, decision=decision)
    except (AlreadyDecidedError, VersionConflictError):
        db.refresh(task)
        return _task_page(request, db, actor, task, conflict=True)
    return RedirectResponse(f"/clinic/tasks/{task_id}", status_code=303)


def _worklist(request: Request, db: Session, actor: Actor, template: str) -> Response:
    found = worklist.read(db, actor=actor)
    return _page(request, db, actor, template, worklist=found, priorities=worklist.PRIORITIES, here="worklist")


def _page(request: Request, db: Session, actor: Actor, template: str, **context: Any) -> Response:
    return render(request, template, me=db.get_one(Practitioner, actor.id), **context)


def _task_page(request: Request, db: Session, actor: Actor, task: Task, **state: Any) -> Response:
    """Show the task; `state` says how far a decision has come: form, problem, confirm, conflict."""
    context = {
        "task": task,
        "title": worklist.TITLES.get(task.code, task.code),
        "patient": db.get_one(Patient, task.patient_id),
        "is_open": task.status in OPEN_TASKS,
        "decided_by": db.get(Practitioner, task.owner_id) if task.owner_id else None,
        "form": {},
        **state,
    }
    if task.code != signing.PROPOSAL:
        return _page(request, db, actor, "clinic/task.html", **context)
    shown = patient_view.signal_view(db, actor=actor, patient_id=task.patient_id, code=codes.BLOOD_PRESSURE)
    context |= {
        "proposal": proposal.read(db, task=task),
        "signed_order": proposal.signed_order(db, task=task),
        "curve": shown,
    }
    page = _page(request, db, actor, "clinic/proposal.html", **context)
    page.status_code = 409 if state.get("conflict") else 422 if state.get("problem") else 200
    return page
