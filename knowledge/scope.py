"""Whether a text is a question about health and care at all, learnt from questions that are and that are not."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.settings import ROOT, Settings
from knowledge import ngrams, yaml_text
from knowledge.articles import Article
from knowledge.store import FolderStore

UNANSWERABLE = Path(__file__).parent / "questions" / "unanswerable.yml"
UTTERANCES = ROOT / "nlu_data" / "train"
HEALTH = ("knowledge/ask_health_question.yml", "monitoring/report_symptom.yml")
OTHER = ("conversation/out_of_scope.yml",)
REGULARISATION = 8.0


class Scope:
    """A linear judge of letter sequences."""

    def __init__(self, weights: NDArray[np.float32], bias: float, rarity: NDArray[np.float32]) -> None:
        self._weights = weights
        self._bias = bias
        self._rarity = rarity

    def logit(self, text: str) -> float:
        """Return how much speaks for a question about health; above 0 more does than does not."""
        row = ngrams.weighted(ngrams.count([text]), self._rarity)
        return float((row @ self._weights)[0] + self._bias)

    @classmethod
    def fit(cls, inside: Sequence[str], outside: Sequence[str]) -> "Scope":
        """Learn from questions inside and outside what the articles are about."""
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - seconds and 70 MB that only learning needs

        counts = ngrams.count([*inside, *outside])
        rarity = ngrams.rarity(counts).astype(np.float32)
        wanted = np.array([1] * len(inside) + [0] * len(outside))
        judge = LogisticRegression(C=REGULARISATION, class_weight="balanced", max_iter=300)
        judge.fit(ngrams.weighted(counts, rarity), wanted)
        return cls(judge.coef_[0].astype(np.float32), float(judge.intercept_[0]), rarity)

    def save(self, path: Path) -> None:
        """Write the judge to a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(path, weights=self._weights, bias=self._bias, rarity=self._rarity)

    @classmethod
    def load(cls, path: Path) -> "Scope":
        """Read what `save` wrote."""
        with np.load(path) as kept:
            return cls(kept["weights"], float(kept["bias"]), kept["rarity"])


def ready(settings: Settings) -> Scope:
    """Return the judge of the present questions, learning it if they are new (a few seconds)."""
    inside, outside = questions_inside(FolderStore().published()), questions_outside()
    path = settings.var_dir / "scope" / f"{_fingerprint([*inside, *outside])}.npz"
    if not path.exists():
        Scope.fit(inside, outside).save(path)
        for old in path.parent.glob("*.npz"):
            if old != path:
                old.unlink()
    return Scope.load(path)


def questions_inside(articles: Sequence[Article]) -> list[str]:
    """Return questions about health: those of the articles, their names and lay words, and what patients may say."""
    of_articles = [
        text for one in articles for text in (*one.questions, *one.lay_words, *one.synonyms, one.title, one.summary)
    ]
    return [*of_articles, *(text for file in HEALTH for text in _utterances(file))]


def questions_outside() -> list[str]:
    """Return questions that no article answers: other matters, and illnesses nobody has written about."""
    listed: dict[str, list[str]] = yaml_text.load(UNANSWERABLE.read_text(encoding="utf-8"))
    written = [question for questions in listed.values() for question in questions]
    return [*written, *(text for file in OTHER for text in _utterances(file))]


def _utterances(file: str) -> list[str]:
    loaded = yaml_text.load((UTTERANCES / file).read_text(encoding="utf-8"))
    return [line.removeprefix("- ") for intent in loaded["nlu"] for line in intent["examples"].splitlines()]


def _fingerprint(texts: Sequence[str]) -> str:
    code = Path(__file__).read_bytes() + Path(ngrams.__file__).read_bytes()
    return hashlib.sha256("\n".join(texts).encode() + code).hexdigest()[:16]
