"""No surprises for a while: today, three days, until resumed."""

import pytest

from bot.store.tables import FOREVER
from tests.house import DAY, HOUR, MINUTE, MONDAY_NOON, Street

MIDNIGHT = MONDAY_NOON + 12 * HOUR


async def paused(town: Street, label: str) -> str:
    """The first question answered, and a pause begun; returns what was said."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    await town.say("/pause")
    return str((await town.tap(label))["text"])


async def test_the_question_comes_with_three_lengths(town: Street) -> None:
    """Today, three days, until resumed, and a way out that changes nothing."""
    await town.enrol()
    card = await town.say("/pause")
    assert town.labels(card) == ["Today", "3 days", "Until I resume", "Cancel"]
    assert (await town.tap("Cancel"))["text"] == "Left. Nothing was changed."
    assert town.row("learner")["paused_until"] is None


@pytest.mark.parametrize(
    ("label", "until", "said"),
    [
        ("Today", MIDNIGHT, "Paused until 24 November 2026, 00:00."),
        ("3 days", MIDNIGHT + 2 * DAY, "Paused until 26 November 2026, 00:00."),
    ],
)
async def test_a_pause_ends_by_itself_at_midnight(
    town: Street, label: str, until: int, said: str
) -> None:
    """Nothing comes until the learner's own midnight; after it surprises go on."""
    assert await paused(town, label) == said
    assert town.row("learner")["paused_until"] == until
    await town.later(until - town.app.clock.now() - MINUTE)
    assert len(town.rows("drill")) == 1
    await town.surprise()
    assert len(town.rows("drill")) == 2


async def test_a_pause_without_an_end_ends_when_it_is_ended(town: Street) -> None:
    """A week passes without a word; Resume plans the next surprise at once."""
    assert await paused(town, "Until I resume") == "Paused until you resume."
    assert town.row("learner")["paused_until"] == FOREVER
    await town.later(7 * DAY)
    assert len(town.rows("drill")) == 1
    said = await town.tap("Resume")
    assert said["text"] == "Surprises are on again."
    assert "Ask me one now" in town.labels(said)
    await town.surprise()
    assert len(town.rows("drill")) == 2


async def test_a_question_may_be_asked_for_during_a_pause(town: Street) -> None:
    """/drill works as ever, and answering it does not end the pause."""
    await paused(town, "Until I resume")
    await town.tap("Ask me one now")
    await town.voice()
    await town.tap("4 Professional")
    assert len(town.rows("rating")) == 2
    assert town.row("learner")["next_drill_at"] is None


async def test_a_pause_leaves_the_open_question_open(town: Street) -> None:
    """What was asked before can still be answered in its hour."""
    await town.enrol()
    await town.say("/pause")
    await town.tap("Today")
    await town.voice()
    assert len(town.rows("take")) == 1


async def test_a_put_off_question_does_not_outlast_a_pause(town: Street) -> None:
    """Pausing after putting a question off cancels that promise as well."""
    await town.enrol()
    await town.tap("Not now")
    await town.tap("In 1 hour")
    await town.say("/pause")
    await town.tap("Today")
    await town.later(2 * HOUR)
    assert len(town.rows("drill")) == 1


async def test_staying_paused_means_paused(town: Street) -> None:
    """ "Stay paused" after three ignored keeps the pause, even if it was ended in between."""
    await town.enrol()
    await town.voice()
    for _ in range(3):
        await town.surprise()
        await town.later(HOUR)
    message_id, data = town.button("Stay paused")
    await town.say("/settings")
    await town.tap("Resume")
    assert town.row("learner")["paused_until"] is None
    await town.press(message_id, data)
    assert town.shown(message_id)["text"] == "Paused until you resume."
    assert town.row("learner")["paused_until"] == FOREVER
