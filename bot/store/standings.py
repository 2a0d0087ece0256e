"""What is stored of one learner's standing in each question."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.drill.standing import Standing
from bot.store.database import Database, Row, Write
from bot.store.tables import drill, listen, rating, standing

_own: BindParameter[Any] = bindparam("learner_id")
_STANDINGS = select(standing).where(standing.c.learner_id == _own)
_STANDING = _STANDINGS.where(standing.c.question_id == bindparam("question_id"))
_RENAMES = [
    update(table)
    .where(table.c.learner_id == _own, table.c.question_id == bindparam("old_id"))
    .values(question_id=bindparam("new_id"))
    for table in (standing, drill, rating, listen)
]
_standing_values: dict[str, BindParameter[Any]] = {
    column.name: bindparam(column.name) for column in standing.columns
}
_PUT_STANDING = (
    upsert(standing)
    .values(_standing_values)
    .on_conflict_do_update(
        index_elements=["learner_id", "question_id"],
        set_={
            name: bind
            for name, bind in _standing_values.items()
            if name not in ("learner_id", "question_id")
        },
    )
)
_HEARD = (
    upsert(standing)
    .values(_standing_values)
    .on_conflict_do_update(
        index_elements=["learner_id", "question_id"],
        set_={
            "heard_at": bindparam("heard_at"),
            "last_wording": func.coalesce(bindparam("last_wording"), standing.c.last_wording),
        },
    )
)


def _standing(row: Row) -> Standing:
    return Standing(
        strength=row["strength"],
        strength_at=row["strength_at"],
        heard_at=row["heard_at"],
        points=row["points"],
        sprung=bool(row["sprung"]),
        counted_day=row["counted_day"],
        low=bool(row["low"]),
        badge_at=row["badge_at"],
        last_wording=row["last_wording"],
        spoken=bool(row["spoken"]),
        held=bool(row["held"]),
        slipped_at=row["slipped_at"],
    )


async def of_learner(database: Database, learner_id: int) -> dict[str, Standing]:
    """Every standing of the learner by question id; a question never asked is not in it."""
    rows = await database.read(_STANDINGS, learner_id=learner_id)
    return {row["question_id"]: _standing(row) for row in rows}


async def find(database: Database, learner_id: int, question_id: str) -> tuple[Standing, float]:
    """One standing and its prior (0.5, or what the triage said)."""
    rows = await database.read(_STANDING, learner_id=learner_id, question_id=question_id)
    return (_standing(rows[0]), rows[0]["prior"]) if rows else (Standing(), 0.5)


def put(learner_id: int, question_id: str, value: Standing, prior: float) -> Write:
    """The write that stores one standing, new or not."""
    return Write(_PUT_STANDING, _standing_row(learner_id, question_id, value, prior), rows=1)


def heard(learner_id: int, question_id: str, at: int, wording: int | None = None) -> Write:
    """The write that remembers when a question was asked or answered, and in which wording.

    All else of its standing stays as it is: this is also right for a question that is being renamed
    in the same transaction. `wording`: None leaves the last one.
    """
    fresh = Standing(heard_at=at, last_wording=wording)
    return Write(_HEARD, _standing_row(learner_id, question_id, fresh, 0.5), rows=1)


def _standing_row(
    learner_id: int, question_id: str, value: Standing, prior: float
) -> dict[str, Any]:
    return {
        **asdict(value),
        "sprung": int(value.sprung),
        "low": int(value.low),
        "spoken": int(value.spoken),
        "held": int(value.held),
        "learner_id": learner_id,
        "question_id": question_id,
        "prior": prior,
    }


def renamed(learner_id: int, old_id: str, new_id: str) -> list[Write]:
    """Writes that carry everything of a renamed question over."""
    values = {"learner_id": learner_id, "old_id": old_id, "new_id": new_id}
    return [Write(statement, values) for statement in _RENAMES]
