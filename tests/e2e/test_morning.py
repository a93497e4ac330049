"""Anna's morning as people live it: in the terminal and in a real browser, Anna's tablet beside the doctor's screen."""

import re
import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant import browsers
from scheduler import texts
from tests.e2e.service import Service

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ROUND_MS = 150_000
"""The round looks every minute for whom it is due."""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.ensure(), args=FLAGS)
        yield browser
        browser.close()


def _page(browser: Browser, service: Service, login: str, **who: str) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="sv-SE", base_url=service.url)
    context.request.post(login, form=who)
    return context.new_page()


def test_the_demo_command_plays_the_whole_morning(service: Service) -> None:
    played = service.run("demo")

    assert played.returncode == 0, played.stderr
    assert "Anna was told" in played.stderr


def test_anna_books_a_time_and_hears_of_the_signed_decision_at_once(service: Service, browser: Browser) -> None:
    patient = httpx.post(f"{service.url}/demo/morning").json()["patient"]
    anna = _page(browser, service, "/login", patient=patient)
    anna.goto("/patient")
    log = anna.get_by_role("log")
    greeting = texts.greeting("Anna", datetime.now(ZoneInfo("Europe/Stockholm")))
    expect(log).to_contain_text(greeting["sv"], timeout=ROUND_MS)
    expect(log).to_contain_text("maskin")
    expect(log).to_contain_text("7 timmar och 40 minuter")

    _write(anna, "God morgon!")
    expect(log).to_contain_text("jordgubb")
    expect(log).to_contain_text("förslag till din läkare")
    anna.get_by_role("button", name="Ja, gärna").click()
    anna.get_by_role("button", name="Videosamtal").click()
    anna.get_by_role("button", name=re.compile(r"^(mån|tis|ons|tors|fre)dag \d")).first.click()
    anna.get_by_role("button", name=re.compile(r"^kl\. ")).first.click()
    anna.get_by_role("button", name="Ja, boka").click()
    expect(log).to_contain_text("Nu är det klart")

    doctor = _page(browser, service, "/clinic/login", practitioner="doctor-karin")
    doctor.goto(f"/clinic/patients/{patient}")
    doctor.get_by_role("link", name=re.compile("läkemedelsändring|dos", re.IGNORECASE)).first.click()
    expect(doctor.locator("svg, img[src*='.svg']").first).to_be_visible()
    doctor.get_by_role("radio", name=re.compile("Amlodipin", re.IGNORECASE)).check()
    doctor.get_by_role("radio", name=re.compile("^Godkänn")).check()
    doctor.locator("#decision button[type=submit]").click()
    signed_at = time.monotonic()
    doctor.get_by_role("button", name="Signera").click()

    expect(log).to_contain_text("har bestämt att sänka dosen", timeout=5_000)
    assert time.monotonic() - signed_at < 2.0 + 1.0, "told within two seconds, and one for the browsers"

    anna.reload()
    expect(log).to_contain_text("har bestämt att sänka dosen")
    expect(log).to_contain_text("Nu är det klart")


def _write(page: Page, words: str) -> None:
    page.get_by_label("Skriv till assistenten").fill(words)
    page.get_by_role("button", name="Skicka").click()
