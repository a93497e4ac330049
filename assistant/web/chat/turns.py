"""Answers what patients write: each message once, in order within a conversation, also across processes and restarts.

A message waits as `pending` in the database until its answer is stored in the same transaction that closes it. A
session-level advisory lock lets one process at a time speak with the engine in a conversation. While the engine is
away everything waits, one notice is given, and the attempts become rarer.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event, Lock
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from assistant.records import conversations, orders
from assistant.records.database import engine as database_engine
from assistant.records.database import session
from assistant.records.models import CheckIn, Conversation, Message, PatientSettings
from assistant.records.models.base import utc_now
from assistant.safety.gate import screen
from assistant.settings import get_settings
from assistant.web.chat import alarms, presence, tasks
from assistant.web.chat.engine import Engine, EngineFailedError, EngineUnavailableError, Reply
from assistant.web.chat.texts import NO_ANSWER, SAVED_FOR_LATER, Text, in_language

log = structlog.get_logger()

WORKERS = 8
"""Conversations answered at the same time by one process; the engine itself answers one after the other."""
SWEEP_S = 2.0
"""How often we look for messages that nobody has taken, seconds."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 8.0
"""Pause after the engine did not answer: doubled each time up to the longest, seconds."""
ATTEMPTS_BEFORE_NOTICE = 2
"""A restart of the engine that one retry covers is not worth a notice."""
MAX_FAILURES = 5
"""Answers with an error, from an engine that is up, before the patient is told that no answer came."""
LOCK_CLASS = 7302
"""First key of the advisory locks of conversations."""
NOTICE_PART = -1
NOT_UNDERSTOOD = "/nlu_fallback"


class BackOff:
    """How long to leave an engine in peace that does not answer. Thread-safe enough: one number, set whole."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._wait_s = 0.0
        self._until = 0.0

    def is_over(self) -> bool:
        """Tell whether the engine may be asked."""
        return self._clock() >= self._until

    def failed(self) -> None:
        """Wait longer than last time."""
        self._wait_s = min(max(self._wait_s * 2, FIRST_WAIT_S), LONGEST_WAIT_S)
        self._until = self._clock() + self._wait_s

    def succeeded(self) -> None:
        """Wait no more."""
        self._wait_s = self._until = 0.0


class Turns:
    """Answers conversations in threads of this process."""

    def __init__(self, engine: Engine, back_off: BackOff | None = None) -> None:
        self._engine = engine
        self._back_off = back_off or BackOff()
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="turn")
        self._queued: set[str] = set()
        self._queued_lock = Lock()
        self._stopping = Event()

    def wake(self, conversation_id: str) -> None:
        """Answer this conversation soon."""
        with self._queued_lock:
            if conversation_id in self._queued or self._stopping.is_set():
                return
            self._queued.add(conversation_id)
        self._workers.submit(self._work, conversation_id)

    def sweep_until_stopped(self) -> None:
        """Take up what was left: after a restart, an engine that came back, a check-in that became due."""
        while not self._stopping.wait(SWEEP_S):
            self.sweep()

    def sweep(self) -> None:
        """Take up every conversation that waits for something."""
        if not self._back_off.is_over():
            return
        try:
            with session() as db:
                waiting = conversations_waiting(db)
        except OperationalError as error:
            log.warning("sweep_lost_database", error=type(error).__name__)
            return
        for conversation_id in waiting:
            self.wake(conversation_id)

    def stop(self) -> None:
        """Finish the answers under way and take no more."""
        self._stopping.set()
        self._workers.shutdown(wait=True, cancel_futures=True)

    def _work(self, conversation_id: str) -> None:
        with self._queued_lock:
            self._queued.discard(conversation_id)
        with structlog.contextvars.bound_contextvars(conversation_id=conversation_id):
            try:
                self.answer(conversation_id)
            except Exception:
                log.exception("turn_crashed")

    def answer(self, conversation_id: str) -> None:
        """Open a waiting check-in, then answer what is pending, in order, until nothing waits or the engine is away."""
        while self._back_off.is_over() and self._has_work(conversation_id):
            with _only_one(conversation_id) as first:
                if not first or not self._do_next(conversation_id):
                    return

    def _has_work(self, conversation_id: str) -> bool:
        with session() as db:
            return (
                _next_pending(db, conversation_id) is not None
                or presence.waiting_check_in(db, conversation_id=conversation_id, now=utc_now()) is not None
            )

    def _do_next(self, conversation_id: str) -> bool:
        with session() as db:
            check_in = presence.waiting_check_in(db, conversation_id=conversation_id, now=utc_now())
            message = _next_pending(db, conversation_id)
            language = _language(db, conversation_id)
        try:
            if check_in is not None:
                self._open(conversation_id, check_in, language)
            elif message is not None:
                self._answer_message(message, language)
        except EngineUnavailableError as error:
            self._wait_for_engine(message, language, str(error))
            return False
        self._back_off.succeeded()
        return True

    def _open(self, conversation_id: str, check_in: CheckIn, language: str) -> None:
        try:
            replies = self._engine.open_check_in(conversation_id=conversation_id, check_in_id=check_in.id)
        except EngineFailedError as error:
            if not (self._engine.is_ready() and self._engine.can_act()):
                raise EngineUnavailableError(str(error)) from error
            replies = []
        with session() as db:
            key = presence.opening_key(check_in.id)
            if not replies:
                _report_failure(db, conversation_id, "Samtalsmotorn öppnade inte incheckningen.")
                replies = [Reply(text=in_language(check_in.content["opening"], language))]
            _store_replies(db, conversation_id=conversation_id, reply_to=key, replies=replies)
        log.info("check_in_opened", check_in_id=check_in.id, replies=len(replies))

    def _answer_message(self, message: Message, language: str) -> None:
        started = time.monotonic()
        payload = message.payload or _instead_of_gibberish(message.text)
        with session() as db:
            red_flag = alarms.since_last_turn(db, message=message)
        try:
            replies = self._engine.turn(
                conversation_id=message.conversation_id,
                turn_id=message.id,
                text=message.text if payload is None else None,
                payload=payload,
                language=language,
                red_flag=red_flag,
                known=_known(message),
            )
        except EngineFailedError as error:
            if not (self._engine.is_ready() and self._engine.can_act()):
                raise EngineUnavailableError(str(error)) from error
            if _count_attempt(message.id) < MAX_FAILURES:
                log.warning("engine_failed", message_id=message.id, error=str(error))
                self._back_off.failed()
                return
            replies = []
        _store_answer(message, [reply for reply in replies if reply.text or reply.data], language)
        log.info(
            "turn_answered", message_id=message.id, replies=len(replies), seconds=round(time.monotonic() - started, 3)
        )

    def _wait_for_engine(self, message: Message | None, language: str, error: str) -> None:
        self._back_off.failed()
        log.warning("engine_unavailable", message_id=message.id if message else None, error=error)
        if message is not None and _count_attempt(message.id) >= ATTEMPTS_BEFORE_NOTICE:
            _give_notice(message, SAVED_FOR_LATER, language)


def _instead_of_gibberish(text: str) -> str | None:
    """Return the intent for words that are none, which the classifier would be sure of all the same; else None."""
    return None if screen(text, get_settings().max_message_chars).kind == "ok" else NOT_UNDERSTOOD


def conversations_waiting(db: Session) -> list[str]:
    """Return the conversations with pending messages, oldest first, and those whose check-in can be opened."""
    pending = (
        select(Message.conversation_id)
        .where(Message.state == "pending")
        .group_by(Message.conversation_id)
        .order_by(func.min(Message.created_at))
    )
    return list(dict.fromkeys([*db.scalars(pending), *presence.present_with_check_in(db, now=utc_now())]))


@contextmanager
def _only_one(conversation_id: str) -> Iterator[bool]:
    """Yield whether we alone hold the conversation; the lock goes with the connection if the process dies."""
    key = (LOCK_CLASS, func.hashtext(conversation_id))
    with database_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        held = bool(connection.scalar(select(func.pg_try_advisory_lock(*key))))
        try:
            yield held
        finally:
            if held:
                connection.execute(select(func.pg_advisory_unlock(*key)))


def _next_pending(db: Session, conversation_id: str) -> Message | None:
    query = select(Message).where(Message.conversation_id == conversation_id, Message.state == "pending")
    return db.scalars(query.order_by(Message.seq).limit(1)).first()


def _language(db: Session, conversation_id: str) -> str:
    query = select(PatientSettings.language).join(Conversation, Conversation.patient_id == PatientSettings.patient_id)
    return db.scalar(query.where(Conversation.id == conversation_id)) or "sv"


def _known(message: Message) -> dict[str, Any]:
    """Return what goes with a typed text to be understood."""
    if message.payload is not None:
        return {}
    with session() as db:
        medicines = orders.medicines_in(db, conversation_id=message.conversation_id)
    return {"own_medicines": medicines}


def _count_attempt(message_id: str) -> int:
    with session() as db:
        message = db.get_one(Message, message_id, with_for_update=True)
        message.attempts += 1
        return message.attempts


def _store_answer(message: Message, replies: list[Reply], language: str) -> None:
    """Store the answer and close the question in one transaction; nothing happens if it is closed already."""
    with session() as db:
        question = db.get_one(Message, message.id, with_for_update=True)
        if question.state != "pending":
            return
        question.state = "answered"
        if not replies:
            _report_failure(db, message.conversation_id, "Samtalsmotorn gav inget svar på patientens meddelande.")
            _append_calm(db, message, NO_ANSWER, language, part=0, kind="error")
            return
        _store_replies(db, conversation_id=message.conversation_id, reply_to=message.id, replies=replies)


def _give_notice(message: Message, text: Text, language: str) -> None:
    with session() as db:
        question = db.get_one(Message, message.id, with_for_update=True)
        given = select(Message.id).where(Message.reply_to == message.id, Message.part == NOTICE_PART)
        if question.state == "pending" and db.scalar(given) is None:
            _append_calm(db, message, text, language, part=NOTICE_PART, kind="notice")


def _append_calm(db: Session, message: Message, text: Text, language: str, *, part: int, kind: str) -> None:
    conversations.append(
        db,
        conversation_id=message.conversation_id,
        sender="assistant",
        kind=kind,
        text=in_language(text, language),
        reply_to=message.id,
        part=part,
    )


def _store_replies(db: Session, *, conversation_id: str, reply_to: str, replies: list[Reply]) -> None:
    for part, reply in enumerate(replies):
        choices = [
            {"id": str(number), "label": button["title"], "payload": button["payload"]}
            for number, button in enumerate(reply.buttons)
        ]
        conversations.append(
            db,
            conversation_id=conversation_id,
            sender="assistant",
            kind="red_flag" if reply.data.get("kind") == "red_flag" else "text",
            text=reply.text,
            choices=choices,
            data=reply.data,
            reply_to=reply_to,
            part=part,
        )


def _report_failure(db: Session, conversation_id: str, description: str) -> None:
    """Open a Task about the engine, at most one an hour for a patient: the cause is shared, the noise need not be."""
    patient_id = db.scalars(select(Conversation.patient_id).where(Conversation.id == conversation_id)).one()
    hour = utc_now().strftime("%Y-%m-%dT%H")
    log.error("engine_gave_no_answer")
    tasks.open_task(
        db,
        patient_id=patient_id,
        code="engine-failure",
        priority="routine",
        identifier=f"engine-failure:{conversation_id}:{hour}",
        description=description,
    )
