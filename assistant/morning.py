"""Anna's morning, played against the running service: what she says, what the doctor signs, step by step."""

import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
from rich.console import Console

from assistant.chat_client import ChatClient, NoAnswerError
from assistant.settings import get_settings

CHECK_IN_TIMEOUT_S = 150.0
"""The round looks every minute for whom it is due."""
TOLD_WITHIN_S = 2.0
DOCTOR = "doctor-karin"


class StepFailedError(RuntimeError):
    """A step of the morning did not happen."""


def play(terminal: Console) -> int:
    """Play the morning; return 0 if every step happened, else 1."""
    try:
        with httpx.Client(base_url=get_settings().web_url, timeout=15.0) as http:
            for step in _steps(http, terminal):
                terminal.print(f"[green]✓[/] {step}")
    except httpx.ConnectError:
        terminal.print("[red]✗[/] Nothing answers. Start the service first: make run")
        return 1
    except (StepFailedError, NoAnswerError, httpx.HTTPError) as error:
        terminal.print(f"[red]✗[/] {error}")
        return 1
    return 0


def _steps(http: httpx.Client, terminal: Console) -> Iterator[str]:
    _expect(http.get("/readyz").is_success, "Everything is ready")
    yield "Engine, actions, database and queue answer"
    anna = str(http.post("/demo/morning").raise_for_status().json()["patient"])
    screen = ChatClient(anna)
    try:
        yield from _talk(screen, terminal)
        yield from _decide(http, screen, anna, terminal)
    finally:
        screen.close()


def _talk(screen: ChatClient, terminal: Console) -> Iterator[str]:
    with terminal.status("Waiting for the round to make the check-in"):
        screen.wait_for(_holds("god morgon när du vill"), timeout_s=CHECK_IN_TIMEOUT_S)
    opening = [message["text"] for message in screen.messages]
    _show(terminal, opening)
    _expect(any("maskin" in text for text in opening), "She is told that it is a machine")
    _expect(any("7 timmar och 40 minuter" in text for text in opening), "Her sleep is told")
    yield "The check-in opened by itself: greeting, machine, sleep"

    told = _say(screen, "God morgon!", terminal)
    order = [_place(told, word) for word in ("vikt", "blodtryck", "boka en tid")]
    _expect(order == sorted(order), "Weight, pressure and the offer come in this order")
    _expect("jordgubb" in told[order[0]], "The drink has the taste she loves")
    _expect(" mg" not in told[order[1]], "No dose is named to her")
    yield "Weight, pressure and the offer, in this order, and no dose"

    why = _say(screen, "Varför tycker du det?", terminal)
    _expect(any("Källa" in text for text in why), "The reasons have a source")
    yield "Readings, rule and source, when she asks why"

    _say(screen, "Ja, gärna", terminal)
    _press(screen, "Videosamtal", terminal)
    days = _choices(screen)
    _press(screen, days[1], terminal)
    _press(screen, _choices(screen)[0], terminal)
    booked = _press(screen, "Ja, boka", terminal)
    _expect(any(message["data"].get("kind") == "booking" for message in screen.messages), "The time is booked")
    listed = _say(screen, "När är min nästa tid?", terminal)
    _expect(days[1] in listed[0] and days[1] in booked[0], "The booked time is in the record")
    yield "A video visit with her doctor is booked, from times that are really free"


def _decide(http: httpx.Client, screen: ChatClient, anna: str, terminal: Console) -> Iterator[str]:
    _expect(http.post("/clinic/login", data={"practitioner": DOCTOR}).is_redirect, "The doctor logs in")
    page, task = _proposal(http, anna)
    _expect("<svg" in page or ".svg" in page, "The curve is on the page")
    order = _first(r'name="order" value="([^"]+)"', page)
    version = _first(r'name="version" value="([^"]+)"', page)
    yield "The doctor sees the proposal with its curve"

    decision = {"version": version, "decision": "approve", "order": order, "reason": "", "confirmed": "true"}
    signed = http.post(f"/clinic/tasks/{task}/decide", data=decision)
    signed_at = time.monotonic()
    _expect(signed.is_redirect, "The doctor signs")
    news = screen.wait_for(lambda message: message["kind"] == "decision", timeout_s=10.0)
    waited = max(0.0, screen.arrivals[news["id"]] - signed_at)
    _show(terminal, [news["text"]])
    _expect(waited <= TOLD_WITHIN_S, f"Anna is told within {TOLD_WITHIN_S:.0f} s (it took {waited:.1f} s)")
    yield f"Signed; Anna was told {waited:.2f} s later"

    medicines = _say(screen, "Vilka mediciner tar jag?", terminal)
    changed = re.search(r"av (\w+) till ([\d,]+ mg)", news["text"])
    new_order = f"{changed.group(1)} {changed.group(2)}" if changed else "a new dose"
    _expect(new_order in medicines[0].lower(), f"The list of medicines has {new_order}")
    yield "The new dose is in her list of medicines"


def _proposal(http: httpx.Client, anna: str) -> tuple[str, str]:
    """Return the page and the id of the open proposal about this Anna."""
    worklist = http.get("/clinic").raise_for_status().text
    for task in re.findall(r'href="/clinic/tasks/([^"]+)"', worklist):
        page = http.get(f"/clinic/tasks/{task}").text
        if f'href="/clinic/patients/{anna}"' in page and 'id="decision"' in page:
            return page, task
    raise StepFailedError("The doctor's worklist has no proposal about Anna.")


def _say(screen: ChatClient, text: str, terminal: Console) -> list[str]:
    terminal.print(f"  [bold]Anna:[/] {text}")
    texts = [message["text"] for message in screen.say(text)]
    _show(terminal, texts)
    return texts


def _press(screen: ChatClient, label: str, terminal: Console) -> list[str]:
    terminal.print(f"  [bold]Anna:[/] \\[{label}]")
    texts = [message["text"] for message in screen.press(label)]
    _show(terminal, texts)
    return texts


def _choices(screen: ChatClient) -> list[str]:
    """Return the labels of the newest choices on the screen."""
    newest = next(message["choices"] for message in reversed(screen.messages) if message["choices"])
    return [str(choice["label"]) for choice in newest]


def _show(terminal: Console, texts: list[str]) -> None:
    for text in texts:
        terminal.print(f"  ViGoR: {text}", style="dim", markup=False)


def _place(texts: list[str], word: str) -> int:
    places = [place for place, text in enumerate(texts) if word in text]
    _expect(bool(places), f"The assistant speaks of «{word}»")
    return places[-1] if word == "boka en tid" else places[0]


def _first(pattern: str, page: str) -> str:
    found = re.search(pattern, page)
    if not found:
        raise StepFailedError("The page of the proposal lacks a part of its form.")
    return found.group(1)


def _holds(words: str) -> Any:
    return lambda message: words in message["text"]


def _expect(happened: bool, step: str) -> None:
    if not happened:
        raise StepFailedError(f"Did not happen: {step}")
