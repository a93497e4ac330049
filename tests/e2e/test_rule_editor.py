"""A new version of a rule as people make it: a doctor writes it in a real browser, a nurse signs it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant import browsers
from tests.e2e.service import Service

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SLOW_MS = 60_000
"""Every worked case is counted, and two weeks are replayed; a busy machine takes its time."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browsers.ensure(), args=FLAGS)
        yield browser
        browser.close()


def _desk(browser: Browser, service: Service, who: str) -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="sv-SE", base_url=service.url)
    context.request.post("/clinic/login", form={"practitioner": who})
    page = context.new_page()
    page.set_default_timeout(SLOW_MS)
    return page


def test_a_doctor_writes_a_version_and_a_nurse_signs_it(service: Service, browser: Browser) -> None:
    karin, sara = _desk(browser, service, "doctor-karin"), _desk(browser, service, "nurse-sara")
    karin.goto("/clinic")
    karin.get_by_role("link", name="Regler").click()
    karin.get_by_role("link", name="Dålig sömn flera nätter").click()
    expect(karin.get_by_text("minst 4 dagar med sömn under 5 eller dålig natt")).to_be_visible()

    text = karin.get_by_role("textbox", name="Regeln som text (YAML)")
    written = text.input_value()
    text.fill(written.replace("cool_down: 6", "cool_dwon: 6"))
    karin.get_by_role("button", name="Spara utkastet").click()
    expect(karin.get_by_text(re.compile(r"Rad \d+:.*cool_dwon", re.DOTALL)).first).to_be_visible(timeout=SLOW_MS)

    text.fill(written.replace("cool_down: 6", "cool_down: 13"))
    karin.get_by_role("button", name="Spara utkastet").click()
    expect(karin.get_by_text("Utkastet följer schemat")).to_be_visible(timeout=SLOW_MS)
    karin.get_by_role("button", name="Spela upp mot historiken").click()
    expect(karin.get_by_role("row", name=re.compile("^Nu gällande"))).to_be_visible(timeout=SLOW_MS)
    expect(karin.get_by_role("button", name="Signera och ta i bruk")).to_have_count(0)

    sara.goto("/clinic/rules/poor-sleep")
    sara.get_by_role("button", name="Signera och ta i bruk").click()
    expect(sara.get_by_text("Version 2, gäller. Signerad av Sara Lind")).to_be_visible(timeout=SLOW_MS)
    explained = service.run("rules", "explain", "anna", "poor-sleep")
    assert "poor-sleep version 2" in explained.stdout, explained.stderr
