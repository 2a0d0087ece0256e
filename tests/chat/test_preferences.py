"""/settings: one card, edited in place; every page with each of its values, and what it changes."""

import pytest

from bot.chat import preferences
from tests.house import ANN, DAY, HOUR, MINUTE, Message, Street

WEEK = [(9 * 60, 20 * 60)] * 7


async def page(town: Street, name: str) -> Message:
    """The page of one setting."""
    await town.enrol()
    await town.say("/settings")
    return await town.tap(name)


def week(town: Street) -> list[tuple[int, int]]:
    """The stored open hours, Monday first."""
    rows = town.rows("open_hours")
    return [(row["opens"], row["closes"]) for row in rows] or WEEK


async def test_the_card_sums_everything_up(town: Street) -> None:
    """Pace, cap, hours, clock, interview, expiry and whether surprises are on, each in one line."""
    await town.enrol()
    card = await town.say("/settings")
    assert card["text"].split("\n") == [
        "Settings",
        "Pace: about 3 a day, 6 at most",
        "Hours: 9:00–20:00 every day",
        "Clock: 12:00 (London)",
        "Interview: no date yet",
        "A question stays open for 60 minutes",
        "Level: All levels",
        "Weekly summary: none",
        "Surprises: on",
    ]


async def test_every_page_leads_back_and_no_message_is_added(town: Street) -> None:
    """Each page opens in the same message and its Back shows the card again."""
    await town.enrol()
    card = await town.say("/settings")
    pages = ["Pace", "At most", "Hours", "Time zone", "Interview", "Stays open", "My data"]
    pages.append("Weekly summary")
    for name in pages:
        shown = await town.tap(name)
        assert shown["message_id"] == card["message_id"]
        assert shown["text"] != card["text"]
        assert (await town.tap("Back"))["text"] == card["text"]
    assert (await town.tap("Close"))["text"] == "Closed."
    assert town.last()["message_id"] == card["message_id"]


@pytest.mark.parametrize("value", preferences.PACES)
async def test_each_pace_can_be_chosen(town: Street, value: int) -> None:
    """The pace is stored and marked; it lifts a cap that would be lower."""
    await page(town, "Pace")
    label = f"{value} ✓" if value == 3 else str(value)
    shown = await town.tap(label)
    assert town.row("learner")["pace"] == value
    assert town.row("learner")["cap"] == max(6, value)
    assert f"{value} ✓" in town.labels(shown)


@pytest.mark.parametrize("value", preferences.CAPS)
async def test_each_cap_can_be_chosen(town: Street, value: int) -> None:
    """The cap is stored and marked; it lowers a pace that would be higher."""
    await page(town, "At most")
    label = f"{value} ✓" if value == 6 else str(value)
    shown = await town.tap(label)
    assert town.row("learner")["cap"] == value
    assert town.row("learner")["pace"] == min(3, value)
    assert f"{value} ✓" in town.labels(shown)


@pytest.mark.parametrize("value", preferences.EXPIRIES)
async def test_each_expiry_can_be_chosen(town: Street, value: int) -> None:
    """The next question stays open for as long as was chosen, and no longer."""
    await page(town, "Stays open")
    label = f"{value} min ✓" if value == 60 else f"{value} min"
    assert f"{value} min ✓" in town.labels(await town.tap(label))
    await town.voice()
    await town.say("/drill")
    number = town.row("drill")["drill_no"]
    await town.later(value * MINUTE - 1)
    assert town.row("learner")["open_drill"] == number
    await town.later(1)
    assert town.row("learner")["open_drill"] is None


@pytest.mark.parametrize("payload", ["pace:7", "pace:0", "cap:1", "expiry:1", "expiry:99999"])
async def test_values_that_are_not_offered_are_not_taken(town: Street, payload: str) -> None:
    """A forged value changes nothing, and the page is shown."""
    card = await page(town, "Pace")
    before = town.row("learner")
    await town.press(card["message_id"], f"v1:{payload}")
    after = town.row("learner")
    for name in ("pace", "cap", "expiry_minutes"):
        assert after[name] == before[name]


async def test_the_cap_holds(town: Street) -> None:
    """With two at most, no day brings a third surprise, whatever the pace."""
    await page(town, "At most")
    await town.tap("2")
    await town.voice()
    end = town.app.clock.now() + 4 * DAY
    while town.app.clock.now() < end:
        await town.surprise()
        await town.voice()
    days = [row["asked_at"] // DAY for row in town.rows("drill")[1:]]
    assert max(days.count(day) for day in days) <= 2


@pytest.mark.parametrize("day", range(7))
async def test_each_weekday_has_hours_of_its_own(town: Street, day: int) -> None:
    """An hour later on one day changes that day and no other."""
    await page(town, "Hours")
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    shown = await town.tap(f"{names[day]} 9:00–20:00")
    assert shown["text"].endswith("day: 9:00–20:00")
    await town.tap("Opens +1 h")
    shown = await town.tap("Closes −1 h")
    assert shown["text"].endswith("day: 10:00–19:00")
    assert week(town) == [(600, 1140) if n == day else (540, 1200) for n in range(7)]
    await town.tap("Back")
    assert f"{names[day]} 10:00–19:00" in town.labels(town.last())
    assert "Hours: different by day" in (await town.tap("Back"))["text"]


async def test_every_day_at_once(town: Street) -> None:
    """One tap moves the whole week."""
    await page(town, "Hours")
    await town.tap("Every day")
    await town.tap("Opens −1 h")
    await town.tap("Closes +1 h")
    assert week(town) == [(480, 1260)] * 7
    assert "Hours: 8:00–21:00 every day" in (await town.say("/settings"))["text"]


async def test_a_day_can_be_closed_and_opened(town: Street) -> None:
    """Closed has no hours; Open brings the usual ones."""
    await page(town, "Hours")
    await town.tap("Sat 9:00–20:00")
    shown = await town.tap("Closed")
    assert shown["text"] == "Saturday: closed"
    assert town.labels(shown) == ["Open", "Back"]
    assert week(town)[5] == (0, 0)
    assert "Saturday: 9:00–20:00" in (await town.tap("Open"))["text"]


async def test_hours_wrap_past_midnight(town: Street) -> None:
    """Closing can be moved past midnight: the night belongs to the day that opened it."""
    await page(town, "Hours")
    await town.tap("Every day")
    for _ in range(6):
        await town.tap("Closes +1 h")
    assert town.last()["text"] == "Every day: 9:00–2:00"
    assert week(town) == [(540, 120)] * 7


@pytest.mark.parametrize(("label", "end"), [("Opens −1 h", (0, 1440)), ("Closes +1 h", (0, 1440))])
async def test_hours_that_meet_are_the_whole_day(
    town: Street, label: str, end: tuple[int, int]
) -> None:
    """Growing until both ends meet is round the clock, not closed; and it can shrink again."""
    await page(town, "Hours")
    await town.tap("Every day")
    for _ in range(13):
        await town.tap(label)
    shown = town.last()
    assert shown["text"] == "Every day: 0:00–24:00"
    assert week(town) == [end] * 7
    assert town.labels(shown) == ["Opens +1 h", "Closes −1 h", "Closed", "Back"]
    assert (await town.tap("Closes −1 h"))["text"] == "Every day: 0:00–23:00"
    await town.tap("Closes +1 h")
    assert (await town.tap("Opens +1 h"))["text"] == "Every day: 1:00–0:00"


async def test_hours_that_shrink_to_nothing_are_closed(town: Street) -> None:
    """Eleven hours less is closed."""
    await page(town, "Hours")
    await town.tap("Every day")
    for _ in range(11):
        await town.tap("Closes −1 h")
    assert town.last()["text"] == "Every day: closed"
    assert "Hours: closed" in (await town.say("/settings"))["text"]
    assert town.row("learner")["next_drill_at"] is None


@pytest.mark.parametrize("payload", ["day:9", "day:x", "day", "day:0:1500:1600", "day:0:9"])
async def test_hours_of_no_day_are_not_taken(town: Street, payload: str) -> None:
    """A weekday or a minute that does not exist changes nothing."""
    card = await page(town, "Hours")
    await town.press(card["message_id"], f"v1:{payload}")
    assert week(town) == WEEK
    assert town.last()["message_id"] == card["message_id"]
    assert town.refusals() == []


async def test_surprises_keep_to_the_hours(town: Street) -> None:
    """Over a week with a closed day and short days, every surprise falls into the hours set."""
    await page(town, "Hours")
    await town.tap("Every day")
    for _ in range(8):
        await town.tap("Closes −1 h")
    await town.tap("Back")
    await town.tap("Wed 9:00–12:00")
    await town.tap("Closed")
    await town.voice()
    for _ in range(10):
        await town.surprise()
        at = town.app.clock.now()
        assert 9 <= at // HOUR % 24 < 12
        assert (at // DAY + 3) % 7 != 2
        await town.voice()


async def test_the_zone_page_lets_the_phone_check_it(town: Street) -> None:
    """It shows the bot's idea of the time beside the phone's own, as an entity the phone renders."""
    shown = await page(town, "Time zone")
    assert shown["text"].startswith("I have you at 12:00 (London).")
    [moment] = [e for e in shown["entities"] if e["type"] == "date_time"]
    assert moment["unix_time"] == town.app.clock.now() // 1000
    assert "If the two differ, the zone is wrong." in shown["text"]


async def test_the_zone_is_changed_by_taps(town: Street) -> None:
    """Another clock, a city: the new time is shown, and no second question is asked."""
    card = await page(town, "Time zone")
    clocks = await town.tap("My clock shows something else")
    assert "Back" in town.labels(clocks)
    await town.tap("21:00")
    await town.tap("Tokyo")
    shown = town.shown(card["message_id"])
    assert shown["text"].startswith("I have you at 21:00 (Tokyo).")
    assert town.row("learner")["zone"] == "Asia/Tokyo"
    assert len(town.rows("drill")) == 1


async def test_a_typed_city_changes_the_zone_though_a_question_is_open(town: Street) -> None:
    """After the card asked for a city, a city is a city; the open question stays open."""
    await page(town, "Time zone")
    await town.tap("My clock shows something else")
    said = await town.say("Paris")
    assert said["text"].startswith("I have you at 13:00 (Paris).")
    assert town.rows("take") == []


async def test_what_is_no_city_answers_the_open_question(town: Street) -> None:
    """An answer typed while the card still waits for a city is an answer."""
    await page(town, "Time zone")
    await town.tap("My clock shows something else")
    await town.say("I left because the office moved to Paris.")
    assert len(town.rows("take")) == 1
    assert town.row("learner")["awaiting"] is None


async def test_a_city_is_not_awaited_for_ever(town: Street) -> None:
    """After another command a typed city is only text."""
    await page(town, "Time zone")
    await town.voice()
    await town.tap("My clock shows something else")
    await town.say("/help")
    await town.later(2 * MINUTE)
    said = await town.say("Paris")
    assert said["text"].startswith("I keep what you say")
    assert town.row("learner")["zone"] == "Europe/London"


async def test_a_new_question_ends_the_waiting(town: Street) -> None:
    """What is typed after the question came is its answer, even if it is a city."""
    await page(town, "Time zone")
    await town.voice()
    await town.tap("My clock shows something else")
    await town.tap("4 Professional")
    await town.tap("Ask me one now")
    await town.say("Paris")
    assert town.row("take")["text"] == "Paris"


@pytest.mark.parametrize(
    ("label", "state"),
    [
        ("Until I resume", "paused"),
        ("Today", "paused until 24 November 2026, 00:00"),
    ],
)
async def test_a_pause_is_seen_and_ended_in_the_settings(
    town: Street, label: str, state: str
) -> None:
    """The card says how long, and offers Resume in the place of Pause."""
    await page(town, "Pause")
    await town.tap(label)
    card = await town.say("/settings")
    assert card["text"].endswith(f"Surprises: {state}")
    assert "Resume" in town.labels(card)
    await town.tap("Resume")
    assert "Pause" in town.labels(await town.say("/settings"))


async def test_my_data_offers_both_ways(town: Street) -> None:
    """The page leads to the export, to the erasure, to the takes, and to how long recordings stay."""
    shown = await page(town, "My data")
    assert town.labels(shown) == [
        "How long to keep",
        "My takes",
        "Export everything",
        "Erase everything",
        "Back",
    ]


async def test_another_rhythm_plans_anew(town: Street) -> None:
    """A change of pace forgets the half pace and draws another moment."""
    await town.enrol()
    await town.voice()
    for _ in range(2):
        await town.surprise()
        await town.later(HOUR)
    assert town.row("learner", ANN)["eased"] == 1
    await town.say("/settings")
    await town.tap("Pace")
    await town.tap("2")
    assert town.row("learner")["eased"] == 0
    assert town.row("learner")["next_drill_at"] is not None
