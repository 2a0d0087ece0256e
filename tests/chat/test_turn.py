"""What a turn puts into the outbox, to the letter, and how it tells the time."""

from pathlib import Path
from typing import Any

import pytest

from bot.chat.turn import TOAST_LIMIT
from bot.practice import Priority, Role, TakeKind
from bot.store.database import Database
from tests.chat.door import Door, message, methods, query, said
from tests.house import ANN, DAY, HOUR, MINUTE, MONDAY_NOON, OLGA
from tests.store import cabinet

BUTTONS = {"inline_keyboard": [[{"text": "Go", "callback_data": "v1:drill"}]]}
NONE: dict[str, Any] = {"inline_keyboard": []}


@pytest.fixture
def door(tmp_path: Path) -> Door:
    """A door; nothing here reads the database."""
    return Door(Database(tmp_path / "none.db"), tmp_path)


def test_a_message_is_silent_html_without_previews(door: Door) -> None:
    """What is said makes no sound, and links in it open no preview."""
    turn = door.turn()
    turn.say("<b>Saved.</b>")
    assert said(turn) == [
        (
            "sendMessage",
            {
                "chat_id": ANN,
                "text": "<b>Saved.</b>",
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
                "disable_notification": True,
            },
        )
    ]


def test_a_surprise_is_loud_and_knows_its_drill(door: Door) -> None:
    """Loudness, buttons, effect, what is replied to, drill, role and priority go where they belong."""
    turn = door.turn()
    turn.say(
        "Now!",
        BUTTONS,
        loud=True,
        reply_to=5,
        drill_no=2,
        role=Role.CARD,
        priority=Priority.DRILL,
        effect="99",
    )
    ((_, parameters),) = said(turn)
    assert "disable_notification" not in parameters
    assert parameters["reply_markup"] == BUTTONS
    assert parameters["reply_parameters"] == {"message_id": 5, "allow_sending_without_reply": True}
    assert parameters["message_effect_id"] == "99"
    values = turn.tx._writes[0].values
    assert (values["drill_no"], values["role"], values["priority"]) == (
        2,
        Role.CARD,
        Priority.DRILL,
    )


def test_an_edit_changes_the_pressed_message(door: Door) -> None:
    """The pressed message gets the new text, and no buttons if none are given."""
    turn = door.turn({"callback_query": query("v1:drill")})
    turn.edit("New.")
    assert said(turn) == [
        (
            "editMessageText",
            {
                "chat_id": ANN,
                "message_id": 9,
                "text": "New.",
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
                "reply_markup": NONE,
            },
        )
    ]


def test_an_edit_of_another_message_names_it(door: Door) -> None:
    """A message named by its number is changed instead of the pressed one."""
    turn = door.turn({"callback_query": query("v1:drill")})
    turn.edit("New.", BUTTONS, message_id=4)
    ((_, parameters),) = said(turn)
    assert (parameters["message_id"], parameters["reply_markup"]) == (4, BUTTONS)


@pytest.mark.parametrize("content", [None, {"callback_query": query("v1:drill", message=None)}])
def test_an_edit_of_nothing_is_a_new_message(door: Door, content: dict[str, Any] | None) -> None:
    """Without a message to change, what would have been its text is sent."""
    turn = door.turn(content)
    turn.edit("New.", BUTTONS)
    ((method, parameters),) = said(turn)
    assert (method, parameters["text"], parameters["reply_markup"]) == (
        "sendMessage",
        "New.",
        BUTTONS,
    )
    assert turn.message_id == 0


def test_a_message_too_old_to_be_shown_still_has_its_number(door: Door) -> None:
    """Telegram hides the content of an old message: there is nothing to edit, only a number."""
    hidden = {"chat": {"id": ANN, "type": "private"}, "message_id": 6, "date": 0}
    turn = door.turn({"callback_query": query("v1:drill", message=hidden)})
    assert (turn.message, turn.message_id) == (None, 6)


def test_a_spoken_message_is_the_turns_own(door: Door) -> None:
    """Without a press, the message is what the learner sent."""
    turn = door.turn({"message": message("Hello.")})
    assert (turn.message_id, turn.message and turn.message.text) == (7, "Hello.")


def test_buttons_are_taken_off_the_pressed_or_a_named_message(door: Door) -> None:
    """Only the buttons go; where there is no message, nothing is called."""
    turn = door.turn({"callback_query": query("v1:drill")})
    turn.strip_pressed()
    turn.strip(4)
    turn.strip(None)
    door.turn().strip_pressed()
    assert said(turn) == [
        ("editMessageReplyMarkup", {"chat_id": ANN, "message_id": number, "reply_markup": NONE})
        for number in (9, 4)
    ]
    silent = door.turn()
    silent.strip_pressed()
    assert said(silent) == []


def test_a_card_is_edited_after_a_press_and_sent_after_a_command(door: Door) -> None:
    """`show` keeps one card where a button was pressed."""
    pressed = door.turn({"callback_query": query("v1:drill")})
    typed = door.turn({"message": message("/settings")})
    for turn in (pressed, typed):
        turn.show("Card.", BUTTONS)
    assert (methods(pressed), methods(typed)) == (["editMessageText"], ["sendMessage"])


def test_a_press_is_answered_once_and_briefly(door: Door) -> None:
    """The first answer counts and is cut to what Telegram takes; without a press there is none."""
    turn = door.turn({"callback_query": query("v1:drill")})
    turn.toast("x" * 300)
    turn.toast("later")
    assert said(turn) == [
        ("answerCallbackQuery", {"callback_query_id": "press-1", "text": "x" * TOAST_LIMIT})
    ]
    quiet = door.turn({"callback_query": query("v1:drill")})
    quiet.toast()
    assert said(quiet) == [("answerCallbackQuery", {"callback_query_id": "press-1"})]
    typed = door.turn({"message": message()})
    typed.toast("no press")
    assert said(typed) == []
    assert TOAST_LIMIT == 200


def test_a_reaction_is_one_emoji_on_one_message(door: Door) -> None:
    """It replaces whatever reaction was there."""
    turn = door.turn()
    turn.react(7, "👍")
    assert said(turn) == [
        (
            "setMessageReaction",
            {"chat_id": ANN, "message_id": 7, "reaction": [{"type": "emoji", "emoji": "👍"}]},
        )
    ]


def test_times_are_told_on_the_learners_clock(door: Door) -> None:
    """Delhi is five and a half hours ahead; who has named no clock is told UTC."""
    delhi = door.turn(zone="Asia/Kolkata")
    assert (delhi.time(MONDAY_NOON), door.turn().time(MONDAY_NOON)) == ("17:30", "12:00")
    assert delhi.time(MONDAY_NOON + MINUTE - 1) == "17:30"
    assert delhi.day(delhi.wall(MONDAY_NOON).toordinal()) == "23 November 2026"


def test_a_moment_of_another_day_is_told_with_its_date(door: Door) -> None:
    """Today needs no date, on the learner's calendar."""
    turn = door.turn(zone="Asia/Kolkata")
    assert turn.day_and_time(MONDAY_NOON + 6 * HOUR) == "23:30"
    assert turn.day_and_time(MONDAY_NOON + 7 * HOUR) == "24 November 2026, 00:30"
    assert turn.day_and_time(MONDAY_NOON - DAY) == "22 November 2026, 17:30"


def test_the_phones_own_clock_is_asked_by_an_entity(door: Door) -> None:
    """The entity carries whole seconds, and our best guess for old phones."""
    expected = f'<tg-time unix="{MONDAY_NOON // 1000}" format="t">12:00</tg-time>'
    assert door.turn().phone_time() == expected


def test_the_owner_is_known_by_number_alone(door: Door) -> None:
    """The number in the settings decides, nothing that can be chosen."""
    assert door.turn(learner_id=OLGA).is_owner
    assert not door.turn().is_owner


def test_a_turn_without_an_update_has_no_message_and_no_press(door: Door) -> None:
    """What the bot does by itself answers nobody."""
    turn = door.turn()
    assert (turn.message, turn.message_id, turn.query) == (None, 0, None)
    assert list(turn.library.sets) == ["small-set"]
    assert 0 <= turn.dice.random() < 1


def test_a_voice_note_is_played_with_its_words(door: Door) -> None:
    """A recording goes out anew by its id; what replaces it, if it is refused, points to the original."""
    turn = door.turn()
    turn.replay(cabinet.take(kind=TakeKind.VOICE, file_id="f7", message_id=12), "Then", BUTTONS)
    ((method, parameters),) = said(turn)
    assert (method, parameters["voice"], parameters["caption"]) == ("sendVoice", "f7", "Then")
    assert parameters["reply_markup"] == BUTTONS
    instead = parameters["instead"]
    assert (instead["text"], instead["reply_markup"]) == ("Then", BUTTONS)
    assert instead["reply_parameters"]["message_id"] == 12


def test_a_round_video_has_its_words_after_it(door: Door) -> None:
    """A video note takes no caption: the words and the buttons are a message of their own."""
    turn = door.turn()
    turn.replay(cabinet.take(kind=TakeKind.VIDEO_NOTE, file_id="f7"), "Then", BUTTONS)
    (note, played), (words, then) = said(turn)
    assert (note, played["video_note"], words, then["text"]) == (
        "sendVideoNote",
        "f7",
        "sendMessage",
        "Then",
    )
    assert "reply_markup" not in played
    assert then["reply_markup"] == BUTTONS


def test_other_recordings_are_copied(door: Door) -> None:
    """A video or a piece of music is copied from where the learner sent it."""
    turn = door.turn()
    turn.replay(cabinet.take(kind=TakeKind.VIDEO, file_id="f7", message_id=12), "Then")
    ((method, parameters),) = said(turn)
    assert method == "copyMessage"
    assert (parameters["from_chat_id"], parameters["message_id"]) == (ANN, 12)


def test_a_text_is_quoted(door: Door) -> None:
    """What was typed stands under the words, escaped, and cut where it is very long."""
    turn = door.turn()
    turn.replay(cabinet.take(text="<b>" + "x" * 5000), "Then")
    ((method, parameters),) = said(turn)
    assert method == "sendMessage"
    assert parameters["text"].startswith("Then\n“&lt;b&gt;xx")
    assert len(parameters["text"]) < 700


def test_somebody_elses_take_cannot_be_passed_on(door: Door) -> None:
    """For another's ears a take is protected, and no reply points into a chat that is not theirs."""
    turn = door.turn()
    turn.replay(cabinet.take(1, OLGA, kind=TakeKind.VOICE, file_id="f7"), "Ann's", protect=True)
    ((_, parameters),) = said(turn)
    assert parameters["protect_content"] is parameters["instead"]["protect_content"] is True
    assert "reply_parameters" not in parameters["instead"]


@pytest.mark.parametrize("kind", [TakeKind.TEXT, TakeKind.VOICE, TakeKind.VIDEO])
def test_a_deleted_take_is_played_to_nobody(door: Door, kind: TakeKind) -> None:
    """Whoever asks, and though its recording and its words are still there for a day: it is said alone."""
    for learner_id in (ANN, OLGA):
        turn = door.turn()
        take = cabinet.take(1, learner_id, kind=kind, file_id="f7", text="Canary", deleted_at=1)
        turn.replay(take, "Then", BUTTONS)
        ((method, parameters),) = said(turn)
        assert (method, parameters["text"]) == ("sendMessage", "This take was deleted.")
        assert parameters["reply_markup"] == BUTTONS
        assert "reply_parameters" not in parameters


@pytest.mark.parametrize("kind", [TakeKind.VOICE, TakeKind.VIDEO_NOTE, TakeKind.VIDEO])
def test_a_recording_that_was_let_go_is_pointed_to(door: Door, kind: TakeKind) -> None:
    """Telegram is not asked for what is not kept: the words go out in reply to the learner's message."""
    turn = door.turn()
    turn.replay(cabinet.take(kind=kind, file_id=None, message_id=12), "Then")
    ((method, parameters),) = said(turn)
    assert (method, parameters["text"]) == ("sendMessage", "Then")
    assert parameters["reply_parameters"]["message_id"] == 12
