"""Every command and every button: each is reached as a learner reaches it, and answers."""

import ast
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import chat
from bot.chat import menu, routes
from bot.chat.callbacks import parse
from tests.banks.examples import bank, yaml_of
from tests.chat.stage import answer_all
from tests.house import ANN, CARL, DAY, HOUR, MINUTE, OLGA, Street

NEXT = ("enrol", "Not now", "Skip it")
RATED = ("enrol", "voice", "4 Professional")
TOLD = ("enrol", "told")
HEARD = (*RATED, "a day", "/progress", "Listen again")
KEPT = (*TOLD, "Keep", "I don’t know yet")
TAKEN = (*RATED, "/takes")
ONE = (*TAKEN, "1", "1")
DELETED = (*ONE, "Delete", "Yes, delete it")
SHARED = (*KEPT, "/mine", "Share a copy")
CIRCLE = ("/owner", "Circles", "New circle", "named")
LENT = ("coaches", "Hear a take")

MOCK = ("enrol", "/mock", "Start")
INTERVIEWED = ("enrol", "/mock", "3", "Start", "interview")

WAYS: dict[str, tuple[str, ...]] = {
    "start": ("enrol", "/forget", "Erase everything", "Yes, erase"),
    "first": ("/start",),
    "first-sets": ("/start",),
    "clocks": ("/start", "Hard questions"),
    "cities": ("/start", "Hard questions", "Another time"),
    "zone": ("/start", "Hard questions"),
    "triage": RATED,
    "triage-no": RATED,
    "level-first": RATED,
    "feel": (*RATED, "Yes, go through them"),
    "drill": NEXT,
    "hint": ("enrol",),
    "swap": ("enrol",),
    "later": ("enrol",),
    "card": ("enrol", "Not now"),
    "snooze": ("enrol", "Not now"),
    "skip": ("enrol", "Not now"),
    "count": ("enrol", "voice", "voice"),
    "rate": ("enrol", "voice"),
    "again": RATED,
    "first-take": RATED,
    "undo": RATED,
    "heard": HEARD,
    "heard-not": HEARD,
    "heard-undo": (*HEARD, "4 Professional"),
    "listen": HEARD[:-1],
    "takes": (*RATED, "/progress"),
    "takes-tones": TAKEN,
    "takes-tone": (*TAKEN, "By tone"),
    "takes-date": TAKEN,
    "takes-seek": TAKEN,
    "takes-found": ("enrol", "many", "/takes level"),
    "takes-of": RATED,
    "takes-then": (*TAKEN, "1"),
    "take-card": (*TAKEN, "1"),
    "take-play": ONE,
    "take-star": ONE,
    "take-delete": ONE,
    "take-drop": (*ONE, "Delete"),
    "take-back": DELETED,
    "take-erase": DELETED,
    "media": ("enrol", "/settings", "My data"),
    "mock": (*INTERVIEWED, "Later"),
    "mock-set": ("enrol", "/mock"),
    "mock-begin": ("enrol", "/mock"),
    "mock-skip": MOCK,
    "mock-end": MOCK,
    "mock-resume": (*MOCK, "/mock"),
    "mock-rate": INTERVIEWED,
    "mock-play": INTERVIEWED,
    "mock-later": INTERVIEWED,
    "mock-more": (*INTERVIEWED, "Later"),
    "sets": NEXT,
    "set": ("enrol", "/sets"),
    "progress": NEXT,
    "picture": (*RATED, "/progress", "painted"),
    "settings": NEXT,
    "pace": ("enrol", "/settings"),
    "cap": ("enrol", "/settings"),
    "expiry": ("enrol", "/settings"),
    "set-zone": ("enrol", "/settings"),
    "digest": ("enrol", "/settings"),
    "digest-no": (*RATED, "week", "Ask me one now", "voice", "4 Professional"),
    "digest-off": ("enrol", "/settings", "Weekly summary", "Sun"),
    "hours": ("enrol", "/settings"),
    "day": ("enrol", "/settings", "Hours"),
    "data": ("enrol", "/settings"),
    "interview": ("enrol", "/settings"),
    "interview-on": ("enrol", "/settings", "Interview"),
    "pause-ask": ("enrol", "/settings"),
    "pause": ("enrol", "/pause"),
    "paused": ("enrol", "ignore"),
    "resume": ("enrol", "/pause", "Today"),
    "export": ("enrol", "/settings", "My data"),
    "forget": ("enrol", "/settings", "My data"),
    "forget-sure": ("enrol", "/forget"),
    "erase": ("enrol", "/forget", "Erase everything"),
    "keep": ("enrol", "/forget"),
    "cancel": ("enrol", "/pause"),
    "close": ("enrol", "/settings"),
    "level": ("enrol", "/settings"),
    "invite": ("/owner",),
    "put-live": ("document",),
    "drop-set": ("document",),
    "undo-set": ("document", "Put it live"),
    "mine": KEPT,
    "own-set": KEPT,
    "own-add": ("enrol", "/mine"),
    "own": (*KEPT, "/mine"),
    "own-keep": TOLD,
    "own-words": TOLD,
    "own-drop": TOLD,
    "own-tone": KEPT,
    "own-slip": (*TOLD, "Keep"),
    "own-ask": ("enrol", "Not now", "Skip it", *KEPT[1:]),
    "own-remove": KEPT,
    "own-back": (*KEPT, "Remove"),
    "share": (*KEPT, "/mine"),
    "share-new": SHARED,
    "share-from": SHARED,
    "unshare": (*SHARED, "Make a link"),
    "take": ("link",),
    "coach": ("enrol", "/settings"),
    "coach-invite": ("enrol", "/coach"),
    "coach-link": ("enrol", "/coach", "Invite a coach"),
    "coach-one": ("enrol", "/coach", "Invite a coach", "As Ann", "/coach"),
    "coach-yes": ("accepted",),
    "coach-give": ("accepted", "Yes, Carl may"),
    "coach-end": ("accepted",),
    "coach-hear": ("accepted", "Yes, Carl may", "Both", "heard"),
    "coach-accept": ("asked to coach",),
    "coach-decline": ("asked to coach",),
    "pupil": ("coaches", "/coach"),
    "pupil-hear": ("coaches",),
    "pupil-rate": LENT,
    "pupil-ratings": ("coaches",),
    "pupil-note": (*LENT, "3 Flat"),
    "pupil-noted": (*LENT, "3 Flat", "Add a word"),
    "pupil-spring": ("coaches",),
    "pupil-ask": ("coaches", "Spring a question"),
    "pupil-when": ("coaches", "Spring a question", "1. Why are you"),
    "pupil-words": ("coaches", "Spring a question"),
    "pupil-end": ("coaches",),
    "circles": ("/owner",),
    "circle-new": ("/owner", "Circles"),
    "circle-own": (*CIRCLE, "/owner", "Circles"),
    "circle-link": (*CIRCLE, "/owner", "Circles", "Fridays"),
    "circle-unlink": CIRCLE,
    "circle-close": (*CIRCLE, "/owner", "Circles", "Fridays"),
    "circle-join": ("enrol", "asked into a circle"),
    "circle": ("enrol", "in a circle", "/coach"),
    "circle-leave": ("enrol", "in a circle"),
    "ear-ask": RATED,
    "ear-link": (*RATED, "Ask a friend"),
    "ear-end": (*RATED, "Ask a friend", "As Ann"),
    "ear-hear": ("asked for an ear",),
    "ear-rate": ("asked for an ear", "Listen"),
    "ear-done": ("asked for an ear", "Listen", "4 Professional"),
}
"""How somebody new comes to each button: commands, labels, and what the words below stand for."""


OWNERS = {"circles", "circle-new", "circle-own", "circle-link", "circle-unlink", "circle-close"} | {
    "invite",
    "put-live",
    "drop-set",
    "undo-set",
}


async def go(town: Street, way: tuple[str, ...], person: int) -> None:
    """Take each step of a way."""
    for step in way:
        if step in DEEDS:
            await DEEDS[step](town, person)
        elif step.startswith("/"):
            await town.say(step, person)
        else:
            await town.tap(town.label(step, person), person)


async def follows_a_link(town: Street, person: int) -> None:
    """Carl shares his question by a link, and the person opens it."""
    await go(town, (*SHARED, "Make a link"), CARL)
    payload = town.last(CARL)["text"].split("?start=")[1]
    await town.say(f"/start {payload}", person)


async def is_asked_to_coach(town: Street, person: int, learner: int = CARL) -> None:
    """Somebody practises, makes a link to a coach, and the person opens it."""
    await go(town, RATED, learner)
    await go(town, ("/coach", "Invite a coach", "As "), learner)
    payload = town.last(learner)["text"].split("?start=")[1]
    await town.say(f"/start {payload}", person)


async def coaches(town: Street, person: int) -> None:
    """The person coaches Carl."""
    await is_asked_to_coach(town, person)
    await town.tap("Accept", person)
    await town.later(0)
    await go(town, ("Yes, Ann may", "Both"), CARL)
    await town.later(0)


async def is_accepted(town: Street, person: int) -> None:
    """Carl has accepted to coach the person."""
    await is_asked_to_coach(town, CARL, person)
    await town.tap("Accept", CARL)
    await town.later(0)


async def is_asked_into_a_circle(town: Street, person: int) -> None:
    """Olga makes a circle, and the person opens its link."""
    await go(town, CIRCLE, OLGA)
    await town.say(f"/start {town.last(OLGA)['text'].split('?start=')[1]}", person)


async def is_in_a_circle(town: Street, person: int) -> None:
    """The person has joined Olga's circle."""
    await is_asked_into_a_circle(town, person)
    await town.tap("Join", person)
    await town.say("Fox", person)


async def is_asked_for_an_ear(town: Street, person: int) -> None:
    """The person opens a link to a take of Carl's."""
    await go(town, (*RATED, "Ask a friend", "As "), CARL)
    payload = town.last(CARL)["text"].split("?start=")[1]
    await town.say(f"/start {payload}", person)


async def is_heard(town: Street, _: int) -> None:
    """Carl has rated a take."""
    await town.later(0)
    await go(town, ("Hear a take", "3 Flat"), CARL)
    await town.later(0)


DEEDS: dict[str, Callable[[Street, int], Awaitable[object]]] = {
    "enrol": lambda town, person: town.enrol(person),
    "voice": lambda town, person: town.voice(person),
    "document": lambda town, person: town.document(
        yaml_of(bank("night-shift")), person, name="night-shift.yaml"
    ),
    "a day": lambda town, _: town.jump(DAY),
    "ignore": lambda town, _: three_ignored(town),
    "interview": lambda town, person: answer_all(town, person),
    "week": lambda town, _: town.later(7 * DAY),
    "painted": lambda town, person: town.painted(person),
    "told": lambda town, person: town.say("They asked me: Why did you leave so soon?", person),
    "link": follows_a_link,
    "many": lambda town, person: many_answers(town, person),
    "asked to coach": is_asked_to_coach,
    "coaches": coaches,
    "accepted": is_accepted,
    "heard": is_heard,
    "named": lambda town, person: town.say("Fridays", person),
    "asked into a circle": is_asked_into_a_circle,
    "in a circle": is_in_a_circle,
    "asked for an ear": is_asked_for_an_ear,
}


async def many_answers(town: Street, person: int) -> None:
    """More typed answers than a page of what is found has lines."""
    for number in range(8):
        await town.say(f"A level voice, number {number + 10}.", person)
        await town.later(2 * MINUTE)
        await town.say("/drill", person)


async def three_ignored(town: Street) -> None:
    """Days go by without an answer until the bot asks whether to go on."""
    for _ in range(10):
        await town.later(DAY)
        if "Shall I go on?" in town.last()["text"]:
            return
    raise AssertionError("the bot never stopped by itself")


def with_action(town: Street, action: str, person: int) -> tuple[int, str]:
    """The message and the payload of the newest button that does this."""
    for message in reversed(town.messages(person)):
        for data in payloads(message):
            press = parse(data)
            if press and press.action == action:
                return message["message_id"], data
    raise LookupError(action)


def payloads(message: dict[str, Any]) -> list[str]:
    """What the buttons of a message carry."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [b["callback_data"] for row in rows for b in row if "callback_data" in b]


def kept(town: Street, person: int) -> dict[str, Any]:
    """All that is stored of somebody and must not come twice; not when the next surprise comes."""
    fleeting = {"version", "sequence", "next_drill_at", "message_id", "rating_message_id"}
    practice = ("learner", "open_hours", "standing", "drill", "take", "rating")
    tables = (*practice, "listen", "own_question", "share", "deed", "mock", "looks")
    return {
        table: [
            {name: value for name, value in row.items() if name not in fleeting}
            for row in town.rows(table, person)
        ]
        for table in tables
    }


def chat_of(town: Street, person: int) -> list[Any]:
    """What the phone shows: texts and buttons."""
    return [(m["message_id"], m.get("text"), payloads(m)) for m in town.messages(person)]


@pytest.mark.parametrize("action", routes.BUTTONS)
async def test_every_button_answers_and_acts_once(town: Street, action: str) -> None:
    """Each button does something visible, is answered every time, and twice does no more than once."""
    person = OLGA if action in OWNERS else ANN
    await go(town, WAYS[action], person)
    assert_every_button_works(town, person)
    before = chat_of(town, person), len(town.calls("sendDocument"))
    message_id, data = with_action(town, action, person)
    answered = len(town.toasts())

    await town.press(message_id, data, person)
    once = chat_of(town, person), len(town.calls("sendDocument"))
    stored = kept(town, person)
    assert once != before
    assert len(town.toasts()) == answered + 1

    await town.press(message_id, data, person)
    if action != "erase":  # whoever knocks again after that is known by number again
        assert kept(town, person) == stored
    assert (chat_of(town, person), len(town.calls("sendDocument"))) == once
    assert len(town.toasts()) == answered + 2

    await town.later(3000)
    await town.press(message_id, data, person)
    if action != "erase":
        assert kept(town, person) == stored
    assert len(town.toasts()) == answered + 3
    assert town.refusals() == []
    assert_every_button_works(town, person)


def assert_every_button_works(town: Street, person: int) -> None:
    """Whatever a keyboard carries fits into 64 bytes, is understood, and has a route."""
    for data in [data for message in town.messages(person) for data in payloads(message)]:
        press = parse(data)
        assert len(data.encode()) <= 64
        assert press is not None
        assert press.action in routes.BUTTONS


@pytest.mark.parametrize("way", [(), ("/start", "Hard questions"), ("enrol",), RATED])
async def test_every_command_answers_at_any_stage(town: Street, way: tuple[str, ...]) -> None:
    """Each command says something to a stranger, in the middle of the first run, and to a learner."""
    for command in routes.COMMANDS:
        person = town.sandbox.world.add_person(command).id
        await go(town, way, person)
        begun = town.messages(person)[-1]["message_id"] if way else 0
        files = len(town.calls("sendDocument"))
        await town.say(f"/{command}", person)
        assert any(town.since(begun, person)) or len(town.calls("sendDocument")) > files
    assert town.refusals() == []


@pytest.mark.parametrize("command", ["START", "start@{bot}", "Help@{bot}"])
async def test_commands_are_understood_in_any_case_and_by_name(town: Street, command: str) -> None:
    """Capital letters and the bot's own name after the @ make no difference."""
    town.app._username = town.sandbox.world.bot["username"]
    await town.enrol(CARL)
    said = await town.say("/" + command.format(bot=town.app._username), CARL)
    assert "don’t know" not in said["text"]


async def test_a_command_for_another_bot_is_plain_text(town: Street) -> None:
    """What is meant for somebody else is not obeyed."""
    await town.enrol()
    await town.tap("Not now")
    await town.tap("Skip it")
    said = await town.say("/pause@some_other_bot")
    assert said["text"].startswith("I keep what you say")


async def test_blocking_pauses_everything_and_coming_back_goes_on(town: Street) -> None:
    """Nothing is planned for whoever blocked the bot; back again, all is as it was."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    town.sandbox.world.block(ANN)
    await town.settle()
    assert town.row("learner")["next_drill_at"] is None
    sent = len(town.calls("sendMessage"))
    await town.later(3 * DAY)
    assert len(town.calls("sendMessage")) == sent
    town.sandbox.world.block(ANN, False)
    await town.settle()
    assert town.row("learner")["left_at"] is None
    card = await town.surprise()
    assert town.labels(card) == ["Hint", "Swap", "Not now"]
    assert len(town.rows("rating")) == 1


async def test_whoever_writes_again_is_back(town: Street) -> None:
    """If Telegram never told of the unblocking, the first word tells it."""
    await town.enrol()
    await town.voice()
    town.sandbox.world.block(ANN)
    await town.settle()
    town.sandbox.world.chats[ANN].blocked = False
    await town.say("/help")
    assert town.row("learner")["left_at"] is None
    assert town.row("learner")["next_drill_at"] is not None


async def test_a_message_to_somebody_who_blocked_us_is_taken_as_leaving(town: Street) -> None:
    """A 403 at the next surprise stops the surprises, even if the update of it never came."""
    await town.enrol()
    await town.voice()
    await town.tap("4 Professional")
    town.sandbox.world.chats[ANN].blocked = True
    await town.later(DAY)
    assert town.row("learner")["left_at"] is not None
    assert town.row("learner")["next_drill_at"] is None


async def test_in_a_group_it_says_that_it_is_private_and_leaves(town: Street) -> None:
    """Added to a group, the bot says once why, leaves, and keeps its learner."""
    await town.enrol()
    group = town.sandbox.world.add_to_group(ANN)
    await town.settle()
    said = [call["text"] for call in town.calls("sendMessage") if call["chat_id"] == group]
    assert len(said) == 1
    assert "private chats only" in said[0]
    assert [call["chat_id"] for call in town.calls("leaveChat")] == [group]
    assert town.row("learner")["left_at"] is None
    assert town.refusals() == []


async def test_a_group_that_it_is_still_in_is_left_at_the_next_word(town: Street) -> None:
    """A command in a group, from long ago, is answered by leaving and by nothing else."""
    world = town.sandbox.world
    group = world.add_to_group(ANN)
    world.updates.take(world.updates.next_id, 0)
    world.say(ANN, "/start", group=group)
    await town.settle()
    assert [call["chat_id"] for call in town.calls("leaveChat")] == [group]
    assert all(call["chat_id"] == group for call in town.calls("sendMessage"))


def test_every_button_in_the_code_has_a_route() -> None:
    """No keyboard names an action that is not routed, and no route is without a keyboard."""
    made = set(actions_in_the_code())
    assert made - set(routes.BUTTONS) == set()
    assert set(routes.BUTTONS) - made == set()


def test_every_button_has_a_way_and_every_menu_entry_a_command() -> None:
    """Whoever adds a button adds the way to it here; the menu names nothing that does not exist."""
    assert set(WAYS) == set(routes.BUTTONS)
    assert set(menu.COMMANDS) <= set(routes.COMMANDS)


def actions_in_the_code() -> Iterator[str]:
    """The action of every `button(label, action, …)`, and of the pages that /settings makes."""
    for path in Path(chat.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                continue
            constants = [a.value if isinstance(a, ast.Constant) else None for a in node.args]
            if node.func.id in ("button", "_choices") and isinstance(constants[1], str):
                yield constants[1]
            elif node.func.id == "paged" and isinstance(constants[3], str):
                yield constants[3]
            elif node.func.id == "page" and isinstance(constants[0], str):
                yield "set-zone" if constants[0] == "zone" else constants[0]


async def test_an_hour_of_taps_leaves_no_dead_update(town: Street) -> None:
    """After a long walk through the chat nothing was set aside and nothing waits."""
    await go(town, (*RATED, "Yes, go through them", "3 So-so", "/settings", "Pace"), ANN)
    await town.later(HOUR)
    counts = await town.say("/owner", OLGA)
    assert "Waiting to be handled: 1 · set aside: 0" in counts["text"]
