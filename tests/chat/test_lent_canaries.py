"""Nothing of a learner reaches anybody who was not given it: every call, row, export and log, searched."""

import io
import random
import zipfile
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.chat.coached import accepts, link
from tests.house import ANN, CARL, OLGA, Street

NAME, ANSWER, QUESTION, OWN = "Annzibar7391", "quetzal1937", "xylophone4471", "zeppelin5512"


@dataclass
class Cast:
    """Who has what of Ann: Carl her ratings, Dora her takes, Finn one take, Olga is the owner."""

    town: Street
    dora: int
    finn: int
    gus: int

    def calls(self, person: int) -> list[dict[str, Any]]:
        """The parameters of every call that concerns somebody's chat."""
        entries = self.town.sandbox.journal.since(0)
        return [e.parameters for e in entries if e.parameters.get("chat_id") == person]

    def seen(self, person: int) -> str:
        """All of it, and what the phone shows."""
        return repr(self.calls(person)) + repr(self.town.messages(person))

    def rows(self, person: int) -> str:
        """All that is stored as somebody's own."""
        tables = ("learner", "take", "rating", "own_question", "errand", "outbox", "circle_member")
        return repr([self.town.rows(table, person) for table in tables])


async def told_to(town: Street, what: str, person: int) -> None:
    """Ann says yes to a coach, who reads no name of hers."""
    await accepts(town, await link(town, "Without a name"), person)
    await town.tap(town.label("Yes, "))
    await town.tap(what)
    await town.later(0)


@pytest.fixture
async def cast(town: Street) -> Cast:
    """A long story of six people, of whom Ann has told three something."""
    world = town.sandbox.world
    world.people[ANN] = replace(world.people[ANN], first_name=NAME)
    dora, finn, gus = (world.add_person(name).id for name in ("Dora", "Finn", "Gus"))
    await town.enrol()
    await town.say(f"My answer: {ANSWER}.")
    await town.tap("5 Smooth")
    await town.say(f"They asked me: Is it true about {QUESTION}?")
    await town.tap("Keep")
    await town.tap("I don’t know yet")
    await town.tap("Ask me this one now")
    await town.voice()
    await town.tap("2 Edgy")
    await town.tap("Ask a friend")
    made = await town.tap("Without a name")
    await town.say(f"/start {made['text'].split('?start=')[1].split()[0]}", finn)
    await town.tap("Listen", finn)
    await town.tap("3 Flat", finn)
    await told_to(town, "Ratings", CARL)
    await told_to(town, "Takes", dora)
    await town.tap("Their ratings", CARL)
    await hears(town, dora)
    for person, what in ((CARL, "pupil-hear"), (dora, "pupil-ratings")):
        [number] = [r["coach_no"] for r in town.rows("coaching") if r["other_id"] == person]
        await town.press(town.last(person)["message_id"], f"v1:{what}:{number}", person)
    await town.say("/owner", OLGA)
    await gus_tries(town, gus)
    await town.say("/forget", finn)
    return Cast(town, dora, finn, gus)


async def hears(town: Street, coach: int) -> None:
    """A coach hears both takes and says something of one."""
    await town.tap("Hear a take", coach)
    await town.tap("4 Professional", coach)
    await town.tap("Add a word", coach)
    await town.say(OWN, coach)
    await town.tap(town.label("Another take", coach), coach)
    await town.tap("1 Bitter", coach)
    await town.later(0)


async def gus_tries(town: Street, gus: int) -> None:
    """Somebody whom nobody told anything presses whatever there could be."""
    await town.enrol(gus)
    screen = town.last(gus)["message_id"]
    numbers = {row["coaching_no"] for row in town.rows("coaching")}
    numbers |= {row["coach_no"] for row in town.rows("coaching")}
    takes = [row["take_no"] for row in town.rows("take")]
    for number in numbers:
        for data in (
            f"pupil:{number}",
            f"pupil-hear:{number}",
            f"pupil-ratings:{number}",
            f"pupil-spring:{number}",
            *(f"pupil-rate:{number}:{take}:1" for take in takes),
            *(f"pupil-note:{number}:{take}" for take in takes),
            *(f"coach-hear:{number}:{take}" for take in takes),
            f"coach-give:{number}:3",
            f"coach-one:{number}",
        ):
            await town.press(screen, f"v1:{data}", gus)


async def test_who_was_told_nothing(cast: Cast) -> None:
    """The owner, and somebody who pressed everything there could be, got none of it."""
    file_id = cast.town.row("take")["file_id"]
    for person in (OLGA, cast.gus):
        everything = cast.seen(person) + cast.rows(person)
        for mark in (NAME, ANSWER, QUESTION, OWN, file_id, str(ANN)):
            assert mark not in everything, mark


async def test_who_was_told_ratings(cast: Cast) -> None:
    """The one who may have ratings has those, and no answer, recording, own question or name."""
    everything = cast.seen(CARL) + cast.rows(CARL)
    assert "2 Edgy · a question of their own" in everything
    assert "5 Smooth · Why" in everything
    for mark in (NAME, ANSWER, QUESTION, OWN, cast.town.row("take")["file_id"]):
        assert mark not in everything, mark


async def test_who_was_told_takes(cast: Cast) -> None:
    """The one who may have takes has those, protected, and no rating of Ann's, nor her name."""
    calls = cast.calls(cast.dora)
    brought = [call for call in calls if ANSWER in repr(call) or "voice" in call]
    assert len(brought) == 2
    assert all(call["protect_content"] for call in brought)
    assert QUESTION in repr(brought)
    said = repr([(call.get("text"), call.get("caption")) for call in calls])
    assert "Smooth" not in said
    assert "Edgy" not in said
    assert NAME not in cast.seen(cast.dora) + cast.rows(cast.dora)


async def test_the_friend(cast: Cast) -> None:
    """The friend has the one take, protected, and nothing else; nothing is kept of them."""
    calls = cast.calls(cast.finn)
    [heard] = [call for call in calls if "voice" in call]
    assert heard["protect_content"]
    said = repr([(call.get("text"), call.get("caption")) for call in calls])
    for mark in (NAME, ANSWER, "Edgy", OWN):
        assert mark not in said, mark
    assert cast.town.rows("learner", cast.finn) == []
    assert str(cast.finn) not in cast.rows(ANN)


async def test_what_the_coach_said_is_anns_alone(cast: Cast) -> None:
    """The word of one coach reaches the learner, and no other coach."""
    assert OWN in cast.seen(ANN)
    for person in (CARL, OLGA, cast.finn, cast.gus):
        assert OWN not in cast.seen(person)


async def test_exports(cast: Cast) -> None:
    """Nobody's export holds anything of another's, nor another's number."""
    people = {ANN: "Annzibar", CARL: "Carl", cast.dora: "Dora", cast.gus: "Gus"}
    for person in people:
        await cast.town.say("/export", person)
        world = cast.town.sandbox.world
        sent = next(m for m in reversed(world.messages(person)) if "document" in m)
        kept = world.files.named(sent["document"]["file_id"])
        assert kept is not None
        text = zipfile.ZipFile(io.BytesIO(kept.disk.read_bytes())).read("sprung.json").decode()
        for other in people.keys() - {person}:
            assert str(other) not in text
        assert (ANSWER in text) == (person == ANN)
        assert NAME not in text


async def test_no_word_in_any_log(cast: Cast, capfd: pytest.CaptureFixture[str]) -> None:
    """Whatever was printed meanwhile, none of it is in there."""
    await cast.town.say("/coach")
    printed = "".join(capfd.readouterr())
    for mark in (NAME, ANSWER, QUESTION, OWN, str(ANN)):
        assert mark not in printed


async def test_whatever_is_pressed(cast: Cast) -> None:
    """After the end each of two hundred presses of the coaches, old and made up, brings nothing more."""
    town, dice = cast.town, random.Random(11)
    for number in ("1.", "1."):
        await town.say("/coach")
        await town.tap(town.label(number))
        await town.tap("Stop it now")
    await town.later(0)
    brought = {person: len(cast.calls(person)) for person in (CARL, cast.dora)}
    marks = (NAME, ANSWER, QUESTION, town.rows("take")[-1]["file_id"])
    buttons = [
        (message["message_id"], button["callback_data"], person)
        for person in (CARL, cast.dora)
        for message in town.messages(person)
        for row in message.get("reply_markup", {}).get("inline_keyboard", [])
        for button in row
        if "callback_data" in button
    ]
    for _ in range(200):
        message_id, data, person = dice.choice(buttons)
        number = dice.choice(data.split(":"))
        await town.press(message_id, data.replace(number, str(dice.randrange(60)), 1), person)
    for person, before in brought.items():
        after = repr(cast.calls(person)[before:])
        for mark in marks:
            assert mark not in after, mark
    assert len(town.rows("coach_rating")) == 2
