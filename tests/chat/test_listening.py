"""Listening again: yesterday's take in the chat, rated once more; who may not be disturbed; every odd tap."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.banks.library import library_of
from tests.chat.banks import bank, question, shelf
from tests.house import ANN, CARL, DAY, HOUR, Message, Street, street

TONES = ["1 Bitter", "2 Edgy", "3 Flat", "4 Professional", "5 Smooth"]
REFUSED = {
    "method": "sendVoice",
    "status": 400,
    "body": {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: VOICE_MESSAGES_FORBIDDEN",
    },
    "times": 99,
}


async def spoke(corner: Street, tone: str = "4 Professional", person: int = ANN) -> Message:
    """Enrolled, with the first question answered aloud and rated; returns the learner's voice message."""
    await corner.enrol(person, bank="Small set")
    return await answered(corner, tone, person)


async def answered(corner: Street, tone: str, person: int = ANN) -> Message:
    """The open question answered aloud and rated; returns the learner's voice message."""
    await corner.voice(person)
    said = corner.mine(person)
    await corner.tap(tone, person)
    return said


async def next_day(corner: Street, person: int = ANN) -> Message:
    """The planned moment of the listen; what fell due before it has been missed. Returns what came."""
    due = corner.row("errand", person)["due_at"]
    await corner.jump(due - corner.app.clock.now())
    return corner.last(person)


async def sprung(corner: Street, tone: str) -> None:
    """A surprise of another day than the last answer, answered aloud and rated."""
    day = corner.row("rating")["rated_at"] // DAY
    while corner.app.clock.now() // DAY == day:
        await corner.jump(corner.row("learner")["next_drill_at"] - corner.app.clock.now())
        if corner.app.clock.now() // DAY == day:
            await corner.tap("Not now")
            await corner.tap("Skip it")
    await answered(corner, tone)


async def only_the_listen(corner: Street) -> None:
    """Two surprises of two days called smooth: six points, and nothing missing but the listen."""
    await spoke(corner, "3 Flat")
    for _ in range(2):
        await sprung(corner, "5 Smooth")
    assert corner.row("standing")["points"] == 6
    assert corner.row("standing")["badge_at"] is None


def delete_recordings(corner: Street) -> None:
    """Whoever speaks has deleted their recordings."""
    with closing(sqlite3.connect(corner.app.settings.database_path)) as connection:
        connection.execute("UPDATE take SET deleted_at = ?", [corner.app.clock.now()])
        connection.commit()


def celebrations(corner: Street) -> list[Message]:
    """The messages that celebrate a badge."""
    return [m for m in corner.messages() if m.get("text", "").startswith("🏆")]


async def test_yesterdays_take_is_played_without_its_rating(corner: Street) -> None:
    """The next day, in open hours, silently: the recording, the question, five tones and a way out."""
    said = await spoke(corner)
    came = await next_day(corner)
    assert came["voice"]["file_id"] == said["voice"]["file_id"]
    assert came["caption"] == (
        "This is you, yesterday. How does it sound now?\n“What happened with why-leaving?”"
    )
    assert corner.labels(came) == [*TONES, "Not now"]
    assert corner.calls("sendVoice")[-1]["disable_notification"] is True
    assert 9 <= corner.app.clock.now() // HOUR % 24 < 20
    assert corner.rows("errand") == []
    assert corner.refusals() == []


@pytest.mark.parametrize("kind", ["video_note", "video"])
async def test_every_kind_of_recording_is_played(corner: Street, kind: str) -> None:
    """Round videos and video files come with the same words and buttons."""
    await corner.enrol(bank="Small set")
    await corner.voice(kind=kind)
    await corner.tap("4 Professional")
    came = await next_day(corner)
    assert (came.get("caption") or came["text"]).startswith("This is you, yesterday.")
    assert corner.labels(came) == [*TONES, "Not now"]
    after = await corner.tap("4 Professional")
    assert after["text"].startswith("Then: Professional. Now: Professional.")
    assert corner.refusals() == []


async def test_a_typed_answer_is_not_played(corner: Street) -> None:
    """With text answers only nothing changes."""
    await corner.enrol(bank="Small set")
    await corner.say("I kept two diaries.")
    await corner.tap("4 Professional")
    assert corner.rows("errand") == []
    assert "Listen again" not in corner.labels(await corner.say("/progress"))


@pytest.mark.parametrize(
    ("then", "now", "told"),
    [
        ("4 Professional", "4 Professional", "You heard it right the first time."),
        ("4 Professional", "5 Smooth", "It was better than you thought."),
        ("5 Smooth", "4 Professional", "Ears a day older hear more, and it still stands."),
        ("4 Professional", "3 Flat", "Ears a day older hear more. Nothing is taken away."),
    ],
)
async def test_then_and_now_are_told_kindly(corner: Street, then: str, now: str, told: str) -> None:
    """Both tones by name, what the difference means, what comes next; the played take has no buttons."""
    await spoke(corner, then)
    played = await next_day(corner)
    after = await corner.tap(now)
    assert after["text"].startswith(f"Then: {then[2:]}. Now: {now[2:]}. {told}")
    assert corner.labels(after) == ["Say it again", "Hear my first take", "Undo", "Ask me one now"]
    assert corner.labels(corner.shown(played["message_id"])) == []
    assert corner.toasts()[-1] == "Saved"
    assert corner.row("standing")["points"] == (3 if then == "5 Smooth" else 2)
    assert corner.refusals() == []


async def test_a_second_ear_that_hears_a_slip_gets_help(corner: Street) -> None:
    """The question's own trap and a tip, and that another take will come."""
    await spoke(corner)
    await next_day(corner)
    text = (await corner.tap("2 Edgy"))["text"]
    assert "Trap: " in text
    assert "Aim for: " in text
    assert "The badge waits for one that is still a 4 or 5" in text


async def test_after_one_that_holds_the_rest_of_the_way_is_told(corner: Street) -> None:
    """Points and days, as after a rating; of the listen nothing more."""
    await spoke(corner)
    await next_day(corner)
    text = (await corner.tap("4 Professional"))["text"]
    assert "2 of 6 points to the badge" in text
    assert "listen" not in text.lower()


async def test_the_last_rating_says_that_only_the_listen_is_missing(corner: Street) -> None:
    """Six points and a surprise: the card, /progress and /help name the one thing left."""
    await only_the_listen(corner)
    text = corner.last()["text"]
    assert "6 of 6 points to the badge." in text
    assert "One thing left: listen to yourself tomorrow" in text
    assert (
        "takes one more thing: listen to yourself again" in (await corner.say("/progress"))["text"]
    )
    assert "when I play it to you a day later" in (await corner.say("/help"))["text"]


async def test_the_listen_that_holds_brings_the_badge(corner: Street) -> None:
    """It is celebrated as ratings do, once, though it is taken back and given again."""
    await only_the_listen(corner)
    await next_day(corner)
    await corner.tap("4 Professional")
    assert corner.row("standing")["badge_at"] == corner.app.clock.now()
    [cheer] = celebrations(corner)
    assert "Badge earned: “What happened with why-leaving?”" in cheer["text"]
    assert cheer["effect"] == "🎉"
    await corner.tap("Undo")
    assert corner.row("standing")["badge_at"] is None
    after = await corner.tap("5 Smooth")
    assert corner.row("standing")["badge_at"] is not None
    assert len(celebrations(corner)) == 1
    assert "You hold the badge for this one." in after["text"]
    assert corner.refusals() == []


async def test_undo_puts_the_five_buttons_back(corner: Street) -> None:
    """The card asks again; its old numbers are over, and a second undo takes nothing back."""
    await spoke(corner)
    played = await next_day(corner)
    after = await corner.tap("2 Edgy")
    old = corner.row("listen")["listen_no"]
    await corner.tap("Undo")
    shown = corner.shown(after["message_id"])
    assert shown["text"] == "Taken back. How does it sound now?"
    assert corner.labels(shown) == [*TONES, "Not now"]
    for data in (f"v1:heard-undo:{old}", f"v1:heard:{old}:5"):
        await corner.press(played["message_id"], data)
        assert corner.row("listen")["tone"] is None
    assert corner.toasts()[-2:] == ["There is no rating to take back.", "That card is closed."]
    await corner.tap("4 Professional")
    assert [row["tone"] for row in corner.rows("listen")] == [2, 4]


async def test_undo_typed_takes_back_the_last_of_both_kinds(corner: Street) -> None:
    """First the second rating, and the take is played anew; then the first one; then there is nothing."""
    await spoke(corner)
    played = await next_day(corner)
    await corner.tap("2 Edgy")
    again = await corner.say("/undo")
    assert again["voice"] == played["voice"]
    assert again["caption"] == "Taken back. How does it sound now?"
    assert corner.labels(again) == [*TONES, "Not now"]
    await corner.tap("4 Professional")
    assert [row["tone"] for row in corner.rows("listen")] == [2, 4]
    await corner.say("/undo")
    assert (await corner.say("/undo"))["text"].startswith("Taken back. It was the rating of")
    assert "nothing to take back" in (await corner.say("/undo"))["text"]


async def test_undo_typed_when_the_take_is_gone(corner: Street) -> None:
    """The second rating is taken back all the same; what is gone is not played."""
    await spoke(corner)
    await next_day(corner)
    await corner.tap("4 Professional")
    delete_recordings(corner)
    assert (await corner.say("/undo"))["text"] == "Taken back. How does it sound now?"
    assert corner.rows("listen")[0]["withdrawn_at"] is not None


async def test_not_now(corner: Street) -> None:
    """The buttons give way to next steps; no standing changes, and /progress still offers it."""
    await spoke(corner)
    played = await next_day(corner)
    before = corner.row("standing")
    await corner.tap("Not now")
    assert corner.toasts()[-1] == "Fine. It can wait for another day."
    assert "Ask me one now" in corner.labels(corner.shown(played["message_id"]))
    assert corner.row("standing") == before
    await corner.say("/progress")
    again = await corner.tap("Listen again")
    assert again["voice"] == played["voice"]


async def test_two_taps_are_one(corner: Street) -> None:
    """A double tap rates once; another tone afterwards only hears what was saved."""
    await spoke(corner)
    played = await next_day(corner)
    await corner.double_tap("4 Professional")
    number = corner.row("listen")["listen_no"]
    await corner.press(played["message_id"], f"v1:heard:{number}:1")
    assert corner.toasts()[-1] == "Already saved as 4 Professional."
    assert [row["tone"] for row in corner.rows("listen")] == [4]


@pytest.mark.parametrize("data", ["heard", "heard:x:4", "heard:1:4", "heard:{}:0", "heard:{}:6"])
async def test_a_forged_press_changes_nothing(corner: Street, data: str) -> None:
    """Numbers of nothing, no tone, no number: politely nothing."""
    await spoke(corner)
    played = await next_day(corner)
    number = corner.row("listen")["listen_no"]
    await corner.press(played["message_id"], f"v1:{data}".format(number))
    assert corner.toasts()[-1] == "That card is closed."
    assert corner.row("listen")["tone"] is None


async def test_a_foreign_press_changes_nothing(corner: Street) -> None:
    """Carl presses with the number of Ann's listen: neither hers nor his is changed."""
    await spoke(corner)
    await next_day(corner)
    card = await corner.enrol(CARL, bank="Small set")
    number = corner.row("listen")["listen_no"]
    await corner.press(card["message_id"], f"v1:heard:{number}:1", CARL)
    assert corner.row("listen")["tone"] is None
    assert corner.rows("listen", CARL) == []


async def test_a_take_deleted_before_its_moment_is_not_played(corner: Street) -> None:
    """Nothing comes, and nothing is left to be done."""
    await spoke(corner)
    before = corner.messages()
    delete_recordings(corner)
    await next_day(corner)
    assert corner.messages() == before
    assert corner.rows("errand") == []


async def test_a_take_deleted_after_it_was_played_is_not_rated(corner: Street) -> None:
    """The press gets a polite answer, and the buttons go."""
    await spoke(corner)
    played = await next_day(corner)
    delete_recordings(corner)
    await corner.tap("4 Professional")
    assert corner.toasts()[-1] == "That card is closed."
    assert corner.labels(corner.shown(played["message_id"])) == []
    assert corner.row("listen")["tone"] is None


async def test_who_accepts_no_voice_messages_hears_their_own(corner: Street) -> None:
    """Telegram refuses the recording: the words and buttons come in reply to the learner's message."""
    said = await spoke(corner)
    corner.sandbox.faults.add(REFUSED)
    came = await next_day(corner)
    assert "voice" not in came
    assert came["text"].startswith("This is you, yesterday.")
    assert came["reply_to_message"]["message_id"] == said["message_id"]
    assert corner.labels(came) == [*TONES, "Not now"]
    after = await corner.tap("3 Flat")
    assert after["text"].startswith("Then: Professional. Now: Flat.")


async def test_who_blocked_the_bot_gets_none(corner: Street) -> None:
    """Nothing is tried while they are away; after their return the next answer plans again."""
    await spoke(corner)
    due = corner.row("errand")["due_at"]
    corner.sandbox.world.block(ANN)
    await corner.settle()
    await corner.jump(due - corner.app.clock.now())
    assert corner.calls("sendVoice") == []
    assert corner.rows("errand") == []
    corner.sandbox.world.block(ANN, blocked=False)
    await corner.settle()
    await corner.say("/drill")
    await answered(corner, "4 Professional")
    assert len(corner.rows("errand")) == 1


async def test_a_block_in_the_moment_of_playing_ends_well(corner: Street) -> None:
    """Telegram's refusal is taken for a leaving; the take waits, and nothing is sent twice."""
    await spoke(corner)
    due = corner.row("errand")["due_at"]
    corner.sandbox.world.chats[ANN].blocked = True
    await corner.jump(due - corner.app.clock.now())
    assert corner.row("learner")["left_at"] is not None
    assert corner.row("listen")["tone"] is None


async def test_forget_in_between(corner: Street) -> None:
    """Erased before the moment nothing comes; erased after it, the buttons name nothing any more."""
    await spoke(corner)
    played = await next_day(corner)
    number = corner.row("listen")["listen_no"]
    await corner.say("/forget")
    await corner.tap("Erase everything")
    await corner.tap("Yes, erase")
    for table in ("listen", "errand", "take"):
        assert corner.rows(table) == []
    await corner.press(played["message_id"], f"v1:heard:{number}:4")
    assert corner.rows("learner") == []
    await corner.later(3 * DAY)
    assert len(corner.calls("sendVoice")) == 1


async def test_it_comes_once_across_restarts(tmp_path: Path) -> None:
    """Planned before a restart it comes after it; played before one it is rated after it."""
    async with street(tmp_path, library=shelf()) as town:
        await spoke(town)
        due, wall = town.row("errand")["due_at"], town.wall
    async with street(tmp_path, library=shelf(), wall=wall) as town:
        town.sandbox.world.chats[ANN].is_open = True
        await town.jump(due - town.app.clock.now())
        assert town.last()["text"].startswith("This is you, yesterday."), "its file is unknown here"
        assert town.rows("errand") == []
        number = town.row("listen")["listen_no"]
    async with street(tmp_path, library=shelf(), wall=wall) as town:
        town.sandbox.world.updates.next_id += 10_000
        await town.say("/progress")
        await town.press(town.last()["message_id"], f"v1:heard:{number}:5")
        assert [row["tone"] for row in town.rows("listen")] == [5]
        assert town.last()["text"].startswith("Then: Professional. Now: Smooth.")


async def test_a_question_that_is_open_goes_first(corner: Street) -> None:
    """The listen comes an hour later, when the question is answered or its time is over."""
    await spoke(corner)
    due = corner.row("errand")["due_at"]
    await corner.jump(due - corner.app.clock.now() - HOUR // 2)
    if corner.row("learner")["open_drill"] is None:
        await corner.say("/drill")
    await corner.jump(HOUR // 2)
    assert corner.calls("sendVoice") == []
    assert corner.row("errand")["due_at"] == due + HOUR


async def test_an_outage_does_not_catch_up(corner: Street) -> None:
    """Found an hour late it is drawn anew, for another day."""
    await spoke(corner)
    due = corner.row("errand")["due_at"]
    await corner.jump(due + HOUR - corner.app.clock.now())
    assert corner.calls("sendVoice") == []
    assert corner.row("errand")["due_at"] // DAY == due // DAY + 1


async def test_an_older_take_is_named_by_its_date(corner: Street) -> None:
    """Asked for days later, it is not called yesterday's."""
    await spoke(corner)
    await corner.jump(5 * DAY)
    await corner.say("/progress")
    came = await corner.tap("Listen again")
    assert came["caption"].startswith("This is you, 23 November 2026. How does it sound now?")


async def test_it_can_be_asked_for_after_a_night(corner: Street) -> None:
    """/progress offers it from eighteen hours on; a button that is stale by then says so."""
    await spoke(corner)
    card = await corner.say("/progress")
    assert "Listen again" not in corner.labels(card)
    await corner.press(card["message_id"], "v1:listen")
    assert corner.toasts()[-1].startswith("Nothing to listen to yet")
    await corner.jump(18 * HOUR)
    assert "Listen again" in corner.labels(await corner.say("/progress"))


async def test_calibration_is_told_from_three_takes_on(corner: Street) -> None:
    """You then, you later, and how many takes."""
    many = bank("small-set", *(question(f"q-{number}") for number in range(4)))
    corner.app._banks.library = library_of([many])
    await spoke(corner, "5 Smooth")
    for _ in range(2):
        await corner.say("/drill")
        await answered(corner, "4 Professional")
    await corner.jump(18 * HOUR)
    for tone, onward in (
        ("4 Professional", "Listen"),
        ("3 Flat", "Listen"),
        ("3 Flat", "Ask me one"),
    ):
        assert "Your ears" not in (await corner.say("/progress"))["text"]
        await corner.tap("Listen again")
        assert corner.labels(await corner.tap(tone))[-1].startswith(onward)
    told = (await corner.say("/progress"))["text"]
    assert "Your ears: you then 4.3, you later 3.3 (3 takes)." in told


async def test_a_question_that_is_gone_is_still_rated(corner: Street) -> None:
    """The bank has lost it: it is named by its id, and rated all the same."""
    await spoke(corner)
    corner.app._banks.library = library_of([bank("small-set", question("other"))])
    came = await next_day(corner)
    assert "“why-leaving”" in came["caption"]
    assert (await corner.tap("2 Edgy"))["text"].startswith("Then: Professional. Now: Edgy.")
