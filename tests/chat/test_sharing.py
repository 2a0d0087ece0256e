"""Sharing own questions: what the link says, who opens it, and every way in which it opens nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.chat.test_owners import link as invitation
from tests.house import ANN, CARL, DAY, OLGA, Message, Street, street

WORDS = (
    "Why did you leave so soon?",
    "What would your boss say?",
    "How do you file?",
    "Why us, then?",
)


async def shares(town: Street, *words: str, sender: str | None = None) -> str:
    """Ann keeps questions and makes a link; returns what comes after ?start= in it."""
    await town.enrol()
    for one in words or WORDS[:1]:
        await town.say(f"They asked me: {one}")
        await town.tap("Keep")
    return await new_link(town, sender)


async def new_link(town: Street, sender: str | None = None) -> str:
    """Ann makes a link; returns what comes after ?start= in it."""
    await town.say("/mine")
    await town.tap("Share a copy")
    if sender is None:
        made = await town.tap("Make a link")
    else:
        await town.tap("Make one that says from whom")
        made = await town.say(sender)
    return str(made["text"]).split("?start=")[1].split()[0]


async def opens(town: Street, payload: str, person: int = CARL) -> Message:
    """Somebody follows the link."""
    return await town.say(f"/start {payload}", person)


async def test_from_one_to_another(town: Street) -> None:
    """The receiver sees what it is, takes it with one tap, and has it under /mine."""
    payload = await shares(town, *WORDS)
    await town.enrol(CARL)
    offer = await opens(town, payload)
    assert offer["text"].startswith("Somebody shares 4 interview questions with you:")
    assert f"• {WORDS[2]}" in offer["text"]
    assert WORDS[3] not in offer["text"]
    assert "… and 1 more" in offer["text"]
    assert town.rows("own_question", CARL) == []
    taken = await town.tap("Take the copy", CARL)
    assert taken["text"] == "4 new questions are yours now, under /mine."
    assert WORDS[3] in (await town.say("/mine", CARL))["text"]
    assert town.refusals() == []


async def test_the_link_is_a_secret(town: Street) -> None:
    """At least 128 bits, of what a link may hold, and not on disk; a second one is another."""
    payload = await shares(town)
    assert len(payload.removeprefix("share-")) * 6 >= 128
    assert len(payload) <= 64
    assert payload.replace("-", "").replace("_", "").isalnum()
    await town.app.sender.idle()
    assert payload not in repr(town.rows("share"))
    assert await new_link(town) != payload


async def test_whose_it_is_only_if_the_sharer_says(town: Street) -> None:
    """Without a word the receiver learns no name; with one they read just that word."""
    payload = await shares(town, sender="The one from reception")
    assert (await opens(town, payload))["text"].startswith("“The one from reception” shares")
    plain = await new_link(town)
    name = town.sandbox.world.people[ANN].first_name
    assert name not in (await opens(town, plain))["text"]
    assert name not in repr(town.rows("share"))


@pytest.mark.parametrize("sender", ["x" * 41, "two\nlines"])
async def test_a_sender_that_cannot_be(town: Street, sender: str) -> None:
    """It is said what fits, and no link is made until it does."""
    await shares(town)
    await town.say("/mine")
    await town.tap("Share a copy")
    await town.tap("Make one that says from whom")
    assert (await town.say(sender))["text"].startswith("A sender is one line")
    assert len(town.rows("share")) == 1
    await town.say("Ann")
    assert town.row("share")["told_from"] == "Ann"


async def test_somebody_new_begins_with_it(town: Street) -> None:
    """Two taps from the link to the first question, which is one of the copy; before, nothing is stored."""
    payload = await shares(town)
    await opens(town, payload)
    assert town.rows("learner", CARL) == []
    asked = await town.tap("Take the copy", CARL)
    assert asked["text"].startswith("My questions, good choice.")
    card = await town.tap(town.clock_label(), CARL)
    assert WORDS[0] in card["text"]


async def test_no_thank_you(town: Street) -> None:
    """Who declines sees the first screen, and the link stays good."""
    payload = await shares(town)
    await opens(town, payload)
    assert (await town.tap("No, thank you", CARL))["text"].startswith("Hello!")
    assert (await opens(town, payload, OLGA))["text"].startswith("Somebody shares")


async def test_used(town: Street) -> None:
    """The second to come, by link or by a button that was still there, hears that it was used."""
    payload = await shares(town)
    await town.enrol(CARL)
    await opens(town, payload)
    await opens(town, payload, OLGA)
    await town.tap("Take the copy", CARL)
    await town.tap("Take the copy", OLGA)
    assert town.toasts()[-1].startswith("This link was used already")
    assert town.rows("own_question", OLGA) == []
    assert (await opens(town, payload))["text"].startswith("This link was used already")


async def test_late(town: Street) -> None:
    """After a week the link says that it is over."""
    payload = await shares(town)
    await town.later(7 * DAY + 1)
    assert (await opens(town, payload))["text"].startswith("This link was good for a week")


async def test_taken_back(town: Street) -> None:
    """One tap under the link takes it back, or one in the list; of a used one it is said."""
    payload = await shares(town)
    assert (await town.tap("Take the link back"))["text"].startswith("Taken back.")
    assert (await opens(town, payload))["text"].startswith("This link was taken back")
    second = await new_link(town)
    await town.say("/mine")
    shown = await town.tap("Share a copy")
    assert "1. Open until" in shown["text"]
    await town.tap("Take back number 1")
    assert (await opens(town, second))["text"].startswith("This link was taken back")
    third = await new_link(town)
    await opens(town, third)
    await town.tap("Take the copy", CARL)
    assert (await town.tap("Take the link back"))["text"].startswith("It had been used before")


async def test_ones_own(town: Street) -> None:
    """The sharer who tries it hears what it is for, and it stays good."""
    payload = await shares(town)
    assert (await opens(town, payload, ANN))["text"].startswith("This is your own link")
    assert (await opens(town, payload))["text"].startswith("Somebody shares")


async def test_half_a_link(town: Street) -> None:
    """A link that lost a part opens nothing and says so; somebody new is not stored by it."""
    payload = await shares(town)
    for broken in (payload[:-1], "share-", "share-x"):
        said = await opens(town, broken)
        assert said["text"].startswith("This link opens nothing.")
        assert town.labels(said) == ["Start"]
    assert town.rows("learner", CARL) == []


async def test_the_sharer_is_gone(town: Street) -> None:
    """After /forget the link opens nothing; what was taken before stays."""
    first = await shares(town)
    second = await new_link(town)
    await opens(town, first)
    await town.tap("Take the copy", CARL)
    await town.say("/forget")
    await town.tap("Erase everything")
    await town.tap("Yes, erase")
    assert (await opens(town, second, OLGA))["text"].startswith("This link opens nothing.")
    assert [row["ask"] for row in town.rows("own_question", CARL)] == [WORDS[0]]


async def test_nothing_left_behind_it(town: Street) -> None:
    """All removed since: the link says that it brings nothing."""
    payload = await shares(town)
    await town.say("/mine")
    await town.tap(town.label("1. "))
    await town.tap("Remove")
    assert (await opens(town, payload))["text"].startswith("There is nothing behind this link")


async def test_nothing_new(town: Street) -> None:
    """Who has them all is told so, and the link stays good."""
    first = await shares(town)
    second = await new_link(town)
    await town.enrol(CARL)
    for payload in (first, second):
        await opens(town, payload)
        await town.tap("Take the copy", CARL)
    assert town.last(CARL)["text"].startswith("You have all of these already")
    assert (await opens(town, second, OLGA))["text"].startswith("Somebody shares")


async def test_five_are_open_at_most(town: Street) -> None:
    """The sixth is refused with what to do."""
    await shares(town)
    for _ in range(4):
        await new_link(town)
    await town.say("/mine")
    await town.tap("Share a copy")
    assert (await town.tap("Make a link"))["text"].startswith("5 of your links are open")


async def test_an_old_button_makes_no_second_link(town: Street) -> None:
    """The screen of before, pressed again, is closed."""
    await shares(town)
    await town.say("/mine")
    screen = await town.tap("Share a copy")
    message_id, data = town.button("Make a link")
    await town.tap("Make a link")
    await town.later(5000)
    await town.press(screen["message_id"], data)
    assert message_id == screen["message_id"]
    assert town.toasts()[-1] == "That card is closed."
    assert len(town.rows("share")) == 2


async def test_nothing_to_share(town: Street) -> None:
    """An old button of somebody who removed everything says so."""
    await town.enrol()
    card = await town.say("/mine")
    shown = await town.press(card["message_id"], "v1:share")
    assert shown["text"].startswith("There is nothing to share yet.")


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Street]:
    """A street whose bot lets nobody in without an invitation."""
    async with street(tmp_path, environ={"SPRUNG_ACCESS": "invite"}) as opened:
        opened.app._username = "sprung_bot"
        yield opened


async def test_a_link_is_no_invitation(club: Street) -> None:
    """A stranger is refused kindly, by link and by button, and nothing is stored; invited, they take it."""
    await club.say(f"/start {await invitation(club)}", ANN)
    payload = await shares(club)
    said = await opens(club, payload)
    assert said["text"].startswith(
        "Somebody shares questions with you, but this bot is by invitation"
    )
    await club.press(said["message_id"], f"v1:take:{payload.removeprefix('share-')}", CARL)
    assert club.toasts()[-1].startswith("This bot is by invitation.")
    assert club.rows("learner", CARL) == []
    await club.say(f"/start {await invitation(club)}", CARL)
    await opens(club, payload)
    await club.tap("Take the copy", CARL)
    assert len(club.rows("own_question", CARL)) == 1
