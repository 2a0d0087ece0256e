import pytest

from bot.store.database import Conflict
from bot.store.transaction import Transaction
from tests.house import ANN, OLGA, Street
from tests.test_app import BROKEN


async def test_an_owner_who_is_strange_to_the_bot_is_not_written_to(town: Street) -> None:
    """Nobody is made a learner by something that fails."""
    await town.enrol()
    sender = {"id": ANN, "is_bot": False, "first_name": "Ann"}
    town.sandbox.world.updates.push_raw({"message": BROKEN | {"from": sender}}, order=ANN)
    await town.settle()
    assert town.messages(OLGA) == []
    assert town.rows("learner", OLGA) == []


async def test_somebody_who_blocked_the_bot_is_left_alone(town: Street) -> None:
    """A surprise that is refused ends the plans; unblocked and back, there are plans again."""
    await town.enrol()
    await town.tap("Not now")
    await town.tap("Skip it")
    town.sandbox.world.block(ANN)
    town.sandbox.world.updates.drop_all()
    await town.surprise()
    row = town.row("learner")
    assert row["left_at"] is not None
    assert row["next_drill_at"] is None
    town.sandbox.world.block(ANN, False)
    await town.say("/start")
    assert town.row("learner")["left_at"] is None


async def test_nobody_is_made_by_being_gone(town: Street) -> None:
    """A refusal of the last words to somebody who was erased does not make a learner of them again."""
    await town.app.occasions.blocked(4711)
    assert town.rows("learner", 4711) == []


async def test_a_lost_race_is_run_again_on_what_is_now(town: Street) -> None:
    """Somebody acts just when their drill falls due: the verb is run again, and once takes effect."""
    await town.enrol()
    tries: list[int] = []

    async def verb(tx: Transaction) -> None:
        tries.append(tx.learner.version)
        if len(tries) < 3:
            other = await Transaction.begin(tx.database, ANN, tx.now)
            await other.commit()
        tx.change(pace=5)

    await town.app.occasions.change(ANN, verb)
    assert len(set(tries)) == 3
    assert town.row("learner")["pace"] == 5


async def test_a_race_that_is_always_lost_ends_with_the_error(town: Street) -> None:
    """Nothing is tried for ever."""
    await town.enrol()

    async def verb(tx: Transaction) -> None:
        other = await Transaction.begin(tx.database, ANN, tx.now)
        await other.commit()

    with pytest.raises(Conflict):
        await town.app.occasions.change(ANN, verb)
