"""Writing an article: the form, its checks, and what is refused."""

import pytest
from fastapi.testclient import TestClient

from knowledge.articles import load
from knowledge.store import FOLDER
from tests.assistant.web.conftest import clinician
from tests.assistant.web.editor.conftest import Desk

Fields = dict[str, object]
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)> [klicka](javascript:alert(1))"


def test_a_new_article_becomes_a_draft_with_everything_that_was_written(eva: Desk, slug: str) -> None:
    page = eva.get(f"/articles/{slug}/edit").text
    assert "Svimning går ofta över av sig själv." in page
    assert "tuppade av\nsvartnade" in page
    assert 'value="1177: Svimning"' in page
    assert "Utkast" in eva.get(f"/articles/{slug}").text


def test_an_inbox_may_suggest_a_title_a_question_and_a_lay_word(eva: Desk, slug: str) -> None:
    new = eva.get("/new?title=Hicka&question=varför+hickar+jag&lay_word=hickar").text
    assert all(text in new for text in ('value="Hicka"', "varför hickar jag", "hickar"))
    edit = eva.get(f"/articles/{slug}/edit?question=får+man+svimma&lay_word=dånade").text
    assert "varför svimmar jag\nfår man svimma" in edit
    assert "svartnade\ndånade" in edit


def test_the_address_is_made_of_the_title(eva: Desk, fields: Fields) -> None:
    answer = eva.post("/new", **{**fields, "slug": "", "title": "Ont i öronen, å ä ö?"})
    assert answer.headers["location"] == "/editor/articles/ont-i-oronen-a-a-o"


def test_a_taken_address_is_refused_and_the_text_stays(eva: Desk, slug: str, fields: Fields) -> None:
    answer = eva.post("/new", **{**fields, "slug": slug, "body": "Det jag just skrev."})
    assert answer.status_code == 409
    assert "Det finns redan en artikel" in answer.text
    assert "Det jag just skrev." in answer.text


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, "Rubrik: fältet är tomt"),
        ({"slug": "Två Ord"}, "Adress: fältet får bara ha små bokstäver"),
        ({"review_by": "snart"}, "Granskas senast: fältet ska vara ett datum"),
        ({"source_url": ["1177", ""]}, "Källor: fältet ska vara en webbadress"),
        ({"source_url": ["javascript:alert(1)", ""]}, "Källor: fältet ska vara en webbadress"),
        ({"spoken": "ord " * 400}, "Kort uppläst text: fältet är för långt"),
        ({"body": "\x00"}, "Text: fältet är tomt"),
    ],
)
def test_a_wrong_field_is_told_in_swedish_and_the_text_stays(
    eva: Desk, fields: Fields, wrong: Fields, told: str
) -> None:
    answer = eva.post("/new", **{**fields, **wrong})
    assert answer.status_code == 422
    assert told in answer.text
    assert "Svimning går ofta över av sig själv." in answer.text


def test_an_article_of_two_megabytes_is_refused(eva: Desk, slug: str, fields: Fields) -> None:
    huge = {**fields, "body": "Ett ord till. " * 150_000}
    for path in ("/new", f"/articles/{slug}/edit", "/check"):
        answer = eva.post(path, **huge)
        assert answer.status_code == 413
        assert "för lång: högst 200 000 byte" in answer.text


def test_script_and_html_never_reach_a_page(eva: Desk, maria: Desk, fields: Fields) -> None:
    slug = str(fields["slug"])
    eva.post("/new", **{**fields, "title": SCRIPT[:60], "body": f"{fields['body']}\n\n{SCRIPT}"})
    pages = [
        eva.get(f"/articles/{slug}").text,
        eva.get(f"/articles/{slug}/edit").text,
        eva.get(f"/articles/{slug}/preview").text,
        eva.get("").text,
        eva.post("/check", **{**fields, "body": SCRIPT}).text,
    ]
    for page in pages:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript' not in page


class TestAFile:
    def post(self, eva: Desk, content: bytes) -> tuple[int, str]:
        answer = eva.client.post("/editor/new/file", files={"file": ("egen.md", content, "text/markdown")})
        return answer.status_code, answer.headers.get("location", answer.text)

    def test_a_markdown_file_becomes_a_draft_whatever_it_states(self, eva: Desk) -> None:
        content = (FOLDER / "dizziness.md").read_bytes().replace(b"slug: dizziness", b"slug: my-dizziness")
        assert self.post(eva, content) == (303, "/editor/articles/my-dizziness")
        page = eva.get("/articles/my-dizziness").text
        assert "Utkast" in page
        assert load(FOLDER / "dizziness.md").title in page

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"---\ntitle: [\nslug: x\n---\nText", "Rad 3: huvudet går inte att tolka"),
            (b"bara text", "Rad 1: huvudet saknas"),
            (b"\xff\xfe", "UTF-8"),
        ],
    )
    def test_broken_front_matter_is_refused_with_its_line(self, eva: Desk, content: bytes, told: str) -> None:
        status, page = self.post(eva, content)
        assert status == 422
        assert told in page

    def test_a_file_of_two_megabytes_is_refused(self, eva: Desk) -> None:
        status, page = self.post(eva, b"x" * 2_000_000)
        assert status == 413
        assert "för lång" in page


class TestTheLiveCheck:
    def test_it_shows_the_preview_the_reading_level_and_what_is_missing(self, eva: Desk, fields: Fields) -> None:
        answer = eva.post("/check", **{**fields, "body": "## Kort om\n\nVila **lugnt**.", "source_title": []})
        assert answer.status_code == 200
        assert "<strong>lugnt</strong>" in answer.text
        assert "LIX" in answer.text
        assert "Rubriken ”När ska du söka vård?” saknas." in answer.text
        assert "Artikeln saknar källa." in answer.text

    def test_a_hard_text_is_told(self, eva: Desk, fields: Fields) -> None:
        hard = "Ortostatisk blodtrycksreaktion förekommer företrädesvis postprandialt. " * 3
        assert "är för svår" in eva.post("/check", **{**fields, "body": hard}).text

    def test_an_old_source_is_told(self, eva: Desk, fields: Fields) -> None:
        answer = eva.post("/check", **{**fields, "source_accessed": ["2020-01-01", ""]})
        assert "Läs den igen" in answer.text


class TestTwoEditors:
    def test_the_second_sees_both_texts_and_saves_on_top(
        self, eva: Desk, maria: Desk, slug: str, fields: Fields
    ) -> None:
        seen = eva.version(slug)
        maria.post(f"/articles/{slug}/edit", **{**fields, "version": seen, "summary": "Marias ord."})
        late = eva.post(f"/articles/{slug}/edit", **{**fields, "version": seen, "summary": "Evas ord."})
        assert late.status_code == 409
        assert "Marias" in late.text
        assert 'value="Evas ord."' in late.text
        assert "Ingenting har gått förlorat" in late.text

        again = {**fields, "version": eva.version(slug), "summary": "Evas och Marias ord."}
        assert eva.post(f"/articles/{slug}/edit", **again).status_code == 303
        compared = eva.get(f"/articles/{slug}/compare?old=2&new=3").text
        assert "<ins>Evas</ins>" in compared or "<ins>Evas och </ins>" in compared

    def test_a_step_with_an_old_version_is_refused(self, eva: Desk, slug: str, fields: Fields) -> None:
        seen = eva.version(slug)
        eva.post(f"/articles/{slug}/edit", **{**fields, "version": seen, "summary": "Nytt."})
        late = eva.post(f"/articles/{slug}/send", version=seen)
        assert late.status_code == 409
        assert "Någon annan har ändrat artikeln" in late.text


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/new"),
        ("POST", "/new"),
        ("POST", "/new/file"),
        ("POST", "/check"),
        ("GET", "/try"),
        ("POST", "/try"),
        *(("GET", f"/articles/dizziness{page}") for page in ("", "/edit", "/preview", "/compare?old=1&new=1")),
        *(
            ("POST", f"/articles/dizziness/{step}")
            for step in (
                "edit",
                "links",
                "take",
                "send",
                "return",
                "approve",
                "publish",
                "unschedule",
                "withdraw",
                "restore",
            )
        ),
    ],
)
class TestWhoMay:
    def ask(self, client: TestClient, method: str, path: str) -> int:
        files = {"file": b"x"} if path == "/new/file" else None
        given = {} if method == "GET" else {"data": {"version": "1"}, "files": files}
        return client.request(method, f"/editor{path}", **given).status_code

    def test_a_patient_is_sent_to_the_staff_login(self, patient: TestClient, method: str, path: str) -> None:
        assert self.ask(patient, method, path) == 303
        assert patient.get("/editor").headers["location"] == "/editor/login"

    def test_a_clinician_is_refused(self, demo: None, method: str, path: str) -> None:
        assert self.ask(clinician("doctor"), method, path) == 403
