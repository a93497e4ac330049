"""What an editor pastes can never become script on a patient's tablet."""

import pytest

from knowledge.rendering import html


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[klicka](javascript:alert(1))",
        "[klicka](data:text/html;base64,PHNjcmlwdD4=)",
        "![bild](https://example.org/pixel.png)",
        "<iframe src='https://example.org'></iframe>",
        '<a href="https://example.org" onclick="alert(1)">x</a>',
    ],
)
def test_nothing_that_runs_or_loads_survives(markdown: str) -> None:
    shown = html(markdown)
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<iframe" not in shown
    assert 'href="javascript' not in shown
    assert 'href="data' not in shown
    assert "onclick=" not in shown.replace("&quot;", "").split("&lt;")[0]


def test_headings_lists_and_links_are_shown() -> None:
    shown = html("## Kort om\n\n- ett\n- två\n\n[1177](https://www.1177.se/)")
    assert "<h2>Kort om</h2>" in shown
    assert shown.count("<li>") == 2
    assert '<a href="https://www.1177.se/" rel="noopener noreferrer">' in shown
