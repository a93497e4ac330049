"""What `vigor search` and `vigor bench search` print."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.settings import get_settings
from knowledge import bench, service


def search(file: Path, *, k: int = 5) -> Iterator[dict[str, Any]]:
    """Yield {"text", "answered", "topics": [{"slug", "score"}]} for every {"text"} line of `file`."""
    index = service.index()
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip():
            text = json.loads(line)["text"]
            result = index.search(text, k)
            topics = [{"slug": hit.slug, "score": round(hit.score, 4)} for hit in result.hits]
            yield {"text": text, "answered": result.answered, "topics": topics}


def benchmark() -> Iterator[str]:
    """Yield the lines of the report on quality and speed."""
    return bench.report(get_settings())
