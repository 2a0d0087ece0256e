"""Coaches: the link that invites one, and what became of it; of the link only a hash is stored.

A row belongs to the learner. The coach finds it by their own number of it, `coach_no`.
"""

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import BindParameter, bindparam, delete, insert, select, update

from bot.store.database import Database, Write
from bot.store.shares import hash_of
from bot.store.tables import CoachingState, Given, coaching


@dataclass(frozen=True, slots=True, kw_only=True)
class Coaching:
    """One row of `coaching`; see there. `told_from`: what the learner chose to be called.

    `coach_name`: the coach's first name as Telegram had it, as long as the learner has to tell their
    coaches apart: until it ends.
    """

    learner_id: int
    coaching_no: int
    token_hash: str
    told_from: str | None = None
    created_at: int
    expires_at: int
    state: int = CoachingState.OFFERED
    given: int = Given.NOTHING
    other_id: int | None = None
    coach_no: int | None = None
    coach_name: str | None = None
    ended_at: int | None = None
    hour_at: int = 0
    acted: int = 0

    def is_open(self, now: int) -> bool:
        """Whether it stands: the link may be used, or somebody has used it."""
        if self.state == CoachingState.OFFERED:
            return now < self.expires_at
        return self.state != CoachingState.ENDED

    def gives(self, what: Given) -> bool:
        """Whether the coach has this by the learner's word, now."""
        return self.state == CoachingState.ACTIVE and what in Given(self.given)


_own: BindParameter[Any] = bindparam("learner_id")
_OF_LEARNER = (
    select(coaching)
    .where(coaching.c.learner_id == _own)
    .order_by(coaching.c.learner_id, coaching.c.coaching_no)
)
_OF_COACH = (
    select(coaching)
    .where(coaching.c.other_id == bindparam("coach_id"))
    .order_by(coaching.c.other_id, coaching.c.coach_no)
)
_OF_TOKEN = select(coaching).where(coaching.c.token_hash == bindparam("token_hash"))
_this = (coaching.c.learner_id == _own) & (coaching.c.coaching_no == bindparam("coaching_no"))
_INSERT = insert(coaching).values({c.name: bindparam(c.name) for c in coaching.columns})
_seen = (
    _this
    & (coaching.c.token_hash == bindparam("token_hash"))
    & (coaching.c.state == bindparam("seen_state"))
    & (coaching.c.given == bindparam("seen_given"))
    & (coaching.c.acted == bindparam("seen_acted"))
)
_CHANGE = (
    update(coaching)
    .where(_seen)
    .values(
        {
            c.name: bindparam(c.name)
            for c in coaching.columns
            if c.name not in ("learner_id", "coaching_no", "token_hash")
        }
    )
)
_DROP = delete(coaching).where(_this)


async def of_learner(database: Database, learner_id: int) -> list[Coaching]:
    """Every link to a coach that a learner made, oldest first, whatever became of it."""
    rows = await database.read(_OF_LEARNER, learner_id=learner_id)
    return [Coaching(**dict(row)) for row in rows]


async def of_coach(database: Database, coach_id: int) -> list[Coaching]:
    """Everything that somebody accepted as a coach, in their own order; what ended, too."""
    rows = await database.read(_OF_COACH, coach_id=coach_id)
    return [Coaching(**dict(row)) for row in rows]


async def of_token(database: Database, token: str) -> Coaching | None:
    """The link of a token, whoever made it and whatever became of it; None: there is none."""
    rows = await database.read(_OF_TOKEN, token_hash=hash_of(token))
    return Coaching(**dict(rows[0])) if rows else None


def made(value: Coaching) -> Write:
    """The write that stores a new link."""
    return Write(_INSERT, asdict(value), rows=1)


def changed(before: Coaching, after: Coaching) -> Write:
    """The write that stores `after`, if what is given and how it stands are still those of `before`.

    Whatever a coach is shown goes out beside such a write, `before` and `after` alike or not.
    """
    seen = {
        "seen_state": int(before.state),
        "seen_given": int(before.given),
        "seen_acted": before.acted,
    }
    return Write(_CHANGE, {**asdict(after), **seen}, rows=1)


def dropped(value: Coaching) -> Write:
    """The write that forgets a link that is over."""
    return Write(_DROP, {"learner_id": value.learner_id, "coaching_no": value.coaching_no})
