"""A friend lends an ear once: a link to one take, five buttons, one line, and nothing kept of them."""

import pytest

from tests.chat.coached import deletes, spoken
from tests.house import ANN, CARL, HOUR, OLGA, Street


async def asks(town: Street, how: str = "As Ann") -> str:
    """Ann asks a friend for an ear; returns what comes after ?start= in the link."""
    await spoken(town)
    await town.tap("Ask a friend")
    made = await town.tap(town.label(how))
    return str(made["text"]).split("?start=")[1].split()[0]


async def listens(town: Street, payload: str, person: int = CARL) -> None:
    """A friend opens the link and listens."""
    await town.say(f"/start {payload}", person)
    await town.tap("Listen", person)


async def test_five_buttons_one_line_done(town: Street) -> None:
    """The friend hears it protected, taps, adds a line; the learner sees both, with a next step."""
    payload = await asks(town)
    offer = await town.say(f"/start {payload}", CARL)
    assert offer["text"].startswith("“Ann” practises for interviews and asks for your ear")
    heard = await town.tap("Listen", CARL)
    assert heard["has_protected_content"]
    assert "Smooth" not in heard["caption"]
    await town.tap("3 Flat", CARL)
    await town.later(0)
    assert town.last()["text"] == "Your friend heard 3 Flat. You rated 5 Smooth."
    said = await town.say("You hurry at the end.", CARL, reply_to=heard["message_id"])
    assert said["text"].startswith("Thank you, that was all.")
    await town.later(0)
    assert town.last()["text"] == "Your friend, about this take: “You hurry at the end.”"
    assert town.labels(town.last()) == ["Say it again", "Ask me one now"]
    assert town.refusals() == []


async def test_nothing_is_kept_of_the_friend(town: Street) -> None:
    """No row is theirs, and their number and name stand in none of the learner's."""
    payload = await asks(town)
    await listens(town, payload)
    await town.tap("4 Professional", CARL)
    await town.later(0)
    await town.tap("Done", CARL)
    assert town.rows("learner", CARL) == []
    kept = repr([town.rows(table) for table in ("ear", "errand", "outbox", "learner")])
    assert str(CARL) not in kept
    assert "Carl" not in kept


@pytest.mark.parametrize("how", ["As Ann", "Without a name"])
async def test_a_name_only_if_it_was_tapped(town: Street, how: str) -> None:
    """The friend reads the learner's name only if the learner tapped it."""
    offer = await town.say(f"/start {await asks(town, how)}", CARL)
    assert ("Ann" in offer["text"]) == (how == "As Ann")


async def test_once(town: Street) -> None:
    """Whoever listens first uses it up; a second one hears that, and so does the first at a second tap."""
    payload = await asks(town)
    await town.say(f"/start {payload}", OLGA)
    await listens(town, payload)
    await town.tap("Listen", OLGA)
    assert town.toasts()[-1].startswith("This link was opened already")
    assert (await town.say(f"/start {payload}", OLGA))["text"].startswith("This link was opened")
    three, five = town.button("3 Flat", CARL), town.button("5 Smooth", CARL)
    await town.press(*three, CARL)
    await town.press(*five, CARL)
    assert town.toasts()[-1] == "You have done that already."
    assert town.row("ear")["tone"] == 3
    assert len(town.calls("sendVoice")) == 1


async def test_every_other_end(town: Street) -> None:
    """One's own, late, taken back before and after it was opened, made up: each has its own words."""
    payload = await asks(town)
    assert (await town.say(f"/start {payload}"))["text"].startswith("This is your own link")
    await listens(town, payload)
    await town.tap("Take it back")
    await town.tap("3 Flat", CARL)
    assert town.toasts()[-1].startswith("This link was taken back")
    assert town.row("ear")["tone"] is None
    second = await asks(town)
    await town.tap("Take it back")
    assert (await town.say(f"/start {second}", CARL))["text"].startswith("This link was taken back")
    third = await asks(town)
    await town.later(48 * HOUR + 1)
    assert (await town.say(f"/start {third}", CARL))["text"].startswith("This link was good for")
    assert (await town.say("/start ear-x", CARL))["text"].startswith("This link opens nothing")


async def test_a_take_that_is_gone(town: Street) -> None:
    """A link to a take that was deleted says so."""
    payload = await asks(town)
    await deletes(town)
    assert (await town.say(f"/start {payload}", CARL))["text"].startswith("That take is gone")


async def test_a_friend_who_practises_too(town: Street) -> None:
    """A reply to the take is the line; whatever replies to nothing is the answer to their own question."""
    await town.enrol(CARL)
    payload = await asks(town)
    await listens(town, payload)
    heard = town.last(CARL)["message_id"]
    await town.tap("3 Flat", CARL)
    await town.say("Calmer, please.", CARL, reply_to=heard)
    assert town.rows("take", CARL) == []
    await town.voice(CARL)
    assert len(town.rows("take", CARL)) == 1
    assert town.row("ear")["line"] == "Calmer, please."


async def test_a_line_too_long(town: Street) -> None:
    """More than a line is refused with what fits, and may be said again."""
    await listens(town, await asks(town))
    heard = town.last(CARL)["message_id"]
    await town.tap("3 Flat", CARL)
    said = await town.say("x" * 301, CARL, reply_to=heard)
    assert said["text"].startswith("One line of 300 characters at most")
    await town.say("Good.", CARL, reply_to=heard)
    assert town.row("ear")["line"] == "Good."


async def test_the_secret_is_known_by_its_hash(town: Street) -> None:
    """Neither the link nor what the friend's buttons carry stands on disk as it is."""
    payload = await asks(town)
    await listens(town, payload)
    _, data = town.button("3 Flat", CARL)
    stored = repr(town.rows("ear"))
    assert payload.removeprefix("ear-") not in stored
    assert data.split(":")[2] not in stored


async def test_forgotten(town: Street) -> None:
    """Once the learner has erased everything the link opens nothing and the buttons do nothing."""
    payload = await asks(town)
    await listens(town, payload)
    await town.say("/forget")
    await town.tap("Erase everything")
    await town.tap("Yes, erase")
    await town.tap("3 Flat", CARL)
    assert town.toasts()[-1].startswith("This link opens nothing.")
    assert town.rows("ear", ANN) == []
