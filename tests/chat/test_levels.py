"""The level: chosen once, undone by choosing another; what is not asked of it is left out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.banks.library import library_of
from tests.chat.banks import bank, question
from tests.house import ANN, HOUR, Street, street

JUNIOR, SENIOR = "file-the-post", "act-for-her"


@pytest.fixture
async def ladder(tmp_path: Path) -> AsyncIterator[Street]:
    """A street with a set for two levels, and one for the highest alone."""
    both = bank(
        "office",
        *(question(f"{JUNIOR}-{n}", "office", levels=(1, 2)) for n in range(3)),
        *(question(f"{SENIOR}-{n}", "office", levels=(4, 5)) for n in range(5)),
        title="Office",
    )
    top = bank("top", question("board-pack", "top", levels=(5,)), title="Top floor")
    async with street(tmp_path, library=library_of([both, top])) as opened:
        yield opened


async def asked(ladder: Street, times: int = 12) -> set[str]:
    """The questions of some drills, one after the other."""
    found = set()
    for _ in range(times):
        await ladder.later(2 * HOUR)
        await ladder.say("/drill")
        found.add(ladder.row("drill")["question_id"])
        await ladder.say("I ask both.")
        await ladder.tap("4 Professional")
    return found


async def choose(ladder: Street, label: str) -> str:
    """Open the settings and choose a level; returns the settings' card after that."""
    await ladder.say("/settings")
    await ladder.tap("Level")
    await ladder.tap(label)
    return str((await ladder.tap("Back"))["text"])


async def test_only_questions_of_the_level_are_asked(ladder: Street) -> None:
    """One tap in the settings; the chosen one is ticked, and all levels brings back the others."""
    await ladder.enrol(bank="Office")
    await ladder.tap("Not now")
    await ladder.tap("Skip it")
    await ladder.say("/settings")
    card = await ladder.tap("Level")
    assert ladder.labels(card) == [
        "1 I do set tasks",
        "2 I run a routine",
        "3 I own an area",
        "4 I lead across teams",
        "5 I act for the executive",
        "All levels ✓",
        "Back",
    ]
    card = await ladder.tap("1 I do set tasks")
    assert "1 I do set tasks ✓" in ladder.labels(card)
    assert "Level: 1 I do set tasks\n" in (await ladder.tap("Back"))["text"]
    assert {one[:-2] for one in await asked(ladder)} == {JUNIOR}
    assert "Level: All levels\n" in await choose(ladder, "All levels")
    assert ladder.row("learner")["level"] is None
    assert {one[:-2] for one in await asked(ladder)} == {JUNIOR, SENIOR}


async def test_swaps_and_triage_keep_to_the_level(ladder: Street) -> None:
    """What takes another's place is of the level too, and so is what the triage asks."""
    await ladder.enrol(bank="Office")
    await choose(ladder, "2 I run a routine")
    await ladder.say("I ask both.")
    await ladder.tap("4 Professional")
    card = await ladder.tap("Yes, go through them")
    seen = []
    while "How would you feel" in card["text"]:
        seen.append(card["text"].split("What happened with ")[1].rstrip("?"))
        card = await ladder.tap("3 So-so")
    assert seen
    assert {one[:-2] for one in seen} == {JUNIOR}
    await ladder.say("/drill")
    await ladder.tap("Swap")
    assert ladder.row("drill")["question_id"].startswith(JUNIOR)


async def test_progress_counts_the_level(ladder: Street) -> None:
    """Badges, rated questions and the forecast are of the level; of another they are kept meanwhile."""
    await ladder.enrol(bank="Office")
    await choose(ladder, "1 I do set tasks")
    await asked(ladder, 1)
    first = (await ladder.say("/progress"))["text"]
    assert "Office: 0 of 3 badges" in first
    assert "2 of 6 · What happened with file-the-post" in first
    await choose(ladder, "4 I lead across teams")
    assert "file-the-post" not in (await ladder.say("/progress"))["text"]
    assert "Office: 0 of 5 badges" in (await ladder.say("/sets"))["text"]
    await choose(ladder, "1 I do set tasks")
    assert "2 of 6 · What happened with file-the-post" in (await ladder.say("/progress"))["text"]


async def test_an_open_and_a_promised_question_stay(ladder: Street) -> None:
    """What is open is answered as ever; what was put off comes back, whatever its level."""
    await ladder.enrol(bank="Top floor")
    await ladder.tap("Not now")
    await ladder.tap("In 1 hour")
    await choose(ladder, "1 I do set tasks")
    await ladder.say("/sets")
    await ladder.tap("Office")
    await ladder.later(HOUR)
    assert ladder.row("drill")["question_id"] == "board-pack"
    await choose(ladder, "2 I run a routine")
    await ladder.say("I lay out the papers.")
    assert ladder.rows("take")[-1]["drill_no"] == ladder.row("drill")["drill_no"]


async def test_a_set_without_the_level_is_asked_whole(ladder: Street) -> None:
    """And the settings say so; with all sets at once only those of the level come."""
    await ladder.enrol(bank="Top floor")
    await ladder.tap("Not now")
    await ladder.tap("Skip it")
    card = await choose(ladder, "1 I do set tasks")
    assert "Level: 1 I do set tasks (this set has none: all its questions are asked)" in card
    assert await asked(ladder, 2) == {"board-pack"}
    await ladder.say("/sets")
    await ladder.tap("All my sets")
    assert "this set has none" not in (await ladder.say("/settings"))["text"]
    assert {one[:-2] for one in await asked(ladder)} == {JUNIOR}


async def test_offered_after_the_first_rating(ladder: Street) -> None:
    """No message of its own: one button under the offer that comes anyway, and back to it."""
    await ladder.enrol(bank="Office")
    await ladder.say("I ask both.")
    before = len(ladder.messages())
    offer = await ladder.tap("4 Professional")
    assert ladder.labels(offer) == ["Yes, go through them", "Not now", "Pick my level"]
    assert "Back" not in ladder.labels(await ladder.tap("Pick my level"))
    offer = await ladder.tap("5 I act for the executive")
    assert ladder.labels(offer)[2] == "5 I act for the executive"
    assert ladder.row("learner")["level"] == 5
    assert len(ladder.messages()) == before + 1
    assert ladder.refusals() == []


@pytest.mark.parametrize("forged", ["6", "-1", "x", "1.0", "99999"])
async def test_no_other_level(ladder: Street, forged: str) -> None:
    """A made-up number changes nothing and shows the choice."""
    card = await ladder.enrol(bank="Office")
    await choose(ladder, "3 I own an area")
    await ladder.press(card["message_id"], f"v1:level:{forged}", ANN)
    assert ladder.row("learner")["level"] == 3
