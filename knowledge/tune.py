"""Tuning the weights of the fusion on the development set alone: `python -m knowledge.tune` writes `weights.yml`.

The weights of the articles maximise the likelihood of the right article (a conditional logit, no weight negative). The
signals are weighed by logistic regression, with the unanswerable questions of the training set judged by a scope that
has not seen them.
"""

from collections.abc import Sequence

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from assistant.settings import get_settings
from knowledge import evaluation, fusion, scope
from knowledge.encoder import train
from knowledge.evaluation import Question
from knowledge.fusion import SIGNALS, Fusion
from knowledge.scope import Scope
from knowledge.search import Index, known_share
from knowledge.snapshot import FEATURES
from knowledge.store import FolderStore

RIDGE = 0.002
BARE = dict.fromkeys(FEATURES, 0.0) | {
    "words_whole": 5.0,
    "words_passage": 1.0,
    "letters_whole": 4.0,
    "letters_question": 2.0,
    "meaning_passage": 2.0,
}
"""Found on articles of groups that neither the encoder nor the lexicon had seen, stripped to title and body."""
FOLDS = 5
WRONGLY_DECLINED = 0.008
SEED = 11

Doubles = NDArray[np.float64]


def main() -> None:
    """Tune and write."""
    settings = get_settings()
    articles = FolderStore().published()
    judge = scope.ready(settings)
    index = Index.build(articles, encoder=train.ready(settings), scope=judge)
    questions = evaluation.read("development")
    tuned = tune(index, questions, judge, inside=scope.questions_inside(articles), outside=scope.questions_outside())
    head = "# How the ways of looking are weighed together. Written by `python -m knowledge.tune`.\n"
    fusion.FILE.write_text(head + yaml.safe_dump(tuned.model_dump(), sort_keys=False))


def tune(
    index: Index, questions: Sequence[Question], judge: Scope, *, inside: Sequence[str], outside: Sequence[str]
) -> Fusion:
    """Return the weights that serve the questions best."""
    answerable = [one for one in questions if one.slug in index.snapshot.slugs]
    features = np.array([index.snapshot.features(one.text) for one in answerable], dtype=np.float64)
    right = np.array([index.snapshot.slugs.index(str(one.slug)) for one in answerable])
    ranking = dict(zip(FEATURES, _ranking(features, right).round(3).tolist(), strict=True))
    draft = Fusion(articles=ranking, bare=BARE, signals=dict.fromkeys(SIGNALS, 0.0), bias=0.0, threshold=0.5)
    return _calibrated(draft, index, questions, judge, inside=inside, outside=outside)


def _ranking(features: Doubles, right: NDArray[np.int64]) -> Doubles:
    rows = np.arange(len(right))

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        scores = features @ weights
        surplus = softmax(scores, axis=1)
        surplus[rows, right] -= 1
        gradient = np.einsum("qa,qaf->f", surplus, features) / len(right)
        likelihood = float((scores[rows, right] - logsumexp(scores, axis=1)).mean())
        return RIDGE * float(weights @ weights) - likelihood, gradient + 2 * RIDGE * weights

    start = np.ones(features.shape[2])
    found: Doubles = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None)] * len(start)).x
    return found


def _calibrated(
    draft: Fusion,
    index: Index,
    questions: Sequence[Question],
    judge: Scope,
    *,
    inside: Sequence[str],
    outside: Sequence[str],
) -> Fusion:
    asked = [(one.text, judge.logit(one.text), bool(one.slug)) for one in questions]
    asked += [(text, logit, False) for text, logit in zip(outside, _unseen_logits(inside, outside), strict=True)]
    table = np.array([_signals(draft, index, text, logit) for text, logit, _ in asked])
    wanted = np.array([answerable for _, _, answerable in asked])
    model = make_pipeline(StandardScaler(), LogisticRegression(class_weight="balanced"))
    folds = KFold(FOLDS, shuffle=True, random_state=SEED)
    unseen = cross_val_predict(model, table, wanted, cv=folds, method="predict_proba")
    model.fit(table, wanted)
    scaler, logistic = model[0], model[1]
    weights = logistic.coef_[0] / scaler.scale_
    return draft.model_copy(
        update={
            "signals": dict(zip(SIGNALS, weights.round(3).tolist(), strict=True)),
            "bias": round(float(logistic.intercept_[0] - weights @ scaler.mean_), 3),
            "threshold": round(float(np.quantile(unseen[wanted, 1], WRONGLY_DECLINED)), 3),
        }
    )


def _signals(draft: Fusion, index: Index, text: str, in_scope: float) -> list[float]:
    features = index.snapshot.features(text)
    known = known_share(index.snapshot.analyser, text)
    found = fusion.signals(features, draft.scores(features), known=known, in_scope=in_scope)
    return [found[name] for name in SIGNALS]


def _unseen_logits(inside: Sequence[str], outside: Sequence[str]) -> list[float]:
    """Judge each text outside by a scope that has learnt from the others."""
    logits = np.zeros(len(outside))
    for learnt, held in KFold(FOLDS, shuffle=True, random_state=SEED).split(outside):
        judge = Scope.fit(inside, [outside[place] for place in learnt])
        logits[held] = [judge.logit(outside[place]) for place in held]
    return logits.tolist()


if __name__ == "__main__":
    main()
