"""When something must be said about a value: the limits of measures.yml, with what a clinician has set."""

from actions import measures
from actions.measures import Alarm, Measurement
from actions.talk import Talk


async def alarm(talk: Talk, measured: Measurement) -> Alarm | None:
    """Return the alarm for a value, None when there is none."""
    scale = 1
    if measured["kind"] == "oxygen":
        settings = await talk.api.get("/api/assistant/settings")
        scale = settings["limits"].get("spo2_scale", 1)
    return measures.alarm(measured, spo2_scale=scale)


def words(talk: Talk, found: Alarm, told: str) -> str:
    """Return what is said about a value, `told` with its kind and unit ("blodtryck 210/120 mmHg")."""
    said = talk.text(f"report_measurement.alarm_{found.id}", value=told)
    return said[:1].upper() + said[1:]
