"""Who may enter the editors' workspace."""

import pytest
from fastapi.testclient import TestClient

from tests.assistant.web.conftest import Person, clinician, make_staff


@pytest.mark.parametrize("role", ["editor", "reviewer"])
def test_editors_and_reviewers_log_in_and_see_the_workspace(anonymous: TestClient, role: str) -> None:
    assert anonymous.post("/editor/login", data={"practitioner": make_staff(role)}).headers["location"] == "/editor"
    page = anonymous.get("/editor")
    assert page.status_code == 200
    assert "Artiklar" in page.text


@pytest.mark.parametrize("role", ["doctor", "nurse", "operator"])
def test_other_staff_are_refused(demo: None, role: str) -> None:
    assert clinician(role).get("/editor").status_code == 403


def test_a_patient_login_opens_nothing_for_editors(patient: TestClient) -> None:
    answer = patient.get("/editor")
    assert (answer.status_code, answer.headers["location"]) == (303, "/editor/login")


def test_the_login_page_lists_editorial_staff_only(anonymous: TestClient) -> None:
    doctor, editor = make_staff("doctor"), make_staff("editor")
    page = anonymous.get("/editor/login").text
    assert editor in page
    assert doctor not in page


def test_logging_out_shuts_the_workspace(anonymous: TestClient) -> None:
    anonymous.post("/editor/login", data={"practitioner": make_staff("editor")})
    anonymous.post("/editor/logout")
    assert anonymous.get("/editor").status_code == 303


def test_a_reviewer_sees_no_patients(anna: Person) -> None:
    assert clinician("reviewer", anna).get("/clinic").status_code == 403
