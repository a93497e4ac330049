"""What the action server may know and do in one patient's talk."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from assistant.records import conversations
from assistant.records.access import issue_token
from assistant.records.database import session
from assistant.records.models import CheckIn, PatientSettings, Recommendation
from assistant.records.models.base import new_id, utc_now
from assistant.settings import get_settings
from scheduler import places
from scheduler.weather import Weather
from tests.assistant.web.conftest import Person, make_patient, make_staff
from tests.scheduler.smhi import Smhi, answer

BOTH = {"sv": "Text", "en": "Text"}


@pytest.fixture
def talk(anonymous: TestClient, anna: Person) -> TestClient:
    """The action server in Anna's talk."""
    anonymous.headers["Authorization"] = f"Bearer {get_settings().actions_secret.get_secret_value()}"
    anonymous.headers["X-Conversation-Id"] = anna.conversation
    return anonymous


def recommend(person: Person, **columns: object) -> str:
    values = {"rule_id": f"rule-{new_id()}", "level": "offer", "state": "open"} | columns
    with session() as db:
        found = Recommendation(
            id=new_id(),
            patient_id=person.id,
            rule_version=1,
            local_date=utc_now().astimezone(get_settings().zone).date(),
            title=BOTH,
            text=BOTH,
            why={"sv": "Därför", "en": "Because"},
            inputs=[{"label": "Vikt", "value": 60.4, "unit": "kg", "at": utc_now().isoformat()}],
            evidence={"source": "studie", "strength": "study", "url": None},
            **values,
        )
        db.add(found)
        return found.id


def check_in(person: Person, *recommendation_ids: str) -> str:
    with session() as db:
        made = CheckIn(
            id=new_id(),
            patient_id=person.id,
            local_date=utc_now().astimezone(get_settings().zone).date(),
            content={"opening": BOTH, "sleep": None, "recommendation_ids": list(recommendation_ids)},
            due_at=utc_now(),
        )
        db.add(made)
        return made.id


def test_a_patients_own_token_is_not_the_assistants(anonymous: TestClient, anna: Person) -> None:
    token = issue_token(subject=anna.id, role="patient")
    answer = anonymous.get("/api/assistant/patient", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 403


def test_the_secret_without_a_talk_opens_nothing(talk: TestClient) -> None:
    talk.headers["X-Conversation-Id"] = "nobody"
    assert talk.get("/api/assistant/patient").status_code == 401


def test_the_patient_is_described_by_their_own_clock(talk: TestClient, anna: Person) -> None:
    doctor = make_staff("doctor", anna)
    with session() as db:
        settings = db.get_one(PatientSettings, anna.id)
        settings.doctor_id, settings.timezone = doctor, "America/New_York"
    known = talk.get("/api/assistant/patient").json()
    assert (known["call_name"], known["language"], known["machine_told"]) == ("Anna", "sv", False)
    assert known["now"][-6:] in {"-05:00", "-04:00"}
    assert known["doctor"]["id"] == doctor


def test_being_told_of_the_machine_is_remembered(talk: TestClient) -> None:
    for _ in range(2):
        assert talk.post("/api/assistant/patient/machine-told", json={}).status_code == 204
    assert talk.get("/api/assistant/patient").json()["machine_told"]


class TestCheckIn:
    def test_is_missing_until_the_round_has_written_it(self, talk: TestClient) -> None:
        answer = talk.get("/api/assistant/check-in")
        assert (answer.status_code, answer.json()["error"]) == (404, "no-check-in")

    def test_gives_its_recommendations_in_order(self, talk: TestClient, anna: Person) -> None:
        ids = [recommend(anna, level="advise", state="shown"), recommend(anna), recommend(anna)]
        check_in(anna, ids[2], ids[0], ids[1])
        found = talk.get("/api/assistant/check-in").json()
        assert [one["id"] for one in found["recommendations"]] == [ids[2], ids[0], ids[1]]
        assert (found["state"], found["sleep"]) == ("ready", None)

    def test_moves_on_once_and_never_back(self, talk: TestClient, anna: Person) -> None:
        made = check_in(anna)
        for step, state in (("opened", "opened"), ("told", "told"), ("opened", "told"), ("told", "told")):
            assert talk.post(f"/api/assistant/check-in/{made}/{step}", json={}).status_code == 204
            assert talk.get("/api/assistant/check-in").json()["state"] == state

    def test_of_another_patient_does_not_exist(self, talk: TestClient) -> None:
        other = check_in(make_patient("Bertil"))
        assert talk.post(f"/api/assistant/check-in/{other}/opened", json={}).status_code == 404


class TestRecommendations:
    def test_can_be_limited_by_state_and_level(self, talk: TestClient, anna: Person) -> None:
        wanted = recommend(anna, level="propose", state="proposed")
        recommend(anna)
        for query in ("state=proposed,approved", "level=propose"):
            found = talk.get(f"/api/assistant/recommendations?{query}").json()["recommendations"]
            assert [one["id"] for one in found] == [wanted]

    def test_explain_themselves(self, talk: TestClient, anna: Person) -> None:
        why = talk.get(f"/api/assistant/recommendations/{recommend(anna)}/why").json()
        assert why["text"]["sv"] == "Därför"
        assert why["readings"][0]["value"] == 60.4
        assert why["rule"]["version"] == 1

    def test_of_another_patient_do_not_exist(self, talk: TestClient) -> None:
        other = recommend(make_patient("Bertil"))
        assert talk.get(f"/api/assistant/recommendations/{other}/why").status_code == 404
        assert self.answer(talk, other, "accepted") == 404

    def test_are_answered_once(self, talk: TestClient, anna: Person) -> None:
        offer = recommend(anna)
        assert [self.answer(talk, offer, one) for one in ("accepted", "accepted", "declined")] == [200, 200, 409]

    def test_that_are_not_offers_take_no_answer(self, talk: TestClient, anna: Person) -> None:
        assert self.answer(talk, recommend(anna, level="propose", state="proposed"), "accepted") == 409

    def answer(self, talk: TestClient, recommendation: str, answer: str) -> int:
        body = {"answer": answer, "key": "turn-1"}
        return talk.post(f"/api/assistant/recommendations/{recommendation}/answer", json=body).status_code


class TestNews:
    @pytest.fixture
    def decision(self, anna: Person) -> int:
        """A decision made while Anna was away; its message's number."""
        recommend(anna, level="propose", state="approved", task_id=f"task-{anna.id}", decided_at=utc_now())
        with session() as db:
            message = conversations.append(
                db,
                conversation_id=anna.conversation,
                sender="clinician",
                kind="decision",
                text="Dosen är sänkt.",
                data={"task_id": f"task-{anna.id}"},
            )
            return message.seq

    def test_are_told_at_the_next_check_in_and_then_never_again(
        self, talk: TestClient, anna: Person, decision: int
    ) -> None:
        assert [one["text"]["sv"] for one in self.news(talk)] == ["Dosen är sänkt."]
        talk.post(f"/api/assistant/check-in/{check_in(anna)}/opened", json={})
        assert self.news(talk) == []

    def test_are_none_when_the_decision_was_read_as_it_came(
        self, talk: TestClient, anna: Person, decision: int
    ) -> None:
        talk.post("/login", data={"patient": anna.id})
        talk.post(f"/api/chat/{anna.conversation}/seen", json={"seq": decision})
        assert self.news(talk) == []

    def test_are_repeated_when_the_decision_was_read_much_later(
        self, talk: TestClient, anna: Person, decision: int
    ) -> None:
        with session() as db:
            (message,) = conversations.messages_since(db, conversation_id=anna.conversation, seq=0)
            message.created_at -= timedelta(hours=1)
        talk.post("/login", data={"patient": anna.id})
        talk.post(f"/api/chat/{anna.conversation}/seen", json={"seq": decision})
        assert len(self.news(talk)) == 1

    def news(self, talk: TestClient) -> list[dict]:
        found: list[dict] = talk.get("/api/assistant/news").json()["news"]
        return found


@pytest.mark.parametrize(("freezing", "risk"), [(True, 2), (False, 0), (None, None)])
def test_the_weather_where_the_patient_lives_is_told_or_said_to_be_unknown(
    talk: TestClient, monkeypatch: pytest.MonkeyPatch, smhi: Smhi, freezing: bool | None, risk: int | None
) -> None:
    now = utc_now()
    rain = {"air_temperature": -0.5, "predominant_precipitation_type_at_surface": 3}
    smhi.answer = None if freezing is None else answer([rain if freezing else {}] * 30, made_at=now, first=now)
    monkeypatch.setattr(get_settings(), "weather_place", (57.7, 11.97))
    monkeypatch.setattr(places, "forecasts", lambda: Weather(base_url=smhi.url))
    assert talk.get("/api/assistant/weather").json() == {"slip_risk": risk}
