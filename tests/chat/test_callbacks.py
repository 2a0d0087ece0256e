"""What buttons carry: bounded, versioned, and without effect where it is not the presser's own."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.banks.library import library_of
from bot.chat.callbacks import Press, Taps, data, parse, short
from tests.chat.banks import bank, question
from tests.house import ANN, CARL, MINUTE, Street, street

NOW = 1_000_000
MOST_BYTES = 64
TWO_SECONDS = 2000
MOST_PEOPLE = 10_000


@given(st.text())
def test_any_payload_is_parsed_or_refused(payload: str) -> None:
    """Whatever is pressed gives a press or nothing, never an error."""
    press = parse(payload)
    assert press is None or press.number(0) is None or press.number(0) == int(press.text(0))


def test_a_payload_says_what_was_put_into_it() -> None:
    """Action and arguments come back as they were given."""
    press = parse(data("snooze", 12, "hour"))
    assert press == Press("snooze", ("12", "hour"))
    assert Press("rate", ("123456789",)).number(0) == 123_456_789
    assert (press.number(0), press.text(1), press.number(2), press.text(2)) == (
        12,
        "hour",
        None,
        "",
    )


@pytest.mark.parametrize("payload", [None, "", "v1", "v1:", "v0:hint:1", "hint:1", "V1:hint:1"])
def test_what_this_bot_never_made_is_no_press(payload: str | None) -> None:
    """Another version, no version and nothing at all are refused."""
    assert parse(payload) is None


def test_sixty_four_bytes_are_the_limit_in_both_directions() -> None:
    """A payload of 64 bytes is made and parsed; one of 65 is neither."""
    longest = "x" * (MOST_BYTES - len("v1:set:"))
    assert parse(data("set", longest)) == Press("set", (longest,))
    assert parse(f"v1:set:{longest}x") is None
    with pytest.raises(ValueError, match="longer than 64 bytes"):
        data("set", longest + "x")


@pytest.mark.parametrize("text", ["-1", "²", "1e3", "1234567890", " 1", "0x1", ""])
def test_only_a_small_plain_number_is_a_number(text: str) -> None:
    """Signs, other digits and giants are none, so that they never reach the database."""
    assert Press("rate", (text,)).number(0) is None


def test_every_zone_fits_on_a_button() -> None:
    """The longest name of a zone there is leaves room for the action."""
    assert max(len(data("zone", zone)) for zone in available_timezones()) <= MOST_BYTES


def test_a_long_id_is_carried_as_a_digest() -> None:
    """Ids up to 48 bytes are carried as they are; longer ones differ still, and fit."""
    assert short("hard-questions") == "hard-questions"
    assert (short("x" * 48), len(short("x" * 49))) == ("x" * 48, 48)
    assert short("x" * 60) != short("x" * 61)
    assert len(data("first", short("x" * 64))) <= MOST_BYTES


def test_a_second_tap_within_two_seconds_is_a_double_tap() -> None:
    """The same button of the same person, soon, in another update; anything else is a tap of its own."""
    taps = Taps()
    assert not taps.is_double(ANN, 1, "5 v1:drill", NOW)
    assert taps.is_double(ANN, 2, "5 v1:drill", NOW + TWO_SECONDS - 1)
    assert taps.is_double(ANN, 3, "5 v1:drill", NOW + TWO_SECONDS - 1)
    assert not taps.is_double(CARL, 4, "5 v1:drill", NOW)
    assert not taps.is_double(ANN, 5, "6 v1:drill", NOW)
    assert not taps.is_double(ANN, 6, "5 v1:drill", NOW)
    assert not taps.is_double(ANN, 7, "5 v1:drill", NOW + TWO_SECONDS)


def test_an_update_tried_again_is_no_double_tap() -> None:
    """A transaction that lost a race handles the same update again, and must have its effect."""
    taps = Taps()
    assert not taps.is_double(ANN, 1, "5 v1:drill", NOW)
    assert not taps.is_double(ANN, 1, "5 v1:drill", NOW)
    assert taps.is_double(ANN, 2, "5 v1:drill", NOW)
    assert taps.is_double(ANN, 2, "5 v1:drill", NOW)


def test_taps_of_the_longest_silent_are_forgotten() -> None:
    """Only so many people's last taps are kept; who tapped lately is among them."""
    taps = Taps()
    for person in range(MOST_PEOPLE):
        taps.is_double(person, 1, "b", NOW)
    taps.is_double(0, 2, "c", NOW)
    taps.is_double(MOST_PEOPLE, 3, "b", NOW)
    assert taps.is_double(0, 4, "c", NOW)
    assert taps.is_double(2, 4, "b", NOW)
    assert not taps.is_double(1, 5, "b", NOW)


FORGED = [
    "v1:hint:9999",
    "v1:hint:999999999999999999999",
    "v1:hint:-1",
    "v1:hint",
    "v1:swap:one",
    "v1:rate:2:9",
    "v1:rate:2:0",
    "v1:rate::",
    "v1:count:2:99999",
    "v1:skip:99",
    "v1:snooze:99:forever",
    "v1:undo:99",
    "v1:again:99",
    "v1:first-take:99",
    "v1:set:no-such-set",
    "v1:zone:Mars/Olympus",
    "v1:zone:../../etc/passwd",
    "v1:pause:365",
    "v1:pause:x",
    "v1:interview-on:yesterday",
    "v1:interview-on:2020-01-01",
    "v1:feel:0:5",
    "v1:nonsense:1",
    "v2:hint:1",
    "hint",
    "v1:help:" + "x" * 57,
    "💥" * 16,
    "v1:hint:1'; DROP TABLE learner; --",
]


@pytest.mark.parametrize("payload", FORGED)
async def test_a_forged_press_changes_nothing_and_is_answered(town: Street, payload: str) -> None:
    """Garbage, numbers that do not exist, values nobody offered: a polite word and no effect."""
    await town.enrol()
    await town.voice()
    before = stored(town)
    await town.press(town.messages()[-1]["message_id"], payload)
    assert town.toasts()[-1] in ("That card is closed.", "There is no rating to take back.")
    assert stored(town) == before
    assert town.refusals() == []


def stored(town: Street, person: int = ANN) -> list[list[dict[str, object]]]:
    """What is stored of somebody, without the numbers that count transactions and messages."""
    tables = ("learner", "open_hours", "standing", "drill", "take", "rating")
    return [
        [
            {name: value for name, value in row.items() if name not in ("version", "sequence")}
            for row in town.rows(table, person)
        ]
        for table in tables
    ]


@pytest.mark.parametrize("action", ["hint", "swap", "later", "card", "skip", "snooze"])
async def test_another_persons_drill_is_out_of_reach(town: Street, action: str) -> None:
    """The number of Ann's drill, pressed by Carl under his own card, touches neither hers nor his."""
    await town.enrol(ANN)
    await town.say("/help", ANN)
    await town.tap("Not now", ANN)
    await town.tap("Skip it", ANN)
    await town.say("/drill", ANN)
    await town.enrol(CARL)
    number = town.row("drill", ANN)["drill_no"]
    assert number != town.row("drill", CARL)["drill_no"]
    before = stored(town, ANN), stored(town, CARL)
    await town.press(town.last(CARL)["message_id"], f"v1:{action}:{number}:hour", CARL)
    assert town.toasts()[-1] == "That card is closed."
    assert (stored(town, ANN), stored(town, CARL)) == before


@pytest.mark.parametrize("payload", ["rate:{drill}:5", "count:{drill}:{take}", "undo:{drill}"])
async def test_another_persons_answer_is_out_of_reach(town: Street, payload: str) -> None:
    """Carl cannot rate, choose or undo what is Ann's."""
    await town.enrol(ANN)
    await town.voice(ANN)
    await town.tap("4 Professional", ANN)
    await town.enrol(CARL)
    hers = town.row("take", ANN)
    forged = "v1:" + payload.format(drill=hers["drill_no"], take=hers["take_no"])
    before = stored(town, ANN), stored(town, CARL)
    await town.press(town.last(CARL)["message_id"], forged, CARL)
    assert town.toasts()[-1] in ("That card is closed.", "There is no rating to take back.")
    assert (stored(town, ANN), stored(town, CARL)) == before


@pytest.mark.parametrize("action", ["hint", "swap", "later", "skip"])
async def test_a_button_counts_only_on_its_own_card(town: Street, action: str) -> None:
    """The right number on another message, shown or long deleted, has no effect."""
    await town.enrol()
    number = town.row("drill")["drill_no"]
    before = stored(town)
    for message_id in (town.messages()[-2]["message_id"], 999_999):
        await town.press(message_id, f"v1:{action}:{number}")
        assert town.toasts()[-1] == "That card is closed."
    assert stored(town) == before
    assert town.refusals() == []


async def test_a_card_too_old_to_be_shown_still_works(town: Street) -> None:
    """A press on a message that Telegram does not show the bot any more brings its screen anew."""
    await town.enrol()
    card = await town.say("/settings")
    message_id, data = town.button("Pace")
    del town.sandbox.world.chats[ANN].bubbles[card["message_id"]]
    shown = await town.press(message_id, data)
    assert shown["message_id"] > message_id
    assert "surprises a day" in shown["text"]
    assert town.refusals() == []


async def test_a_stale_button_is_taken_off(town: Street) -> None:
    """A button of an earlier version of the bot is answered, and its card loses its buttons."""
    await town.enrol()
    card = await town.say("/help")
    await town.press(card["message_id"], "v0:drill")
    assert town.toasts()[-1] == "That card is closed."
    assert town.labels(town.shown(card["message_id"])) == []


async def test_a_set_with_a_very_long_id_can_be_chosen(town: Street) -> None:
    """An id too long for a button does not keep anybody from starting or switching."""
    long_id = "a-set-that-somebody-gave-a-very-long-name-indeed-for-whatever-re"
    library = library_of(
        [
            bank(long_id, question("one-question", long_id), title="Long name"),
            bank("small-set", question(), title="Small set"),
        ]
    )
    async with street(town.folder / "long", library=library) as long:
        await long.enrol(bank="Long name")
        assert long.row("learner")["active_set"] == long_id
        await long.say("/sets")
        await long.tap("Small set")
        await long.later(MINUTE)
        await long.tap("Long name")
        assert long.row("learner")["active_set"] == long_id
