"""What the patient asks about the clinic and about the record: contacts, diagnoses, where the full record is."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from actions import booking, swedish
from actions.action import CareAction, Events
from actions.api import JSON
from actions.medicine_list import own_medicines
from actions.talk import Talk

CLINIC = Path(__file__).with_name("clinic.yml")
SHOWN = 5


@lru_cache
def clinic() -> dict[str, Any]:
    """Return clinic.yml."""
    read: dict[str, Any] = yaml.safe_load(CLINIC.read_text(encoding="utf-8"))
    return read


class ActionAskClinicInfo(CareAction):
    """Tells address, telephone and opening hours."""

    async def act(self, talk: Talk) -> Events:
        """Say all of it; it is short."""
        facts = clinic()
        talk.say(
            "record.clinic",
            phone=facts["phone"],
            **{name: talk.in_language(facts[name]) for name in ("name", "hours", "address")},
        )
        return []


class ActionListContacts(CareAction):
    """Tells of contacts with care, past and coming."""

    async def act(self, talk: Talk) -> Events:
        """Tell who the patient's doctor is, then the coming contacts, then the latest of the past."""
        now = datetime.fromisoformat(talk.patient["now"])
        contacts = sorted([*await _meetings(talk), *await _messages(talk)], key=lambda one: one[0])
        coming = [text for at, text in contacts if at >= now][:SHOWN]
        past = [text for at, text in reversed(contacts) if at < now][:SHOWN]
        parts = [("record.coming", coming), ("record.past", past)]
        lines = [line for key, texts in parts if texts for line in (talk.text(key), *(f"• {one}" for one in texts))]
        doctor = talk.patient.get("doctor")
        own = [talk.text("record.your_doctor", name=doctor["name"])] if doctor else []
        talk.tell("\n".join([*own, *(lines or [talk.text("record.no_contacts")])]))
        return []


async def _meetings(talk: Talk) -> list[tuple[datetime, str]]:
    zone = ZoneInfo(talk.patient["timezone"])
    found = []
    for appointment in await talk.api.search("Appointment", _sort="-date", _count=50):
        if appointment["status"] not in ("booked", "arrived", "checked-in", "fulfilled") or "start" not in appointment:
            continue
        start = datetime.fromisoformat(appointment["start"]).astimezone(zone)
        practitioner, name = booking.practitioner_of(appointment)
        mode = appointment.get("appointmentType", {}).get("coding", [{"code": "visit"}])[0]["code"]
        words = booking.described(talk, {"start": start.isoformat(), "practitioner": practitioner, "name": name}, mode)
        found.append((start, talk.text("care.appointment", **words)))
    return found


async def _messages(talk: Talk) -> list[tuple[datetime, str]]:
    found = await talk.api.search("Communication", _sort="-sent", _count=50)
    return [
        (at, talk.text("record.message", day=swedish.day(at, talk.language)))
        for one in found
        if (at := _sent(talk, one))
    ]


def _sent(talk: Talk, communication: JSON) -> datetime | None:
    sent = communication.get("sent")
    return talk.local(sent) if sent else None


class ActionReadJournal(CareAction):
    """Tells what of the record is here, and where the rest is."""

    async def act(self, talk: Talk) -> Events:
        """Say diagnoses, medicines, and 1177."""
        conditions = await talk.api.search("Condition", **{"clinical-status": "active"})
        diagnoses = [one["code"].get("text", "") for one in conditions]
        medicines = [medicine.name for medicine in await own_medicines(talk)]
        none = talk.text("record.none")
        talk.say(
            "record.journal",
            diagnoses=swedish.listed(diagnoses, talk.language) if diagnoses else none,
            medicines=swedish.listed(medicines, talk.language) if medicines else none,
        )
        return []
