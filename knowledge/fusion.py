"""One score from many, and whether it is enough to answer. The weights are tuned on the development set (`tune.py`)."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Self

import numpy as np
from pydantic import BaseModel

from knowledge import yaml_text
from knowledge.postings import Floats
from knowledge.snapshot import FEATURES

FILE = Path(__file__).with_name("weights.yml")
SIGNALS = ("score", "certainty", "margin", "known", "in_scope", "letters_question", "meaning_question")


class Fusion(BaseModel):
    """Weights of the ways of looking, and of the signals that there is an answer.

    `articles` holds one weight for each of `FEATURES`; `bare` those for a collection without a single question, about
    whatever it may be, where words and letters say more than a meaning learnt from other texts. `signals` holds one
    weight for each of `SIGNALS`, on the logistic scale.
    A question is answered when its confidence (0 to 1) reaches `threshold`.
    """

    articles: Mapping[str, float]
    bare: Mapping[str, float]
    signals: Mapping[str, float]
    bias: float
    threshold: float

    @classmethod
    @lru_cache
    def load(cls, file: Path = FILE) -> Self:
        """Read the weights that the project ships."""
        return cls.model_validate(yaml_text.load(file.read_text()))

    def scores(self, features: Floats, *, bare: bool = False) -> Floats:
        """Return the weighted score of every article."""
        chosen = self.bare if bare else self.articles
        weights = np.array([chosen[name] for name in FEATURES], dtype=np.float32)
        scores: Floats = features @ weights
        return scores

    def confidence(self, signals: Mapping[str, float]) -> float:
        """Return how likely it is that the best article answers, 0 to 1."""
        logit = self.bias + sum(weight * signals[name] for name, weight in self.signals.items())
        return float(1 / (1 + np.exp(-logit)))


def certainty(scores: Floats) -> Floats:
    """Return each article's share of the certainty, together 1."""
    raised = np.exp(scores - scores.max())
    shares: Floats = raised / raised.sum()
    return shares


def signals(features: Floats, scores: Floats, *, known: float, in_scope: float) -> dict[str, float]:
    """Return what speaks for and against that the best article answers.

    `known` is the share of the content words that the articles use; `in_scope` the logit of `scope.Scope`.
    """
    order = np.argsort(-scores)
    best = order[0]
    second = scores[order[1]] if len(order) > 1 else 0.0
    column = {name: features[:, place] for place, name in enumerate(FEATURES)}
    return {
        "score": float(scores[best]),
        "certainty": float(certainty(scores)[best]),
        "margin": float(scores[best] - second),
        "known": known,
        "in_scope": in_scope,
        "letters_question": float(column["letters_question"].max()),
        "meaning_question": float(column["meaning_question"].max()),
    }
