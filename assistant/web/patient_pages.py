"""The patient's pages: login, the talk, own values, and the chat shown on another site."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records import export
from assistant.records.access import Actor
from assistant.records.errors import NotFoundError
from assistant.records.models import Patient, PatientSettings
from assistant.records.reading import active_conditions
from assistant.settings import get_settings
from assistant.web import curves, readings, sessions
from assistant.web.clinic.access import CLINICAL_ROLES
from assistant.web.editor.access import EDITORIAL_ROLES
from assistant.web.pages import render
from assistant.web.sessions import CurrentPatient, Database
from assistant.web.swedish import age

router = APIRouter(include_in_schema=False)


@router.get("/")
def start(request: Request) -> RedirectResponse:
    """Go to the talk, or to the login."""
    known = sessions.logged_in_id(request, "patient")
    return RedirectResponse("/patient" if known else "/login", status_code=303)


@router.get("/login")
def show_login(request: Request, db: Database) -> Response:
    """Show who can log in; only demonstrations have such a page."""
    clinicians, editors = (sessions.demo_staff(db, roles) for roles in (CLINICAL_ROLES, EDITORIAL_ROLES))
    return render(request, "login.html", people=_people(db), clinicians=clinicians, editors=editors)


@router.post("/login")
def log_in(request: Request, db: Database, patient: Annotated[str, Form(max_length=64)]) -> RedirectResponse:
    """Log in as a demo patient."""
    if not get_settings().demo or db.get(Patient, patient) is None:
        raise NotFoundError
    sessions.log_in(request, role="patient", actor_id=patient)
    return RedirectResponse("/patient", status_code=303)


@router.post("/logout")
def log_out(request: Request) -> RedirectResponse:
    """Log out."""
    sessions.log_out(request, role="patient")
    return RedirectResponse("/login", status_code=303)


@router.get("/patient")
def show_talk(request: Request, patient: CurrentPatient, db: Database) -> Response:
    """Show the talk."""
    return render(request, "patient.html", call_name=_call_name(db, patient), here="talk")


@router.get("/patient/values")
def show_values(request: Request, patient: CurrentPatient, db: Database) -> Response:
    """Show the patient's own values over the last month."""
    found = readings.read_all(db, actor=_actor(request, patient), patient_id=patient.id)
    shown = ((readings.SIGNALS[code], values) for code, values in found.items())
    signals = [_overview(signal, values) for signal, values in shown if not signal.for_clinic]
    return render(request, "values.html", call_name=_call_name(db, patient), signals=signals, here="values")


@router.get("/patient/curves/{code}.svg")
def show_curve(request: Request, code: str, patient: CurrentPatient, db: Database) -> Response:
    """Draw one of the patient's own curves."""
    signal = readings.SIGNALS.get(code)
    if signal is None:
        raise NotFoundError
    found = readings.read_signal(db, actor=_actor(request, patient), patient_id=patient.id, code=code)
    return Response(curves.draw(found, signal), media_type="image/svg+xml")


@router.get("/patient/export")
def download_everything(request: Request, patient: CurrentPatient, db: Database) -> Response:
    """Give the patient a copy of everything the record holds about her, as a file."""
    copy = export.everything(db, actor=_actor(request, patient), patient_id=patient.id)
    disposition = {"Content-Disposition": 'attachment; filename="mina-uppgifter.json"'}
    return Response(
        json.dumps(copy, ensure_ascii=False, indent=1), media_type="application/fhir+json", headers=disposition
    )


@router.get("/widget-demo")
def show_widget(request: Request) -> Response:
    """Show the chat as a part of another page."""
    return render(request, "widget_demo.html")


def _actor(request: Request, patient: Patient) -> Actor:
    return Actor(id=patient.id, role="patient", patient_id=patient.id, request_id=request.state.request_id)


def _call_name(db: Session, patient: Patient) -> str:
    settings = db.get(PatientSettings, patient.id)
    return settings.call_name if settings else patient.given or ""


def _overview(signal: readings.Signal, values: list[readings.Reading]) -> dict[str, Any]:
    trusted = [reading for reading in values if not reading.doubtful]
    latest = trusted[-1] if trusted else None
    return {
        "signal": signal,
        "latest": readings.written(latest, signal) if latest else "–",
        "at": latest.at if latest else None,
        "words": readings.in_words(values, signal),
    }


def _people(db: Session) -> list[dict[str, Any]]:
    if not get_settings().demo:
        return []
    query = select(Patient, PatientSettings).join(PatientSettings, PatientSettings.patient_id == Patient.id)
    rows = db.execute(query.where(Patient.active).order_by(PatientSettings.call_name))
    return [
        {"id": patient.id, "name": settings.call_name, "words": _one_line(db, patient)} for patient, settings in rows
    ]


def _one_line(db: Session, patient: Patient) -> str:
    conditions = [
        condition.content["code"].get("text", "") for condition in active_conditions(db, patient_id=patient.id)
    ]
    return ", ".join([age(patient.birth_date), *conditions])
