import asyncio
import io
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import pytest
from telegram.error import InvalidToken, TelegramError

from bot.store import inbox
from bot.store.database import StorageError
from bot.store.transaction import Transaction
from bot.wire.intake import Intake, Raw
from bot.wire.poller import WAITS, Poller
from tests.wire.outpost import ANN, CARL, Outpost, until

HOUR_SECONDS = 3600.0


class Desk:
    """An intake whose handler notes the texts, and a poller that never waits for real."""

    def __init__(self, here: Outpost) -> None:
        self.here = here
        self.texts: list[str] = []
        self.waits: list[float] = []
        self.on_wait: Callable[[], Awaitable[None]] | None = None
        self.intake = self.new_intake()

    def new_intake(self, **options: Any) -> Intake:
        """An intake, as after a start of the program."""
        here = self.here
        return Intake(
            here.database,
            here.clock,
            here.health,
            handle=self._handle,
            committed=self._ignore,
            died=self._died,
            storage_wait_seconds=0,
            **options,
        )

    def poller(self, intake: Intake | None = None, long_poll_seconds: int = 0) -> Poller:
        """A poller, as after a start of the program."""
        here = self.here
        return Poller(
            here.api,
            intake or self.intake,
            here.clock,
            here.health,
            long_poll_seconds=long_poll_seconds,
            sleep=self._sleep,
        )

    async def run_until(self, poller: Poller, holds: Callable[[], object]) -> None:
        """Poll until the condition holds."""
        running = asyncio.create_task(poller.run())
        try:
            await until(lambda: holds() or running.done())
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
        await self.intake.idle()

    def offsets(self) -> list[int]:
        """The offset of every getUpdates so far."""
        return [call["offset"] for call in self.here.calls("getUpdates")]

    async def _handle(self, _: Transaction, raw: Raw) -> None:
        self.texts.append(raw["message"]["text"])

    async def _ignore(self, _: Transaction) -> None:
        """Nothing follows."""

    async def _died(self, _: Transaction, __: Raw, error: Exception) -> None:
        raise error

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        if self.on_wait is not None:
            await self.on_wait()
        await asyncio.sleep(0)


@pytest.fixture
def desk(here: Outpost) -> Desk:
    """An intake and pollers."""
    return Desk(here)


async def test_updates_are_acknowledged_by_the_next_request_and_not_before(desk: Desk) -> None:
    """The first request names no offset; the next one names what is on disk by then."""
    here = desk.here
    first = here.sandbox.world.updates.next_id
    for text in ("one", "two"):
        here.sandbox.world.say(ANN, text)
    poller = desk.poller()
    assert await poller.poll_once() == 2
    assert len(here.sandbox.world.updates.waiting()) == 2
    assert (await inbox.counts(here.database))["waiting"] is not None
    assert await poller.poll_once() == 0
    assert here.sandbox.world.updates.waiting() == []
    assert desk.offsets() == [0, first + 2]
    await desk.intake.idle()
    assert desk.texts == ["one", "two"]


async def test_what_cannot_be_stored_stays_with_telegram(desk: Desk) -> None:
    """On a full disk no request acknowledges anything; afterwards it is stored and handled once."""
    here = desk.here
    here.sandbox.world.say(ANN, "one")
    here.database.full_for = 5
    await desk.run_until(desk.poller(), lambda: desk.texts)
    assert set(desk.offsets()[:6]) == {0}
    assert desk.waits[:5] == list(WAITS[:5])
    assert desk.texts == ["one"]


async def test_a_kill_between_storing_and_acknowledging_loses_and_doubles_nothing(
    desk: Desk,
) -> None:
    """The next start gets the same updates again: each is handled once, with what came meanwhile."""
    here = desk.here
    for text in ("one", "two"):
        here.sandbox.world.say(ANN, text)
    await desk.poller().poll_once()
    await desk.intake.close()
    here.sandbox.world.say(ANN, "three")
    again = desk.new_intake()
    await again.resume()
    poller = desk.poller(again)
    assert await poller.poll_once() == 3
    await poller.poll_once()
    await again.idle()
    assert desk.texts == ["one", "two", "three"]


async def test_a_replayed_old_batch_does_nothing(desk: Desk) -> None:
    """Updates that were handled and come again are acknowledged and not handled."""
    here = desk.here
    here.sandbox.world.say(ANN, "one")
    message = here.sandbox.world.updates.waiting()[0]
    poller = desk.poller()
    await poller.poll_once()
    await poller.poll_once()
    here.sandbox.world.updates._queue(message)
    assert await desk.poller().poll_once() == 1
    await desk.intake.idle()
    assert desk.texts == ["one"]


async def test_numbers_that_start_anew_are_followed(desk: Desk) -> None:
    """After a quiet week Telegram may number from anywhere, also far below: nothing is missed."""
    here = desk.here
    here.sandbox.world.say(ANN, "one")
    poller = desk.poller()
    await poller.poll_once()
    await poller.poll_once()
    here.sandbox.world.updates.next_id = 1000
    here.sandbox.world.say(ANN, "two")
    await desk.run_until(poller, lambda: len(desk.texts) == 2)
    assert desk.texts == ["one", "two"]


async def test_a_second_poller_is_named_and_outwaited(desk: Desk, logged: io.StringIO) -> None:
    """409 is one clear line, however often it comes, and polling goes on when the other stops."""
    here = desk.here
    here.fault("getUpdates", status=409, times=20)
    here.sandbox.world.say(ANN, "one")
    await desk.run_until(desk.poller(), lambda: desk.texts)
    assert desk.texts == ["one"]
    assert desk.waits[:20] == [*WAITS, *[WAITS[-1]] * (20 - len(WAITS))]
    assert logged.getvalue().count("another copy of the bot is polling") == 1
    assert here.health.troubles() == {}


async def test_two_pollers_at_once_lose_and_double_nothing(desk: Desk) -> None:
    """Two copies with one token and one database take turns in conflict: all is handled once."""
    here = desk.here
    pollers = [desk.poller(long_poll_seconds=1) for _ in range(2)]
    running = [asyncio.create_task(poller.run()) for poller in pollers]
    for number in range(20):
        here.sandbox.world.say(ANN, str(number))
        await until(lambda number=number: len(desk.texts) > number)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await desk.intake.idle()
    assert desk.texts == [str(number) for number in range(20)]


async def test_the_reason_is_named_anew_when_it_changes(desk: Desk, logged: io.StringIO) -> None:
    """First no network, then a second copy: two lines, not the first one only."""
    desk.here.fault("getUpdates", status=502, body="html", times=3)
    desk.here.fault("getUpdates", status=409, times=3)
    desk.here.sandbox.world.say(ANN, "one")
    await desk.run_until(desk.poller(), lambda: desk.texts)
    lines = [line for line in logged.getvalue().splitlines() if "no updates for now" in line]
    assert len(lines) == 2
    assert "cannot be reached" in lines[0]
    assert "409" in lines[1]


async def test_429_is_waited_out_as_long_as_it_says(desk: Desk) -> None:
    """Telegram names nine seconds, so nine seconds it is, whatever the usual steps are."""
    busy = {"ok": False, "error_code": 429, "description": "x", "parameters": {"retry_after": 9}}
    desk.here.fault("getUpdates", status=429, body=busy)
    desk.here.sandbox.world.say(ANN, "one")
    await desk.run_until(desk.poller(), lambda: desk.texts)
    assert desk.waits[0] == 9.0


async def test_the_waits_begin_anew_after_a_success(desk: Desk) -> None:
    """Trouble that is over is forgotten: the next trouble is met with the shortest wait again."""
    desk.here.fault("getUpdates", status=502, body="html", times=3)
    desk.here.fault("getUpdates", times=1)
    desk.here.fault("getUpdates", status=502, body="html", times=2)
    await desk.run_until(desk.poller(), lambda: len(desk.waits) == 5)
    assert desk.waits == [*WAITS[:3], *WAITS[:2]]


@pytest.mark.parametrize("status", [401, 404])
async def test_a_revoked_token_ends_polling(desk: Desk, status: int) -> None:
    """InvalidToken is not something to wait for."""
    desk.here.fault("getUpdates", status=status)
    with pytest.raises(InvalidToken):
        await asyncio.wait_for(desk.poller().run(), 60)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 502, "body": "html"},
        {"status": 200, "body": "<html>"},
        {"status": 200, "body": {"ok": True, "result": True}},
        {"status": 200, "body": {"ok": True, "result": [{"message": {}}]}},
        {"status": 200, "body": {"ok": True, "result": ["what?"]}},
        {"status": 403},
        {"status": 400},
        {"reset": True},
        {"truncate": True},
    ],
    ids=str,
)
async def test_no_answer_of_telegrams_ends_polling(desk: Desk, fault: dict[str, Any]) -> None:
    """Whatever comes back, the bot waits a little and asks again, and nothing is lost."""
    desk.here.fault("getUpdates", times=2, **fault)
    for person in (ANN, CARL):
        desk.here.sandbox.world.say(person, "hello")
    await desk.run_until(desk.poller(), lambda: len(desk.texts) == 2)
    assert desk.waits[:2] == list(WAITS[:2])
    assert desk.texts == ["hello", "hello"]


async def test_telegram_down_for_an_hour_loses_nothing(desk: Desk, logged: io.StringIO) -> None:
    """Connections are refused for an hour; what people wrote before and after is all handled."""
    here = desk.here
    here.sandbox.world.say(ANN, "before")
    world, url = here.sandbox.world, here.sandbox.url
    await here.sandbox.stop()

    async def back_after_an_hour() -> None:
        if sum(desk.waits) >= HOUR_SECONDS and here.sandbox._runner is None:
            await here.sandbox.start()

    desk.on_wait = back_after_an_hour
    world.say(ANN, "meanwhile")
    await desk.run_until(desk.poller(), lambda: len(desk.texts) == 2)
    assert (desk.texts, here.sandbox.url) == (["before", "meanwhile"], url)
    assert HOUR_SECONDS <= sum(desk.waits) < HOUR_SECONDS + 2 * WAITS[-1]
    assert len(desk.waits) < 150
    assert logged.getvalue().count("cannot be reached") == 1


async def test_no_more_is_fetched_than_there_is_room_for(desk: Desk) -> None:
    """With a handler that hangs, the poller stops asking: what waits stays with Telegram."""
    here = desk.here
    gate = asyncio.Event()

    async def held(_: Transaction, raw: Raw) -> None:
        await gate.wait()
        desk.texts.append(raw["message"]["text"])

    intake = desk.intake = Intake(
        here.database,
        here.clock,
        here.health,
        handle=held,
        committed=desk._ignore,
        died=desk._died,
        backlog=50,
    )
    for number in range(300):
        here.sandbox.world.say(ANN, str(number))
    running = asyncio.create_task(desk.poller().run())
    await until(lambda: intake.backlog == 100 and len(desk.offsets()) == 2)
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(desk.offsets()) == 2
    assert len(here.sandbox.world.updates.waiting()) == 200
    gate.set()
    await until(lambda: len(desk.texts) == 300)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert desk.texts == [str(number) for number in range(300)]


async def test_trouble_is_what_health_is_told(desk: Desk) -> None:
    """While polling fails, /healthz can say why; once it works, nothing is said."""
    told: list[dict[str, str]] = []

    async def ask() -> None:
        told.append(desk.here.health.troubles())

    desk.on_wait = ask
    desk.here.database.full_for = 1
    desk.here.sandbox.world.say(ANN, "one")
    await desk.run_until(desk.poller(), lambda: desk.texts)
    assert told == [
        {"poller": "updates cannot be stored, so they stay with Telegram: database or disk is full"}
    ]


async def test_a_batch_without_any_id_is_an_error_not_a_spin(desk: Desk) -> None:
    """Updates that cannot be acknowledged would come again at once, for ever."""
    body = {"ok": True, "result": [{"message": {"text": "x"}}]}
    desk.here.fault("getUpdates", status=200, body=body)
    with pytest.raises(TelegramError, match="without an id"):
        await desk.poller().poll_once()


async def test_poll_once_fails_when_the_disk_does(desk: Desk) -> None:
    """The error of the disk is passed on, so that nobody takes the batch for stored."""
    desk.here.sandbox.world.say(ANN, "one")
    desk.here.database.full_for = 1
    with pytest.raises(StorageError):
        await desk.poller().poll_once()


async def test_without_room_nothing_is_asked_for(desk: Desk) -> None:
    """While the disk is nearly full Telegram is not even asked; with room again all comes, once."""
    full = ["12 MB are free"]

    def room() -> None:
        if full:
            raise StorageError(full[0])

    here = desk.here
    desk.intake = desk.new_intake(room=room)
    for text in ("one", "two"):
        here.sandbox.world.say(ANN, text)

    async def make_room() -> None:
        assert here.calls("getUpdates") == []
        assert "12 MB are free" in here.health.troubles()["poller"]
        with pytest.raises(StorageError):
            await desk.intake.store([{"update_id": 1}])
        if len(desk.waits) > 3:
            full.clear()

    desk.on_wait = make_room
    await desk.run_until(desk.poller(), lambda: len(desk.texts) == 2)
    assert desk.texts == ["one", "two"]
