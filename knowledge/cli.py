"""What `vigor search`, `vigor knowledge` and `vigor bench search` print."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.settings import get_settings
from knowledge import bench, scope, service
from knowledge import zero_shot as zero_shot_table
from knowledge.encoder import train
from knowledge.search import Index


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


def evaluate(model: Path | None) -> Iterator[str]:
    """Yield the lines of the report on quality, with another model beside ours if one is given."""
    return bench.quality(get_settings(), model)


def zero_shot(file: Path) -> Iterator[str]:
    """Yield the lines of the report on a file of questions and answers."""
    settings = get_settings()
    pairs = zero_shot_table.read(file)
    yield f"{file.name}: {len(pairs)} questions and answers"
    index = Index.build(zero_shot_table.articles(pairs), encoder=train.ready(settings), scope=scope.ready(settings))
    yield from zero_shot_table.lines(zero_shot_table.table(index, pairs))
