"""Own questions as they are stored: in order, each learner's own, changed in words and state alone."""

from dataclasses import replace
from typing import Any

import pytest

from bot.store import own_questions
from bot.store.database import Conflict, Database
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, NOW


async def test_in_order(database: Database) -> None:
    """They come back as they went in, in the order of adding, and only the learner's own."""
    mine = [cabinet.own_question(number) for number in (3, 1, 2)]
    theirs = cabinet.own_question(1, BEN, slip="flat", removed_at=NOW)
    await database.commit([own_questions.added(one) for one in (*mine, theirs)])
    assert await own_questions.of_learner(database, ANN) == [mine[1], mine[2], mine[0]]
    assert await own_questions.of_learner(database, BEN) == [theirs]


async def test_changed(database: Database) -> None:
    """Words, slip and state change; number, id and moment stay, and so does everybody else's."""
    before, theirs = cabinet.own_question(), cabinet.own_question(learner_id=BEN)
    await database.commit([own_questions.added(before), own_questions.added(theirs)])
    after = replace(before, ask="What then?", slip="bitter", kept_at=NOW + 1, removed_at=NOW + 2)
    odd = replace(after, question_id="another", added_at=1)
    await database.commit([own_questions.changed(odd)])
    assert await own_questions.of_learner(database, ANN) == [after]
    assert await own_questions.of_learner(database, BEN) == [theirs]


async def test_dropped(database: Database) -> None:
    """What is dropped is gone; to drop or change what is not there undoes what came with it."""
    one = cabinet.own_question()
    await database.commit([own_questions.added(one)])
    await database.commit([own_questions.dropped(one)])
    assert await own_questions.of_learner(database, ANN) == []
    for write in (own_questions.dropped(one), own_questions.changed(one)):
        with pytest.raises(Conflict):
            await database.commit([cabinet.put("came-with-it"), write])
    assert await cabinet.names(database) == set()


@pytest.mark.parametrize(
    ("fields", "draft", "live"),
    [({}, False, True), ({"kept_at": None}, True, False), ({"removed_at": NOW}, False, False)],
)
def test_states(fields: dict[str, Any], draft: bool, live: bool) -> None:
    """A draft is not drawn yet, a removed one not any more."""
    one = cabinet.own_question(**fields)
    assert (one.is_draft, one.is_live) == (draft, live)
