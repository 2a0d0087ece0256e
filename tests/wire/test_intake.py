import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.store import inbox, learners
from bot.store.database import Conflict, Row, StorageError
from bot.store.tables import UpdateState
from bot.store.tables import inbox as inbox_table
from bot.store.transaction import Transaction
from bot.wire.intake import Intake, Raw, has_id
from bot.wire.payload import encode
from tests.store import cabinet
from tests.wire.outpost import ANN, CARL, MoodyDatabase, Outpost, until

FAILURES, PAGE = 3, 500

CANARY = "CANARY-I-was-let-go-in-March"
BIG = 7_654_321_987


class BadDayError(Exception):
    """A handler's own trouble; its text quotes the learner, as errors do."""


async def _nothing(tx: Transaction) -> None:
    """Nothing follows."""


@dataclass
class Office:
    """Handlers that write down what reached them, and an intake on the outpost's database."""

    here: Outpost
    handled: list[int] = field(default_factory=list)
    committed: list[int] = field(default_factory=list)
    buried: list[tuple[int, str]] = field(default_factory=list)
    while_handling: Callable[[int], Awaitable[None]] | None = None
    while_burying: Callable[[int], Awaitable[None]] | None = None
    after: Callable[[Transaction], Awaitable[None]] = _nothing

    def intake(self, **options: Any) -> Intake:
        """An intake, as after a start of the program."""
        return Intake(
            self.here.database,
            self.here.clock,
            self.here.health,
            handle=self._handle,
            committed=self._committed,
            died=self._died,
            storage_wait_seconds=0,
            **options,
        )

    async def _handle(self, tx: Transaction, raw: Raw) -> None:
        number = raw["update_id"]
        if self.while_handling is not None:
            await self.while_handling(number)
        self.handled.append(number)
        tx.change(awaiting=str(number))

    async def _committed(self, tx: Transaction) -> None:
        self.committed.append(tx.learner.learner_id)
        await self.after(tx)

    async def _died(self, tx: Transaction, raw: Raw, error: Exception) -> None:
        if self.while_burying is not None:
            await self.while_burying(raw["update_id"])
        self.buried.append((raw["update_id"], type(error).__name__))

    async def state(self, number: int) -> UpdateState:
        """Where an update stands on disk."""
        return UpdateState((await self.row(number))["state"])

    async def row(self, number: int) -> dict[str, Any]:
        """An update on disk."""
        return await cabinet.only(self.here.database, inbox_table, update_id=number)


@pytest.fixture
def office(here: Outpost) -> Office:
    """Handlers that take notes."""
    return Office(here)


def update(number: int, sender: int = ANN, text: str = "hello") -> dict[str, Any]:
    """A message."""
    person = {"id": sender, "is_bot": False, "first_name": "Ann"}
    chat = {"id": sender, "type": "private", "first_name": "Ann"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": person, "text": text}
    return {"update_id": number, "message": message}


async def test_an_update_is_on_disk_when_store_returns(office: Office) -> None:
    """Even before anybody has handled it, the update is in the inbox as it came."""
    gate = asyncio.Event()

    async def held(_: int) -> None:
        await gate.wait()

    office.while_handling = held
    intake = office.intake()
    await intake.store([update(1)])
    assert (await office.state(1), intake.backlog) == (UpdateState.WAITING, 1)
    assert b"hello" in (await office.row(1))["raw"]
    gate.set()
    await intake.idle()
    assert (await office.state(1), (await office.row(1))["raw"]) == (UpdateState.DONE, None)
    assert (office.committed, intake.backlog) == ([ANN], 0)


async def test_what_cannot_be_stored_is_not_taken(office: Office) -> None:
    """On a full disk `store` fails and nothing is handled; brought again, it is handled once."""
    intake = office.intake()
    office.here.database.full_for = 1
    with pytest.raises(StorageError):
        await intake.store([update(1)])
    await intake.idle()
    assert office.handled == []
    await intake.store([update(1)])
    await intake.idle()
    assert office.handled == [1]


async def test_one_learners_updates_in_order_different_learners_side_by_side(
    office: Office,
) -> None:
    """While Ann's first update is held, her others wait behind it, and Carl's are done."""
    gate = asyncio.Event()

    async def held(number: int) -> None:
        if number == 1:
            await gate.wait()

    office.while_handling = held
    intake = office.intake()
    await intake.store([update(1), update(2), update(3, CARL), update(4), update(5, CARL)])
    await until(lambda: len(office.committed) == 2)
    assert office.handled == [3, 5]
    gate.set()
    await intake.idle()
    assert office.handled == [3, 5, 1, 2, 4]


async def test_a_repeat_of_an_update_under_way_is_handled_once(office: Office) -> None:
    """Telegram brings an update again while it is being handled, and right after: nothing happens."""
    gate = asyncio.Event()

    async def held(_: int) -> None:
        await gate.wait()

    office.while_handling = held
    intake = office.intake()
    await intake.store([update(1)])
    await intake.store([update(1), update(1)])
    gate.set()
    await intake.idle()
    await intake.store([update(1)])
    await intake.idle()
    assert office.handled == [1]


async def test_the_same_update_twice_at_once_is_handled_once(office: Office) -> None:
    """In one batch, or in two that a webhook brings side by side."""
    intake = office.intake()
    await intake.store([update(1), update(1)])
    await asyncio.gather(*(intake.store([update(2)]) for _ in range(5)))
    await intake.idle()
    assert office.handled == [1, 2]


class SlowReader(MoodyDatabase):
    """Reads are finished at once but handed over late: by then, what was read may be history."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.read_it = asyncio.Event()

    gate: asyncio.Event | None = None

    async def read(self, statement: Any, **values: Any) -> list[Row]:
        """Read; where `first` is asked for, keep the answer until the gate opens."""
        rows = await super().read(statement, **values)
        if self.gate is not None and "first" in values:
            self.read_it.set()
            await self.gate.wait()
        return rows


async def test_a_repeat_read_as_waiting_just_before_it_is_done_is_handled_once(
    office: Office,
) -> None:
    """The inbox said "waiting" and was right, but by the time it is heard the update is done."""
    database = SlowReader(office.here.folder / "sprung.db")
    async with database:
        office.here.database = database
        may_end = asyncio.Event()

        async def held(_: int) -> None:
            await may_end.wait()

        office.while_handling = held
        intake = office.intake()
        await intake.store([update(1)])
        database.gate = asyncio.Event()
        again = asyncio.create_task(intake.store([update(1)]))
        await database.read_it.wait()
        may_end.set()
        await intake.idle()
        database.gate.set()
        await again
        await intake.idle()
        assert office.handled == [1]


async def test_an_update_settled_elsewhere_does_not_hold_the_lane(office: Office) -> None:
    """Its row was taken away meanwhile, as /forget does: the lane lets it be and goes on."""

    async def settled(number: int) -> None:
        if number == 1 and await office.state(1) is UpdateState.WAITING:
            await office.here.database.commit([inbox.done(1)])

    office.while_handling = settled
    intake = office.intake()
    await intake.store([update(1), update(2)])
    await asyncio.wait_for(intake.idle(), 10)
    assert office.handled == [1, 2]
    assert await office.state(2) is UpdateState.DONE


async def test_an_erased_update_that_fails_does_not_hold_the_lane(office: Office) -> None:
    """Neither does one that fails in its handler after its row was taken away."""

    async def gone(number: int) -> None:
        if number == 1:
            if await office.state(1) is UpdateState.WAITING:
                await office.here.database.commit([inbox.done(1)])
            raise BadDayError

    office.while_handling = gone
    intake = office.intake()
    await intake.store([update(1), update(2)])
    await asyncio.wait_for(intake.idle(), 10)
    assert office.handled == [2]


async def test_a_lost_race_is_run_again(office: Office) -> None:
    """Somebody else changed the learner while an update was handled: it is handled on what is now."""
    await office.here.known(ANN)
    races = 0

    async def raced(_: int) -> None:
        nonlocal races
        if races < 2:
            races += 1
            found = await learners.find(office.here.database, ANN)
            assert found is not None
            await office.here.database.commit([learners.saved(found, found)])

    office.while_handling = raced
    intake = office.intake()
    await intake.store([update(1)])
    await intake.idle()
    assert office.handled == [1, 1, 1]
    assert (await office.row(1))["failures"] == 0
    found = await learners.find(office.here.database, ANN)
    assert found is not None
    assert found.awaiting == "1"


async def test_three_failures_set_an_update_aside_and_the_lane_goes_on(office: Office) -> None:
    """It is tried three times, then dead with its text kept; the others are told what failed."""

    async def bad(number: int) -> None:
        if number == 1:
            raise BadDayError(CANARY)

    office.while_handling = bad
    intake = office.intake()
    await intake.store([update(1, text=CANARY), update(2), update(3, CARL)])
    await intake.idle()
    row = await office.row(1)
    assert (row["state"], row["failures"]) == (UpdateState.DEAD, FAILURES)
    assert row["error"].startswith("BadDayError at tests.wire.test_intake:")
    assert CANARY.encode() in row["raw"]
    assert office.buried == [(1, "BadDayError")]
    assert sorted(office.handled) == [2, 3]


async def test_two_failures_are_forgiven(office: Office) -> None:
    """What works at the third try is done as if nothing had been."""
    tries = 0

    async def bad(_: int) -> None:
        nonlocal tries
        tries += 1
        if tries < FAILURES:
            raise BadDayError

    office.while_handling = bad
    intake = office.intake()
    await intake.store([update(1)])
    await intake.idle()
    assert (office.handled, office.buried) == ([1], [])
    assert await office.state(1) is UpdateState.DONE


async def test_failures_count_across_restarts(office: Office) -> None:
    """A program that dies of an update meets it again, counts on, and sets it aside in the end."""
    raw = encode(update(1))
    await cabinet.receive(office.here.database, cabinet.update(1, raw=raw))
    await office.here.database.commit([inbox.failed(1, FAILURES, "BadDayError")])
    intake = office.intake()
    assert await intake.resume() == 1
    await intake.idle()
    assert (office.handled, [number for number, _ in office.buried]) == ([], [1])
    assert await office.state(1) is UpdateState.DEAD


async def test_an_update_nobody_can_be_told_of_is_set_aside_all_the_same(office: Office) -> None:
    """When even the words for the learner fail, the update is dead on disk and the lane goes on."""

    async def bad(number: int) -> None:
        if number == 1:
            raise BadDayError

    office.while_handling = office.while_burying = bad
    intake = office.intake()
    await intake.store([update(1), update(2)])
    await asyncio.wait_for(intake.idle(), 10)
    assert (office.handled, office.buried) == ([2], [])
    assert await office.state(1) is UpdateState.DEAD


@pytest.mark.parametrize("kind", ["full_for", "unreadable_for"])
async def test_trouble_of_the_disk_is_waited_out_and_is_no_failure(
    office: Office, kind: str
) -> None:
    """Ten refusals of the disk in a row cost no try: the update is handled when it is well again."""
    intake = office.intake()

    async def trouble(number: int) -> None:
        if number == 1 and office.here.database.refused == 0:
            setattr(office.here.database, kind, 10)

    office.while_handling = trouble
    await intake.store([update(1), update(2)])
    await intake.idle()
    assert office.here.database.refused == 10
    assert (await office.row(1))["failures"] == 0
    assert sorted(set(office.handled)) == [1, 2]
    assert await office.state(1) is UpdateState.DONE


async def test_a_disk_that_is_really_full_is_waited_out(office: Office) -> None:
    """SQLite itself refuses for want of pages; with room again, everything is handled in order."""
    pages = await cabinet.pragma(office.here.database, "page_count")
    await cabinet.pragma(office.here.database, f"max_page_count={pages}")
    intake = office.intake()
    updates = [update(number, text="x" * 5000) for number in range(1, 100)]

    async def stored(number: int) -> bool:
        try:
            await intake.store(updates[number : number + 1])
        except StorageError:
            return False
        return True

    fitting = 0
    while await stored(fitting):
        fitting += 1
    await cabinet.pragma(office.here.database, "max_page_count=1000000")
    await intake.store(updates[fitting:])
    await asyncio.wait_for(intake.idle(), 10)
    assert office.handled == list(range(1, 100))
    assert fitting < len(updates)


async def test_failing_to_count_a_failure_does_not_make_it_endless(office: Office) -> None:
    """The disk refuses just when a failure is counted: three tries remain three."""
    tries = 0

    async def bad(_: int) -> None:
        nonlocal tries
        tries += 1
        office.here.database.full_for = 1
        raise BadDayError

    office.while_handling = bad
    intake = office.intake()
    await intake.store([update(1)])
    await asyncio.wait_for(intake.idle(), 10)
    assert tries == FAILURES
    assert await office.state(1) is UpdateState.DEAD


async def test_what_follows_a_commit_cannot_undo_it(office: Office, logged: io.StringIO) -> None:
    """When waking the others fails, the update is not handled a second time."""

    async def bad(_: Transaction) -> None:
        raise BadDayError(CANARY)

    office.after = bad
    intake = office.intake()
    await intake.store([update(1)])
    await intake.idle()
    assert office.handled == [1]
    assert "BadDayError" in logged.getvalue()
    assert CANARY not in logged.getvalue()


async def test_a_restart_takes_up_what_was_stored_and_not_done(office: Office) -> None:
    """Killed between the disk and the handler, or in the middle: done once, in order, none lost."""
    first = office.intake()
    reached = asyncio.Event()

    async def killed(number: int) -> None:
        if number == 3:
            reached.set()
            await asyncio.Event().wait()

    office.while_handling = killed
    await first.store([update(number) for number in range(1, 301)])
    await reached.wait()
    await first.close()
    office.while_handling = None
    second = office.intake()
    assert await second.resume() == 298
    await second.store([update(number) for number in range(250, 303)])
    await second.idle()
    assert office.handled == list(range(1, 303))
    assert await second.resume() == 0


async def test_more_than_there_is_room_for_waits_outside(office: Office) -> None:
    """With a backlog of ten the next batch, or page at a start, is taken only when it has shrunk."""
    gate = asyncio.Semaphore(0)

    async def held(_: int) -> None:
        await gate.acquire()

    office.while_handling = held
    intake = office.intake(backlog=10)
    await intake.store([update(number) for number in range(1, 13)])
    more = asyncio.create_task(intake.store([update(13)]))
    gate.release()
    await until(lambda: intake.backlog == 11)
    for _ in range(20):
        await asyncio.sleep(0)
    assert (more.done(), intake.backlog) == (False, 11)
    gate.release()
    await more
    assert intake.backlog <= 11
    for _ in range(20):
        gate.release()
    await intake.idle()
    assert office.handled == list(range(1, 14))


async def test_a_long_backlog_is_taken_up_page_by_page(office: Office) -> None:
    """At a start after an outage, memory holds one page of what waits, not all of it."""
    stored = [cabinet.update(n, raw=encode(update(n))) for n in range(1, PAGE + 101)]
    await inbox.store(office.here.database, stored, office.here.clock.now())
    gate = asyncio.Event()

    async def held(_: int) -> None:
        await gate.wait()

    office.while_handling = held
    intake = office.intake(backlog=10)
    resuming = asyncio.create_task(intake.resume())
    await until(lambda: intake.backlog == PAGE)
    for _ in range(100):
        await asyncio.sleep(0)
    assert (resuming.done(), intake.backlog) == (False, PAGE)
    gate.set()
    assert await resuming == PAGE + 100
    await intake.idle()
    assert office.handled == list(range(1, PAGE + 101))


@pytest.mark.parametrize(
    "raw",
    [
        {"update_id": 1},
        {"update_id": 1, "message": "what?"},
        {"update_id": 1, "message": {"from": "who?"}},
        {"update_id": 1, "message": {"from": {"id": "who?"}}},
        {"update_id": 1, "message": {"from": {"id": True}}},
        {"update_id": 1, "message": {"from": {"id": 2**70}}},
        {"update_id": 1, "message": {"from": {"id": -5}}},
        {"update_id": 1, "channel_post": {"text": CANARY}},
    ],
)
async def test_an_update_from_nobody_is_one_line_in_the_log(
    office: Office, logged: io.StringIO, raw: dict[str, Any]
) -> None:
    """What no learner can be found for is closed, named without its contents, and in nobody's way."""
    intake = office.intake()
    await intake.store([raw, update(2)])
    await intake.idle()
    assert office.handled == [2]
    assert await office.state(1) is UpdateState.DONE
    assert logged.getvalue().count("from nobody") == 1
    assert CANARY not in logged.getvalue()


@pytest.mark.parametrize("number", [None, "7", True, -1, 2**63, 1.5])
async def test_an_update_without_a_usable_id_does_not_stop_the_others(
    office: Office, number: Any
) -> None:
    """It cannot be told from others, so it is left; the rest of its batch is handled."""
    intake = office.intake()
    await intake.store([{**update(1), "update_id": number}, update(2)])
    await intake.idle()
    assert office.handled == [2]


async def test_an_update_nested_beyond_reason_does_not_stop_the_others(office: Office) -> None:
    """JSON deeper than any encoder likes is closed as nobody's; its batch goes on."""
    deep: dict[str, Any] = {}
    for _ in range(5000):
        deep = {"reply": deep}
    intake = office.intake()
    await intake.store([{"update_id": 1, "message": deep}, update(2)])
    await intake.idle()
    assert office.handled == [2]


async def test_neither_words_nor_ids_reach_the_log(office: Office, logged: io.StringIO) -> None:
    """Failing, racing, dying and waiting for the disk leave no word and no number of the learner."""

    async def bad(number: int) -> None:
        if number == 1:
            raise BadDayError(CANARY, BIG)
        if number == 2 and office.here.database.refused < 2:
            office.here.database.full_for = 2
        if number == 3:
            raise Conflict(CANARY)

    office.while_handling = office.while_burying = bad
    intake = office.intake()
    await intake.store([update(number, BIG, CANARY) for number in range(1, 5)])
    await asyncio.wait_for(intake.idle(), 20)
    lines = logged.getvalue()
    assert "an update is set aside" in lines
    assert CANARY not in lines
    assert str(BIG) not in lines


async def test_closing_leaves_no_task_behind(office: Office) -> None:
    """At a stop the lanes end at once; what they had begun is still waiting on disk."""
    reached = asyncio.Event()

    async def held(_: int) -> None:
        reached.set()
        await asyncio.Event().wait()

    office.while_handling = held
    intake = office.intake()
    before = asyncio.all_tasks()
    await intake.store([update(1), update(2, CARL)])
    await reached.wait()
    await intake.close()
    assert asyncio.all_tasks() == before
    assert [await office.state(n) for n in (1, 2)] == [UpdateState.WAITING] * 2


def test_the_largest_number_that_the_inbox_holds_is_a_number() -> None:
    """Up to it an update is stored; beyond it, or below zero, it cannot be told from others."""
    told = [has_id({"update_id": number}) for number in (-1, 0, 2**63 - 1, 2**63)]
    assert told == [False, True, True, False]
