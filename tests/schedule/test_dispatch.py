import asyncio
import functools
import io
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.banks.library import Library, load_library
from bot.clock import Clock
from bot.drill.surprise import LATE_MS
from bot.drill.tone import Mode
from bot.practice import answer, ask, plan
from bot.practice.answer import Material
from bot.schedule.dispatch import Dispatcher
from bot.settings import shipped_banks
from bot.store import drills, errands, learners
from bot.store.database import Conflict, Database, StorageError
from bot.store.errands import Errand
from bot.store.tables import DrillState, TakeKind
from bot.store.tables import drill as drill_table
from bot.store.tables import learner as learner_table
from bot.store.transaction import Transaction
from bot.telemetry.health import Health
from tests.house import DAY, HOUR, MINUTE, Wall
from tests.store import cabinet
from tests.store.cabinet import ANN

ODD_ZONES = ("Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "Africa/Casablanca")
SECOND = 1000
NIGHT = tuple((22 * 60, 2 * 60) for _ in range(7))
"""Open hours around midnight."""


@dataclass
class Round:
    """A dispatcher on a real database whose `post` and `expire` take notes and do as they are told."""

    database: Database
    wall: Wall
    clock: Clock
    health: Health
    posted: list[int] = field(default_factory=list)
    closed: list[tuple[int, int]] = field(default_factory=list)
    run: list[Errand] = field(default_factory=list)
    trouble: Callable[[int], Awaitable[None]] | None = None
    at_once: list[int] = field(default_factory=list)
    _now: int = 0

    def dispatcher(self) -> Dispatcher:
        """A dispatcher, as after a start."""
        return Dispatcher(
            self.database,
            self.clock,
            self.health,
            post=self._post,
            expire=self._expire,
            run=self._run,
        )

    async def due(self, *moments: int) -> None:
        """One learner with a drill planned for each of these moments from now, in ms."""
        first = ANN + len(await cabinet.rows(self.database, learner_table))
        now = self.clock.now()
        people = [
            cabinet.learner(first + number, next_drill_at=now + moment)
            for number, moment in enumerate(moments)
        ]
        await cabinet.keep(self.database, *people)

    async def open(self, *moments: int) -> None:
        """One open drill that expires at each of these moments from now, in ms."""
        now = self.clock.now()
        await self.database.commit(
            [
                drills.asked(cabinet.drill(number, expires_at=now + moment))
                for number, moment in enumerate(moments, start=1)
            ]
        )

    async def _post(self, learner_id: int) -> None:
        self._now += 1
        self.at_once.append(self._now)
        try:
            if self.trouble is not None:
                await self.trouble(learner_id)
            tx = await Transaction.begin(self.database, learner_id, self.clock.now())
            tx.change(next_drill_at=None, claimed_until=0)
            await tx.commit()
        finally:
            self._now -= 1
        self.posted.append(learner_id)

    async def _expire(self, learner_id: int, drill_no: int) -> None:
        if self.trouble is not None:
            await self.trouble(drill_no)
        found = await drills.find(self.database, learner_id, drill_no)
        assert found is not None
        closed = cabinet.drill(drill_no, expires_at=found.expires_at, state=DrillState.EXPIRED)
        await self.database.commit([drills.changed(found, closed)])
        self.closed.append((learner_id, drill_no))

    async def leave(self, *moments: int) -> None:
        """One errand for each of these moments from now, in ms; somebody else gave it."""
        now = self.clock.now()
        await self.database.commit(
            [
                errands.given(cabinet.errand(number, due_at=now + moment))
                for number, moment in enumerate(moments, start=1)
            ]
        )

    async def _run(self, key: tuple[int, int, int]) -> None:
        if self.trouble is not None:
            await self.trouble(key[2])
        found = await errands.find(self.database, key)
        assert found is not None
        await self.database.commit([errands.dropped(found)])
        self.run.append(found)

    def later(self, ms: int) -> None:
        """Time passes."""
        self.wall.now += ms / 1000


@pytest.fixture
async def tour(tmp_path: Path) -> AsyncIterator[Round]:
    """A dispatcher on a new database."""
    wall = Wall()
    clock = Clock(wall=wall)
    async with cabinet.opened(tmp_path) as database:
        yield Round(database, wall, clock, Health({}, clock.now()))


async def test_what_is_due_is_done_and_the_next_moment_told(tour: Round) -> None:
    """Due drills are posted, later ones are not, and the alarm is to ring for the earliest of them."""
    await tour.due(-1, 0, 5 * MINUTE, HOUR)
    due = await tour.dispatcher().ring()
    assert sorted(tour.posted) == [ANN, ANN + 1]
    assert due == tour.clock.now() + 5 * MINUTE


async def test_the_next_moment_is_exact_however_near(tour: Round) -> None:
    """What falls due in a tenth of a second is not put off to the next full one."""
    await tour.due(100)
    assert await tour.dispatcher().ring() == tour.clock.now() + 100


async def test_with_nothing_planned_nothing_is_due(tour: Round) -> None:
    """Nobody has a drill planned or open: there is no next moment."""
    assert await tour.dispatcher().ring() is None
    await tour.due(-1)
    assert await tour.dispatcher().ring() is None


async def test_open_drills_whose_time_is_over_are_closed(tour: Round) -> None:
    """They are closed, those still open are not, and the next to expire is the next moment."""
    await tour.open(-MINUTE, 0, 20 * MINUTE)
    due = await tour.dispatcher().ring()
    assert sorted(tour.closed) == [(ANN, 1), (ANN, 2)]
    assert due == tour.clock.now() + 20 * MINUTE


async def test_many_due_at_once_are_claimed_in_batches(tour: Round) -> None:
    """A hundred due learners are all served by one ring, thirty of them side by side."""
    await tour.due(*[-1] * 100)
    assert await tour.dispatcher().ring() is None
    assert len(tour.posted) == len(set(tour.posted)) == 100
    assert max(tour.at_once) == 30


async def test_errands_are_run_when_they_are_due(tour: Round) -> None:
    """Those that are due are done, once; the next is the next moment, and a held bot does none."""
    await tour.leave(-MINUTE, 0, HOUR)
    held = Dispatcher(
        tour.database,
        tour.clock,
        tour.health,
        post=tour._post,
        expire=tour._expire,
        run=tour._run,
        holds=lambda: True,
    )
    await held.ring()
    assert tour.run == []
    assert await tour.dispatcher().ring() == tour.clock.now() + HOUR
    assert sorted(one.errand_no for one in tour.run) == [1, 2]
    await tour.dispatcher().ring()
    assert len(tour.run) == 2


async def test_an_errand_that_fails_keeps_nobody_waiting(tour: Round, logged: io.StringIO) -> None:
    """One that fails is left alone for a minute and then tried again; the others are done meanwhile."""
    await tour.leave(*[-1] * 70)

    async def one_fails(number: int) -> None:
        if number == 3:
            raise RuntimeError("on purpose")

    tour.trouble = one_fails
    dispatcher = tour.dispatcher()
    await dispatcher.ring()
    assert len(tour.run) == 69
    assert "what was due failed" in logged.getvalue()
    tour.trouble = None
    tour.later(30 * SECOND)
    await dispatcher.ring()
    assert len(tour.run) == 69
    tour.later(30 * SECOND)
    await dispatcher.ring()
    assert len(tour.run) == 70


async def test_many_expired_at_once_are_all_closed(tour: Round) -> None:
    """A hundred drills that expired during downtime are closed by one ring."""
    await tour.open(*[-1] * 100)
    assert await tour.dispatcher().ring() is None
    assert len(tour.closed) == 100


@pytest.mark.parametrize(
    "error", [ValueError("CANARY"), Conflict(), StorageError("full")], ids=repr
)
async def test_one_learners_trouble_keeps_nobody_waiting(tour: Round, error: Exception) -> None:
    """The first of many cannot be asked: all others are, and the first is tried again in a minute."""
    await tour.due(-2, *[-1] * 40)

    async def trouble(learner_id: int) -> None:
        if learner_id == ANN:
            raise error

    tour.trouble = trouble
    dispatcher = tour.dispatcher()
    due = await dispatcher.ring()
    assert len(tour.posted) == 40
    assert due == tour.clock.now() + SECOND
    tour.trouble = None
    tour.later(MINUTE - 1)
    await dispatcher.ring()
    assert ANN not in tour.posted
    tour.later(1)
    await dispatcher.ring()
    assert ANN in tour.posted


async def test_drills_that_cannot_be_closed_are_in_nobodys_way(tour: Round) -> None:
    """Forty that always fail do not keep the others open, are tried once a minute, and make no spin."""
    await tour.open(*[-2] * 40, *[-1] * 40)
    tries: list[int] = []

    async def trouble(drill_no: int) -> None:
        if drill_no <= 40:
            tries.append(drill_no)
            raise ValueError(drill_no)

    tour.trouble = trouble
    dispatcher = tour.dispatcher()
    for _ in range(5):
        await asyncio.wait_for(dispatcher.ring(), 10)
        tour.later(SECOND)
    assert (len(tour.closed), len(tries)) == (40, 40)
    tour.trouble = None
    tour.later(MINUTE - 5 * SECOND - 1)
    await dispatcher.ring()
    assert len(tour.closed) == 40
    tour.later(1)
    await dispatcher.ring()
    assert len(tour.closed) == 80


async def test_closing_that_changes_nothing_does_not_spin(tour: Round) -> None:
    """An `expire` that finds nothing to do is called once in a ring; the next ring takes a breath."""
    await tour.open(*[0] * 50)
    calls: list[int] = []

    async def nothing(_: int, drill_no: int) -> None:
        calls.append(drill_no)

    dispatcher = Dispatcher(
        tour.database, tour.clock, tour.health, post=tour._post, expire=nothing, run=tour._run
    )
    due = await asyncio.wait_for(dispatcher.ring(), 10)
    assert due == tour.clock.now() + SECOND
    assert sorted(calls) == list(range(1, 51))


async def test_trouble_of_the_disk_is_told_to_health_and_passed_on(tour: Round) -> None:
    """When nothing can even be claimed, the alarm gets the error and /healthz the reason."""

    class Broken(Database):
        async def claim(self, statement: Any, **values: Any) -> Any:
            raise StorageError("disk I/O error")

    database = Broken(tour.database.path)
    dispatcher = Dispatcher(
        database, tour.clock, tour.health, post=tour._post, expire=tour._expire, run=tour._run
    )
    with pytest.raises(StorageError):
        await dispatcher.ring()
    assert tour.health.troubles() == {"dispatcher": "disk I/O error"}
    await tour.dispatcher().ring()
    assert tour.health.troubles() == {}


async def test_claims_of_two_rings_do_not_overlap(tour: Round) -> None:
    """Two rings at once post every learner once."""
    await tour.due(*[-1] * 60)
    dispatcher = tour.dispatcher()
    await asyncio.gather(dispatcher.ring(), dispatcher.ring())
    assert len(tour.posted) == len(set(tour.posted)) == 60


@functools.cache
def _library() -> Library:
    return load_library([shipped_banks()])[0]


@dataclass
class Learning:
    """The real verbs behind the dispatcher, and learners who answer nearly everything in time."""

    tour: Round
    dice: random.Random
    asked: list[tuple[int, int]] = field(default_factory=list)
    answered: list[tuple[int, int]] = field(default_factory=list)

    def dispatcher(self) -> Dispatcher:
        """A dispatcher that really asks and closes."""
        tour = self.tour
        return Dispatcher(
            tour.database,
            tour.clock,
            tour.health,
            post=self._spring,
            expire=self._expire,
            run=tour._run,
        )

    async def enrol(self, learner_id: int, **fields: Any) -> None:
        """Somebody with a plan; `week`: their open hours."""
        week = fields.pop("week", None)
        database, now = self.tour.database, self.tour.clock.now()
        person = cabinet.learner(learner_id, active_set="hard-questions", **fields)
        writes = learners.hours_written(learner_id, week) if week else []
        await database.commit([learners.saved(None, person), *writes])
        tx = await Transaction.begin(database, learner_id, now)
        await plan.replan(tx, self.dice)
        await tx.commit()

    async def answer(self, learner_id: int) -> None:
        """They answer the open drill."""
        now = self.tour.clock.now()
        tx = await Transaction.begin(self.tour.database, learner_id, now)
        given = Material(kind=TakeKind.TEXT, message_id=now % 10**9, sent_at=now, text="I asked.")
        if await answer.answer(tx, given, None, self.dice):
            await tx.commit()
            self.answered.append((learner_id, now))

    async def live(self, days: int) -> None:
        """Go from due moment to due moment; most drills are answered within half an hour."""
        tour, dispatcher = self.tour, self.dispatcher()
        end = tour.clock.now() + days * DAY
        to_answer: dict[int, int] = {}
        while True:
            before = len(self.asked)
            due = await dispatcher.ring()
            for learner_id, now in self.asked[before:]:
                if self.dice.random() < 0.8:
                    to_answer[learner_id] = now + int(self.dice.random() * 30 * MINUTE)
            moment = min([*to_answer.values(), due or end])
            if moment >= end:
                return
            tour.later(max(0, moment - tour.clock.now()))
            for learner_id in [p for p, at in to_answer.items() if at <= tour.clock.now()]:
                del to_answer[learner_id]
                await self.answer(learner_id)

    async def _spring(self, learner_id: int) -> None:
        tx = await Transaction.begin(self.tour.database, learner_id, self.tour.clock.now())
        asked = await ask.spring(tx, _library(), self.dice)
        await tx.commit()
        if asked is not None:
            self.asked.append((learner_id, tx.now))

    async def _expire(self, learner_id: int, drill_no: int) -> None:
        tx = await Transaction.begin(self.tour.database, learner_id, self.tour.clock.now())
        found = await ask.find(tx, drill_no)
        assert found is not None
        await plan.expire(tx, found, self.dice)
        # These learners do not let themselves be slowed down: the rhythm is what is tested here.
        tx.change(ignored=0, eased=0)
        await tx.commit()


@pytest.fixture
def learning(tour: Round) -> Learning:
    """The real verbs with fixed dice."""
    return Learning(tour, random.Random(11))


async def test_after_a_day_away_nothing_comes_in_a_burst(learning: Learning) -> None:
    """A hundred surprises missed during a day of downtime are all drawn anew, and none is sent."""
    tour = learning.tour
    for number in range(100):
        await learning.enrol(ANN + number, pace=6, zone="Europe/Berlin")
    tour.later(DAY)
    due = await learning.dispatcher().ring()
    assert learning.asked == []
    people = await cabinet.rows(tour.database, learner_table)
    moments = [row["next_drill_at"] for row in people]
    assert min(moments) == due
    assert min(moments) > tour.clock.now()
    assert max(moments) - min(moments) > HOUR
    assert {row["claimed_until"] for row in people} == {0}


@pytest.mark.parametrize(("late_ms", "comes"), [(LATE_MS, 1), (LATE_MS + 1, 0)])
async def test_five_minutes_late_is_not_too_late(
    learning: Learning, late_ms: int, comes: int
) -> None:
    """A surprise found up to five minutes late still comes; a moment later it is drawn anew."""
    await learning.enrol(ANN, zone="UTC", pace=6, week=tuple((0, 1440) for _ in range(7)))
    tour = learning.tour
    found = await learners.find(tour.database, ANN)
    assert found is not None
    assert found.next_drill_at is not None
    tour.later(found.next_drill_at - tour.clock.now() + late_ms)
    await learning.dispatcher().ring()
    assert len(learning.asked) == comes


@pytest.mark.parametrize("start", [date(2026, 10, 19), date(2027, 3, 8)])
async def test_weeks_of_surprises_keep_every_promise(learning: Learning, start: date) -> None:
    """Two weeks across clock changes in odd zones: hours, cap and gap hold, and nobody is forgotten."""
    tour = learning.tour
    tour.wall.now = datetime(start.year, start.month, start.day, tzinfo=UTC).timestamp()
    for number, zone in enumerate(ODD_ZONES):
        week = NIGHT if number % 2 else None
        await learning.enrol(ANN + number, zone=zone, pace=6, cap=4, week=week)
    await learning.live(14)
    surprises = await cabinet.rows(tour.database, drill_table)
    assert {row["mode"] for row in surprises} == {Mode.SURPRISE}
    for number, zone in enumerate(ODD_ZONES):
        own = [row for row in surprises if row["learner_id"] == ANN + number]
        walls = [_wall(row["asked_at"], zone) for row in own]
        assert len(own) > 20
        assert all(_welcome(wall, at_night=bool(number % 2)) for wall in walls)
        per_day = [wall.date() for wall in walls]
        assert max(map(per_day.count, per_day)) <= 4
        for before, after in pairwise(own):
            over = min(before["closed_at"], before["expires_at"])
            assert after["asked_at"] - over >= 45 * MINUTE
        gaps = [b - a for a, b in pairwise(walls)]
        assert max(gaps) < timedelta(days=4)
    assert {row["state"] for row in surprises} <= {
        DrillState.OPEN,
        DrillState.ANSWERED,
        DrillState.EXPIRED,
    }


def _wall(moment: int, zone: str) -> datetime:
    return datetime.fromtimestamp(moment / 1000, ZoneInfo(zone))


def _welcome(wall: datetime, *, at_night: bool) -> bool:
    minute = wall.hour * 60 + wall.minute
    if at_night:
        return minute >= 22 * 60 or minute < 2 * 60
    return 9 * 60 <= minute < 20 * 60


async def test_held_drills_are_not_even_claimed(tour: Round) -> None:
    """While drills must wait nobody is claimed, what is over still ends, and it is looked again soon."""
    held = [True]
    dispatcher = Dispatcher(
        tour.database,
        tour.clock,
        tour.health,
        post=tour._post,
        expire=tour._expire,
        run=tour._run,
        holds=lambda: bool(held),
    )
    await tour.due(-1)
    await tour.open(-1)
    assert await dispatcher.ring() == tour.clock.after(1)
    assert (tour.posted, len(tour.closed)) == ([], 1)
    held.clear()
    await dispatcher.ring()
    assert tour.posted == [ANN]
