"""Links that lead nowhere."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from knowledge.articles import Article
from knowledge.editorial import links


class Site(BaseHTTPRequestHandler):
    """/200, /404 and so on answer with that status; /away and /round redirect."""

    def do_GET(self) -> None:
        place = self.path.strip("/")
        self.send_response(int(place) if place.isdigit() else 302)
        if not place.isdigit():
            self.send_header("Location", "http://10.0.0.1/" if place == "away" else "/round")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Stay silent."""


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def here(url: httpx.URL) -> bool:
    return url.host == "127.0.0.1"


def test_only_what_leads_nowhere_is_told(site: str) -> None:
    urls = [f"{site}/{place}" for place in ("200", "403", "404", "410", "500", "round", "away")]
    found = links.dead(urls, allowed=here)
    assert [one.url.rsplit("/", 1)[1] for one in found] == ["404", "410", "500", "round", "away"]
    assert found[0].why == "Sidan finns inte (404)."


def test_a_site_that_does_not_answer_is_dead() -> None:
    assert links.dead(["http://127.0.0.1:1/"], allowed=here)[0].why == "Webbplatsen svarar inte."


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://localhost/", "http://10.1.2.3/", "http://[::1]/"])
def test_addresses_inside_are_never_asked(url: str) -> None:
    assert links.dead([url])[0].why == "Adressen finns inte på det öppna nätet."


def test_sources_and_links_in_the_text_are_looked_at(article: Article) -> None:
    more = article.model_copy(update={"body": "Läs [mer](https://example.org/?a=1&b=2). [Ring](tel:1177)."})
    assert links.of(more) == ["https://www.1177.se/", "https://example.org/?a=1&b=2"]
