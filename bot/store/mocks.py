"""The mock interviews of one learner."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, insert, select, update

from bot.store.database import Database, Write
from bot.store.tables import MockState, mock


@dataclass(frozen=True, slots=True, kw_only=True)
class Mock:
    """One row of `mock`: `plan` is JSON, and `step` says how far it is (see `practice.mock`)."""

    learner_id: int
    mock_no: int
    state: int = MockState.RUNNING
    pressing: int
    plan: str
    step: int = 0
    probing: int = 0
    card_no: int = 0
    step_asked_at: int
    started_at: int
    ended_at: int | None = None


_own: BindParameter[Any] = bindparam("learner_id")
_this = (mock.c.learner_id == _own) & (mock.c.mock_no == bindparam("mock_no"))
_MOCK = select(mock).where(_this)
_OF_DRILL = (
    select(mock)
    .where(mock.c.learner_id == _own, mock.c.mock_no < bindparam("drill_no"))
    .order_by(mock.c.mock_no.desc())
    .limit(1)
)
_INSERT = insert(mock).values({c.name: bindparam(c.name) for c in mock.columns})
_CHANGE = (
    update(mock)
    .where(_this, mock.c.ended_at.is_(None))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("state", "plan", "step", "probing", "card_no", "step_asked_at", "ended_at")
        }
    )
)


async def find(database: Database, learner_id: int, mock_no: int) -> Mock | None:
    """One interview of this learner, or None."""
    rows = await database.read(_MOCK, learner_id=learner_id, mock_no=mock_no)
    return Mock(**dict(rows[0])) if rows else None


async def of_drill(database: Database, learner_id: int, drill_no: int) -> Mock | None:
    """The interview begun last before a drill, which is the one that a drill of one belongs to."""
    rows = await database.read(_OF_DRILL, learner_id=learner_id, drill_no=drill_no)
    return Mock(**dict(rows[0])) if rows else None


def begun(value: Mock) -> Write:
    """The write that stores a new one."""
    return Write(_INSERT, asdict(value), rows=1)


def changed(value: Mock) -> Write:
    """The write that stores how far it is; one that has ended changes no more."""
    new = {f"new_{name}": part for name, part in asdict(value).items() if name not in _FIXED}
    keys = {"learner_id": value.learner_id, "mock_no": value.mock_no}
    return Write(_CHANGE, new | keys, rows=1)


_FIXED = ("learner_id", "mock_no", "pressing", "started_at")
