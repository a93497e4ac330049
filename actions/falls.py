"""A fall: first what makes it an emergency, then the clinic is told."""

from typing import ClassVar

from actions import safety
from actions.action import Events
from actions.forms import Form, Values, reset
from actions.medicine_list import takes_anticoagulants
from actions.questions import YES_NO, Question
from actions.talk import Talk
from actions.writing import open_task, store_observation

RISE = (
    (
        "no",
        r"kan inte|kan ej|orkar inte|\binte\b.*\bupp|ligger|can't|cannot|not (?:get|got|stand)|\bon the floor|lying",
    ),
    (
        "yes",
        r"\buppe\b|på benen|\b(?:kom|tog|reste) mig|\bkom upp|kan (?:gå|stå|resa)|"
        r"\b(?:am|got|get) up\b|can (?:walk|stand)",
    ),
)
"""How people say that they cannot rise, or have risen: a no may come before either ("nej, jag är uppe")."""
HEAD = frozenset({"head", "forehead", "temple", "face", "nose", "jaw", "cheek", "eye", "ear"})


class ReportFallForm(Form):
    """Asks whether the patient can rise, has hit the head, is hurt."""

    questions: ClassVar[tuple[Question, ...]] = (
        Question("rise", choices=YES_NO, keywords=RISE),
        Question("head", choices=YES_NO),
        Question("hurt", choices=YES_NO),
    )

    async def start(self, talk: Talk) -> Values | None:
        """Ask for nothing that has been said."""
        talk.say("report_fall.calm")
        parts = {one["value"] for one in talk.entities("body_part")}
        return {"head": "yes"} if parts & HEAD else {}

    async def cut_short(self, talk: Talk, values: Values, found: Values) -> Events | None:
        """Who cannot rise, or has hit the head and takes blood thinners, needs 112 now (policy, Red flags)."""
        cannot_rise = values.get("rise") == "no"
        bleeding = values.get("head") == "yes" and await takes_anticoagulants(talk)
        if not cannot_rise and not bleeding:
            return None
        reason = "kan inte resa sig" if cannot_rise else "slagit i huvudet och har blodförtunnande läkemedel"
        key = "report_fall.cannot_rise" if cannot_rise else "report_fall.head_and_blood_thinner"
        await safety.emergency(
            talk,
            text=talk.text(key),
            description=f"Patienten har ramlat: {reason}. Patienten har fått rådet att ringa 112.",
        )
        return [*reset(), *safety.flagged(talk, "emergency", waits=False)]

    async def submit(self, talk: Talk, values: Values) -> Values | None:
        """Store the fall and tell the clinic."""
        hurt = "yes" in (values["hurt"], values["head"])
        await store_observation(
            talk, "fall", {"valueCodeableConcept": {"coding": [{"code": "hurt" if hurt else "unhurt"}]}}
        )
        if values["head"] == "yes":
            await store_observation(talk, "fall-head-injury", {"valueBoolean": True})
        await open_task(talk, "alert", _description(values), priority="urgent" if hurt else "routine")
        talk.say("report_fall.done_head" if values["head"] == "yes" else "report_fall.done")
        return None


def _description(values: Values) -> str:
    words = {"yes": "ja", "no": "nej"}
    head, hurt = words[values["head"]], words[values["hurt"]]
    return f"Patienten har ramlat. Slagit i huvudet: {head}. Skadat sig: {hurt}. Kan resa sig."
