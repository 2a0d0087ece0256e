"""How one learner looks back: the colours of pictures, and the weekly summary."""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.store.database import Database, Write
from bot.store.tables import looks

EVENING = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """One row of `looks`. `digest_day`: 0 is Monday, None: no summary; `digest_hour`: 0 to 23."""

    learner_id: int
    dark: int = 0
    digest_day: int | None = None
    digest_hour: int = EVENING
    digest_offered_at: int | None = None
    digest_last_at: int | None = None


_own: BindParameter[Any] = bindparam("learner_id")
_LOOKS = select(looks).where(looks.c.learner_id == _own)
_values: dict[str, BindParameter[Any]] = {
    column.name: bindparam(column.name) for column in looks.columns
}
_PUT = (
    upsert(looks)
    .values(_values)
    .on_conflict_do_update(
        index_elements=["learner_id"],
        set_={name: bind for name, bind in _values.items() if name != "learner_id"},
    )
)


async def of_learner(database: Database, learner_id: int) -> Looks:
    """What the learner chose, or the defaults."""
    rows = await database.read(_LOOKS, learner_id=learner_id)
    return Looks(**dict(rows[0])) if rows else Looks(learner_id=learner_id)


def put(value: Looks) -> Write:
    """The write that stores what the learner chose."""
    return Write(_PUT, asdict(value), rows=1)
