"""/undo: what was done last comes back, and it is said what that was and what can be done now."""

import pytest

from bot.practice import DrillState
from tests.house import CARL, DAY, HOUR, MINUTE, Street

NOTHING = "There is nothing to take back."


async def skipped(corner: Street) -> int:
    """Enrolled, and the first question skipped; returns the number of its card."""
    card = await corner.enrol(bank="Small set")
    await corner.tap("Not now")
    await corner.tap("Skip it")
    return int(card["message_id"])


async def test_a_skip(corner: Street) -> None:
    """The question is open again for the rest of its hour, on a new card, and can be answered."""
    old = await skipped(corner)
    await corner.later(10 * MINUTE)
    shown = await corner.say("/undo")
    assert corner.messages()[-2]["text"] == (
        "Taken back: you had skipped this one. It is open again, until 13:00."
    )
    assert corner.labels(shown) == ["Hint", "Swap", "Not now"]
    assert corner.labels(corner.shown(old)) == []
    assert corner.row("drill")["state"] == DrillState.OPEN
    assert corner.row("drill")["message_id"] == shown["message_id"]
    rating = await corner.voice()
    assert "a little late" not in rating["text"]
    assert len(corner.rows("drill")) == 1


async def test_a_reopened_question_runs_out(corner: Street) -> None:
    """Not answered, it ends at the moment that it had from the beginning."""
    await skipped(corner)
    await corner.say("/undo")
    await corner.later(HOUR + MINUTE)
    assert corner.row("drill")["state"] in (DrillState.EXPIRED, DrillState.OPEN)
    assert corner.rows("drill")[0]["state"] == DrillState.EXPIRED


async def test_a_skip_long_ago(corner: Street) -> None:
    """When its time is over it is said so, with a way on; the next /undo has nothing left."""
    await skipped(corner)
    await corner.say("/pause")
    await corner.tap("Until I resume")
    await corner.later(2 * HOUR)
    said = await corner.say("/undo")
    assert said["text"].startswith("The last thing was a question you skipped")
    assert corner.labels(said)[0] == "Ask me one now"
    assert (await corner.say("/undo"))["text"].startswith(NOTHING)


async def test_a_skip_while_another_question_is_open(corner: Street) -> None:
    """With another question open the skipped one stays where it is."""
    await skipped(corner)
    await corner.say("/drill")
    assert (await corner.say("/undo"))["text"].startswith("The last thing was a question you")
    assert [row["state"] for row in corner.rows("drill")] == [DrillState.SKIPPED, DrillState.OPEN]


async def test_a_switch_of_sets(town: Street) -> None:
    """The set from before is practised again, and named; a second /undo goes no further."""
    await town.enrol()
    before = town.row("learner")["active_set"]
    await town.say("/sets")
    await town.tap("All my sets")
    said = await town.say("/undo")
    assert said["text"] == "Taken back: you practise “Hard questions” again."
    assert town.row("learner")["active_set"] == before
    assert (await town.say("/undo"))["text"].startswith(NOTHING)
    assert town.row("learner")["active_set"] == before


async def test_a_deletion(corner: Street) -> None:
    """The take is here again, a tap away, as it was."""
    await corner.enrol(bank="Small set")
    await corner.voice()
    await corner.tap("5 Smooth")
    before = corner.row("take")
    await corner.tap("All takes")
    await corner.tap("1")
    await corner.tap("Delete")
    await corner.tap("Yes, delete it")
    said = await corner.say("/undo")
    assert said["text"].startswith("Taken back: your take of “What happened with why-leaving?”")
    assert corner.row("take") == before
    assert "Your rating: 5 Smooth" in (await corner.tap("See it"))["text"]


async def test_three_things_in_their_order(corner: Street) -> None:
    """A rating, a deletion and a switch come back one by one, the last first."""
    await corner.enrol(bank="Small set")
    await corner.voice()
    await corner.tap("5 Smooth")
    await corner.tap("All takes")
    await corner.tap("1")
    await corner.tap("Delete")
    await corner.tap("Yes, delete it")
    await corner.say("/sets")
    await corner.tap("All my sets")
    told = [(await corner.say("/undo"))["text"] for _ in range(4)]
    assert [text.split(" “")[0] for text in told] == [
        "Taken back: you practise",
        "Taken back: your take of",
        "Taken back. It was the rating of",
        NOTHING + " Ratings, skips, a switch of sets and what you deleted can be, within a day.",
    ]
    assert corner.row("standing")["points"] == 0


async def test_what_was_brought_back_is_not_undone_again(corner: Street) -> None:
    """A deletion taken back by its own button is passed over."""
    await corner.enrol(bank="Small set")
    await corner.voice()
    await corner.tap("5 Smooth")
    await corner.tap("All takes")
    await corner.tap("1")
    await corner.tap("Delete")
    await corner.tap("Yes, delete it")
    await corner.tap("Bring it back")
    assert (await corner.say("/undo"))["text"].startswith("Taken back. It was the rating of")


@pytest.mark.parametrize("later", [DAY - MINUTE, DAY])
async def test_for_a_day(corner: Street, later: int) -> None:
    """Just before a day is over a deletion can be taken back, at a day it cannot."""
    await corner.enrol(bank="Small set")
    await corner.say("Calm.")
    await corner.tap("3 Flat")
    await corner.tap("Not now")
    await corner.tap("All takes")
    await corner.tap("1")
    await corner.tap("Delete")
    await corner.tap("Yes, delete it")
    await corner.jump(later)
    said = await corner.say("/undo")
    gone = corner.row("take")["deleted_at"] is not None
    assert gone is (later == DAY)
    assert ("rating of" in said["text"]) is gone


async def test_only_ones_own(corner: Street) -> None:
    """What somebody else did last is theirs to take back."""
    await skipped(corner)
    await corner.enrol(CARL, "Small set")
    assert (await corner.say("/undo", CARL))["text"].startswith(NOTHING)
    assert corner.row("drill")["state"] == DrillState.SKIPPED
