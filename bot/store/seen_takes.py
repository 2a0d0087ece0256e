"""One learner's takes as they are looked through: each with its drill and how it was rated."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, func, select

from bot.drill.tone import Tone
from bot.store.database import Database, Row
from bot.store.drills import Drill
from bot.store.tables import DrillState, MediaState, drill, rating, take
from bot.store.takes import Take

UNRATED = 0
"""What stands for takes that are not rated, where a tone is named."""


@dataclass(frozen=True, slots=True)
class SeenTake:
    """A take, the drill that it answers, and the learner's own rating of it (None: none)."""

    take: Take
    drill: Drill
    tone: Tone | None


_own: BindParameter[Any] = bindparam("learner_id")
_with_drill = take.join(
    drill, and_(drill.c.learner_id == _own, drill.c.drill_no == take.c.drill_no)
)
_with_rating = _with_drill.outerjoin(
    rating,
    and_(
        rating.c.learner_id == _own,
        rating.c.question_id == drill.c.question_id,
        rating.c.take_no == take.c.take_no,
        rating.c.withdrawn_at.is_(None),
    ),
)
_SEEN = (
    select(
        *(column.label(f"take_{column.name}") for column in take.columns),
        *(column.label(f"drill_{column.name}") for column in drill.columns),
        rating.c.tone,
    )
    .select_from(_with_rating)
    .where(take.c.learner_id == _own)
)
_ONE = _SEEN.where(take.c.take_no == bindparam("take_no"))
_there = take.c.deleted_at.is_(None)
_newest = take.c.take_no.desc()
_most: BindParameter[Any] = bindparam("most")
_skip: BindParameter[Any] = bindparam("skip")
# By the numbers of its drills: SQLite would rather walk through all of the learner's takes.
_drills_of_question = select(drill.c.drill_no).where(
    drill.c.learner_id == _own, drill.c.question_id == bindparam("question_id")
)
_OF_QUESTION = _SEEN.where(take.c.drill_no.in_(_drills_of_question))
_BY_DATE = _SEEN.where(_there).order_by(_newest).limit(_most).offset(_skip)
_BY_TONE = (
    _SEEN.where(_there, rating.c.tone == bindparam("tone"))
    .order_by(_newest)
    .limit(_most)
    .offset(_skip)
)
_UNRATED = _SEEN.where(_there, rating.c.tone.is_(None)).order_by(_newest).limit(_most).offset(_skip)
_QUESTIONS = (
    select(drill.c.question_id)
    .select_from(_with_drill)
    .where(take.c.learner_id == _own, _there)
    .group_by(drill.c.question_id)
    .order_by(func.max(take.c.take_no).desc())
    .limit(_most)
    .offset(_skip)
)
_TONES = (
    select(func.coalesce(rating.c.tone, UNRATED).label("tone"), func.count().label("takes"))
    .select_from(_with_rating)
    .where(take.c.learner_id == _own, _there)
    .group_by(rating.c.tone)
)
_TEXTS = (
    select(take.c.take_no, take.c.text)
    .where(
        take.c.learner_id == _own,
        _there,
        take.c.text.is_not(None),
        take.c.take_no < bindparam("before_take"),
    )
    .order_by(_newest)
    .limit(_most)
)
_RECORDINGS = _SEEN.where(_there, take.c.media_state == int(MediaState.KEPT))
_OLDEST = select(func.min(take.c.taken_at).label("at")).where(
    take.c.learner_id == _own,
    take.c.media_state == int(MediaState.KEPT),
    take.c.starred_at.is_(None),
)
_TO_RATE = select(drill.c.take_no).where(
    drill.c.learner_id == _own, drill.c.state == int(DrillState.ANSWERED)
)


def _seen(row: Row) -> SeenTake:
    values = dict(row)
    tone = values.pop("tone")
    fields = {name: values[f"take_{name}"] for name in take.columns.keys()}  # noqa: SIM118
    asked = {name: values[f"drill_{name}"] for name in drill.columns.keys()}  # noqa: SIM118
    return SeenTake(Take(**fields), Drill(**asked), None if tone is None else Tone(tone))


async def find(database: Database, learner_id: int, take_no: int) -> SeenTake | None:
    """One take of this learner, deleted or not; None: there is none of this number."""
    rows = await database.read(_ONE, learner_id=learner_id, take_no=take_no)
    return _seen(rows[0]) if rows else None


async def of_question(database: Database, learner_id: int, question_id: str) -> list[SeenTake]:
    """Every take of one question, deleted ones too, oldest first."""
    rows = await database.read(_OF_QUESTION, learner_id=learner_id, question_id=question_id)
    return sorted((_seen(row) for row in rows), key=lambda one: one.take.take_no)


async def by_date(database: Database, learner_id: int, skip: int, most: int) -> list[SeenTake]:
    """Takes from the newest back, after `skip` of them; deleted ones are left out."""
    rows = await database.read(_BY_DATE, learner_id=learner_id, skip=skip, most=most)
    return [_seen(row) for row in rows]


async def by_tone(
    database: Database, learner_id: int, tone: int, skip: int, most: int
) -> list[SeenTake]:
    """Those of one tone, or those `UNRATED`, from the newest back."""
    if tone == UNRATED:
        rows = await database.read(_UNRATED, learner_id=learner_id, skip=skip, most=most)
    else:
        rows = await database.read(_BY_TONE, learner_id=learner_id, tone=tone, skip=skip, most=most)
    return [_seen(row) for row in rows]


async def questions(database: Database, learner_id: int, skip: int, most: int) -> list[str]:
    """Ids of the questions that have takes, the one answered last first."""
    rows = await database.read(_QUESTIONS, learner_id=learner_id, skip=skip, most=most)
    return [row["question_id"] for row in rows]


async def tones(database: Database, learner_id: int) -> dict[int, int]:
    """How many takes there are of each tone; of `UNRATED` as well."""
    rows = await database.read(_TONES, learner_id=learner_id)
    return {row["tone"]: row["takes"] for row in rows}


async def texts(
    database: Database, learner_id: int, before: int, most: int
) -> list[tuple[int, str]]:
    """(take, words) from before a take of this number, the newest first."""
    rows = await database.read(_TEXTS, learner_id=learner_id, before_take=before, most=most)
    return [(row["take_no"], row["text"]) for row in rows]


async def recordings(database: Database, learner_id: int) -> list[SeenTake]:
    """The takes whose recordings are kept here, apart from deleted ones."""
    rows = await database.read(_RECORDINGS, learner_id=learner_id)
    return [_seen(row) for row in rows]


async def oldest_recording(database: Database, learner_id: int) -> int | None:
    """When the oldest kept recording that is not starred was taken; None: there is none."""
    moment: int | None = (await database.read(_OLDEST, learner_id=learner_id))[0]["at"]
    return moment


async def to_rate(database: Database, learner_id: int) -> set[int]:
    """The takes that still wait for their rating."""
    rows = await database.read(_TO_RATE, learner_id=learner_id)
    return {row["take_no"] for row in rows}
