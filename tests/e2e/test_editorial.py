"""The whole editorial cycle as people live it: two editors in real browsers, and a patient who asks."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant import browsers
from assistant.chat_client import ChatClient
from tests import axe
from tests.e2e.service import Service

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUESTION = "Varför får man hicka?"
ANSWER = "Drick ett glas kallt vatten i små klunkar"
BODY = "\n\n".join(
    [
        "## Kort om\n\nHicka går oftast över av sig själv.",
        "## Det här kan du göra själv\n\n- Vila en stund.",
        "## När ska du söka vård?\n\nRing 1177 om du blir orolig.",
        "## För dig som är närstående\n\nDu kan hämta vatten.",
    ]
)
LIVE_S = 20.0
"""Publishing reaches the index in about a second; a busy machine takes longer."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.ensure(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def anna(service: Service) -> Iterator[ChatClient]:
    """The tablet of an Anna of its own."""
    patient = httpx.post(f"{service.url}/demo/morning", timeout=60.0).raise_for_status().json()["patient"]
    screen = ChatClient(patient, service.url)
    yield screen
    screen.close()


def test_two_editors_bring_an_article_to_a_patient_and_take_it_away_again(
    service: Service, browser: Browser, anna: ChatClient
) -> None:
    eva, maria = _desk(browser, service, "editor-eva"), _desk(browser, service, "reviewer-maria")
    assert ANSWER not in _asked(anna)

    _write_article(eva)
    eva.get_by_role("button", name="Skicka till granskning").click()
    expect(eva.get_by_text("Väntar på en medicinsk granskare.")).to_be_visible()

    maria.goto("/editor?state=review")
    maria.get_by_role("link", name="Hicka").click()
    maria.get_by_role("link", name="Se som patient").click()
    expect(maria.get_by_text("Förhandsvisning av version 1.")).to_be_visible()
    maria.go_back()
    maria.get_by_role("button", name="Godkänn och signera som Maria Sand").click()
    expect(maria.get_by_role("button", name="Publicera nu")).to_be_visible()
    assert ANSWER not in _asked(anna)

    eva.reload()
    eva.get_by_role("link", name="Prova en fråga").last.click()
    eva.get_by_label("Fråga, som en patient").fill(QUESTION)
    eva.get_by_role("button", name="Fråga").click()
    expect(eva.locator("blockquote")).to_contain_text(ANSWER)
    eva.goto("/editor/articles/hicka")
    eva.get_by_role("button", name="Publicera nu").click()
    assert _eventually(lambda: ANSWER in _asked(anna))
    assert httpx.get(f"{service.url}/knowledge/hicka").status_code == 200

    _both_write(eva, maria)

    eva.goto("/editor/articles/hicka")
    eva.get_by_text("Dra in artikeln").click()
    eva.get_by_label("Varför?").fill("Rådet om vatten stämmer inte.")
    eva.get_by_role("button", name="Dra in").click()
    expect(eva.get_by_text("Indragen för läsare")).to_be_visible()
    assert _eventually(lambda: ANSWER not in _asked(anna))
    maria.goto("/knowledge/hicka")
    expect(maria.get_by_role("heading", name="Texten är indragen")).to_be_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/editor/login",
        "/editor",
        "/editor?q=finns+inte",
        "/editor/new",
        "/editor/try?slug=dizziness",
        "/editor/articles/dizziness",
        "/editor/articles/dizziness/edit",
        "/editor/articles/dizziness/preview",
        "/editor/articles/dizziness/compare?old=1&new=1",
    ],
)
def test_no_page_of_the_workspace_shuts_anybody_out(service: Service, browser: Browser, path: str) -> None:
    eva = _desk(browser, service, "editor-eva", bypass_csp=True)
    eva.goto(path)
    if path.endswith(("/new", "/edit")):
        expect(eva.locator("#checked")).to_contain_text("LIX")
    assert axe.violations(eva) == []


def _write_article(eva: Page) -> None:
    """Write with the live check beside, mending what it says."""
    eva.goto("/editor/new?title=Hicka&question=varför+hickar+jag+hela+tiden")
    checked = eva.locator("#checked")
    expect(checked).to_contain_text("Sammanfattning: fältet är tomt.")
    eva.get_by_label("Sammanfattning").fill("Hicka är ofarligt och går över.")
    eva.get_by_label("Kort uppläst text").fill(f"{ANSWER}. Ring 1177 om du har hickat i två dygn.")
    eva.get_by_label("Text (Markdown)").fill(f"{BODY}\n\n<script>document.title = 'hackad'</script>")
    eva.get_by_label("Vardagsord").fill("hickar\nhickattack")
    expect(checked).to_contain_text("Artikeln saknar källa.")
    eva.get_by_label("Titel").fill("1177: Hicka")
    eva.get_by_label("Utgivare").fill("1177 Vårdguiden")
    eva.get_by_label("Webbadress").fill("https://www.1177.se/")
    expect(checked).to_contain_text("Allt ser bra ut.")
    expect(checked.get_by_role("heading", name="Kort om")).to_be_visible()
    assert eva.title() != "hackad"
    eva.get_by_role("button", name="Spara som utkast").click()
    expect(eva.get_by_role("heading", name="Hicka", level=1)).to_be_visible()


def _both_write(eva: Page, maria: Page) -> None:
    """Both open the text; the second to save sees both, and saves on top."""
    for page in (eva, maria):
        page.goto("/editor/articles/hicka/edit")
    maria.get_by_label("Sammanfattning").fill("Hicka är ofarligt.")
    maria.get_by_role("button", name="Spara som utkast").click()
    expect(maria.get_by_role("heading", name="Hicka", level=1)).to_be_visible()
    eva.get_by_label("Sammanfattning").fill("Hicka går över.")
    eva.get_by_role("button", name="Spara som utkast").click()
    expect(eva.get_by_role("alert")).to_contain_text("Maria Sand har ändrat artikeln")
    expect(eva.get_by_role("textbox", name="Sammanfattning")).to_have_value("Hicka går över.")
    expect(eva.locator(".difference del")).to_contain_text("är ofarligt")
    eva.get_by_role("button", name="Spara min text som ny version").click()
    expect(eva.get_by_role("link", name="Version 3")).to_be_visible()
    eva.get_by_role("button", name="Jämför versionerna").click()
    expect(eva.locator(".difference ins")).to_contain_text("går över")


def _desk(browser: Browser, service: Service, person: str, **more: Any) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="sv-SE", base_url=service.url, **more)
    context.request.post("/editor/login", form={"practitioner": person})
    return context.new_page()


def _asked(anna: ChatClient) -> str:
    return "\n".join(str(message["text"]) for message in anna.say(QUESTION))


def _eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + LIVE_S
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.5)
    return True
