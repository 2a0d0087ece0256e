"""The interview's date: tapped, typed, impossible, cleared; and what it does to the surprises."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.interviews import FURTHEST_DAYS, parse
from tests.house import DAY, HOUR, MINUTE, MONDAY_NOON, Street

TODAY = date(2026, 11, 23)


@given(st.integers(0, FURTHEST_DAYS))
def test_every_date_within_two_years_is_read_in_both_spellings(days: int) -> None:
    """As 2027-01-15 and as 15.1.2027, from today on."""
    day = TODAY + timedelta(days=days)
    assert parse(str(day), TODAY) == day
    assert parse(f" {day.day}.{day.month}.{day.year} ", TODAY) == day


@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    """Whatever is typed never fails, and never gives a date outside the two years."""
    day = parse(text, TODAY)
    assert day is None or 0 <= (day - TODAY).days <= FURTHEST_DAYS


BAD = [
    "2026-11-22",
    "2028-11-23",
    "2026-02-30",
    "30.2.2027",
    "2027-13-01",
    "tomorrow",
    "15/1/2027",
    "0000-00-00",
    "2027-01-15 10:00",
    "",
]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_date_to_come_is_none(text: str) -> None:
    """The past, beyond two years, days that do not exist, other words."""
    assert parse(text, TODAY) is None


async def calendar(town: Street) -> None:
    """The first question answered and rated, and the calendar open."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    await town.later(2 * MINUTE)
    await town.say("/settings")
    await town.tap("Interview")


async def test_four_weeks_can_be_tapped(town: Street) -> None:
    """From tomorrow on, each day is a button with its weekday."""
    await calendar(town)
    labels = town.labels(town.last())
    assert labels[0] == "Tue 24"
    assert labels[27] == "Mon 21"
    assert labels[28:] == ["No interview", "Back"]


async def test_a_tapped_day_is_kept_and_shown(town: Street) -> None:
    """It is confirmed in words, and the settings show it."""
    await calendar(town)
    said = await town.tap("Tue 1")
    assert said["text"] == "Good luck in advance: 1 December 2026."
    assert town.row("learner")["interview_day"] == date(2026, 12, 1).toordinal()
    assert "Interview: 1 December 2026" in (await town.tap("Back"))["text"]


async def test_a_typed_day_is_kept(town: Street) -> None:
    """A date further away is typed."""
    await calendar(town)
    said = await town.say("15.1.2027")
    assert said["text"] == "Good luck in advance: 15 January 2027."
    assert town.row("learner")["interview_day"] == date(2027, 1, 15).toordinal()


async def test_a_bad_date_is_quoted_and_can_be_corrected(town: Street) -> None:
    """What was read is said, with an example; the next date typed still counts."""
    await calendar(town)
    said = await town.say("on <Friday> & later")
    assert "I read “on <Friday> & later” as no date" in said["text"]
    assert town.labels(said) == ["Cancel"]
    await town.say("2026-12-04")
    assert town.row("learner")["interview_day"] == date(2026, 12, 4).toordinal()


async def test_cancelling_ends_the_waiting(town: Street) -> None:
    """After Cancel a typed date is only text."""
    await calendar(town)
    await town.say("someday")
    await town.tap("Cancel")
    assert (await town.say("2026-12-04"))["text"].startswith("I keep what you say")
    assert town.row("learner")["interview_day"] is None


async def test_a_rating_typed_while_a_date_is_awaited_is_a_rating(town: Street) -> None:
    """A lone number is no date; if an answer waits for its rating, it rates."""
    await town.enrol()
    await town.voice()
    await town.say("/settings")
    await town.tap("Interview")
    await town.say("4")
    assert town.row("rating")["tone"] == 4


async def test_a_date_can_be_taken_back(town: Street) -> None:
    """No interview clears it and says so."""
    await calendar(town)
    await town.tap("Tue 1")
    await town.tap("Back")
    await town.tap("Interview")
    assert (await town.tap("No interview"))["text"].startswith("No interview date, then.")
    assert town.row("learner")["interview_day"] is None


async def test_a_day_that_has_passed_since_is_closed(town: Street) -> None:
    """A calendar of last week no longer sets a day that is over."""
    await calendar(town)
    message_id, data = town.button("Tue 24")
    await town.later(2 * DAY)
    await town.press(message_id, data)
    assert town.toasts()[-1] == "That card is closed."
    assert town.row("learner")["interview_day"] is None


async def test_nothing_is_sprung_on_the_day_itself(town: Street) -> None:
    """The week before brings surprises; the day of the interview brings none; then they go on."""
    await calendar(town)
    await town.tap("Thu 26")
    days = set[int]()
    while max(days, default=0) < 4:
        await town.surprise()
        days.add(town.app.clock.now() // DAY - MONDAY_NOON // DAY)
        await town.voice()
    assert 3 not in days
    assert {1, 2, 4} <= days


async def test_the_learner_may_ask_on_the_day(town: Street) -> None:
    """On the day itself a question comes only if it is asked for."""
    await calendar(town)
    await town.tap("Tue 24")
    await town.later(22 * HOUR)
    card = await town.say("/drill")
    assert town.labels(card) == ["Hint", "Swap", "Not now"]
