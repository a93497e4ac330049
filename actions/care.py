"""Booked times, medicines and the way to a human."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from actions import booking
from actions.action import CareAction, Events
from actions.api import JSON
from actions.medicine_list import all_matching, medicine_of, named
from actions.talk import Talk
from actions.writing import open_task, waits_already

PURPOSE = re.compile(
    r"till för|bra för|varför|hjälper|verkar|mot vad|what for|\bfor what|why|\bfor\?|good for|help", re.IGNORECASE
)
"""How people ask what a medicine is for."""


class ActionListAppointments(CareAction):
    """Tells which times are booked."""

    async def act(self, talk: Talk) -> Events:
        """List the coming times, the nearest first."""
        found = await talk.api.search("Appointment", status="booked", date=f"ge{talk.patient['now']}", _sort="date")
        if not found:
            talk.say("care.no_appointments", choices=[talk.choice("care.book", "book_appointment")])
            return []
        zone = ZoneInfo(talk.patient["timezone"])
        lines = []
        for appointment in found:
            start = datetime.fromisoformat(appointment["start"]).astimezone(zone)
            practitioner, name = booking.practitioner_of(appointment)
            time = {"start": start.isoformat(), "practitioner": practitioner, "name": name}
            mode = appointment["appointmentType"]["coding"][0]["code"]
            lines.append("• " + talk.text("care.appointment", **booking.described(talk, time, mode)))
        talk.tell("\n".join([talk.text("care.appointments"), *lines]))
        return []


class ActionListMedications(CareAction):
    """Tells which medicines the patient has, or how it is with the one asked about."""

    async def act(self, talk: Talk) -> Events:
        """Tell the active orders with what they say; what is not on the list is said not to be."""
        found = await talk.api.search("MedicationRequest", status="active", intent="order")
        if not found:
            talk.say("care.no_medicines")
            return []
        own = {order["id"]: order for order in found}
        asked = {named(one["value"]): one["value"] for one in talk.entities("medicine")}
        matches = {name: all_matching([medicine_of(order) for order in found], said) for name, said in asked.items()}
        meant = [own[medicine.id] for medicines in matches.values() for medicine in medicines]
        lines = [talk.text("care.not_on_list", medicine=name.capitalize()) for name in asked if not matches[name]]
        lines.append(talk.text("care.medicine_asked" if meant else "care.medicines"))
        lines += [f"• {_order_line(talk, order)}" for order in meant or found]
        if meant and PURPOSE.search(talk.said or "") and not all(_purpose(order) for order in meant):
            lines.append(talk.text("care.purpose_unknown"))
        talk.tell("\n".join([*lines, talk.text("care.medicines_end")]))
        return []


def _order_line(talk: Talk, order: JSON) -> str:
    """Return "Ramipril 5 mg: 1 tablett på morgonen, för högt blodtryck" of what the order says."""
    dosage = " ".join(one.get("text", "") for one in order.get("dosageInstruction", []))
    purpose = talk.text("care.purpose", purpose=_purpose(order)) if _purpose(order) else ""
    details = ", ".join(part for part in (dosage, purpose) if part)
    return f"{order['medicationCodeableConcept']['text']}: {details}".removesuffix(": ")


def _purpose(order: JSON) -> str:
    return ", ".join(reason["text"] for reason in order.get("reasonCode", []) if reason.get("text"))


class ActionTalkToHuman(CareAction):
    """Asks the clinic to contact the patient."""

    async def act(self, talk: Talk) -> Events:
        """Open a Task with the patient's words, unless one waits and nothing is added to it; say when people answer."""
        adds = any(talk.entity(kind) for kind in ("role", "date", "time", "part_of_day"))
        if not adds and await waits_already(talk, "callback"):
            talk.say("care.callback_waits")
            return []
        words = f": ”{talk.said}”" if talk.said else "."
        await open_task(talk, "callback", f"Patienten vill bli kontaktad av en människa{words}")
        talk.say("care.callback")
        return []
