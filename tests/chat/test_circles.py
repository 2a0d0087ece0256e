"""Practice circles: an owner's link, a name of one's own, numbers and nothing else, out with one tap."""

from tests.chat.coached import spoken
from tests.house import ANN, CARL, DAY, OLGA, Message, Street


async def founded(town: Street, title: str = "Fridays") -> str:
    """Olga makes a circle; returns what comes after ?start= in its link."""
    await town.say("/owner", OLGA)
    await town.tap("Circles", OLGA)
    await town.tap("New circle", OLGA)
    made = await town.say(title, OLGA)
    return str(made["text"]).split("?start=")[1].split()[0]


async def joins(town: Street, payload: str, person: int, name: str) -> Message:
    """Somebody joins under a name; returns what they see."""
    await town.say(f"/start {payload}", person)
    await town.tap("Join", person)
    return await town.say(name, person)


async def test_names_and_numbers(town: Street) -> None:
    """Members see the names that were typed and how many answers each gave in seven days."""
    await spoken(town)
    await town.enrol(CARL)
    payload = await founded(town)
    await joins(town, payload, ANN, "Fox")
    board = await joins(town, payload, CARL, "Owl")
    assert board["text"] == "\n".join(
        ["Fridays, the last seven days", "Fox: one answer", "Owl: 0 answers (you)"]
    )
    await town.later(8 * DAY)
    await town.say("/coach")
    assert "Fox: 0 answers (you)" in (await town.tap("Fridays"))["text"]
    assert town.refusals() == []


async def test_nothing_else_is_seen(town: Street) -> None:
    """No name of Telegram's, no number, no answer and no rating of another reaches a member or the owner."""
    await town.enrol()
    await town.say("My private words.")
    await town.tap("4 Professional")
    await town.enrol(CARL)
    payload = await founded(town)
    await joins(town, payload, ANN, "Fox")
    await joins(town, payload, CARL, "Owl")
    await town.tap("Circles", OLGA)
    assert "2 members." in (await town.tap("Fridays", OLGA))["text"]
    for person in (CARL, OLGA):
        seen = repr(town.messages(person))
        for mark in ("private words", "Ann", str(ANN)):
            assert mark not in seen
    assert "Fox" not in repr(town.messages(OLGA))


async def test_the_link_is_good_until_it_is_taken_back(town: Street) -> None:
    """Several join by it; taken back it opens nothing, and members stay; a new one may be made."""
    await town.enrol()
    await town.enrol(CARL)
    payload = await founded(town)
    assert payload.removeprefix("circle-") not in repr(town.rows("circle", OLGA))
    await joins(town, payload, ANN, "Fox")
    await town.say(f"/start {payload}", CARL)
    await town.tap("Join", CARL)
    await town.tap("Take the link back", OLGA)
    assert (await town.say("Owl", CARL))["text"].startswith("This link opens nothing any more.")
    assert (await town.say(f"/start {payload}", CARL))["text"].startswith("This link opens nothing")
    assert len(town.rows("circle_member", ANN)) == 1
    await town.tap("Circles", OLGA)
    await town.tap("Fridays", OLGA)
    made = await town.tap("New link", OLGA)
    second = made["text"].split("?start=")[1].split()[0]
    assert "Owl: 0 answers (you)" in (await joins(town, second, CARL, "Owl"))["text"]


async def test_out_with_one_tap(town: Street) -> None:
    """Who leaves is not seen any more, and sees no more by an old button."""
    await town.enrol()
    await town.enrol(CARL)
    payload = await founded(town)
    await joins(town, payload, ANN, "Fox")
    await joins(town, payload, CARL, "Owl")
    await town.say("/coach")
    old = town.button("Fridays")
    await town.press(*old)
    assert (await town.tap("Leave the circle"))["text"].startswith("You have left “Fridays”.")
    await town.press(*old)
    assert town.toasts()[-1] == "That card is closed."
    await town.say("/coach", CARL)
    assert "Fox" not in (await town.tap("Fridays", CARL))["text"]


async def test_closed(town: Street) -> None:
    """A circle that its owner closes is gone, and its members are told."""
    await town.enrol()
    await joins(town, await founded(town), ANN, "Fox")
    await town.tap("Circles", OLGA)
    await town.tap("Fridays", OLGA)
    await town.tap("Close the circle", OLGA)
    await town.later(0)
    assert town.last()["text"].startswith("The circle “Fridays” was closed.")
    assert town.rows("circle_member") == town.rows("circle", OLGA) == []


async def test_an_owner_who_erases_everything(town: Street) -> None:
    """With the owner go the circle and all memberships in it."""
    await town.enrol()
    await joins(town, await founded(town), ANN, "Fox")
    await town.say("/forget", OLGA)
    assert town.rows("circle_member") == town.rows("circle", OLGA) == []


async def test_for_owners_only(town: Street) -> None:
    """A learner who presses an owner's buttons is refused, and makes nothing."""
    await town.enrol()
    await founded(town)
    number = town.row("circle", OLGA)["circle_no"]
    screen = town.last()["message_id"]
    for action in ("circles", "circle-new", f"circle-close:{number}", f"circle-link:{number}"):
        await town.press(screen, f"v1:{action}")
        assert town.toasts()[-1] == "That card is closed."
    assert len(town.rows("circle", OLGA)) == 1


async def test_who_does_not_practise(town: Street) -> None:
    """Somebody new is told to begin first; the link stays good."""
    payload = await founded(town)
    said = await town.say(f"/start {payload}", CARL)
    assert "First choose what to practise" in said["text"]
    await town.press(said["message_id"], f"v1:circle-join:{payload}", CARL)
    assert town.rows("circle_member", CARL) == []


async def test_a_name_that_cannot_be(town: Street) -> None:
    """What is no name is refused; a second joining only changes the name."""
    await town.enrol()
    payload = await founded(town)
    assert (await joins(town, payload, ANN, "x" * 21))["text"].startswith("That is one line of 20")
    await town.say("Fox")
    await joins(town, payload, ANN, "Owl")
    assert [row["name"] for row in town.rows("circle_member")] == ["Owl"]
