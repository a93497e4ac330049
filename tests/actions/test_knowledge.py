"""Health questions: answered from the articles with the patient's own values, and told of when they are not."""

from collections.abc import Callable
from datetime import date

import pytest
from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.models import HeardQuestion, Utterance
from assistant.records.models.base import utc_now
from assistant.web import assistant_api
from knowledge import service
from knowledge.api import router
from knowledge.articles import Article
from knowledge.scope import Scope
from knowledge.search import Index
from scheduler import places
from scheduler.weather import Weather
from tests.actions.conftest import Chat
from tests.knowledge.conftest import LetterEncoder
from tests.scheduler.smhi import Smhi, answer

Begin = Callable[..., Chat]


def article(slug: str, title: str, text: str, questions: list[str], atc: str = "") -> Article:
    return Article.model_validate(
        {
            "slug": slug,
            "state": "published",
            "title": title,
            "group": "test",
            "summary": f"Om {title.lower()}.",
            "author": "Redaktionen",
            "review_by": date(2099, 5, 21),
            "spoken": f"{title} är vanligt.",
            "atc": [atc] if atc else [],
            "questions": questions,
            "sources": [
                {"title": "1177", "publisher": "1177", "url": "https://www.1177.se/", "accessed": "2026-11-21"}
            ],
            "body": f"## Kort om\n\n{text}",
        }
    )


@pytest.fixture(autouse=True)
def _articles(care: FastAPI) -> None:
    listed = [
        article(
            "high-blood-pressure", "Högt blodtryck", "Blodtrycket kan vara högt.", ["är högt blodtryck farligt"], "C0"
        ),
        article("sleep-problems", "Sömnproblem", "Gå upp samma tid varje dag.", ["jag kan inte somna på kvällarna"]),
    ]
    inside = ["är högt blodtryck farligt", "jag kan inte somna", "jag är yr", "ont i halsen"]
    outside = ["hur kokar man ägg", "vem vann matchen", "min bil startar inte", "boka hotell"]
    index = Index.build(listed, encoder=LetterEncoder(), scope=Scope.fit(inside, outside))
    care.include_router(router, dependencies=[Depends(assistant_api.speaking_assistant)])
    care.dependency_overrides[service.index] = lambda: index


def test_the_patients_own_pressure_and_medicines_are_named(chat: Begin) -> None:
    anna = chat()
    said = anna.say("är högt blodtryck farligt", "ask_health_question")
    assert "Ditt blodtryck" in said
    assert "mmHg" in said
    assert "Du tar" in said
    assert "Ändra ingenting själv" in said
    assert anna.data[0]["rated_article"] == "high-blood-pressure"


def test_a_question_about_another_topic_names_no_values(chat: Begin) -> None:
    assert "Ditt blodtryck" not in chat().say("jag kan inte somna på kvällarna", "ask_health_question")


def test_a_short_follow_up_that_was_not_understood_stays_on_the_topic(chat: Begin) -> None:
    anna = chat()
    anna.say("är högt blodtryck farligt", "ask_health_question")
    assert "Högt blodtryck" in anna.say("hur länge då", "nlu_fallback")


def test_a_topic_of_long_ago_is_not_taken_up(chat: Begin) -> None:
    anna = chat()
    anna.say("är högt blodtryck farligt", "ask_health_question")
    anna.say("tack", "thank")
    assert "Högt blodtryck" not in anna.say("hur länge då", "nlu_fallback")


def test_an_unanswered_question_offers_the_nearest_and_is_told_of(chat: Begin, record: Session) -> None:
    anna = chat()
    said = anna.say("vem vann matchen", "ask_health_question")
    assert "1177" in said
    assert {"Högt blodtryck", "Sömnproblem"} <= set(anna.labels)
    assert len(anna.labels) == 3
    [kept] = record.scalars(select(HeardQuestion))
    assert kept.kind == "unanswered"
    assert "Sömnproblem är vanligt" in anna.choose("Sömnproblem")


def test_what_was_not_understood_is_told_of(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("vad är det för tryck idag", "nlu_fallback")
    [kept] = record.scalars(select(Utterance))
    assert (kept.reason, kept.understood_as) == ("fallback", "nlu_fallback")
    anna.say("vad har jag för blodtryck", "ask_blood_pressure")
    record.refresh(kept)
    assert (kept.reason, kept.suggested) == ("rephrased", "ask_blood_pressure")


def test_a_protest_points_at_what_was_said_before(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("vad väger jag", "ask_weight")
    anna.say("nej det menade jag inte", "deny")
    [kept] = record.scalars(select(Utterance))
    assert (kept.text, kept.reason, kept.understood_as) == ("vad väger jag", "rejected", "ask_weight")


def test_answers_in_a_form_are_not_misunderstandings(chat: Begin, record: Session) -> None:
    anna = chat()
    anna.say("jag känner mig yr", "report_symptom", ("symptom", "dizziness"))
    anna.say("blaj", "nlu_fallback")
    assert list(record.scalars(select(Utterance))) == []


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        ([{"air_temperature": -0.5, "predominant_precipitation_type_at_surface": 3}] * 30, "mycket halt"),
        ([{"air_temperature": 2.0}] * 6 + [{"air_temperature": -1.0}] * 20, "Ta broddar"),
        ([{}] * 30, "inte ut att bli halt"),
        ([], "inte om det är halt"),
    ],
    ids=["severe", "caution", "none", "unknown"],
)
def test_slip_risk_is_that_of_the_forecast_where_the_patient_lives(
    chat: Begin, monkeypatch: pytest.MonkeyPatch, smhi: Smhi, steps: list[dict], told: str
) -> None:
    smhi.answer = answer(steps, made_at=utc_now(), first=utc_now())
    monkeypatch.setattr(places, "forecasts", lambda: Weather(base_url=smhi.url))
    monkeypatch.setattr(places, "places", lambda _db, patients: dict.fromkeys(patients, (11.975, 57.725)))
    assert told in chat().say("är det halt ute", "ask_slip_risk")
