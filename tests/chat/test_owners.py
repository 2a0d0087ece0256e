"""What the owner sees and does: counts only, and links that let one person in."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.guesses import KEPT_PEOPLE, MOST_WRONG, Guesses
from tests.banks.examples import bank, yaml_of
from tests.house import ANN, CARL, DAY, HOUR, OLGA, Street, street


@pytest.fixture
async def club(tmp_path: Path) -> AsyncIterator[Street]:
    """A street whose bot lets nobody in without an invitation."""
    async with street(tmp_path, environ={"SPRUNG_ACCESS": "invite"}) as opened:
        opened.app._username = "sprung_bot"
        yield opened


async def link(club: Street) -> str:
    """The token of a fresh invitation."""
    await club.say("/owner", OLGA)
    said = await club.tap("Make an invitation", OLGA)
    return str(said["text"]).split("?start=")[1].strip()


async def test_the_owner_sees_counts_and_nobodys_words(town: Street) -> None:
    """Learners, drills, answers and failures are counted; no name, number or word is shown."""
    await town.enrol()
    await town.say("My very private answer.")
    await town.tap("4 Professional")
    said = await town.say("/owner", OLGA)
    assert "Learners: 1 (1 practising, 0 left)" in said["text"]
    assert "Drills: 1 · answers: 1 · ratings: 1" in said["text"]
    assert "private" not in said["text"]
    assert str(ANN) not in said["text"]


async def test_for_anybody_else_the_command_does_not_exist(town: Street) -> None:
    """A learner who tries it hears what of any unknown command."""
    await town.enrol()
    assert (await town.say("/owner"))["text"].startswith("I don’t know /owner.")


async def test_nobody_else_makes_invitations(town: Street) -> None:
    """The owner's button, pressed by a learner, is closed."""
    card = await town.enrol()
    await town.press(card["message_id"], "v1:invite")
    assert town.toasts()[-1] == "That card is closed."
    assert not any("?start=" in m.get("text", "") for m in town.messages())


async def test_without_an_invitation_nobody_comes_in(club: Street) -> None:
    """Commands, words, buttons and made-up links are all answered with what is needed."""
    for said in ("/start", "/drill", "hello", "/help"):
        assert (await club.say(said))["text"].startswith("This bot is by invitation.")
    await club.press(club.last()["message_id"], "v1:first:hard-questions")
    assert club.toasts()[-1].startswith("This bot is by invitation.")
    assert (await club.say("/start made-up"))["text"].startswith("This invitation was used already")
    assert club.rows("learner") == []


async def test_an_invitation_lets_one_person_in(club: Street) -> None:
    """The link opens the first run for the first who uses it, and for nobody after."""
    token = await link(club)
    assert (await club.say(f"/start {token}", ANN))["text"].startswith("Hello!")
    assert (await club.say(f"/start {token}", CARL))["text"].startswith("This invitation was used")
    await club.enrol(ANN)
    assert club.row("drill", ANN)


async def test_the_same_person_may_use_the_link_again(club: Street) -> None:
    """Who is in stays in, whatever comes after /start."""
    token = await link(club)
    await club.say(f"/start {token}")
    assert (await club.say(f"/start {token}"))["text"].startswith("Hello!")


async def test_an_invitation_is_good_for_a_week(club: Street) -> None:
    """After seven days it is over."""
    token = await link(club)
    await club.later(7 * DAY)
    assert (await club.say(f"/start {token}"))["text"].startswith(
        "This invitation was used already"
    )


async def test_the_link_itself_is_not_stored(club: Street) -> None:
    """Only a digest of it is on disk, so that a stolen database opens no door."""
    token = await link(club)
    await club.app.database.truncate_log()
    database = club.app.settings.database_path
    assert token.encode() not in database.read_bytes()


async def test_each_link_is_another(club: Street) -> None:
    """Two invitations differ, and both work."""
    first = await link(club)
    await club.later(DAY)
    second = await link(club)
    assert first != second
    for person, token in ((ANN, first), (CARL, second)):
        assert (await club.say(f"/start {token}", person))["text"].startswith("Hello!")


async def test_the_owner_needs_no_invitation(club: Street) -> None:
    """The owner practises as anybody does, by any button, and uses up no link."""
    token = await link(club)
    assert (await club.say(f"/start {token}", OLGA))["text"].startswith("Hello!")
    await club.enrol(OLGA)
    await club.say("/forget", OLGA)
    await club.tap("Erase everything", OLGA)
    await club.tap("Yes, erase", OLGA)
    assert (await club.tap("Start again", OLGA))["text"].startswith("Hello!")
    assert (await club.say(f"/start {token}", ANN))["text"].startswith("Hello!")


async def test_in_an_open_house_a_link_is_only_a_start(town: Street) -> None:
    """Where everybody may come in, whatever follows /start is left alone."""
    assert (await town.say("/start whatever"))["text"].startswith("Hello!")


async def test_invitations_cannot_be_guessed_at_speed(club: Street) -> None:
    """After five wrong ones an hour passes before any more is looked at, even a good one."""
    token = await link(club)
    for number in range(5):
        said = await club.say(f"/start guess-{number}")
        assert said["text"].startswith("This invitation was used already")
    for guess in ("guess-6", token):
        said = await club.say(f"/start {guess}")
        assert said["text"].startswith("That were several invitations")
    assert (await club.say(f"/start {token}", CARL))["text"].startswith("Hello!")
    again = await link(club)
    await club.later(HOUR)
    assert (await club.say(f"/start {again}"))["text"].startswith("Hello!")


def test_guesses_of_the_longest_silent_are_forgotten() -> None:
    """Only so many people's wrong guesses are kept in memory; the newest are among them."""
    guesses = Guesses()
    for person in range(KEPT_PEOPLE + 1):
        for _ in range(MOST_WRONG):
            guesses.wrong(person, 1)
    assert guesses.too_many(KEPT_PEOPLE, 1)
    assert not guesses.too_many(0, 1)
    assert not guesses.too_many(KEPT_PEOPLE, 1 + HOUR)


async def test_an_invitation_has_192_bits(club: Street) -> None:
    """Every token is drawn anew from the system's chance, 24 bytes of it."""
    tokens = {await link(club)} | {club.app._house().secret() for _ in range(1000)}
    assert len(tokens) == 1001
    assert {len(base64.urlsafe_b64decode(token)) for token in tokens} == {24}


async def test_the_sets_that_were_sent(town: Street) -> None:
    """Without any the card says how to send one; with some it names each with its version and its undo."""
    said = await town.say("/owner", OLGA)
    assert "send me its .yaml file" in said["text"]
    assert town.labels(said) == ["Make an invitation", "Circles"]
    for set_id, title in (("night-shift", "Night shift"), ("day-shift", "Day shift")):
        await town.document(yaml_of(bank(set_id, title=title)), name=f"{set_id}.yaml")
        await town.tap("Put it live", OLGA)
    said = await town.say("/owner", OLGA)
    assert said["text"].split("\n")[-2:] == [
        "Sent by an owner: Day shift, version 1 here",
        "Sent by an owner: Night shift, version 1 here",
    ]
    undo = ["Undo Day shift", "Undo Night shift"]
    assert town.labels(said) == ["Make an invitation", "Circles", *undo]
