"""Markdown to HTML that is safe to show, whatever was pasted into it."""

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "blockquote", "br", "hr", "code"} | {
    *("table", "thead", "tbody", "tr", "th", "td"),
}

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


def html(markdown: str) -> str:
    """Return the Markdown as HTML: no scripts, no images, no raw HTML, and only web, mail and telephone links."""
    return nh3.clean(
        _markdown.render(markdown),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
