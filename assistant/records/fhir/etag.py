"""Entity tags: how a version travels in ETag, If-Match and ifMatch."""

import re

from assistant.records.errors import MalformedError

ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')


def version_in(header: str | None) -> int | None:
    """Return the version that an If-Match names, or None when there is no header.

    Raises:
        MalformedError: it is not one of our tags.
    """
    if header is None:
        return None
    tag = ETAG.fullmatch(header.strip())
    if tag is None:
        raise MalformedError(problem='If-Match is written like W/"3"')
    return int(tag[1])
