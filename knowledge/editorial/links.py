"""Whether the links of an article lead anywhere. Only public addresses are asked, as an editor may paste anything."""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from typing import NamedTuple

import httpx

from knowledge import rendering
from knowledge.articles import Article

HREF = re.compile(r'href="(https?://[^"]+)"')
TIMEOUT_S = 5.0
MOST_LINKS = 40
MOST_REDIRECTS = 4
AT_ONCE = 8
GONE = (404, 410)

Allowed = Callable[[httpx.URL], bool]


class Dead(NamedTuple):
    """A link that leads nowhere, and why."""

    url: str
    why: str


def of(article: Article) -> list[str]:
    """Return the web addresses of the sources and of the links in the text."""
    linked = [unescape(found) for found in HREF.findall(rendering.html(article.body))]
    return list(dict.fromkeys([*(str(source.url) for source in article.sources), *linked]))[:MOST_LINKS]


def is_public(url: httpx.URL) -> bool:
    """Tell whether all that the host's name stands for are addresses of the open internet."""
    try:
        found = socket.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return all(ipaddress.ip_address(address[4][0]).is_global for address in found)


def dead(urls: Iterable[str], *, allowed: Allowed = is_public) -> list[Dead]:
    """Ask every address, several at once, and return those that lead nowhere; half a minute at the very most."""
    listed = list(urls)
    with httpx.Client(timeout=TIMEOUT_S) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        found = pool.map(lambda url: _why_dead(client, httpx.URL(url), allowed), listed)
        return [Dead(url, why) for url, why in zip(listed, found, strict=True) if why]


def _why_dead(client: httpx.Client, url: httpx.URL, allowed: Allowed) -> str | None:
    """Return why the address leads nowhere. One that refuses programs (401, 403, 429) may well open for people."""
    for _ in range(MOST_REDIRECTS + 1):
        if url.scheme not in ("http", "https") or not allowed(url):
            return "Adressen finns inte på det öppna nätet."
        try:
            with client.stream("GET", url) as answer:
                if answer.status_code in GONE:
                    return f"Sidan finns inte ({answer.status_code})."
                if answer.is_server_error:
                    return f"Webbplatsen svarar med ett fel ({answer.status_code})."
                if answer.next_request is None:
                    return None
                url = answer.next_request.url
        except (httpx.HTTPError, httpx.InvalidURL):
            return "Webbplatsen svarar inte."
    return "Sidan skickar runt utan slut."
