import time

import pytest

from bot.clock import Clock
from tests.house import DAY, HOUR, MONDAY_NOON, Wall


def test_the_real_clock_is_the_wall() -> None:
    """Without a rehearsal the bot's time is the computer's, in milliseconds."""
    before = int(time.time() * 1000)
    now = Clock().now()
    assert before <= now + 1
    assert now <= int(time.time() * 1000) + 1


@pytest.mark.parametrize("speed", [0.25, 1.0, 600.0])
def test_a_faster_clock_counts_from_its_origin(speed: float) -> None:
    """An hour on the wall is an hour times the speed, from the moment it was started."""
    wall = Wall()
    clock = Clock(speed=speed, wall=wall)
    assert clock.now() == MONDAY_NOON
    wall.now += 3600
    assert clock.now() == MONDAY_NOON + int(HOUR * speed)


def test_a_restart_with_the_same_origin_goes_on() -> None:
    """Another clock with the same origin and skips shows the same time."""
    wall = Wall()
    clock = Clock(speed=60.0, wall=wall)
    wall.now += 100
    clock.skip(DAY)
    again = Clock(speed=60.0, origin=clock.origin, skipped=clock.skipped, wall=wall)
    assert again.now() == clock.now() == MONDAY_NOON + DAY + 6_000_000


def test_waits_are_in_real_seconds() -> None:
    """At 60 times the speed, a minute of the bot's takes one real second, and past moments take none."""
    clock = Clock(speed=60.0, wall=Wall())
    now = clock.now()
    assert clock.real_seconds_until(now + 60_000) == 1.0
    assert clock.real_seconds_until(now - 1) == 0.0
    assert clock.after(1.0) == now + 60_000


def test_the_wall_may_be_put_back() -> None:
    """The bot's time follows the wall in both directions; it makes none up."""
    wall = Wall()
    clock = Clock(wall=wall)
    wall.now -= 3600
    assert clock.now() == MONDAY_NOON - HOUR
