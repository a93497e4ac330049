"""Booked times, medicines and the way to a human."""

from datetime import datetime
from zoneinfo import ZoneInfo

from actions import booking
from actions.action import CareAction, Events
from actions.talk import Talk
from actions.writing import open_task


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
    """Tells which medicines the patient has."""

    async def act(self, talk: Talk) -> Events:
        """List the active orders with what they say."""
        found = await talk.api.search("MedicationRequest", status="active", intent="order")
        if not found:
            talk.say("care.no_medicines")
            return []
        lines = []
        for request in found:
            dosage = " ".join(one.get("text", "") for one in request.get("dosageInstruction", []))
            lines.append(f"• {request['medicationCodeableConcept']['text']}: {dosage}".removesuffix(": "))
        talk.tell("\n".join([talk.text("care.medicines"), *lines, talk.text("care.medicines_end")]))
        return []


class ActionTalkToHuman(CareAction):
    """Asks the clinic to contact the patient."""

    async def act(self, talk: Talk) -> Events:
        """Open a Task, once for a turn, and say when people answer."""
        await open_task(talk, "callback", "Patienten vill bli kontaktad av en människa.")
        talk.say("care.callback")
        return []
