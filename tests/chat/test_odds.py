"""Help, cancel, and whatever belongs to no conversation: never silence, always a way on."""

import pytest

from bot.banks.library import library_of
from bot.banks.problem import Problem
from tests.chat.banks import bank, question, shelf
from tests.house import ANN, OLGA, Street, street

AWKWARD = "<b>R&D</b> \"quote\" 'n' </b> &amp; {braces} 100%"


async def test_help_fits_one_screen_and_leads_on(town: Street) -> None:
    """One message names every command and has four buttons."""
    await town.enrol()
    said = await town.say("/help")
    for command in ("drill", "sets", "progress", "settings", "pause", "undo", "export", "forget"):
        assert f"/{command}" in said["text"]
    assert len(said["text"]) < 1200
    assert len(town.labels(said)) == 4


async def test_cancel_leaves_whatever_was_begun(town: Street) -> None:
    """A date that was asked for is not awaited after /cancel."""
    await town.enrol()
    await town.tap("Not now")
    await town.tap("Skip it")
    await town.say("/settings")
    await town.tap("Interview")
    assert (await town.say("/cancel"))["text"] == "Left. Nothing was changed."
    assert (await town.say("2026-12-04"))["text"].startswith("I keep what you say")


@pytest.mark.parametrize(
    ("typed", "near"),
    [
        ("/setings", "/settings"),
        ("/exprot", "/export"),
        ("/forgetme", "/forget"),
        ("/zzz", "/help"),
    ],
)
async def test_a_mistyped_command_names_those_near_it(town: Street, typed: str, near: str) -> None:
    """What was typed is quoted, and the likeliest commands follow with what they do."""
    await town.enrol()
    said = await town.say(typed)
    assert said["text"].startswith(f"I don’t know {typed}.")
    assert f"\n{near} " in said["text"]


@pytest.mark.parametrize("said", ["hello", "?", "🙂", "/", "//", "#tag", "a" * 4096])
async def test_any_text_is_answered(town: Street, said: str) -> None:
    """Whatever is typed while no question is open gets one message with buttons."""
    await town.enrol()
    await town.tap("Not now")
    await town.tap("Skip it")
    before = town.last()["message_id"]
    shown = await town.say(said)
    assert len(town.since(before)) == 1
    assert town.labels(shown)


async def test_what_cannot_be_handled_is_told_to_both(town: Street) -> None:
    """An update that cannot even be read three times: the learner hears so, and so does the owner."""
    await town.enrol()
    await town.say("/start", OLGA)
    broken = {"from": {"id": ANN, "is_bot": False, "first_name": "Ann"}, "text": "secret words"}
    town.sandbox.world.updates.push_raw({"message": broken}, order=ANN)
    await town.settle()
    assert town.last()["text"].startswith("Something went wrong with that on my side.")
    assert "Ask me one now" in town.labels(town.last())
    told = town.last(OLGA)["text"]
    assert told.startswith("An update failed three times")
    assert "secret" not in told


async def test_a_broken_press_is_answered_as_well(town: Street) -> None:
    """The spinner on the button ends even if the press could not be handled."""
    card = await town.enrol()
    press_id = town.sandbox.world.press(ANN, card["message_id"], "v1:hint:1")
    town.sandbox.world.updates.drop_all()
    broken = {"id": press_id, "from": {"id": ANN, "is_bot": False, "first_name": "A"}}
    town.sandbox.world.updates.push_raw({"callback_query": broken}, order=ANN)
    await town.settle()
    assert [call["callback_query_id"] for call in town.calls("answerCallbackQuery")][-1] == press_id


async def test_what_a_learner_writes_stays_text(corner: Street) -> None:
    """Tags, ampersands, quotes and braces in an answer, a city, a date or a command are shown as typed."""
    await corner.say("/start")
    await corner.tap(corner.label("Small set"))
    assert AWKWARD[:40] in (await corner.say(AWKWARD))["text"]
    await corner.say("London")
    await corner.say(AWKWARD)
    await corner.tap("3 Flat")
    assert f"“{AWKWARD}”" in (await corner.tap("Hear my first take"))["text"]
    await corner.say("/settings")
    await corner.tap("Interview")
    await corner.later(120_000)
    assert AWKWARD[:40] in (await corner.say(AWKWARD))["text"]
    assert "/<b>" not in (await corner.say("/x<b>y</b>"))["text"]
    assert corner.refusals() == []


async def test_what_a_bank_says_stays_text(town: Street) -> None:
    """Tags, ampersands and quotes of a question bank reach every screen as they were written."""
    asked = question(
        ask=f"Why {AWKWARD}?",
        rephrased=(f"And why {AWKWARD}?",),
        why_asked=f"Because {AWKWARD}.",
        shape=(AWKWARD, AWKWARD),
        good_signs=(AWKWARD,),
    )
    library = library_of([bank("small-set", asked, title=AWKWARD[:28])])
    async with street(town.folder / "awkward", library=library) as odd:
        assert f"{AWKWARD[:28]} (1)" in odd.labels(await odd.say("/start"))
        assert AWKWARD[:28] in (await odd.tap(f"{AWKWARD[:28]} (1)"))["text"]
        await odd.tap(odd.clock_label())
        assert f"Why {AWKWARD}?" in odd.last()["text"]
        assert f"{AWKWARD} → {AWKWARD}" in (await odd.tap("Hint"))["text"]
        card = await odd.voice()
        await odd.tap("3 Flat")
        text = odd.shown(card["message_id"])["text"]
        assert f"Put in: {AWKWARD}" in text
        assert f"Why they ask: Because {AWKWARD}." in text
        assert AWKWARD[:28] in (await odd.say("/progress"))["text"]
        assert AWKWARD[:28] in (await odd.say("/sets"))["text"]
        assert odd.refusals() == []


async def test_news_of_the_banks_reaches_the_owner(town: Street) -> None:
    """A good edit is told in numbers, a bad one with its line, markup and all as text."""
    await town.say("/start", OLGA)
    await town.app.occasions.banks_refused(
        [Problem("bank.yaml", 3, 5, "what is <this> & that?", "error")]
    )
    await town.settle()
    assert "bank.yaml:3:5: what is <this> & that?" in town.last(OLGA)["text"]
    library = shelf()
    await town.app.occasions.banks_changed(library)
    await town.settle()
    assert town.last(OLGA)["text"] == "Question banks reloaded: 1 sets, 1 questions."


async def test_news_of_many_problems_fits_into_a_message(town: Street) -> None:
    """Long lines and odd names of files are cut and spelt out, never refused by Telegram."""
    await town.say("/start", OLGA)
    long = [
        Problem(f"{'x' * 200}\udcff.yaml", line, 1, "é" * 700, "error") for line in range(1, 14)
    ]
    await town.app.occasions.banks_refused(long)
    await town.settle()
    assert "\\udcff.yaml:1:1: " in town.last(OLGA)["text"]
    assert town.refusals() == []
