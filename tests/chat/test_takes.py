"""Looking through one's takes, then and now, stars, deleting; and how long recordings stay."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat.texts import Texts
from bot.practice import MediaState
from tests.chat.banks import question, shelf
from tests.house import ANN, CARL, DAY, HOUR, MINUTE, Message, Street, street

ASK = "What happened with why-leaving?"
DELETED = "This take is deleted. You can bring it back until"


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Street]:
    """A street whose only set has two questions."""
    async with street(tmp_path, library=shelf(question(), question("bad-boss"))) as opened:
        yield opened


async def begin(corner: Street, tone: str = "2 Edgy") -> None:
    """Enrolled, paused, with one spoken take of the only question."""
    await corner.enrol(bank="Small set")
    await corner.voice()
    await corner.tap(tone)
    await corner.tap("Not now")
    await corner.say("/pause")
    await corner.tap("Until I resume")


async def spoken(corner: Street, tone: str) -> None:
    """One more take, an hour later, by voice."""
    await corner.later(HOUR)
    await corner.say("/drill")
    await corner.voice(seconds=75)
    await corner.tap(tone)


async def typed(corner: Street, words: str, tone: str | None = None) -> None:
    """One more take, an hour later, in writing."""
    await corner.later(HOUR)
    await corner.say("/drill")
    await corner.say(words)
    if tone is not None:
        await corner.tap(tone)


async def card(corner: Street, number: str = "1") -> Message:
    """The screen of a take of the question answered last."""
    await corner.say("/takes")
    await corner.tap("1")
    return await corner.tap(number)


def take_file(corner: Street, number: int = 0) -> Path:
    """Where the recording of a take is, as its row says."""
    return Path(corner.folder / "media" / corner.rows("take")[number]["media_path"])


def sent(corner: Street, method: str) -> list[dict[str, Any]]:
    """The calls of a method of the Bot API, without what is the same in all."""
    return corner.calls(method)


async def test_nothing_yet(town: Street) -> None:
    """Before the first answer it says what will be here, and offers a question."""
    await town.enrol()
    await town.tap("Not now")
    await town.tap("Skip it")
    said = await town.say("/takes")
    assert "None yet" in said["text"]
    assert town.labels(said) == ["Ask me one now"]


async def test_by_question(pair: Street) -> None:
    """Each question once, the one answered last first, with how many takes and the way of the tone."""
    await begin(pair, "2 Edgy")
    first = pair.row("drill")["question_id"]
    for tone in ("3 Flat", "5 Smooth"):
        await pair.later(DAY)
        await spoken(pair, tone)
    asked = [row["question_id"] for row in pair.rows("drill")]
    said = await pair.say("/takes")
    lines = said["text"].splitlines()
    shown = [line for line in lines if line[:2] in ("1.", "2.")]
    assert [asked[-1] in shown[0], len(shown)] == [True, len(set(asked))]
    assert first in said["text"]
    assert "one take" in said["text"] or "3 takes: 2 Edgy → 5 Smooth" in said["text"]
    assert pair.labels(said)[-4:] == ["By tone", "By date", "Search", "Progress"]


async def test_from_progress_and_from_the_rated_card(corner: Street) -> None:
    """Both lead there; the rated card stays as it is, and the takes come below it."""
    await corner.enrol(bank="Small set")
    rating = await corner.voice()
    await corner.tap("3 Flat")
    said = await corner.tap("All takes")
    assert said["text"].startswith(f"“{ASK}”\nOne take.")
    assert "Undo" in corner.labels(corner.shown(rating["message_id"]))
    shown = await corner.say("/progress")
    listed = await corner.tap("My takes")
    assert listed["message_id"] == shown["message_id"]
    assert "My takes, by question" in listed["text"]


async def test_the_screen_of_a_take(corner: Street) -> None:
    """What was asked, in its words; when, how, how it was rated; and what can be done with it."""
    await begin(corner)
    await spoken(corner, "4 Professional")
    wording = corner.rows("drill")[1]["words"]
    assert wording != ASK
    shown = await card(corner, "2")
    assert f"“{wording}”" in shown["text"]
    assert "13:00 · voice, 1:15 · you asked for it" in shown["text"]
    assert "Your rating: 4 Professional" in shown["text"]
    assert corner.labels(shown) == [
        "Hear it",
        "★ Keep for ever",
        "Delete",
        "All takes",
        "First and latest",
        "My takes",
        "Ask a friend",
    ]


async def test_words_as_they_were_asked(corner: Street) -> None:
    """A bank edited since changes nothing of what a take says was asked."""
    await begin(corner)
    corner.app._banks.library = shelf(question(ask="Quite another wording?"))
    shown = await card(corner)
    assert f"“{ASK}”" in shown["text"]
    corner.app._banks.library = shelf(question("bad-boss"))
    assert f"“{ASK}”" in (await card(corner))["text"]


async def test_an_unrated_take(corner: Street) -> None:
    """Not rated is said to be so, on its screen and under its tone."""
    await corner.enrol(bank="Small set")
    await corner.voice()
    assert "Your rating: Not rated" in (await card(corner))["text"]
    await corner.say("/takes")
    await corner.tap("By tone")
    assert "Not rated" in (await corner.tap("Not rated (1)"))["text"]


async def test_by_tone(corner: Street) -> None:
    """Each tone with its number of takes; a tap shows just these."""
    await begin(corner, "2 Edgy")
    await typed(corner, "Calm.", "5 Smooth")
    await typed(corner, "Calmer.", "5 Smooth")
    await corner.say("/takes")
    shown = await corner.tap("By tone")
    assert corner.labels(shown) == ["2 Edgy (1)", "5 Smooth (2)", "My takes"]
    listed = await corner.tap("5 Smooth (2)")
    assert listed["text"].startswith("My takes: 5 Smooth")
    assert corner.labels(listed) == ["1", "2", "My takes"]
    assert "“Calmer.”" in (await corner.tap("1"))["text"]


async def test_by_date_in_pages(corner: Street) -> None:
    """The newest first, six at a time, turned in place."""
    await begin(corner)
    for number in range(7):
        await typed(corner, f"Answer {number}", "4 Professional")
    await corner.say("/takes")
    page = await corner.tap("By date")
    assert corner.labels(page) == ["1", "2", "3", "4", "5", "6", "Older ›", "My takes"]
    older = await corner.tap("Older ›")
    assert older["message_id"] == page["message_id"]
    assert corner.labels(older) == ["7", "8", "‹ Newer", "My takes"]
    assert "Answer 0" in (await corner.tap("7"))["text"]


async def test_pages_of_one_question(corner: Street) -> None:
    """The takes of one question come oldest first, in pages as well."""
    await begin(corner)
    for number in range(7):
        await typed(corner, f"Answer {number}", "4 Professional")
    await corner.say("/takes")
    page = await corner.tap("1")
    assert "8 takes, oldest first" in page["text"]
    later = await corner.tap("Later ›")
    assert corner.labels(later)[:3] == ["7", "8", "‹ Earlier"]
    assert "Answer 6" in (await corner.tap("8"))["text"]


@pytest.mark.parametrize("words", ["SMOOTH öl", "öl", "/takes 100% smooth", "smooth_öl"])
async def test_search(corner: Street, words: str) -> None:
    """All the words, in any order and case, in any alphabet; marks that mean something to SQL do not."""
    await begin(corner)
    await typed(corner, "100% smooth, like ÖL on water.", "4 Professional")
    await typed(corner, "Rough: 100 miles of it.", "4 Professional")
    if words.startswith("/"):
        found = await corner.say(words)
    else:
        await corner.say("/takes")
        await corner.tap("Search")
        found = await corner.say(words)
    if "_" in words:
        assert found["text"].startswith("No typed answer has “smooth_öl” in it.")
        return
    assert corner.labels(found) == ["1", "Search", "My takes"]
    assert "ÖL" in (await corner.tap("1"))["text"]


async def test_search_finds_only_ones_own(corner: Street) -> None:
    """What somebody else typed is not found, and their page of results shows one's own words."""
    await begin(corner)
    await corner.enrol(CARL, "Small set")
    await corner.say("A canary sang.", CARL)
    assert "No typed answer has" in (await corner.say("/takes canary"))["text"]
    assert "1." in (await corner.say("/takes canary", CARL))["text"]
    await corner.press(corner.last()["message_id"], "v1:takes-found:0")
    assert "No typed answer has" in corner.last()["text"]


async def test_an_answer_is_no_search(corner: Street) -> None:
    """With a question open, what is too long to be searched for is the answer; otherwise it is said."""
    await begin(corner)
    await corner.say("/takes")
    await corner.tap("Search")
    long = "I left because the whole team had moved and my work had moved with it. " * 2
    assert (await corner.say(long))["text"].startswith("To search, type a word or two")
    await corner.say("/drill")
    card_id = corner.last()["message_id"]
    await corner.say("/takes")
    await corner.tap("Search")
    await corner.say(long)
    assert corner.row("take")["text"] == long.strip()
    assert corner.row("drill")["message_id"] == card_id


async def test_hear_it(corner: Street) -> None:
    """A recording is sent anew with its day and rating, and the way to the others below it."""
    await begin(corner)
    await card(corner)
    played = await corner.tap("Hear it")
    [call] = sent(corner, "sendVoice")
    assert call["voice"] == corner.row("take")["file_id"]
    assert call["caption"] == "Your take of 23 November 2026 · 2 Edgy"
    assert corner.labels(played) == ["All takes", "Say it again"]
    shown = await corner.tap("All takes")
    assert shown["message_id"] > played["message_id"]
    assert corner.refusals() == []


async def test_show_it(corner: Street) -> None:
    """Of what was typed the words come as a reply to the learner's own message."""
    await begin(corner)
    await typed(corner, "Calm <b>.", "5 Smooth")
    mine = corner.rows("take")[1]["message_id"]
    await card(corner, "2")
    shown = await corner.tap("Show it")
    assert "“Calm <b>.”" in shown["text"]
    assert shown["reply_to_message"]["message_id"] == mine


async def test_first_and_latest(corner: Street) -> None:
    """Two messages, then and now, with days and tones; where voice is refused, words in their place."""
    await begin(corner)
    await corner.later(DAY)
    await spoken(corner, "4 Professional")
    await spoken(corner, "5 Smooth")
    await corner.say("/takes")
    await corner.tap("1")
    await corner.tap("First and latest")
    then, now = sent(corner, "sendVoice")
    takes = corner.rows("take")
    assert [then["voice"], now["voice"]] == [takes[0]["file_id"], takes[2]["file_id"]]
    assert then["caption"] == "<b>Then</b>, 23 November 2026 · 2 Edgy"
    assert now["caption"] == "<b>Now</b>, 24 November 2026 · 5 Smooth"
    refusal = {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: VOICE_MESSAGES_FORBIDDEN",
    }
    corner.sandbox.faults.add({"method": "sendVoice", "status": 400, "body": refusal})
    await corner.later(MINUTE)
    await corner.say("/takes")
    await corner.tap("1")
    await corner.tap("First and latest")
    words = [m for m in corner.messages() if m.get("text", "").startswith("Then,")]
    assert words[-1]["reply_to_message"]["message_id"] == takes[0]["message_id"]


async def test_first_and_latest_in_writing(corner: Street) -> None:
    """Typed answers are quoted, one under the other."""
    await corner.enrol(bank="Small set")
    await corner.say("They drove me out.")
    await corner.tap("1 Bitter")
    await corner.tap("Not now")
    await typed(corner, "The work moved; I moved on.", "5 Smooth")
    await corner.say("/takes")
    await corner.tap("1")
    last = await corner.tap("First and latest")
    assert "“The work moved; I moved on.”" in last["text"]
    assert "“They drove me out.”" in corner.messages()[-2]["text"]


async def test_one_take_is_not_compared(corner: Street) -> None:
    """With a single take it says so and offers to say it again."""
    await begin(corner)
    await corner.say("/takes")
    await corner.tap("1")
    said = await corner.tap("First and latest")
    assert said["text"].startswith("There is one take of this question so far.")
    assert corner.labels(said)[0] == "Say it again"


async def test_star(corner: Street) -> None:
    """A star stays until it is taken off; pressed twice it is set once."""
    await begin(corner)
    await card(corner)
    shown = await corner.double_tap("★ Keep for ever")
    assert "★ Kept for ever." in shown["text"]
    at = corner.row("take")["starred_at"]
    assert at
    await corner.say("/takes")
    assert "★ 23 November 2026" in (await corner.tap("By date"))["text"]
    await corner.tap("1")
    await corner.tap("Don’t keep for ever")
    assert corner.row("take")["starred_at"] is None


async def test_delete_and_bring_back(corner: Street) -> None:
    """Asked once; deleted it is in no list, and one tap brings it back as it was."""
    await begin(corner)
    before = corner.row("take")
    await card(corner)
    asked = await corner.tap("Delete")
    assert "Delete your take of 23 November 2026?" in asked["text"]
    assert corner.row("take") == before
    gone = await corner.double_tap("Yes, delete it")
    assert DELETED in gone["text"]
    assert corner.labels(gone) == ["Bring it back", "Erase now", "All takes", "My takes"]
    await corner.later(MINUTE)
    await corner.press(gone["message_id"], "v1:take-drop:" + str(before["take_no"]))
    assert len(corner.rows("deed")) == 1
    assert "None yet" in (await corner.say("/takes"))["text"]
    assert take_file(corner).exists()
    await corner.press(gone["message_id"], "v1:take-back:" + str(before["take_no"]))
    assert corner.row("take") == before
    assert corner.toasts()[-1] == "It is here again."
    await corner.later(MINUTE)
    await corner.press(gone["message_id"], "v1:take-back:" + str(before["take_no"]))
    assert corner.toasts()[-1] == "That card is closed."


async def test_keep_it(corner: Street) -> None:
    """Whoever does not want to delete it after all is back at its screen."""
    await begin(corner)
    await card(corner)
    await corner.tap("Delete")
    shown = await corner.tap("Keep it")
    assert "Your rating: 2 Edgy" in shown["text"]
    assert corner.row("take")["deleted_at"] is None


async def test_erased_after_a_day(corner: Street) -> None:
    """For a day file and words are there; then they go, and the row and the rating stay."""
    await begin(corner)
    await typed(corner, "A canary sang.", "3 Flat")
    for _ in range(2):
        await card(corner, "1")
        await corner.tap("Delete")
        await corner.tap("Yes, delete it")
    path, standing = take_file(corner), corner.row("standing")
    await corner.jump(DAY - MINUTE)
    await corner.app.upkeep.tidy()
    assert path.exists()
    await corner.jump(MINUTE)
    number = corner.rows("take")[0]["take_no"]
    await corner.press(corner.last()["message_id"], f"v1:take-back:{number}")
    assert corner.toasts()[-1] == "It is deleted for good, and can’t come back."
    await corner.app.upkeep.tidy()
    assert not path.exists()
    for row in corner.rows("take"):
        assert (row["text"], row["file_id"], row["media_path"]) == (None, None, None)
    assert [row["media_state"] for row in corner.rows("take")] == [MediaState.GONE, MediaState.NONE]
    assert len(corner.rows("rating")) == 2
    assert corner.row("standing") == standing
    assert b"canary" not in corner.app.database.path.read_bytes()
    await corner.press(corner.last()["message_id"], f"v1:take-card:{number}")
    assert "This take was deleted for good." in corner.last()["text"]
    assert "Your rating stays: 2 Edgy" in corner.last()["text"]
    await corner.press(corner.last()["message_id"], f"v1:take-back:{number}")
    assert corner.toasts()[-1] == "It is deleted for good, and can’t come back."
    assert corner.refusals() == []


async def test_erase_now(corner: Street) -> None:
    """At once the file is gone and no word is left on the disk, in the log neither."""
    await begin(corner)
    await typed(corner, "A canary sang.", "3 Flat")
    path = take_file(corner)
    for _ in range(2):
        await card(corner)
        await corner.tap("Delete")
        await corner.tap("Yes, delete it")
        gone = await corner.tap("Erase now")
        assert "This take was deleted for good." in gone["text"]
    assert not path.exists()
    base = corner.app.database.path
    log = base.with_name(f"{base.name}-wal")
    held = base.read_bytes() + (log.read_bytes() if log.exists() else b"")
    assert b"canary sang" not in held
    said = await corner.say("/undo")
    assert said["text"].startswith(
        "The last thing was a take you deleted, and it is erased by now."
    )


async def test_old_buttons_of_a_deleted_take(corner: Street) -> None:
    """Play, star, delete, hear my first take, and which one counts: each says that it is deleted."""
    await begin(corner)
    shown = await card(corner)
    number = corner.row("take")["take_no"]
    drill = corner.row("drill")["drill_no"]
    await corner.tap("Delete")
    await corner.tap("Yes, delete it")
    message = shown["message_id"]
    for press, told in (
        (f"take-play:{number}", "This take was deleted."),
        (f"take-star:{number}:1", "This take was deleted."),
        (f"count:{drill}:{number}", "That card is closed."),
    ):
        await corner.press(message, f"v1:{press}")
        assert corner.toasts()[-1] == told
    await corner.press(message, f"v1:take-delete:{number}")
    assert DELETED in corner.shown(message)["text"]
    said = await corner.tap("Hear my first take")
    assert said["text"] == "You deleted your first take of this question. These are left:"
    left = await corner.tap("All takes")
    assert left["text"].startswith("You deleted your takes of this question.")
    await corner.press(message, f"v1:takes-then:{drill}")
    assert corner.last()["text"].startswith("You deleted your takes of this question. Say it again")
    assert sent(corner, "sendVoice") == []
    assert corner.row("take")["starred_at"] is None


@pytest.mark.parametrize(
    "action",
    [
        "take-card:{t}",
        "take-play:{t}",
        "take-star:{t}:1",
        "take-delete:{t}",
        "take-drop:{t}",
        "take-back:{t}",
        "take-erase:{t}",
        "takes-of:{d}",
        "takes-then:{d}",
        "take-card",
        "takes-of:x",
        "takes-tone:9",
        "take-drop:999999999",
    ],
)
async def test_foreign_and_forged_numbers(corner: Street, action: str) -> None:
    """Numbers of somebody else, or of nothing: nothing is shown or changed, and it is answered."""
    await begin(corner)
    numbers = {"t": corner.row("take")["take_no"], "d": corner.row("drill")["drill_no"]}
    for _ in range(3):  # Carl's numbers are not Ann's
        await corner.say("/start", CARL)
    await corner.enrol(CARL, "Small set")
    before = corner.rows("take"), corner.messages()
    press = action.format(**numbers)
    under = corner.last(CARL)
    await corner.press(under["message_id"], f"v1:{press}", CARL)
    assert corner.toasts()[-1] == "That card is closed."
    assert (corner.rows("take"), corner.messages()) == before
    assert corner.shown(under["message_id"], CARL) == under


async def test_a_deleted_take_does_not_count(corner: Street) -> None:
    """Of two answers within a minute the one that was deleted cannot be made the one that counts."""
    await corner.enrol(bank="Small set")
    await corner.voice()
    choice = await corner.voice()
    first, second = (row["take_no"] for row in corner.rows("take"))
    await corner.press(choice["message_id"], f"v1:take-delete:{second}")
    await corner.tap("Yes, delete it")
    drill = corner.row("drill")["drill_no"]
    await corner.press(choice["message_id"], f"v1:count:{drill}:{second}")
    assert corner.toasts()[-1] == "That card is closed."
    assert corner.row("drill")["take_no"] == first


async def test_a_deleted_answer_is_not_revised(corner: Street) -> None:
    """Whoever edits the message of a deleted take brings nothing of it back."""
    await corner.enrol(bank="Small set")
    await corner.say("A canary sang.")
    message = corner.mine()["message_id"]
    await corner.tap("3 Flat")
    await card(corner)
    await corner.tap("Delete")
    await corner.tap("Yes, delete it")
    await corner.edit(message, "A canary sang again.")
    assert len(corner.rows("take")) == 1


async def test_how_long_recordings_stay(corner: Street) -> None:
    """My data shows the room they take; a tap chooses for how long the others stay."""
    await begin(corner)
    await corner.say("/settings")
    data = await corner.tap("My data")
    assert "One recording is kept here: 1 kB." in data["text"]
    page = await corner.tap("How long to keep")
    assert corner.labels(page) == ["30 days", "90 days ✓", "1 year", "For ever", "Back"]
    page = await corner.tap("For ever")
    assert corner.labels(page)[3] == "For ever ✓"
    assert corner.row("learner")["media_days"] == 0
    await corner.press(page["message_id"], "v1:media:31")
    assert corner.row("learner")["media_days"] == 0
    assert "My data" in (await corner.tap("Back"))["text"]


async def test_old_recordings_go(corner: Street) -> None:
    """After their time the middling ones go, file and all; first, best, latest and starred stay."""
    await begin(corner, "3 Flat")
    for tone in ("2 Edgy", "5 Smooth", "1 Bitter", "4 Professional"):
        await spoken(corner, tone)
    await card(corner, "4")
    await corner.tap("★ Keep for ever")
    paths = [take_file(corner, number) for number in range(5)]
    await corner.jump(91 * DAY)
    await corner.app.clearing.let_go(ANN)
    await corner.app.clearing.drop_files()
    assert [path.exists() for path in paths] == [True, False, True, True, True]
    gone = corner.rows("take")[1]
    assert (gone["media_state"], gone["file_id"], gone["media_path"]) == (4, None, None)
    shown = await card(corner, "2")
    assert "Its recording is not kept here any more." in shown["text"]
    assert "Your rating: 2 Edgy" in shown["text"]
    told = await corner.tap("Show it")
    assert told["reply_to_message"]["message_id"] == gone["message_id"]
    assert corner.refusals() == []


def test_labels_fit_a_phone() -> None:
    """No button of these screens is longer than twenty characters."""
    texts = Texts()
    names = ["take-play", "take-find", "take-see", "take-star", "take-unstar", "take-delete"]
    names += ["take-back", "take-erase", "take-delete-yes", "take-delete-no", "takes-button"]
    names += ["takes-then", "takes-all", "takes-tones", "takes-dates", "takes-seek", "media-button"]
    assert [name for name in names if len(texts.plain(name)) > 20] == []


async def test_a_badge_with_the_first_take_deleted(corner: Street) -> None:
    """The party goes on without it: then is now, and nothing deleted is played or pointed to."""
    await begin(corner, "3 Flat")
    await card(corner)
    await corner.tap("Delete")
    await corner.tap("Yes, delete it")
    await corner.say("/settings")
    await corner.tap("Resume")
    for _ in range(2):
        await corner.jump(DAY)
        if corner.row("learner")["open_drill"] is None:
            await corner.surprise()
        await corner.say("I left to learn more.")
        await corner.tap("5 Smooth")
    assert corner.row("standing")["badge_at"]
    texts = [m.get("text", "") for m in corner.messages()]
    [cheer] = [text for text in texts if text.startswith("🏆")]
    assert re.search(r"Then: (2[4-9] November 2026)\. Now: \1\.", cheer)
    assert "This was your first take." not in texts
