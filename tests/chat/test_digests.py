"""The weekly summary as a learner meets it: offered once, chosen, read, ended with one tap."""

from typing import Any

import pytest

from bot.practice import ErrandKind
from tests.house import ANN, CARL, DAY, HOUR, MINUTE, Street

OFFER = "Shall I send you a weekly summary?"


@pytest.fixture
async def subscribed(town: Street) -> Street:
    """Ann gets a summary on Sundays at 18:00, and has rated one answer."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    await town.say("/settings")
    await town.tap("Weekly summary")
    await town.tap("Sun")
    return town


def summaries(town: Street, person: int = ANN) -> list[str]:
    """The summaries in somebody's chat."""
    texts = [message.get("text", "") for message in town.messages(person)]
    return [text for text in texts if text.startswith("Your week")]


TO_SUNDAY = 6 * DAY + 6 * HOUR
"""From Monday noon to Sunday 18:00."""


def planned(town: Street) -> list[dict[str, Any]]:
    """The summaries of Ann that are to come."""
    return [row for row in town.rows("errand") if row["kind"] == ErrandKind.DIGEST]


async def sunday(town: Street, weeks: int = 1) -> None:
    """The next Sundays at 18:00 come; nobody is there meanwhile, so that nothing is ignored."""
    for _ in range(weeks):
        [waiting] = planned(town)
        await town.jump(waiting["due_at"] - town.app.clock.now())


async def practise(town: Street, tone: str = "4 Professional") -> None:
    """A question asked for, answered and rated."""
    await town.say("/drill")
    await town.voice()
    await town.tap(tone)


async def test_settings(town: Street) -> None:
    """A page of /settings chooses the day, then the hour; off is there once there is something to end."""
    await town.enrol()
    assert "Weekly summary: none" in (await town.say("/settings"))["text"]
    page = await town.tap("Weekly summary")
    assert town.labels(page) == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Back"]
    page = await town.tap("Fri")
    assert page["text"].startswith("Weekly summary: Fridays 18:00")
    assert "Fri ✓" in town.labels(page)
    await town.tap("1 h earlier")
    await town.tap("1 h earlier")
    assert (await town.tap("Thu"))["text"].startswith("Weekly summary: Thursdays 16:00")
    assert "Weekly summary: Thursdays 16:00" in (await town.tap("Back"))["text"]
    await town.tap("Weekly summary")
    page = await town.tap("No more of these")
    assert page["text"].startswith("Weekly summary: none")
    assert planned(town) == []


async def test_an_hour_round_the_clock(subscribed: Street) -> None:
    """An hour earlier than midnight is 23:00 of the same day, and one later than that midnight."""
    page = subscribed.last()
    for _ in range(18):
        page = await subscribed.tap("1 h earlier")
    assert page["text"].startswith("Weekly summary: Sundays 0:00")
    assert (await subscribed.tap("1 h earlier"))["text"].startswith("Weekly summary: Sundays 23:00")
    assert (await subscribed.tap("1 h later"))["text"].startswith("Weekly summary: Sundays 0:00")


@pytest.mark.parametrize(
    "data", ["v1:digest:7:18", "v1:digest:6:24", "v1:digest:x:1", "v1:digest:1"]
)
async def test_forged(town: Street, data: str) -> None:
    """A day or an hour that is none changes nothing; the page shows what stands."""
    await town.enrol()
    page = await town.say("/settings")
    shown = await town.press(page["message_id"], data)
    assert shown["text"].startswith("Weekly summary: none")
    assert (town.rows("looks"), planned(town)) == ([], [])


async def test_it_comes(subscribed: Street) -> None:
    """On Sunday at 18:00 the words, without a sound, with a way to end it; then the picture."""
    await practise(subscribed, "5 Smooth")
    await subscribed.jump(TO_SUNDAY - MINUTE)
    assert summaries(subscribed) == []
    await subscribed.jump(MINUTE)
    [said] = summaries(subscribed)
    assert said.split("\n")[:2] == ["Your week: 2 answers on 1 day", "Mean tone 4.5 of 5"]
    assert said.split("\n")[-1].startswith("Next badge: “")
    shown = subscribed.last()
    assert subscribed.labels(shown) == ["Ask me one now", "Another time", "No more of these"]
    [call] = [c for c in subscribed.calls("sendMessage") if c["text"].startswith("<b>Your week")]
    assert call["disable_notification"]
    picture = await subscribed.painted()
    assert picture["caption"].startswith("Hard questions: 0 of 32 badges")


async def test_a_quiet_week_shames_nobody(subscribed: Street) -> None:
    """Whatever was ignored, a week without an answer is a quiet one: no figure, no streak, no loss."""
    await sunday(subscribed, weeks=2)
    assert "Your week: a quiet one." in summaries(subscribed)[-1]
    assert not any(character.isdigit() for character in summaries(subscribed)[-1])


async def test_off_with_one_tap(subscribed: Street) -> None:
    """Under a summary one tap ends them for good; its words stay."""
    await sunday(subscribed)
    await subscribed.tap("No more of these")
    assert subscribed.toasts()[-1] == "No more summaries. /settings brings them back."
    assert planned(subscribed) == []
    await subscribed.jump(7 * DAY)
    assert len(summaries(subscribed)) == 1


async def test_another_time(subscribed: Street) -> None:
    """From a summary the page that chooses the time is one tap away, and leaves the words alone."""
    await sunday(subscribed)
    await subscribed.tap("Another time")
    assert subscribed.last()["text"].startswith("Weekly summary: Sundays 18:00")
    assert len(summaries(subscribed)) == 1


async def test_offered_after_a_week(town: Street) -> None:
    """A week after coming in the next rating brings the offer, once; one tap takes it."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    await practise(town)
    assert not any(OFFER in message.get("text", "") for message in town.messages())
    await town.later(7 * DAY)
    await practise(town)
    offer = town.last()
    assert offer["text"].startswith(OFFER)
    assert town.labels(offer) == ["Sundays 18:00", "No, thank you"]
    shown = await town.tap("Sundays 18:00")
    assert shown["text"].startswith("Weekly summary: Sundays 18:00")
    await practise(town)
    assert sum(OFFER in message.get("text", "") for message in town.messages()) == 0


async def test_declined(town: Street) -> None:
    """Who declines is not asked again, and gets none."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    await town.later(7 * DAY)
    await practise(town)
    shown = await town.tap("No, thank you")
    assert shown["text"].startswith("Fine, none then.")
    await practise(town)
    assert planned(town) == []
    assert not any(OFFER in message.get("text", "") for message in town.messages())


async def test_erased(subscribed: Street) -> None:
    """After everything is erased nothing comes, and nothing of it is kept."""
    await subscribed.say("/forget")
    await subscribed.tap("Erase everything")
    await subscribed.tap("Yes, erase")
    for table in ("looks", "errand", "picture"):
        assert subscribed.rows(table) == []
    await subscribed.jump(TO_SUNDAY)
    assert summaries(subscribed) == []


async def test_each_their_own(subscribed: Street) -> None:
    """Somebody who chose none gets none."""
    await subscribed.enrol(CARL)
    await sunday(subscribed)
    assert (len(summaries(subscribed)), summaries(subscribed, CARL)) == (1, [])
