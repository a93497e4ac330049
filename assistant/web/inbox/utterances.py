"""Misunderstood utterances: one person says what they mean, another approves, and they leave as training data."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from assistant.records.errors import NotFoundError
from assistant.records.models import Practitioner, Utterance
from assistant.settings import ROOT
from assistant.web.inbox.errors import DecidedError, OwnWorkError, TextNotThereError, UnknownIntentError

MOST = 200
TRAINED = ROOT / "nlu_data" / "train"
ENTITIES = {
    "measurement": "mätvärde",
    "date": "datum",
    "time": "klockslag",
    "part_of_day": "tid på dagen",
    "duration": "hur länge",
    "severity": "hur mycket",
    "medicine": "läkemedel",
    "symptom": "besvär",
    "body_part": "kroppsdel",
    "food": "mat",
}
"""The entities that an annotation can mark, with their names for people."""


@lru_cache
def intents() -> tuple[str, ...]:
    """Return the intents that are trained, in the order of their names."""
    return tuple(sorted(path.stem for path in TRAINED.glob("*/*.yml")))


def waiting(db: Session, state: str) -> list[Utterance]:
    """Return what is `open` or `annotated` and can be shown, the oldest first."""
    shown = select(Utterance).where(Utterance.state == state, Utterance.text.is_not(None))
    return list(db.scalars(shown.order_by(Utterance.heard_on, Utterance.id).limit(MOST)))


def annotate(
    db: Session,
    *,
    utterance_id: str,
    text: str,
    intent: str,
    entities: Sequence[tuple[str, str]],
    editor: Practitioner,
    now: datetime,
) -> Utterance:
    """Say what the utterance means; `text` may be reworded, for instance where something has been masked.

    Raises:
        NotFoundError, DecidedError, UnknownIntentError
        TextNotThereError: an (entity, words) whose words do not stand in the text, or an unknown entity.
    """
    utterance = _locked(db, utterance_id, "open", "annotated")
    words = " ".join(text.split())
    if intent not in intents():
        raise UnknownIntentError
    if not words or any(said not in words or entity not in ENTITIES for entity, said in entities):
        raise TextNotThereError
    utterance.text, utterance.intent = words, intent
    utterance.entities = [{"entity": entity, "text": said} for entity, said in entities]
    utterance.state, utterance.annotated_by, utterance.annotated_at = "annotated", editor.id, now
    return utterance


def approve(db: Session, *, utterance_id: str, editor: Practitioner, now: datetime) -> Utterance:
    """Let an annotation become training data.

    Raises:
        NotFoundError, DecidedError
        OwnWorkError: the editor has annotated it.
    """
    utterance = _locked(db, utterance_id, "annotated")
    if utterance.annotated_by == editor.id:
        raise OwnWorkError
    utterance.state, utterance.approved_by, utterance.approved_at = "approved", editor.id, now
    return utterance


def dismiss(db: Session, *, utterance_id: str) -> None:
    """Take an utterance out of the inbox.

    Raises:
        NotFoundError, DecidedError
    """
    _locked(db, utterance_id, "open", "annotated").state = "dismissed"


def export(db: Session) -> str:
    """Return the approved utterances as YAML of nlu_data/train, by intent."""
    approved = select(Utterance).where(Utterance.state == "approved").order_by(Utterance.intent, Utterance.text)
    return as_yaml(db.scalars(approved))


def as_yaml(utterances: Iterable[Utterance]) -> str:
    """Return utterances in the format of Rasa's training data: `[words](entity)` marks an entity."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for utterance in utterances:
        by_intent[str(utterance.intent)].append(f"- {_marked(utterance)}\n")
    listed = [{"intent": intent, "examples": "".join(dict.fromkeys(lines))} for intent, lines in by_intent.items()]
    return yaml.dump(
        {"version": "3.1", "nlu": listed}, Dumper=_Blocks, allow_unicode=True, sort_keys=False, width=10_000
    )


class _Blocks(yaml.SafeDumper):
    """Writes a text of several lines as a block, as the files in nlu_data have it."""


def _block(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if text.endswith("\n") else None)


_Blocks.add_representer(str, _block)


def _marked(utterance: Utterance) -> str:
    text = utterance.text or ""
    for mark in utterance.entities:
        text = text.replace(mark["text"], f"[{mark['text']}]({mark['entity']})", 1)
    return text


def _locked(db: Session, utterance_id: str, *states: str) -> Utterance:
    utterance = db.get(Utterance, utterance_id, with_for_update=True)
    if utterance is None or utterance.text is None:
        raise NotFoundError
    if utterance.state not in states:
        raise DecidedError
    return utterance
