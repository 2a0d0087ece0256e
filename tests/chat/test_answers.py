"""Answers of every kind: which drill they go to, what is kept, which one counts."""

from typing import Any

import pytest

from bot.drill.tone import Mode
from bot.practice import DrillState, MediaState, TakeKind
from bot.sandbox.shapes import Upload
from tests.house import ANN, DAY, HOUR, MINUTE, Message, Street

SECOND = 1000
RECORDED = b"OggS" + bytes(200)
CHOICE = ["The first", "The second"]


async def audio(town: Street, **facts: Any) -> Message:
    """Ann sends a file that her phone calls audio; the sandbox keeps it as it keeps a voice."""
    kept = town.sandbox.world.files.keep("voice", Upload("", "audio/mpeg", RECORDED), {})
    content = {**kept.content, "duration": 75, "title": "My answer", **facts}
    return await town.post({"audio": content})


@pytest.mark.parametrize(
    ("kind", "stored"),
    [
        ("voice", TakeKind.VOICE),
        ("video_note", TakeKind.VIDEO_NOTE),
        ("video", TakeKind.VIDEO),
        ("audio", TakeKind.AUDIO),
    ],
)
async def test_a_recording_is_kept_byte_for_byte(town: Street, kind: str, stored: TakeKind) -> None:
    """Voice, round video, video and audio become a take, and their bytes lie beside the database."""
    await town.enrol()
    card = await audio(town) if kind == "audio" else await town.voice(seconds=75, kind=kind)
    take = town.row("take")
    assert (take["kind"], take["duration"]) == (stored, 75)
    assert card["text"].startswith("Got it, 1:15.")
    assert card["reply_to_message"]["message_id"] == town.mine()["message_id"]
    assert take["media_state"] == MediaState.KEPT
    assert (town.folder / "media" / take["media_path"]).read_bytes() == RECORDED


async def test_text_is_an_answer_too(town: Street) -> None:
    """What is typed while a question is open is kept as it was written."""
    await town.enrol()
    card = await town.say("I said <b>no</b> & went.\nThen I came back.")
    assert town.row("take")["text"] == "I said <b>no</b> & went.\nThen I came back."
    assert town.row("take")["media_state"] == MediaState.NONE
    assert card["text"].startswith("Got it. How did your tone sound?")
    assert town.row("drill")["state"] == DrillState.ANSWERED


async def test_an_answer_takes_the_buttons_off_the_card(town: Street) -> None:
    """The question stays to be read, without Hint, Swap and Not now."""
    card = await town.enrol()
    await town.voice()
    assert town.labels(town.shown(card["message_id"])) == []


async def test_the_words_under_a_recording_are_kept(town: Street) -> None:
    """A caption is part of the answer."""
    await town.enrol()
    await audio(town, caption=None)
    assert town.row("take")["text"] is None
    kept = town.sandbox.world.files.keep("voice", Upload("", "audio/ogg", RECORDED), {})
    await town.post({"voice": kept.content, "caption": "second try"})
    assert town.row("take")["text"] == "second try"


@pytest.mark.parametrize(
    "content",
    [
        {"sticker": {"file_id": "s", "file_unique_id": "u", "type": "regular", "width": 9}
         | {"height": 9, "is_animated": False, "is_video": False}},
        {"location": {"latitude": 51.5, "longitude": 0.1}},
        {"contact": {"phone_number": "+44", "first_name": "Bo"}},
        {"dice": {"emoji": "🎲", "value": 3}},
        {"photo": [{"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9}]},
        {"document": {"file_id": "d", "file_unique_id": "u"}},
        {"some_kind_of_next_year": {"x": 1}},
    ],
)  # fmt: skip
async def test_what_cannot_be_an_answer_is_said(town: Street, content: dict[str, Any]) -> None:
    """Stickers, places, pictures, files and kinds nobody knows yet leave the question open."""
    await town.enrol()
    said = await town.post(content)
    assert said["text"].startswith("I can keep voice, round video, video, audio and text.")
    assert "Ask me one now" in town.labels(said)
    assert town.row("drill")["state"] == DrillState.OPEN
    assert town.rows("take") == []


async def test_a_reply_goes_to_the_card_it_replies_to(town: Street) -> None:
    """An answer to an older card is kept there, and the question that is open stays open."""
    old = await town.enrol()
    await town.later(HOUR + MINUTE)
    new = await town.say("/drill")
    said = await town.voice(reply_to=old["message_id"])
    assert said["text"].startswith("Got it, 0:50, a little late")
    first, second = town.rows("drill")
    assert (first["state"], second["state"]) == (DrillState.ANSWERED, DrillState.OPEN)
    assert town.row("take")["drill_no"] == first["drill_no"]
    assert town.labels(town.shown(new["message_id"])) == ["Hint", "Swap", "Not now"]


async def test_a_reply_to_a_rating_card_goes_to_its_answer(town: Street) -> None:
    """Whoever replies to "how did it sound?" adds to that answer, not to the next question."""
    await town.enrol()
    rating = await town.voice()
    await town.later(2 * MINUTE)
    await town.tap("4 Professional")
    await town.say("/drill")
    said = await town.voice(reply_to=rating["message_id"])
    assert said["text"].startswith("Kept with “")
    assert [take["drill_no"] for take in town.rows("take")] == [
        town.rows("drill")[0]["drill_no"]
    ] * 2


async def test_a_reply_to_something_else_answers_the_open_question(town: Street) -> None:
    """A reply to a message that is no card is an answer like any other."""
    await town.enrol()
    help_card = await town.say("/help")
    await town.voice(reply_to=help_card["message_id"])
    assert town.row("drill")["state"] == DrillState.ANSWERED


async def test_a_late_answer_counts_a_little_less(town: Street) -> None:
    """A surprise answered after its hour is kept, said to be late, and rated as late."""
    await town.enrol()
    await town.voice()
    card = await town.surprise()
    await town.later(HOUR + MINUTE)
    said = await town.say("Sorry, here it is.", reply_to=card["message_id"])
    assert "a little late, and kept all the same" in said["text"]
    await town.tap("4 Professional")
    assert town.row("rating")["mode"] == Mode.LATE


async def test_in_time_is_what_was_sent_in_time(town: Street) -> None:
    """An answer that reaches the bot late, because it was away, is as good as in time."""
    await town.enrol()
    await town.voice()
    await town.surprise()
    await town.later(50 * MINUTE)
    town.sandbox.world.say(ANN, "Here it is.")
    await town.jump(20 * MINUTE)
    await town.settle()
    assert town.row("take")["taken_at"] <= town.row("drill")["expires_at"]
    await town.tap("4 Professional")
    assert town.row("rating")["mode"] == Mode.SURPRISE


async def test_a_second_take_within_a_minute_asks_which_one_counts(town: Street) -> None:
    """Both are kept; the one that is chosen is rated."""
    await town.enrol()
    await town.voice()
    await town.later(59 * SECOND)
    asked = await town.voice()
    assert asked["text"].startswith("Two answers within a minute.")
    assert town.labels(asked) == CHOICE
    assert (await town.tap("The second"))["text"] == "That one counts. Rate it above."
    await town.tap("5 Smooth")
    assert town.row("rating")["take_no"] == town.rows("take")[1]["take_no"]


@pytest.mark.parametrize("chosen", ["The first", None])
async def test_the_first_take_counts_unless_told_otherwise(
    town: Street, chosen: str | None
) -> None:
    """Chosen, or nothing chosen at all: the first one is rated."""
    await town.enrol()
    await town.voice()
    await town.voice()
    if chosen:
        await town.tap(chosen)
    await town.tap("5 Smooth")
    assert town.row("rating")["take_no"] == town.rows("take")[0]["take_no"]


async def test_a_third_take_asks_again(town: Street) -> None:
    """The last of three within a minute of each other can be the one that counts."""
    await town.enrol()
    for _ in range(2):
        await town.voice()
        await town.later(40 * SECOND)
    await town.say("My third and best.")
    await town.tap("The second")
    await town.tap("5 Smooth")
    assert town.row("rating")["take_no"] == town.rows("take")[2]["take_no"]


async def test_which_one_counts_is_settled_by_the_rating(town: Street) -> None:
    """After the rating the choice is closed."""
    await town.enrol()
    await town.voice()
    await town.voice()
    await town.tap("5 Smooth")
    await town.tap("The second")
    assert town.toasts()[-1] == "That card is closed."
    assert town.row("rating")["take_no"] == town.rows("take")[0]["take_no"]


async def test_a_minute_later_it_is_one_more_take(town: Street) -> None:
    """A further recording after a minute is kept beside the answer, and nothing is asked."""
    await town.enrol()
    await town.voice()
    await town.later(61 * SECOND)
    said = await town.voice()
    assert "beside the answer that counts" in said["text"]
    assert len(town.rows("take")) == 2
    assert town.row("drill")["take_no"] == town.rows("take")[0]["take_no"]


async def test_text_out_of_the_blue_is_no_answer(town: Street) -> None:
    """Typed while no question is open, it is answered with what to do, and not kept."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    said = await town.say("thank you")
    assert said["text"] == "I keep what you say when a question is open. None is just now."
    assert "Ask me one now" in town.labels(said)
    assert len(town.rows("take")) == 1


async def test_a_recording_finds_the_question_of_the_last_day(town: Street) -> None:
    """Spoken without a reply, within a day of the question, it is late and not lost; then no more."""
    await town.enrol()
    await town.say("/pause")
    await town.tap("Until I resume")
    await town.later(23 * HOUR)
    await town.voice()
    assert len(town.rows("take")) == 1
    await town.later(2 * HOUR)
    said = await town.voice()
    assert len(town.rows("take")) == 1
    assert said["text"].startswith("I keep what you say when a question is open.")


async def test_a_file_over_twenty_megabytes_counts_without_its_bytes(town: Street) -> None:
    """Telegram does not hand it over: that is said, nothing is fetched, and it can be rated."""
    await town.enrol()
    await audio(town, file_size=21 * 1024 * 1024)
    assert any("over 20 MB" in m.get("text", "") for m in town.messages())
    assert town.row("take")["media_state"] == MediaState.TOO_LARGE
    assert town.calls("getFile") == []
    await town.tap("4 Professional")
    assert town.row("rating")["tone"] == 4


async def test_an_edited_answer_is_kept_beside_the_first_words(town: Street) -> None:
    """Both wordings are stored, the new one is what is rated, and it is said."""
    await town.enrol()
    await town.say("My furst answer.")
    said = await town.edit(town.mine()["message_id"], "My first answer.")
    assert said["text"] == "Kept your new wording beside the first one."
    assert [take["text"] for take in town.rows("take")] == ["My furst answer.", "My first answer."]
    await town.tap("4 Professional")
    assert town.row("rating")["take_no"] == town.rows("take")[1]["take_no"]


async def test_an_answer_edited_after_its_rating_leaves_the_rating(town: Street) -> None:
    """The new wording is kept; what was rated stays what was rated."""
    await town.enrol()
    await town.say("My furst answer.")
    await town.tap("4 Professional")
    await town.edit(town.mine()["message_id"], "My first answer.")
    assert len(town.rows("take")) == 2
    assert town.row("drill")["take_no"] == town.row("rating")["take_no"]


async def test_an_answer_can_be_edited_again_and_again(town: Street) -> None:
    """Each new wording is one more take; the same words once more are none."""
    await town.enrol()
    await town.say("one")
    number = town.mine()["message_id"]
    for text in ("two", "three", "three"):
        await town.edit(number, text)
    assert [take["text"] for take in town.rows("take")] == ["one", "two", "three"]


async def test_an_edit_of_anything_else_is_left_alone(town: Street) -> None:
    """A changed message that was no answer has no effect, and no message comes of it."""
    await town.enrol()
    await town.say("/help")
    last = town.last()["message_id"]
    await town.edit(town.mine()["message_id"], "/settings")
    assert town.last()["message_id"] == last
    assert town.rows("take") == []


async def test_every_answer_of_a_day_is_kept(town: Street) -> None:
    """Three answered questions are three takes, each with its own drill."""
    await town.enrol()
    for words in ("one", "two", "three"):
        await town.say(words)
        await town.tap("4 Professional")
        await town.say("/drill")
    await town.later(DAY)
    takes = town.rows("take")
    assert [take["text"] for take in takes] == ["one", "two", "three"]
    assert len({take["drill_no"] for take in takes}) == 3
