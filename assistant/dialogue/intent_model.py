"""A linear intent model over Swedish words, kinds of words and letters: a minute to train, milliseconds to ask."""

import random
from itertools import pairwise
from pathlib import Path

import joblib
import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC

from assistant.dialogue.lemmas import Lemmas
from assistant.dialogue.ngrams import NgramView
from assistant.dialogue.text import WORD, fold, normalise, words
from assistant.dialogue.word_kinds import WordKinds

LETTER_WEIGHT = 1.5
"""Letters weigh more than words, as people mistype; chosen on the development set."""
MISTYPED_SEED = 7
LETTERS_A_SLIP = 18
LEAST_WEIGHT = 0.01
"""Weights below this change no decision on the development set, and most weights are: it keeps the process small."""
TOLERANCE = 0.1
"""When the support vector machine stops: a tenth of it takes twice as long and decides the same."""
FEWEST_TO_CALIBRATE = 5
"""Examples of the rarest intent below which nothing can be held out."""


class Sense:
    """What a text is about, whatever its words: every word by its kind, or else its base form, single and in pairs."""

    def __init__(self, lemmas: Lemmas, kinds: WordKinds) -> None:
        self._lemmas = lemmas
        self._kinds = kinds

    def __call__(self, normal: str) -> list[str]:
        """Return the features of a normalised text."""
        kinds = [(word, self._kinds.of(fold(word))) for word in words(normal)]
        line = [f"<{found[0]}>" if found else fold(self._lemmas.base(word)) for word, found in kinds]
        also = [f"<{kind}>" for _, found in kinds for kind in found[1:]]
        return [*line, *also, *(f"{one} {other}" for one, other in pairwise(line))]


class IntentModel:
    """Words, their sense and their letters, weighted by TF-IDF, in a linear support vector machine with calibrated
    confidence."""

    def __init__(self, c: float = 0.5) -> None:
        self.c = c
        self.words = NgramView(ngram_range=(1, 2), token_pattern=WORD.pattern)
        self.letters = NgramView(ngram_range=(2, 5), analyzer="char_wb")
        self.sense = NgramView()
        self.intents: list[str] = []
        self.weights = csr_matrix((0, 0))
        """A row a feature, a column an intent: the few features of a text pick their rows."""
        self.offsets = np.zeros(0)
        self.temperature = 1.0

    def fit(self, texts: list[str], intents: list[str]) -> None:
        """Learn from `texts` and their `intents` (same length)."""
        normal = [normalise(text) for text in texts]
        self.sense = NgramView(analyzer=Sense(Lemmas.for_texts(normal), WordKinds.read()))
        everything = normal + mistyped(normal)
        features = hstack(
            [
                self.words.fit_transform(everything),
                self.sense.fit_transform(everything),
                LETTER_WEIGHT * self.letters.fit_transform([fold(text) for text in everything]),
            ]
        ).tocsr()
        svm = LinearSVC(C=self.c, tol=TOLERANCE).fit(features, [*intents, *intents])
        self.intents = [str(intent) for intent in svm.classes_]
        self.weights = csr_matrix(_a_row_each(svm.coef_, LEAST_WEIGHT).T)
        self.offsets = _a_row_each(svm.intercept_)
        self._calibrate(features[: len(normal)], intents)

    def rank(self, texts: list[str]) -> list[list[tuple[str, float]]]:
        """Return, for each text, all intents with their confidence, the most likely first."""
        scores = (self._features([normalise(text) for text in texts]) @ self.weights).toarray() + self.offsets.T
        return [
            [(self.intents[i], float(confidences[i])) for i in np.argsort(-confidences)]
            for confidences in self._softmax(scores, self.temperature)
        ]

    def knows(self, text: str) -> bool:
        """Tell whether any word of the text has been seen in training; numbers count as seen."""
        normal = normalise(text)
        return any(word.isdecimal() for word in WORD.findall(normal)) or self.words.knows_any(normal)

    def save(self, folder: Path) -> None:
        """Write the model into `folder`."""
        joblib.dump(self, folder / "intent_model.joblib", compress=3)

    @staticmethod
    def load(folder: Path) -> "IntentModel":
        """Read the model that `save` wrote."""
        model: IntentModel = joblib.load(folder / "intent_model.joblib")
        return model

    def _features(self, normal: list[str]) -> csr_matrix:
        """Return the weighted n-grams of normalised texts, one row a text."""
        return hstack(
            [
                self.words.transform(normal),
                self.sense.transform(normal),
                LETTER_WEIGHT * self.letters.transform([fold(text) for text in normal]),
            ]
        ).tocsr()

    def _calibrate(self, features: csr_matrix, intents: list[str]) -> None:
        """Choose the softmax temperature under which a held-out fifth is predicted best (least log loss)."""
        if min(np.unique(intents, return_counts=True)[1]) < FEWEST_TO_CALIBRATE:
            return
        learnt, held, right_learnt, right = train_test_split(
            features, intents, test_size=0.2, stratify=intents, random_state=MISTYPED_SEED
        )
        model = LinearSVC(C=self.c, tol=TOLERANCE).fit(learnt, right_learnt)
        scores = held @ _a_row_each(model.coef_).T + _a_row_each(model.intercept_).T
        places = np.searchsorted(model.classes_, right)

        def loss(temperature: float) -> float:
            confidences = self._softmax(scores, temperature)
            return float(-np.log(confidences[np.arange(len(places)), places] + 1e-12).mean())

        self.temperature = float(minimize_scalar(loss, bounds=(0.02, 5.0), method="bounded").x)

    @staticmethod
    def _softmax(scores: np.ndarray, temperature: float) -> np.ndarray:
        scaled = np.exp((scores - scores.max(axis=1, keepdims=True)) / temperature)
        return scaled / scaled.sum(axis=1, keepdims=True)


def _a_row_each(weights: np.ndarray, least: float = 0.0) -> np.ndarray:
    """Return one row an intent, also where there are two, for which the library gives one; small weights as zero."""
    rows = np.atleast_2d(weights) if weights.ndim > 1 else weights[:, None]
    rows = np.vstack([-rows, rows]) if len(rows) == 1 else rows
    return np.where(np.abs(rows) < least, 0.0, rows).astype(np.float32)


def mistyped(texts: list[str]) -> list[str]:
    """Return each text with a slip of the finger or two: letters swapped, lost, doubled or hit beside. Repeatable."""
    chance = random.Random(MISTYPED_SEED)  # noqa: S311 - nothing secret about typing errors
    return [_with_slips(text, chance) for text in texts]


def _with_slips(text: str, chance: random.Random) -> str:
    letters = list(text)
    for _ in range(max(1, len(letters) // LETTERS_A_SLIP)):
        if len(letters) < 4:
            break
        at = chance.randrange(len(letters) - 1)
        slip = chance.choice(("swap", "lose", "double", "miss"))
        if slip == "swap":
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
        elif slip == "lose":
            del letters[at]
        elif slip == "double":
            letters.insert(at, letters[at])
        else:
            letters[at] = chance.choice("abcdefghijklmnopqrstuvwxyzåäö")
    return "".join(letters)
