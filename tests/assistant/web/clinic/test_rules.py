"""The rules in the clinic: read, drafted, replayed, signed by another, in force in the round."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete

from assistant.records.database import session
from assistant.records.models import RuleSwitch, RuleVersion
from scheduler import in_words, rulebook, versions
from scheduler.vocabulary import REPORTS
from tests.assistant.web.conftest import Person, clinician

PAGE = "/clinic/rules/poor-sleep"


@pytest.fixture(autouse=True)
def as_in_the_files(database_url: str) -> Iterator[None]:
    """Begin with the files' own versions, and leave them to the next test."""
    _forget_versions()
    yield
    _forget_versions()


def _forget_versions() -> None:
    with session() as db:
        db.execute(delete(RuleVersion))
        db.execute(delete(RuleSwitch))


@pytest.fixture
def author(anna: Person) -> TestClient:
    return clinician("doctor", anna)


@pytest.fixture
def colleague(anna: Person) -> TestClient:
    return clinician("nurse", anna)


def text_of_next(**changes: str) -> str:
    """The file's text as version 2, with some words changed."""
    text = (rulebook.RULES / "poor-sleep.yml").read_text(encoding="utf-8").replace("version: 1\n", "version: 2\n")
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return text


def draft(page: TestClient, source: str, lock: int | None = None) -> str:
    form = {"source": source} | ({"lock": str(lock)} if lock else {})
    return page.post(f"{PAGE}/draft", data=form, follow_redirects=True).text


def in_force() -> int:
    return rulebook.active().rule("poor-sleep").rule.version


def test_the_list_says_version_reviewer_review_and_state(author: TestClient) -> None:
    page = author.get("/clinic/rules").text
    assert page.count('scope="row"') == 42
    assert "Vikten har minskat i fem dagar" in page
    assert "ingen ännu" in page


def test_a_rule_is_said_in_readable_swedish_with_its_cases(author: TestClient) -> None:
    page = author.get("/clinic/rules/pressure-falling-on-treatment").text
    assert "aktivt läkemedel i ATC C02, C03, C07, C08, C09" in page
    assert "antal mätningar av övre blodtryck, dag −13 till 0: minst 10" in page
    assert "något läkemedel insatt, ändrat eller utsatt de senaste 21 dagarna" in page
    assert "fainted yesterday" in page


def test_every_report_has_swedish_words() -> None:
    assert in_words.REPORTS.keys() == set(REPORTS)


def test_every_rule_has_a_page(author: TestClient) -> None:
    for rule_id in versions.known_ids():
        assert author.get(f"/clinic/rules/{rule_id}").status_code == 200, rule_id
    assert author.get("/clinic/rules/no-such-rule").status_code == 404


def test_a_draft_is_replayed_and_signed_by_somebody_else(author: TestClient, colleague: TestClient) -> None:
    page = draft(author, text_of_next(title=("Dålig sömn", "Dålig sömn länge")))
    assert "alla" in page
    assert "exempel stämmer" in page
    lock = {"lock": "1"}
    assert "Spela upp utkastet" in colleague.post(f"{PAGE}/sign", data=lock, follow_redirects=True).text
    assert "per 1 000 patientdagar" in author.post(f"{PAGE}/replay", follow_redirects=True).text
    with session() as db:
        found = versions.draft_of(db, "poor-sleep")
        assert found is not None
        lock = {"lock": str(found.lock_version)}
    own = author.post(f"{PAGE}/sign", data=lock, follow_redirects=True)
    assert (own.status_code, "Någon annan behöver signera" in own.text, in_force()) == (422, True, 1)
    signed = colleague.post(f"{PAGE}/sign", data=lock, follow_redirects=True)
    assert signed.status_code == 200
    assert in_force() == 2
    assert rulebook.active().rule("poor-sleep").rule.reviewer is not None
    assert "Version 2, gäller" in signed.text


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("cool_down: 6", "cool_dwon: 6", "cool_dwon"),
        ("at_least_days: 4", "at_least_days: four", "at_least_days"),
        ("id: poor-sleep", "id: [poor-sleep", "Rad "),
        ("at_least_days: 4", "at_least_days: 7", "Exempel"),
        ("version: 2", "version: 9", "version ska vara 2"),
    ],
    ids=["unknown-key", "not-a-number", "not-yaml", "cases-fail", "wrong-number"],
)
def test_errors_stand_beside_their_line_and_hinder_the_signature(
    author: TestClient, colleague: TestClient, old: str, new: str, said: str
) -> None:
    page = draft(author, text_of_next(change=(old, new)))
    assert "Fel att rätta" in page
    assert said in page
    refused = colleague.post(f"{PAGE}/sign", data={"lock": "1"}, follow_redirects=True)
    assert refused.status_code == 422
    assert in_force() == 1


def test_two_who_write_at_once_lose_nothing(author: TestClient, colleague: TestClient) -> None:
    draft(author, text_of_next(title=("Dålig sömn", "Min text")))
    second = colleague.post(
        f"{PAGE}/draft", data={"source": text_of_next(title=("Dålig sömn", "Hennes text"))}, follow_redirects=True
    )
    assert second.status_code == 409
    assert "Min text" in second.text
    assert "Hennes text" in second.text


def test_a_signed_version_that_breaks_is_off_alone(author: TestClient, colleague: TestClient) -> None:
    draft(author, text_of_next(title=("Dålig sömn", "Sömn")))
    author.post(f"{PAGE}/replay", follow_redirects=True)
    colleague.post(f"{PAGE}/sign", data={"lock": "2"}, follow_redirects=True)
    with session() as db:
        db.query(RuleVersion).update({"source": "id: poor-sleep\nversion: 2\n"})
    book = rulebook.active()
    assert [one.file for one in book.broken] == ["poor-sleep.yml"]
    assert len(book.rules) == 41
    assert "Regeln är trasig och används inte" in author.get(PAGE).text


def test_a_rule_is_switched_off_with_a_reason_and_on_again(author: TestClient) -> None:
    assert author.post(f"{PAGE}/switch", data={"to": "off"}).status_code == 422
    page = author.post(f"{PAGE}/switch", data={"to": "off", "reason": "För många larm"}, follow_redirects=True).text
    assert "För många larm" in page
    assert "poor-sleep" not in {one.rule.id for one in rulebook.active().rules}
    author.post(f"{PAGE}/switch", data={"to": "on"}, follow_redirects=True)
    assert in_force() == 1


def test_the_alert_about_missing_readings_cannot_be_switched_off(author: TestClient) -> None:
    refused = author.post(
        "/clinic/rules/reading-missing/switch", data={"to": "off", "reason": "Stör"}, follow_redirects=True
    )
    assert refused.status_code == 422
    assert "kan inte stängas av" in refused.text
