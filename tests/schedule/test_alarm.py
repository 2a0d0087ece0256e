import asyncio
import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.schedule.alarm import JOB
from bot.store.database import StorageError
from bot.store.tables import FOREVER
from tests.schedule.virtual import BrokenOnPurposeError, Night, play

MINUTE, HOUR, DAY, YEAR = 60.0, 3600.0, 86_400.0, 365 * 86_400.0
pytestmark = pytest.mark.usefixtures("logged")

SOON = 5.0 + 2.0 + 0.1
"""The longest that anything may be late once the watchdog has looked, in real seconds."""


def test_it_rings_at_the_earliest_moment_of_anybody() -> None:
    """Three things fall due over ten hours: each is done in its moment, and the bot rings at most hourly."""

    async def scenario(night: Night) -> None:
        for seconds in (10 * HOUR + 2.2, 10.7, HOUR + 1.3):
            night.plan(seconds)
        await asyncio.sleep(11 * HOUR)

    night = play(scenario)
    assert len(night.done) == 3
    assert max(night.late()) <= 0.1
    assert len(night.rung) <= 13


def test_a_new_moment_counts_only_if_it_is_earlier() -> None:
    """Something that falls due sooner moves the alarm forward, something later does not move it."""

    async def scenario(night: Night) -> None:
        first = night.plan(HOUR)
        await asyncio.sleep(1)
        assert night.alarm.due == first
        night.alarm.no_later_than(night.plan(2 * HOUR))
        assert night.alarm.due == first
        night.alarm.no_later_than(sooner := night.plan(MINUTE))
        assert night.alarm.due == sooner
        night.alarm.no_later_than(None)
        assert night.alarm.due == sooner
        await asyncio.sleep(3 * HOUR)

    night = play(scenario)
    assert (len(night.done), max(night.late()) <= 0.1) == (3, True)


def test_a_scheduler_that_cannot_even_forget_its_job_is_replaced() -> None:
    """Nothing is planned any more, and the job store is broken: the next moment is kept all the same."""

    async def scenario(night: Night) -> None:
        night.plan(HOUR)
        await asyncio.sleep(1)
        _break_the_store(night)
        night.planned.clear()
        await night.alarm.ring()
        night.alarm.no_later_than(night.plan(MINUTE))
        await asyncio.sleep(2 * MINUTE)
        [late] = night.late()
        assert late <= SOON

    play(scenario)


def test_with_nothing_due_there_is_no_job_and_no_ring(logged: io.StringIO) -> None:
    """An idle bot does not even look at the database, for half a day, and has nothing to log."""

    async def scenario(night: Night) -> None:
        await asyncio.sleep(DAY / 2)
        assert night.alarm.due is None
        assert night.alarm.scheduler.get_jobs() == []

    assert len(play(scenario).rung) == 1
    assert "alarm" not in logged.getvalue()


def test_when_what_was_due_is_taken_back_the_job_goes_too() -> None:
    """A ring that finds nothing planned any more leaves no job behind."""

    async def scenario(night: Night) -> None:
        night.plan(HOUR)
        await asyncio.sleep(1)
        assert night.alarm.scheduler.get_job(JOB)
        night.planned.clear()
        await night.alarm.ring()
        assert night.alarm.scheduler.get_jobs() == []
        await asyncio.sleep(2 * HOUR)

    assert len(play(scenario).rung) == 2


@pytest.mark.parametrize("seconds", [1.0, MINUTE, DAY, 10 * YEAR])
def test_a_wall_clock_put_forward_makes_nothing_late_for_long(seconds: float) -> None:
    """NTP or a person moves the clock past a due moment: it is done within one look of the watchdog."""

    async def scenario(night: Night) -> None:
        night.plan(20 * YEAR)
        night.alarm.no_later_than(night.plan(HOUR))
        await asyncio.sleep(HOUR / 2)
        night.step += seconds
        stepped = night.clock.now()
        await asyncio.sleep(HOUR)
        [(moment, done)] = night.done
        assert done - max(moment, stepped) <= SOON * 1000

    play(scenario)


@pytest.mark.parametrize("seconds", [1.0, MINUTE, DAY / 4])
def test_a_wall_clock_put_back_makes_nothing_early_or_lost(seconds: float) -> None:
    """What is due in an hour is due an hour by the clock as it is now, and rings just then."""

    async def scenario(night: Night) -> None:
        night.plan(HOUR)
        await night.alarm.ring()
        await asyncio.sleep(MINUTE)
        night.step -= seconds
        await asyncio.sleep(HOUR + seconds)
        [late] = night.late()
        assert 0 <= late <= 0.1

    play(scenario)


@pytest.mark.parametrize("seconds", [DAY, 10 * YEAR])
def test_a_wall_clock_put_back_and_right_again_changes_nothing(seconds: float) -> None:
    """A clock that was wrong for a minute, by a day or ten years, costs no ring and no delay."""

    async def scenario(night: Night) -> None:
        night.plan(HOUR)
        await night.alarm.ring()
        await asyncio.sleep(MINUTE)
        night.step -= seconds
        await asyncio.sleep(MINUTE)
        assert night.done == []
        night.step += seconds
        await asyncio.sleep(HOUR)
        [late] = night.late()
        assert 0 <= late <= 0.1

    play(scenario)


@pytest.mark.parametrize("seconds", [2.5, MINUTE, DAY])
def test_a_blocked_loop_or_a_suspended_machine_loses_nothing(seconds: float) -> None:
    """Timers that could not fire in time fire at once when they can; no job counts as missed."""

    async def scenario(night: Night) -> None:
        for number in range(5):
            night.plan(MINUTE + number)
        await asyncio.sleep(MINUTE - 1)
        night.loop.block(seconds)
        await asyncio.sleep(MINUTE)
        assert len(night.done) == 5
        assert max(night.late()) <= seconds - 1 + 0.1

    play(scenario)


@pytest.mark.parametrize("error", [ValueError("a mistake"), StorageError("disk full")], ids=repr)
def test_an_error_in_the_ring_is_tried_again_and_not_at_once(error: Exception) -> None:
    """While what is due cannot be done, it is tried every few seconds; then all goes on as before."""

    async def scenario(night: Night) -> None:
        async def trouble() -> None:
            if 1 < night.loop.time() < MINUTE:
                raise error

        night.on_ring = trouble
        night.plan(10.7)
        night.plan(2 * HOUR)
        await asyncio.sleep(3 * HOUR)
        assert len(night.done) == 2
        assert night.late()[0] <= MINUTE
        assert night.late()[1] <= 0.1
        assert len(night.rung) <= MINUTE / 5 + 4

    play(scenario)


def _shut_down(night: Night) -> None:
    night.alarm.scheduler.shutdown(wait=False)


def _remove_the_job(night: Night) -> None:
    if night.alarm.scheduler.get_job(JOB):
        night.alarm.scheduler.remove_job(JOB)


def _break_the_round(night: Night) -> None:
    """An error that escapes from APScheduler's own round leaves it running without a timer."""

    def broken() -> None:
        raise BrokenOnPurposeError

    night.alarm.scheduler._process_jobs = broken
    night.alarm.scheduler.wakeup()


def _break_the_store(night: Night) -> None:
    """A job store that takes and changes nothing any more."""

    def broken(*_: object) -> None:
        raise BrokenOnPurposeError

    store = night.alarm.scheduler._jobstores["default"]
    store.add_job = store.update_job = store.remove_job = broken


def _lose_the_timer(night: Night) -> None:
    night.alarm.scheduler._stop_timer()


BREAKS = [_shut_down, _remove_the_job, _break_the_round, _break_the_store, _lose_the_timer]


@pytest.mark.parametrize("break_it", BREAKS)
@pytest.mark.parametrize("before", [1.0, 4.0, HOUR / 2])
def test_whatever_happens_inside_apscheduler_the_watchdog_sets_the_alarm_again(
    break_it: Callable[[Night], None], before: float
) -> None:
    """Broken some time before what is due: that is done a few seconds late at most, and the next too."""

    async def scenario(night: Night) -> None:
        night.plan(HOUR)
        night.plan(2 * HOUR)
        await asyncio.sleep(HOUR - before)
        break_it(night)
        await asyncio.sleep(2 * HOUR)
        assert len(night.done) == 2
        assert night.late()[0] <= SOON
        assert night.late()[1] <= SOON

    play(scenario)


@pytest.mark.parametrize("speed", [0.5, 1.0, 60.0])
def test_the_scheduler_has_two_seconds_before_another_takes_its_place(speed: float) -> None:
    """By real time, whatever the speed of the bot's clock: what is only just late is left to it."""

    async def scenario(night: Night) -> None:
        night.plan(10.5 * speed)
        first = night.alarm.scheduler
        await asyncio.sleep(1)
        _lose_the_timer(night)
        await asyncio.sleep(11.5)
        await night.alarm.check()
        assert (night.alarm.scheduler is first, night.done) == (True, [])
        await asyncio.sleep(0.002)
        await night.alarm.check()
        assert (night.alarm.scheduler is first, len(night.done)) == (False, 1)

    play(scenario, speed=speed)


def test_the_watchdog_looks_every_five_seconds() -> None:
    """At five, ten and fifteen: what was due at ten and a half is done at the third look."""

    async def scenario(night: Night) -> None:
        night.plan(10.5)
        await asyncio.sleep(1)
        _lose_the_timer(night)
        await asyncio.sleep(MINUTE)
        assert night.late() == [4.5]

    play(scenario)


def test_an_alarm_broken_while_nothing_is_due_still_takes_the_next_moment() -> None:
    """The scheduler dies in a quiet hour: what is planned afterwards is done nevertheless."""

    async def scenario(night: Night) -> None:
        await asyncio.sleep(HOUR)
        _shut_down(night)
        await asyncio.sleep(HOUR)
        night.alarm.no_later_than(night.plan(MINUTE))
        await asyncio.sleep(HOUR)
        [late] = night.late()
        assert late <= SOON

    play(scenario)


def test_a_clock_put_forward_in_a_rehearsal_is_noticed() -> None:
    """The bot's own clock jumps over a due moment: it is done within one look of the watchdog."""

    async def scenario(night: Night) -> None:
        night.plan(DAY)
        await asyncio.sleep(MINUTE)
        night.clock.skip(int(DAY * 1000))
        await asyncio.sleep(SOON)
        assert len(night.done) == 1

    play(scenario)


@pytest.mark.parametrize("speed", [0.5, 60.0, 600.0])
def test_a_faster_clock_rings_at_its_own_times(speed: float) -> None:
    """At any speed of the bot's clock what is planned is done at its moment by that clock."""

    async def scenario(night: Night) -> None:
        for number in range(1, 25):
            night.plan(number * 10 * MINUTE)
        await asyncio.sleep(4 * HOUR / speed + MINUTE)
        assert len(night.done) == 24
        assert max(night.late()) <= 0.1 * max(1.0, speed)

    play(scenario, speed=speed)


def test_rings_do_not_overlap_and_what_comes_meanwhile_is_not_forgotten() -> None:
    """While a ring takes long, an earlier moment is set: one ring after the other, all is done."""
    inside: list[int] = []
    most: list[int] = []

    async def scenario(night: Night) -> None:
        async def long() -> None:
            inside.append(1)
            most.append(len(inside))
            await asyncio.sleep(30.0)
            inside.pop()

        night.on_ring = long
        night.plan(HOUR)
        await asyncio.sleep(HOUR + 5)
        for seconds in (1.0, 2.0, 3.0, 40.0):
            night.alarm.no_later_than(night.plan(seconds))
        await asyncio.sleep(HOUR)
        assert len(night.done) == 5
        assert max(night.late()) <= 60 + SOON

    play(scenario)
    assert (set(most), inside) == ({1}, [])


def test_something_overdue_for_ever_does_not_make_a_busy_loop() -> None:
    """A ring that always names the next second rings once a second, no more."""

    async def scenario(night: Night) -> None:
        async def stuck() -> None:
            night.planned = [night.clock.now() + 1000]

        night.on_ring = stuck
        await asyncio.sleep(10 * MINUTE)

    assert len(play(scenario).rung) <= 10 * MINUTE + 2


def test_a_stop_in_the_middle_of_a_ring_ends_it() -> None:
    """Cancelled while it rings, the alarm leaves no task and no scheduler behind."""
    ended: list[float] = []

    async def scenario(night: Night) -> None:
        async def long() -> None:
            try:
                await asyncio.sleep(DAY)
            finally:
                await asyncio.sleep(1)
                ended.append(night.loop.time())

        night.plan(HOUR)
        await asyncio.sleep(MINUTE)
        night.on_ring = long
        await asyncio.sleep(HOUR)

    play(scenario)
    assert len(ended) == 1


def test_a_moment_beyond_every_calendar_is_no_trouble() -> None:
    """A date holds no more than the year 9999; the bot's moments do."""

    async def scenario(night: Night) -> None:
        night.alarm.no_later_than(FOREVER)
        assert night.alarm.due == FOREVER
        night.alarm.no_later_than(night.plan(MINUTE))
        await asyncio.sleep(2 * MINUTE)
        assert len(night.done) == 1

    play(scenario)


def test_errors_are_named_and_a_full_disk_is_no_traceback(logged: io.StringIO) -> None:
    """A mistake shows where it is; trouble of the disk is one line each time."""

    async def scenario(night: Night) -> None:
        errors = [ValueError("a mistake"), StorageError("disk full")]

        async def trouble() -> None:
            if errors:
                raise errors.pop()

        night.on_ring = trouble
        await asyncio.sleep(MINUTE)

    play(scenario)
    lines = logged.getvalue().splitlines()
    told = [line.count("Traceback") for line in lines if "due" in line]
    assert told == [0, 1]


def _step(night: Night, seconds: float) -> None:
    night.step += seconds


TROUBLES: dict[str, Callable[[Night, float], None]] = {
    "forward": _step,
    "back": lambda night, seconds: _step(night, -seconds),
    "block": lambda night, seconds: night.loop.block(seconds),
    "skip": lambda night, seconds: night.clock.skip(int(seconds * 1000)),
    "plan": lambda night, seconds: night.alarm.no_later_than(night.plan(seconds)),
    "break": lambda night, seconds: None,
}
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(sorted(TROUBLES)),
        st.floats(0.5, HOUR),
        st.floats(0.1, HOUR / 3),
    ),
    max_size=12,
)


@settings(max_examples=20, deadline=None)
@given(events=EVENTS, which=st.sampled_from(BREAKS))
def test_no_mixture_of_troubles_loses_a_moment(
    events: list[tuple[str, float, float]], which: Callable[[Night], None]
) -> None:
    """Steps, blocks, skips and breaks in any order: when all is calm, everything due has been done."""

    async def scenario(night: Night) -> None:
        night.alarm.no_later_than(night.plan(MINUTE))
        for kind, size, wait in events:
            await asyncio.sleep(wait)
            TROUBLES[kind](night, size)
            if kind == "break" and night.alarm.scheduler.running and night.alarm.due is not None:
                which(night)
        far = max(night.planned, default=night.clock.now())
        await asyncio.sleep(max(0.0, (far - night.clock.now()) / 1000) + 2 * SOON)
        assert night.planned == []
        assert len(night.rung) <= 60 + 3 * len(events)

    play(scenario)


def test_it_says_whether_it_is_well() -> None:
    """Idle or on time it is well; in a ring, after one that failed, or overdue it is not."""

    async def scenario(night: Night) -> None:
        await asyncio.sleep(1)
        well = [night.alarm.well]
        in_ring: list[bool] = []

        async def ring() -> None:
            in_ring.append(night.alarm.well)
            if len(in_ring) == 1:
                raise StorageError("disk full")

        night.on_ring = ring
        night.alarm.no_later_than(night.plan(MINUTE))
        well.append(night.alarm.well)
        await asyncio.sleep(MINUTE + 1)
        well.append(night.alarm.well)
        await asyncio.sleep(10)
        well.append(night.alarm.well)
        night.alarm.no_later_than(night.plan(HOUR))
        _remove_the_job(night)
        night.step += 2 * HOUR
        well.append(night.alarm.well)
        assert well == [True, True, False, True, False]
        assert in_ring == [False] * len(in_ring)

    play(scenario)
