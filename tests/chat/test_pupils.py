"""A coach's side: takes one at a time, rated blind, a word added, and what is never mistaken for it."""

import pytest

from bot.sandbox.faults import Fault
from tests.chat.coached import coaches, deletes, spoken, stops
from tests.house import CARL, HOUR, MINUTE, Street


async def test_one_at_a_time(town: Street) -> None:
    """The newest first, then the one before; what was rated does not come again, then it is said."""
    await spoken(town)
    await spoken(town)
    await coaches(town)
    voices = [row["file_id"] for row in town.rows("take")]
    await town.tap("Hear a take", CARL)
    await town.tap("4 Professional", CARL)
    await town.later(3000)
    await town.tap("Another take", CARL)
    assert [call["voice"] for call in town.calls("sendVoice")] == voices[::-1]
    await town.tap("2 Edgy", CARL)
    await town.later(3000)
    assert (await town.tap("Another take", CARL))["text"].startswith("No more takes of Ann")
    tones = {row["take_no"]: row["tone"] for row in town.rows("coach_rating")}
    assert [tones[row["take_no"]] for row in town.rows("take")] == [2, 4]


@pytest.mark.parametrize("kind", ["video_note", "video"])
async def test_every_kind_of_recording(town: Street, kind: str) -> None:
    """Round video and video reach the coach protected, with the five buttons."""
    await town.enrol()
    await town.voice(kind=kind)
    await coaches(town)
    await town.tap("Hear a take", CARL)
    assert all(m["has_protected_content"] for m in town.messages(CARL)[-1:])
    assert "5 Smooth" in town.labels(town.last(CARL))
    await town.tap("4 Professional", CARL)
    assert len(town.rows("coach_rating")) == 1
    assert town.refusals() == []


async def test_a_typed_take(town: Street) -> None:
    """A text is shown, protected, with the five buttons; rated, the card says so."""
    await town.enrol()
    await town.say("I outgrew it, gladly.")
    await coaches(town)
    shown = await town.tap("Hear a take", CARL)
    assert "I outgrew it, gladly." in shown["text"]
    assert shown["has_protected_content"]
    assert (await town.tap("3 Flat", CARL))["text"].startswith("You heard 3 Flat. Ann sees it")


async def test_not_rated_by_the_learner(town: Street) -> None:
    """A take that the learner has not rated yet is heard as well, and that is said."""
    await spoken(town, rating=None)
    await coaches(town)
    await town.tap("Hear a take", CARL)
    await town.tap("3 Flat", CARL)
    await town.later(0)
    assert town.last()["text"] == "Carl heard 3 Flat. You have not rated this one."


async def test_twice_is_once(town: Street) -> None:
    """A second tap, on the same button or another, changes nothing and says so."""
    await coaches(town)
    await town.tap("Hear a take", CARL)
    three, five = town.button("3 Flat", CARL), town.button("5 Smooth", CARL)
    await town.press(*three, CARL)
    await town.press(*five, CARL)
    await town.later(0)
    assert town.toasts()[-1] == "You have done that already."
    assert [row["tone"] for row in town.rows("coach_rating")] == [3]
    assert sum("Carl heard" in m.get("text", "") for m in town.messages()) == 1


async def test_ratings_of_what_was_heard(town: Street) -> None:
    """A coach who may have both sees no rating of a take that still waits for their ear."""
    await coaches(town)
    assert town.last(CARL)["text"].startswith("Ann said yes.")
    assert (await town.tap("Their ratings", CARL))["text"].startswith(
        "Ann: no ratings to show yet."
    )
    await town.tap("Hear a take", CARL)
    await town.tap("3 Flat", CARL)
    await town.say("/coach", CARL)
    await town.tap("Ann", CARL)
    assert "5 Smooth · Why" in (await town.tap("Their ratings", CARL))["text"]


async def test_a_recording_that_telegram_refuses(town: Street) -> None:
    """If it cannot be played the coach is told, and is not asked to rate what they did not hear."""
    await coaches(town)
    refusal = {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: VOICE_MESSAGES_FORBIDDEN",
    }
    town.sandbox.faults.pending.append(Fault("sendVoice", status=400, body=refusal))
    said = await town.tap("Hear a take", CARL)
    assert said["text"].startswith("Telegram would not play this take of Ann here")
    assert town.labels(said) == ["Another take", "Coach"]
    assert "reply_to_message" not in said


async def noting(town: Street, rating: str = "3 Flat") -> None:
    """Carl has rated a take and is asked for a word."""
    await coaches(town)
    await town.tap("Hear a take", CARL)
    await town.tap(rating, CARL)
    await town.tap("Add a word", CARL)
    await town.later(0)


async def test_a_line(town: Street) -> None:
    """What is typed goes to the learner, once."""
    await noting(town)
    assert (await town.say("Slow down at the end.", CARL))["text"] == "Sent to Ann."
    await town.later(0)
    assert town.last()["text"] == "Carl, about this take: “Slow down at the end.”"
    await town.later(3000)
    await town.tap("Add a word", CARL)
    assert town.toasts()[-1] == "You have done that already."


async def test_a_recorded_word(town: Street) -> None:
    """What is recorded reaches the learner by its file id, protected; it is no take of the coach."""
    await town.enrol(CARL)
    await noting(town)
    await town.voice(CARL, seconds=30)
    await town.later(0)
    assert town.last()["caption"] == "Carl, about this take"
    assert town.last()["has_protected_content"]
    assert town.rows("take", CARL) == []
    assert town.row("drill", CARL)["state"] == 1


@pytest.mark.parametrize("words", ["x" * 301, " "])
async def test_too_much(town: Street, words: str) -> None:
    """More than fits is refused with what does; nothing reaches the learner, and it may be tried again."""
    await noting(town)
    before = len(town.messages())
    await (town.say(words, CARL) if words.strip() else town.voice(CARL, seconds=61))
    await town.later(0)
    assert town.last(CARL)["text"].startswith("That does not fit.")
    assert len(town.messages()) == before
    assert (await town.say("Shorter.", CARL))["text"] == "Sent to Ann."


async def test_own_answer_or_word(town: Street) -> None:
    """A coach with a question of their own open: a reply to its card answers that."""
    card = await town.enrol(CARL)
    await noting(town)
    assert "Your own question stays open" in town.last(CARL)["text"]
    await town.voice(CARL, reply_to=card["message_id"])
    assert len(town.rows("take", CARL)) == 1
    assert town.row("coach_rating")["note_file_id"] is None


async def test_what_was_asked_for_last(town: Street) -> None:
    """A question asked after the word was asked for, or any other tap, ends the asking."""
    await town.enrol(CARL)
    await town.voice(CARL)
    await town.tap("3 Flat", CARL)
    await noting(town)
    await town.say("/drill", CARL)
    await town.voice(CARL)
    assert len(town.rows("take", CARL)) == 2
    assert town.row("coach_rating")["note_file_id"] is None


async def test_the_open_question_shown_again(town: Street) -> None:
    """The own question tapped for again is what is asked last, though it was open before."""
    await town.enrol(CARL)
    await noting(town)
    message_id, _ = town.button("Not now", CARL)
    await town.press(message_id, "v1:drill", CARL)
    await town.voice(CARL)
    assert len(town.rows("take", CARL)) == 1
    assert town.row("coach_rating")["note_file_id"] is None


async def test_long_ago(town: Street) -> None:
    """Ten minutes later what is said is no word for the learner any more."""
    await town.enrol(CARL)
    await noting(town)
    await town.later(10 * MINUTE)
    await town.voice(CARL)
    assert len(town.rows("take", CARL)) == 1
    assert town.row("coach_rating")["note_file_id"] is None


async def test_a_reply_to_the_take(town: Street) -> None:
    """A reply to the take's message is the word for it, however long after, own question or not."""
    await coaches(town)
    await town.enrol(CARL)
    await town.say("/coach", CARL)
    await town.tap("Ann", CARL)
    heard = await town.tap("Hear a take", CARL)
    said = await town.voice(CARL, reply_to=heard["message_id"])
    assert said["text"].startswith("Tap one of the five first")
    await town.tap("3 Flat", CARL)
    await town.later(HOUR)
    await town.voice(CARL, reply_to=heard["message_id"])
    assert town.row("coach_rating")["note_file_id"] is not None
    assert town.rows("take", CARL) == []


async def test_a_lone_number_is_the_word_that_was_asked_for(town: Street) -> None:
    """A figure typed as a word is no rating of the coach's own answer."""
    await town.enrol(CARL)
    await town.voice(CARL)
    await noting(town)
    await town.say("4", CARL)
    assert town.row("coach_rating")["line"] == "4"
    assert town.rows("rating", CARL) == []


async def test_ended_before_the_word(town: Street) -> None:
    """The learner ends it while the coach speaks: nothing arrives, and the coach is told."""
    await noting(town)
    await stops(town)
    said = await town.voice(CARL)
    assert said["text"].startswith("That coaching is over.")
    assert town.row("coach_rating")["note_file_id"] is None


async def test_no_word_after_all(town: Street) -> None:
    """One tap leaves it; what is said next is the coach's own again."""
    await town.enrol(CARL)
    await noting(town)
    assert (await town.tap("No word after all", CARL))["text"] == "Left it at that."
    await town.voice(CARL)
    assert len(town.rows("take", CARL)) == 1


async def test_a_flood(town: Street) -> None:
    """Twenty things an hour; the next is refused with why, and an hour later it goes on."""
    await spoken(town)
    await coaches(town)
    screen = town.last(CARL)["message_id"]
    number = town.row("coaching")["coach_no"]
    for _ in range(21):
        await town.press(screen, f"v1:pupil-hear:{number}", CARL)
        await town.later(3000)
    assert town.toasts()[-1].startswith("That were twenty things in an hour")
    assert len(town.calls("sendVoice")) == 20
    await town.later(HOUR)
    await town.press(screen, f"v1:pupil-hear:{number}", CARL)
    assert len(town.calls("sendVoice")) == 21


async def test_who_only_coaches(town: Street) -> None:
    """Somebody with no set has no drills; whatever they say shows whom they coach."""
    await coaches(town)
    assert (await town.say("Hello?", CARL))["text"] == "You coach:"
    assert (await town.voice(CARL))["text"] == "You coach:"
    assert town.rows("drill", CARL) == []
    await town.later(48 * HOUR)
    assert town.rows("drill", CARL) == []


async def test_a_take_that_is_gone(town: Street) -> None:
    """A take deleted while the coach listens cannot be rated; that is said."""
    await coaches(town)
    await town.tap("Hear a take", CARL)
    await deletes(town)
    await town.tap("3 Flat", CARL)
    assert town.toasts()[-1].startswith("That take is gone")
    assert town.rows("coach_rating") == []


async def test_taken_back_before_it_was_sent(town: Street) -> None:
    """A take that waits for Telegram when the learner ends it does not go out."""
    await coaches(town)
    message_id, data = town.button("Hear a take", CARL)
    town.sandbox.world.press(CARL, message_id, data)
    blocked = town.app.sender.offer
    town.app.sender.offer = lambda learner_id: None  # type: ignore[method-assign]
    await town.settle()
    town.app.sender.offer = blocked  # type: ignore[method-assign]
    await stops(town)
    assert town.calls("sendVoice") == []
