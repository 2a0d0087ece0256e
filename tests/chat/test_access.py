"""Who gets where: every command and button for every kind of person, and what is none of ours.

The conversations are left out: in their place stand routes that only note that they were reached.
"""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.chat import answers, onboarding, ratings, routes
from bot.chat.routes import BUTTONS, COMMANDS, Route
from bot.chat.texts import Texts
from bot.chat.turn import Turn
from tests.chat.door import GROUP, SPRUNG, Door, Raw, message, methods, query, said, toast
from tests.house import ANN, HOUR, MONDAY_NOON, OLGA
from tests.store import cabinet

TEXTS = Texts()
HAS_SET: Raw = {"active_set": "small-set"}
ENROLLED: Raw = {**HAS_SET, "zone": "Europe/London", "enrolled_at": MONDAY_NOON - HOUR}

OWN = {"export", "forget", "forget-sure", "erase", "keep"}
OWNERS = {"invite", "put-live", "drop-set", "undo-set"}
"""Each looks itself whether an owner pressed it."""
LENDS = {"coach", "coach-accept", "coach-decline", "ear-hear", "ear-rate", "ear-done"} | {
    "pupil", "pupil-ask", "pupil-end", "pupil-hear", "pupil-note", "pupil-noted", "pupil-rate",
    "pupil-ratings", "pupil-spring", "pupil-when", "pupil-words", "circles", "circle-close",
    "circle-join", "circle-leave", "circle-link", "circle-new", "circle-own", "circle-unlink",
}  # fmt: skip
"""For people who do not practise here: coaches, friends who lend an ear, members and owners of circles."""
NEW = {"start", "first", "first-sets", "take"} | OWNERS | LENDS
FIRST_RUN = NEW | {"clocks", "cities", "zone", "cancel"}

Reached = list[str]


def noting(reached: Reached, name: str) -> Route:
    """A route that only notes that it was reached."""

    async def route(turn: Turn) -> None:
        reached.append(name)

    return route


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    """A door on a database where nobody is stored."""
    async with cabinet.opened(tmp_path) as database:
        yield Door(database, tmp_path)


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> Reached:
    """The names of the commands and buttons that were let through, in order."""
    names: Reached = []
    monkeypatch.setattr(routes, "COMMANDS", {name: noting(names, name) for name in COMMANDS})
    monkeypatch.setattr(routes, "BUTTONS", {name: noting(names, name) for name in BUTTONS})
    return names


PRESSES = [
    ("somebody new", {}, False, NEW),
    ("without a clock yet", HAS_SET, False, FIRST_RUN | OWN),
    ("a learner", ENROLLED, False, set(BUTTONS)),
    ("a learner not invited", ENROLLED, True, OWN),
    ("a learner invited", {**ENROLLED, "admitted": 1}, True, set(BUTTONS)),
    ("the owner, uninvited", {**ENROLLED, "learner_id": OLGA}, True, set(BUTTONS)),
]


@pytest.mark.parametrize(
    ("fields", "invite_only", "allowed"), [p[1:] for p in PRESSES], ids=[p[0] for p in PRESSES]
)
async def test_each_button_works_for_whom_it_should(
    door: Door, reached: Reached, fields: Raw, invite_only: bool, allowed: set[str]
) -> None:
    """For each kind of person, exactly these buttons are let through; each press is answered."""
    door.invite_only = invite_only
    number = fields.get("learner_id", ANN)
    for name in BUTTONS:
        turn = await door.taken({"callback_query": query(f"v1:{name}:1", number)}, **fields)
        assert toast(turn) is not None, name
    assert set(reached) == allowed


async def test_a_refused_press_says_why(door: Door, reached: Reached) -> None:
    """Uninvited, unknown, or of nobody stored: each hears its own words, and nothing is done."""
    door.invite_only = True
    uninvited = await door.taken({"callback_query": query("v1:drill")}, **ENROLLED)
    assert toast(uninvited) == TEXTS.plain("invite-needed")
    assert methods(uninvited) == ["answerCallbackQuery"]
    door.invite_only = False
    for forged in ("v1:no-such-button", "garbage"):
        closed = await door.taken({"callback_query": query(forged)}, **ENROLLED)
        assert toast(closed) == TEXTS.plain("card-closed")
        assert methods(closed) == ["answerCallbackQuery", "editMessageReplyMarkup"]
    stranger = await door.taken({"callback_query": query("v1:drill")})
    assert toast(stranger) == TEXTS.plain("nothing-stored")
    assert reached == []


async def test_a_double_tap_is_answered_and_does_nothing(door: Door, reached: Reached) -> None:
    """The same button of the same message at once in another update; another message is another."""
    for update_id, message_id in ((3, 9), (4, 9), (5, 8)):
        under = {**message(), "message_id": message_id, "from": SPRUNG}
        content = {"update_id": update_id, "callback_query": query("v1:drill", message=under)}
        assert toast(await door.taken(content, **ENROLLED)) == ""
    assert reached == ["drill", "drill"]


SAID = [
    ("somebody new", {}, False, {"start", "help", "cancel", "export", "forget", "coach"}),
    ("a learner", ENROLLED, False, set(COMMANDS) - {"owner"}),
    ("the owner", {**ENROLLED, "learner_id": OLGA}, False, set(COMMANDS)),
    ("a learner not invited", ENROLLED, True, {"start", "export", "forget"}),
    ("a learner invited", {**ENROLLED, "admitted": 1}, True, set(COMMANDS) - {"owner"}),
    ("the owner, uninvited", {**ENROLLED, "learner_id": OLGA}, True, set(COMMANDS)),
]


@pytest.mark.parametrize(
    ("fields", "invite_only", "allowed"), [s[1:] for s in SAID], ids=[s[0] for s in SAID]
)
async def test_each_command_works_for_whom_it_should(
    door: Door, reached: Reached, fields: Raw, invite_only: bool, allowed: set[str]
) -> None:
    """For each kind of person, exactly these commands are let through; nobody is met with silence."""
    door.invite_only = invite_only
    number = fields.get("learner_id", ANN)
    for name in COMMANDS:
        before = len(reached)
        turn = await door.taken({"message": message(f"/{name}", number)}, **fields)
        assert (reached[before:] == [name]) != (methods(turn) == ["sendMessage"]), name
    assert set(reached) == allowed


async def test_a_refused_word_says_why(door: Door, reached: Reached) -> None:
    """Who is not invited hears so; the owner's command is to others a command that does not exist."""
    unknown = await door.taken({"message": message("/owner")}, **ENROLLED)
    assert said(unknown)[0][1]["text"].startswith("I don’t know /owner.")
    door.invite_only = True
    for text in ("/drill", "hello", "4"):
        uninvited = await door.taken({"message": message(text)}, **ENROLLED)
        assert [p["text"] for _, p in said(uninvited)] == [TEXTS("invite-needed")]
    assert reached == []


async def test_a_command_ends_what_was_awaited(door: Door, reached: Reached) -> None:
    """After a command, the next words are no city any more."""
    turn = await door.taken({"message": message("/help")}, **ENROLLED, awaiting="city")
    assert (turn.tx.learner.awaiting, reached) == (None, ["help"])


COMMAND_FORMS: list[tuple[str, Raw, str | None]] = [
    ("/HELP", {}, "help"),
    ("/help@Sprung_Bot", {}, "help"),
    ("/help@another_bot", {}, None),
    ("/help me", {}, "help"),
    ("say /help", {"entities": [{"type": "bot_command", "offset": 4, "length": 5}]}, None),
    ("/help", {"entities": [{"type": "bold", "offset": 0, "length": 5}]}, None),
    (
        "/help",
        {
            "entities": [
                {"type": "bold", "offset": 0, "length": 5},
                {"type": "bot_command", "offset": 0, "length": 5},
            ]
        },
        "help",
    ),
    ("/help", {"entities": []}, None),
]


@pytest.mark.parametrize(("text", "more", "command"), COMMAND_FORMS)
async def test_only_what_telegram_marks_at_the_beginning_is_a_command(
    door: Door, reached: Reached, text: str, more: Raw, command: str | None
) -> None:
    """Its own name after the @ in any case, no other bot's, nothing in the middle of a sentence."""
    await door.taken({"message": message(text, **more)}, **ENROLLED)
    assert reached == ([command] if command else [])


async def test_a_group_is_told_and_left_whoever_speaks(door: Door, reached: Reached) -> None:
    """Words and presses in a group reach no conversation; what has no words is let be."""
    contents: list[Raw] = [
        {"message": message("/drill", chat=GROUP)},
        {"callback_query": query("v1:drill", message=message("Pick.", chat=GROUP))},
        {"edited_message": message("Changed.", chat=GROUP, edit_date=1)},
    ]
    for content in contents:
        turn = await door.taken(content, **ENROLLED)
        calls = said(turn)[:2]
        assert [(method, p["chat_id"]) for method, p in calls] == [
            ("sendMessage", -100),
            ("leaveChat", -100),
        ]
        assert calls[0][1]["text"] == TEXTS.plain("private-only")
    added = message(None, chat=GROUP, new_chat_members=[SPRUNG])
    assert said(await door.taken({"message": added}, **ENROLLED)) == []
    assert reached == []


def membership(status: str, chat: Raw) -> Raw:
    """That somebody changed what the bot is in a chat."""
    more = {"until_date": 0} if status == "kicked" else {}
    here = {"user": SPRUNG, "status": status, **more}
    was = {"user": SPRUNG, "status": "member"}
    return {
        "my_chat_member": {
            "chat": chat,
            "from": message()["from"],
            "date": MONDAY_NOON // 1000,
            "old_chat_member": was,
            "new_chat_member": here,
        }
    }


@pytest.mark.parametrize(
    ("status", "calls"), [("member", ["sendMessage", "leaveChat"]), ("left", []), ("kicked", [])]
)
async def test_the_bot_leaves_a_group_it_was_added_to(
    door: Door, status: str, calls: list[str]
) -> None:
    """Added, it goes; thrown out, there is nothing left to say, and the learner stays as they were."""
    turn = await door.taken(membership(status, GROUP), **ENROLLED)
    assert methods(turn) == calls
    assert turn.tx.learner.left_at is None


@pytest.mark.parametrize("status", ["kicked", "left"])
async def test_blocking_in_private_is_leaving(door: Door, status: str) -> None:
    """Both words that Telegram has for it stop everything; unblocking undoes it."""
    gone = await door.taken(membership(status, message()["chat"]), **ENROLLED, next_drill_at=1)
    assert (gone.tx.learner.left_at, gone.tx.learner.next_drill_at) == (MONDAY_NOON, None)
    back = await door.taken(membership("member", message()["chat"]), **ENROLLED, left_at=1)
    assert back.tx.learner.left_at is None


@pytest.mark.parametrize(
    "content", [{"message": message("/help")}, {"callback_query": query("v1:close")}]
)
async def test_any_word_or_press_is_a_return(door: Door, reached: Reached, content: Raw) -> None:
    """Who speaks again is back, even if Telegram never told of it."""
    turn = await door.taken(content, **ENROLLED, left_at=1)
    assert turn.tx.learner.left_at is None
    assert len(reached) == 1


async def test_what_is_none_of_these_is_let_be(door: Door) -> None:
    """A turn without an update, and an update without a message, say nothing."""
    turn = door.turn(None, **ENROLLED)
    await routes.take(turn)
    poll: Raw = {
        "poll_answer": {
            "poll_id": "1",
            "user": message()["from"],
            "option_ids": [],
            "option_persistent_ids": [],
        }
    }
    for silent in (turn, await door.taken(poll, **ENROLLED)):
        assert said(silent) == []


class Desk:
    """Conversations that take what they are told to take, and note what reached them."""

    def __init__(self, *takes: str) -> None:
        self.takes = takes
        self.heard: list[tuple[str, Any]] = []

    async def rating(self, turn: Turn, number: int) -> bool:
        """Stands in for a typed rating."""
        self.heard.append(("rating", number))
        return "rating" in self.takes

    async def city(self, turn: Turn, text: str) -> bool:
        """Stands in for a typed city."""
        self.heard.append(("city", text))
        return "city" in self.takes

    def no_city(self, turn: Turn, text: str) -> None:
        """Stands in for saying that there is no such city."""
        self.heard.append(("no city", text))

    async def answer(self, turn: Turn) -> bool:
        """Stands in for an answer to a drill."""
        self.heard.append(("answer", turn.message_id))
        return "answer" in self.takes

    async def edited(self, turn: Turn) -> None:
        """Stands in for an answer that was changed."""
        self.heard.append(("edited", turn.message_id))

    async def start(self, turn: Turn) -> None:
        """Stands in for the first screen."""
        self.heard.append(("start", turn.message_id))


def at(monkeypatch: pytest.MonkeyPatch, *takes: str) -> Desk:
    """A desk in place of the conversations."""
    desk = Desk(*takes)
    monkeypatch.setattr(ratings, "typed", desk.rating)
    monkeypatch.setattr(answers, "received", desk.answer)
    monkeypatch.setattr(answers, "edited", desk.edited)
    monkeypatch.setattr(onboarding, "start", desk.start)
    monkeypatch.setattr(routes, "AWAITED", {"city": (desk.city, desk.no_city)})
    return desk


HEARD: list[tuple[str, Raw, tuple[str, ...], list[tuple[str, Any]]]] = [
    ("4", {}, ("rating",), [("rating", 4)]),
    (" 5 ", {}, ("rating",), [("rating", 5)]),
    ("6", {}, ("rating", "answer"), [("answer", 7)]),
    ("0", {}, ("rating", "answer"), [("answer", 7)]),
    ("4", {}, ("answer",), [("rating", 4), ("answer", 7)]),
    ("Delhi", {"awaiting": "city"}, ("city",), [("city", "Delhi")]),
    ("Delhi", {"awaiting": "city"}, ("answer",), [("city", "Delhi"), ("no city", "Delhi")]),
    (
        "I left.",
        {"awaiting": "city", "open_drill": 1},
        ("answer",),
        [("city", "I left."), ("answer", 7)],
    ),
    ("Delhi", {"awaiting": "an old name"}, ("answer",), [("answer", 7)]),
    ("Delhi", {}, ("city", "answer"), [("answer", 7)]),
]


@pytest.mark.parametrize(("text", "fields", "takes", "heard"), HEARD)
async def test_words_go_to_whoever_waits_for_them(
    door: Door,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    fields: Raw,
    takes: tuple[str, ...],
    heard: list[tuple[str, Any]],
) -> None:
    """A lone 1 to 5 is a rating first, then what a card asked for, then an answer."""
    desk = at(monkeypatch, *takes)
    turn = await door.taken({"message": message(text)}, **ENROLLED, **fields)
    assert desk.heard == heard
    if fields.get("open_drill"):
        assert turn.tx.learner.awaiting is None


@pytest.mark.parametrize(
    ("text", "more", "text_id"),
    [
        ("hello", {}, "unknown-text"),
        (" 4 ", {}, "unknown-rating"),
        (None, {"dice": {"emoji": "🎲", "value": 3}}, "unknown-kind"),
    ],
)
async def test_what_nobody_waits_for_is_named(
    door: Door, monkeypatch: pytest.MonkeyPatch, text: str | None, more: Raw, text_id: str
) -> None:
    """Never silence: what it was taken for, and the ways on."""
    at(monkeypatch)
    turn = await door.taken({"message": message(text, **more)}, **ENROLLED)
    ((_, parameters),) = said(turn)
    assert parameters["text"] == TEXTS(text_id)
    assert parameters["reply_markup"]["inline_keyboard"]


FILE = {"document": {"file_id": "f", "file_unique_id": "u", "file_name": "Day shift.YML"}}


@pytest.mark.parametrize(
    ("number", "file", "fields", "called"),
    [
        (OLGA, FILE, {}, ["setMessageReaction"]),
        (OLGA, FILE, ENROLLED, ["setMessageReaction"]),
        (
            OLGA,
            {"document": FILE["document"] | {"file_name": "day.pdf"}},
            ENROLLED,
            ["sendMessage"],
        ),
        (OLGA, {"document": FILE["document"] | {"file_size": 2**19}}, {}, ["sendMessage"]),
        (ANN, FILE, ENROLLED, ["sendMessage"]),
    ],
)
async def test_a_set_is_taken_from_an_owner_alone(
    door: Door, number: int, file: Raw, fields: Raw, called: list[str]
) -> None:
    """A YAML document, by its name, at any stage; nothing else of theirs, and nobody else's."""
    content = {"message": message(None, number, **file)}
    turn = await door.taken(content, **{**fields, "learner_id": number})
    assert methods(turn) == called


async def test_a_stranger_who_just_talks_sees_the_first_screen(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words before the enrolment are no answer; neither is a command that needs one."""
    desk = at(monkeypatch, "answer")
    for text in ("hello", "/drill"):
        await door.taken({"message": message(text)})
    assert desk.heard == [("start", 7)] * 2


async def test_an_edit_goes_to_the_answers_and_nowhere_else(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changing an old command or number runs nothing a second time."""
    desk = at(monkeypatch, "rating", "answer")
    await door.taken({"edited_message": message("/drill", edit_date=1)}, **ENROLLED)
    assert desk.heard == [("edited", 7)]
