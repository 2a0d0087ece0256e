"""What one verb does to one learner: all or nothing, and never over somebody else's head."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from bot.store import archive, drills, learners, outbox
from bot.store.database import Conflict, Database
from bot.store.tables import Priority, Role, drill
from bot.store.tables import learner as learner_table
from bot.store.tables import outbox as outbox_table
from bot.store.transaction import Transaction
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, MINUTE, NOW


async def begin(database: Database, learner_id: int = ANN, now: int = NOW) -> Transaction:
    """A transaction of Ann's."""
    return await Transaction.begin(database, learner_id, now)


async def test_new(database: Database) -> None:
    """Somebody never met is made, but only once the transaction is on disk."""
    tx = await begin(database)
    assert tx.is_new
    tx.change(language="de")
    assert await learners.find(database, ANN) is None
    await tx.commit()
    assert await learners.find(database, ANN) == tx.learner
    assert (tx.learner.joined_at, tx.learner.language) == (NOW, "de")
    assert not (await begin(database)).is_new


async def test_change(database: Database) -> None:
    """What is changed is stored, what is not stays, and the version says that something was."""
    before = cabinet.learner(zone="Europe/Kyiv", version=4, pace=2)
    await cabinet.keep(database, before, cabinet.learner(BEN))
    tx = await begin(database)
    tx.change(pace=5)
    await tx.commit()
    row = await cabinet.only(database, learner_table, learner_id=ANN)
    assert (row["pace"], row["zone"], row["version"]) == (5, "Europe/Kyiv", 5)
    assert await learners.find(database, BEN) == cabinet.learner(BEN)


async def test_no_such_field(database: Database) -> None:
    """A field that no learner has is a mistake at once, not at the commit."""
    with pytest.raises(TypeError):
        (await begin(database)).change(paces=5)


async def test_race(database: Database) -> None:
    """Of two that began from the same state one succeeds; the other changes nothing and is told so."""
    await cabinet.keep(database, cabinet.learner())
    one, other = await begin(database), await begin(database)
    for tx in (one, other):
        tx.change(pace=tx.learner.pace + 1)
        tx.post("sendMessage", {"text": "more often"})
    told = await asyncio.gather(one.commit(), other.commit(), return_exceptions=True)
    assert [type(outcome) for outcome in told] == [type(None), Conflict]
    found = await learners.find(database, ANN)
    assert found
    assert (found.pace, found.version) == (4, 1)
    assert len(await cabinet.rows(database, outbox_table)) == 1


async def test_race_of_newcomers(database: Database) -> None:
    """Of two first transactions of the same person one makes them and the other begins again."""
    one, other = await begin(database), await begin(database)
    for tx in (one, other):
        tx.keep()
    told = await asyncio.gather(one.commit(), other.commit(), return_exceptions=True)
    assert [type(outcome) for outcome in told] == [type(None), Conflict]
    assert not (await begin(database)).is_new


async def test_nothing_to_keep(database: Database) -> None:
    """Talking to somebody never met, however often, stores what is said and nothing of them."""
    for _ in range(3):
        tx = await begin(database)
        tx.speaks("de")
        tx.change(awaiting=None)
        tx.post("sendMessage", {"text": "who are you?"})
        await tx.commit()
    assert await learners.find(database, ANN) is None
    assert len(await cabinet.rows(database, outbox_table)) == 3
    tx = await begin(database)
    tx.speaks("de")
    tx.keep()
    tx.post("sendMessage", {"text": "hello"})
    await tx.commit()
    assert await learners.find(database, ANN) == tx.learner
    assert tx.learner.language == "de"


async def test_committed_twice(database: Database) -> None:
    """A transaction counts once."""
    tx = await begin(database)
    tx.post("sendMessage", {})
    await tx.commit()
    with pytest.raises(Conflict):
        await tx.commit()
    assert len(await cabinet.rows(database, outbox_table)) == 1


async def test_more_than_the_verb(database: Database) -> None:
    """What belongs to the transaction without being the verb's is in it, or the verb is not either."""
    tx = await begin(database)
    tx.change(pace=5)
    nothing_to_change = drills.changed(cabinet.drill(), cabinet.drill())
    with pytest.raises(Conflict):
        await tx.commit(nothing_to_change)
    assert await learners.find(database, ANN) is None


async def test_numbers(database: Database) -> None:
    """Drills, takes and messages are numbered in one row, which goes on where it stopped."""
    tx = await begin(database)
    assert [tx.number(), tx.number()] == [1, 2]
    tx.post("sendMessage", {})
    await tx.commit()
    assert (await begin(database)).number() == 4


async def test_own_writes_unseen(database: Database) -> None:
    """A verb reads what was before it: its own writes are not there until it is over."""
    tx = await begin(database)
    tx.write(drills.asked(cabinet.drill(tx.number())))
    assert await drills.latest(database, ANN) is None
    await tx.commit()
    assert await drills.latest(database, ANN) == cabinet.drill(1)


async def test_post(database: Database) -> None:
    """What is said waits in the outbox with all that the sender must know."""
    tx = await begin(database)
    tx.post("answerCallbackQuery", {"text": "Säved."})
    tx.post(
        "sendDocument",
        {"chat_id": ANN},
        priority=Priority.DRILL,
        drill_no=7,
        role=Role.CARD,
        attachment="/tmp/x",
    )
    await tx.commit()
    first, second = await outbox.run_of(database, ANN, NOW, 9)
    assert first == cabinet.message(
        1, method="answerCallbackQuery", payload='{"text":"Säved."}', created_at=NOW
    )
    assert second.parameters() == {"chat_id": ANN}
    assert (second.priority, second.drill_no, second.role) == (Priority.DRILL, 7, Role.CARD)
    assert second.attachment == "/tmp/x"


async def test_due(database: Database) -> None:
    """A learner needs attention when the next surprise is due, or at the latest when an open one ends."""
    tx = await begin(database)
    dues = [tx.due]
    for fields in ({"next_drill_at": NOW + MINUTE}, {"open_drill": 1, "expiry_minutes": 30}):
        tx.change(**fields)
        dues.append(tx.due)
    assert dues == [None, NOW + MINUTE, NOW + 30 * MINUTE]


async def test_forget(database: Database) -> None:
    """Forgetting undoes what the verb had collected; what it says after that is all that is left."""
    await cabinet.keep(database, cabinet.learner(sequence=500))
    await database.commit([drills.asked(cabinet.drill(7)), outbox.posted(cabinet.message(8))])
    tx = await begin(database)
    tx.post("sendMessage", {"text": "before"})
    tx.forget(*archive.erased(ANN))
    for word in ("gone", "bye"):
        tx.post("sendMessage", {"text": word})
    await tx.commit()
    assert await learners.find(database, ANN) is None
    assert await cabinet.rows(database, drill) == []
    said = await outbox.run_of(database, ANN, NOW, 9)
    assert [one.parameters()["text"] for one in said] == ["gone", "bye"]
    assert [one.message_no for one in said] == [502, 503], "a number may still be on its way"


async def test_after_forgetting(database: Database) -> None:
    """A new beginning has numbers of its own, after the last words, and may end like the first."""
    for _ in range(3):
        tx = await begin(database)
        tx.keep()
        tx.post("sendMessage", {"text": "hello"})
        await tx.commit()
        said = await outbox.run_of(database, ANN, NOW, 9)
        assert said[-1].parameters() == {"text": "hello"}
        tx = await begin(database)
        tx.forget(*archive.erased(ANN))
        tx.post("sendMessage", {"text": "bye"})
        await tx.commit()
        (bye,) = await outbox.run_of(database, ANN, NOW, 9)
        assert bye.parameters() == {"text": "bye"}


async def test_stale_after_forgetting(database: Database) -> None:
    """What began before somebody was erased brings nothing back, not even after they came again."""
    await cabinet.keep(database, cabinet.learner())
    stale = await begin(database)
    stale.change(zone="Europe/Kyiv")
    gone = await begin(database)
    gone.forget(*archive.erased(ANN))
    await gone.commit()
    with pytest.raises(Conflict):
        await stale.commit()
    again = await begin(database, now=NOW + 1)
    again.keep()
    await again.commit()
    with pytest.raises(Conflict):
        await stale.commit()
    found = await learners.find(database, ANN)
    assert found
    assert found.zone is None


class Races(RuleBasedStateMachine):
    """Many transactions of two learners, begun and ended in any order, against what should be."""

    begun = Bundle("begun")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.Runner()
        self.opened = cabinet.opened(Path(self.folder.name))
        self.database = self.run(self.opened.__aenter__())
        self.now = NOW
        self.paces: dict[int, int] = {}
        self.states: dict[int, int] = {}
        self.last_state = 0

    def run(self, work: Any) -> Any:
        """Do something asynchronous."""

        async def done() -> Any:
            return await work

        return self.loop.run(done())

    @rule(target=begun, learner_id=st.sampled_from((ANN, BEN)))
    def begin(self, learner_id: int) -> tuple[Transaction, int | None]:
        """Begin, and remember from which state."""
        self.now += 1
        tx = self.run(begin(self.database, learner_id, self.now))
        assert tx.is_new == (learner_id not in self.states)
        return tx, self.states.get(learner_id)

    @rule(which=consumes(begun), pace=st.integers(1, 9), forgets=st.booleans())
    def commit(self, which: tuple[Transaction, int | None], pace: int, forgets: bool) -> None:
        """End a transaction, which counts if its learner is as it was when it began.

        Forgetting always counts.
        """
        tx, state = which
        learner_id = tx.learner.learner_id
        if forgets:
            tx.forget(*archive.erased(learner_id))
            self.run(tx.commit())
            self.states.pop(learner_id, None)
            self.paces.pop(learner_id, None)
            return
        tx.keep()
        tx.change(pace=pace)
        wins = state == self.states.get(learner_id)
        told = self.run(asyncio.gather(tx.commit(), return_exceptions=True))
        assert [type(one) for one in told] == [type(None) if wins else Conflict]
        if wins:
            self.last_state += 1
            self.states[learner_id] = self.last_state
            self.paces[learner_id] = pace

    @invariant()
    def as_it_should_be(self) -> None:
        """Exactly the winners are on disk."""
        found = self.run(cabinet.rows(self.database, learner_table))
        assert {row["learner_id"]: row["pace"] for row in found} == self.paces

    def teardown(self) -> None:
        """Close everything."""
        self.run(self.opened.__aexit__(None, None, None))
        self.loop.close()
        self.folder.cleanup()


TestRaces = Races.TestCase
TestRaces.settings = settings(max_examples=20, stateful_step_count=20, deadline=None)
