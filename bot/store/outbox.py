"""Messages stored before they are sent, in the transaction of what caused them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from sqlalchemy import and_, bindparam, case, delete, exists, func, insert, or_, select, update

from bot.store.database import Database, Row, Write
from bot.store.tables import SETTLED, UNSENT, Priority, Role, SendState, outbox

INSTEAD = "instead"
"""The name, among the parameters of a call, of those of the message to send in its place."""

KEEP_MS = 48 * 3600 * 1000
"""How long a message stays in the outbox, from when it was made; one not settled stays longer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One Bot API call to make: `payload` holds its parameters; see `tables` for the rest."""

    learner_id: int
    message_no: int
    method: str
    payload: str
    created_at: int
    priority: int = Priority.REPLY
    state: int = SendState.READY
    attachment: str | None = None
    drill_no: int | None = None
    role: int = Role.NONE
    not_before: int = 0
    attempts: int = 0
    sent_at: int | None = None
    message_id: int | None = None
    error: str | None = None
    other_id: int | None = None

    def parameters(self) -> dict[str, Any]:
        """The parameters of the call."""
        parameters: dict[str, Any] = orjson.loads(self.payload)
        parameters.pop(INSTEAD, None)
        return parameters

    def instead(self) -> dict[str, Any] | None:
        """The parameters of the message to send if Telegram refuses the call; None: there is none."""
        other: dict[str, Any] | None = orjson.loads(self.payload).get(INSTEAD)
        return other


def payload(parameters: Mapping[str, Any], instead: Mapping[str, Any] | None = None) -> str:
    """The parameters of a call as `Message` keeps them."""
    return orjson.dumps(
        parameters if instead is None else {**parameters, INSTEAD: instead}
    ).decode()


_this = and_(
    outbox.c.learner_id == bindparam("learner_id"),
    outbox.c.message_no == bindparam("message_no"),
)
_INSERT = insert(outbox).values({c.name: bindparam(c.name) for c in outbox.columns})
_earlier = outbox.alias("earlier")
# READY follows from the second half alone; the first half is what the index is known by.
_ready = and_(UNSENT, outbox.c.state == int(SendState.READY))
_LEARNERS = (
    select(outbox.c.learner_id)
    .where(
        _ready,
        outbox.c.not_before <= bindparam("now"),
        ~exists().where(
            _earlier.c.learner_id == outbox.c.learner_id,
            _earlier.c.message_no < outbox.c.message_no,
            _earlier.c.state <= int(SendState.SENDING),
        ),
    )
    .order_by(outbox.c.priority, outbox.c.created_at)
    .limit(bindparam("most"))
)
_RUN = (
    select(outbox)
    .where(outbox.c.learner_id == bindparam("learner_id"), UNSENT)
    .order_by(outbox.c.message_no)
    .limit(bindparam("most"))
)
_NEXT = select(func.min(outbox.c.not_before).label("at")).where(
    _ready, outbox.c.not_before > bindparam("now")
)
_LAST = select(func.max(outbox.c.message_no).label("number")).where(
    outbox.c.learner_id == bindparam("learner_id")
)
_BACKLOG = select(
    func.count().label("messages"), func.min(outbox.c.created_at).label("oldest")
).where(UNSENT)
_UNSENT_OF = select(
    func.count().label("messages"),
    func.max(outbox.c.role == int(Role.NOTICE)).label("noticed"),
).where(outbox.c.learner_id == bindparam("learner_id"), UNSENT)
_SENDING = (
    update(outbox)
    .where(_this, outbox.c.state == int(SendState.READY))
    .values(state=int(SendState.SENDING))
)
_SENT = (
    update(outbox)
    .where(_this, UNSENT)
    .values(
        state=int(SendState.SENT),
        sent_at=bindparam("now"),
        message_id=bindparam("sent_id"),
        payload="{}",
    )
)
_AGAIN = (
    update(outbox)
    .where(_this, UNSENT)
    .values(
        state=int(SendState.READY),
        not_before=bindparam("at"),
        attempts=outbox.c.attempts + 1,
        error=bindparam("reason"),
    )
)
_ENDED = (
    update(outbox)
    .where(_this, UNSENT)
    .values(state=bindparam("end_state"), error=bindparam("reason"))
)
_FAIL_ALL = (
    update(outbox)
    .where(outbox.c.learner_id == bindparam("learner_id"), _ready)
    .values(state=int(SendState.FAILED), error=bindparam("reason"))
)
_WITHDRAW = (
    update(outbox)
    .where(
        outbox.c.learner_id == bindparam("learner_id"),
        outbox.c.other_id == bindparam("other_id"),
        outbox.c.other_id.is_not(None),
        outbox.c.state == int(SendState.READY),
    )
    .values(state=int(SendState.FAILED), payload="{}", error="it was taken back")
)
_INTERRUPTED = (
    update(outbox)
    .where(UNSENT, outbox.c.state == int(SendState.SENDING))
    .values(state=int(SendState.UNKNOWN), error="the program stopped while this was being sent")
)
_STALE = (
    update(outbox)
    .where(
        _ready,
        or_(outbox.c.created_at < bindparam("before"), outbox.c.priority == int(Priority.DRILL)),
    )
    .values(
        state=case(
            (outbox.c.priority == int(Priority.DRILL), int(SendState.UNKNOWN)),
            else_=int(SendState.FAILED),
        ),
        error="it waited in a backup",
    )
)
_HELD_FAR = (
    update(outbox).where(_ready, outbox.c.not_before > bindparam("far")).values(not_before=0)
)
_DELIVERED = (
    update(outbox)
    .where(
        outbox.c.learner_id == bindparam("learner_id"),
        outbox.c.drill_no == bindparam("this_drill"),
        outbox.c.role == int(Role.CARD),
        outbox.c.state == int(SendState.UNKNOWN),
    )
    .values(state=int(SendState.SENT), error=None)
)
_PURGE = delete(outbox).where(SETTLED, outbox.c.created_at < bindparam("before"))
_COUNTS = select(
    *(
        func.sum(case((outbox.c.state == int(state), 1), else_=0)).label(state.name.lower())
        for state in SendState
    ),
    func.min(case((outbox.c.state == int(SendState.READY), outbox.c.created_at))).label("oldest"),
)


def posted(message: Message) -> Write:
    """The write that puts a message into the outbox."""
    return Write(_INSERT, asdict(message), rows=1)


async def learners_to_serve(database: Database, now: int, most: int) -> list[int]:
    """Learners whose next message may be sent now: those with replies before those with drills."""
    return [row["learner_id"] for row in await database.read(_LEARNERS, now=now, most=most)]


async def run_of(database: Database, learner_id: int, now: int, most: int) -> list[Message]:
    """The learner's next messages in order, up to the first that must wait for its time."""
    run = []
    for row in await database.read(_RUN, learner_id=learner_id, most=most):
        if row["not_before"] > now or row["state"] == SendState.SENDING:
            break
        run.append(Message(**dict(row)))
    return run


async def next_retry(database: Database, now: int) -> int | None:
    """When the next message that waits for its time may be sent."""
    moment: int | None = (await database.read(_NEXT, now=now))[0]["at"]
    return moment


async def last_number(database: Database, learner_id: int) -> int:
    """The number of the learner's last message that is still remembered; 0: there is none."""
    return (await database.read(_LAST, learner_id=learner_id))[0]["number"] or 0


async def unsent(database: Database, learner_id: int) -> tuple[int, bool]:
    """How many messages wait for the learner, and whether a `Role.NOTICE` is among them."""
    row = (await database.read(_UNSENT_OF, learner_id=learner_id))[0]
    return row["messages"], bool(row["noticed"])


def sending(message: Message) -> Write:
    """The write that must be on disk before a drill is tried: from here its outcome may be unknown."""
    return Write(_SENDING, _key(message), rows=1)


def sent(message: Message, message_id: int | None, now: int) -> Write:
    """The write that closes a delivered message; what it said is not kept."""
    return Write(_SENT, {**_key(message), "sent_id": message_id, "now": now})


def again(message: Message, at: int, reason: str) -> Write:
    """The write that keeps a message for a later try."""
    return Write(_AGAIN, {**_key(message), "at": at, "reason": reason})


def ended(message: Message, state: SendState, reason: str) -> Write:
    """The write that closes a message that was refused, or whose outcome stays unknown."""
    return Write(_ENDED, {**_key(message), "end_state": int(state), "reason": reason})


def all_failed(learner_id: int, reason: str) -> Write:
    """The write that gives up everything waiting for a learner who blocked the bot."""
    return Write(_FAIL_ALL, {"learner_id": learner_id, "reason": reason})


def withdrawn(learner_id: int, other_id: int) -> Write:
    """The write that takes back whatever of another person's still waits for this one."""
    return Write(_WITHDRAW, {"learner_id": learner_id, "other_id": other_id})


def interrupted() -> Write:
    """The write at start: what was being sent when the program died has an unknown outcome."""
    return Write(_INTERRUPTED, {})


def stale(before: int) -> Write:
    """The write after a restore: replies older than this, and drills, are not sent any more.

    They may have been, since the backup was made.
    """
    return Write(_STALE, {"before": before})


def not_held_beyond(far: int) -> Write:
    """The write that lets go at once what waits for a moment that a clock ahead has set."""
    return Write(_HELD_FAR, {"far": far})


def delivered(learner_id: int, drill_no: int) -> Write:
    """The write for an unknown drill that turns out to have arrived: somebody pressed or answered it."""
    return Write(_DELIVERED, {"learner_id": learner_id, "this_drill": drill_no})


def purged(now: int) -> Write:
    """The write that forgets messages after `KEEP_MS`, whatever became of them."""
    return Write(_PURGE, {"before": now - KEEP_MS})


async def backlog(database: Database) -> tuple[int, int | None]:
    """How many messages of everybody are not sent, and when the oldest was made; None: there is none."""
    row = (await database.read(_BACKLOG))[0]
    return row["messages"], row["oldest"]


async def counts(database: Database) -> Row:
    """Messages by state (None: none) and when the `oldest` ready one was made."""
    return (await database.read(_COUNTS))[0]


def _key(message: Message) -> dict[str, Any]:
    return {"learner_id": message.learner_id, "message_no": message.message_no}
