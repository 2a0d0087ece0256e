"""The phone page's API: people, chats, events, files, the clock, the journal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest

from bot.sandbox import Limits
from tests.sandbox.conftest import ANN, CARL, OLGA, Client, Open

MARKUP = {"inline_keyboard": [[{"text": "Hint", "callback_data": "hint"}]]}


class FakeClock:
    """A bot's clock with one surprise planned, for Ann."""

    def __init__(self) -> None:
        self.speed = 60.0
        self.at = 1_795_000_000_000

    def now(self) -> int:
        return self.at

    async def skip(self, ms: int) -> None:
        self.at += ms

    async def next_for(self, person: int) -> int | None:
        return 1_795_000_900_000 if person == ANN else None


class Phone:
    """An open page: the events as they come."""

    def __init__(self, lines: AsyncIterator[bytes]) -> None:
        self._lines = lines

    async def event(self) -> dict[str, Any]:
        async for line in self._lines:
            if line.startswith(b"data: "):
                event: dict[str, Any] = orjson.loads(line.removeprefix(b"data: "))
                return event
        raise AssertionError("the events ended")


@asynccontextmanager
async def phone_of(client: Client, person: int = ANN) -> AsyncIterator[Phone]:
    """A person's open page."""
    url = f"{client.sandbox.url}/phone/events/{person}"
    async with client.session.get(url) as response:
        assert response.content_type == "text/event-stream"
        assert await response.content.readline() == b": listening\n"
        yield Phone(aiter(response.content))


async def test_three_people_are_there_and_more_can_come(client: Client) -> None:
    """Ann, Carl and Olga are there from the start; a new person gets the next number."""
    people = (await client.get("/phone/people")).body
    assert [(p["id"], p["first_name"]) for p in people] == [
        (ANN, "Ann"),
        (CARL, "Carl"),
        (OLGA, "Olga"),
    ]
    new = await client.post("/phone/people", {"first_name": "Dora", "language_code": "de"})
    assert new.body == {"id": 1004, "first_name": "Dora", "language_code": "de"}


async def test_a_person_says_something(client: Client) -> None:
    """Text from the page becomes an update with the command marked, and shows as outgoing."""
    said = (await client.post(f"/phone/chat/{ANN}/text", {"text": "/drill now"})).body
    assert (said["outgoing"], said["text"]) == (True, "/drill now")
    update = (await client.updates())[-1]["message"]
    assert update["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert (update["from"]["id"], update["chat"]["type"]) == (ANN, "private")
    assert "outgoing" not in update


async def test_a_reply_of_a_person_names_the_message(client: Client) -> None:
    """A reply brings along what it answers, without what that answered in turn."""
    asked = (await client.call("sendMessage", chat_id=ANN, text="Why?")).result["message_id"]
    said = {"text": "Because", "reply_to": asked}
    first = (await client.post(f"/phone/chat/{ANN}/text", said)).body
    second = {"text": "And", "reply_to": first["message_id"]}
    again = (await client.post(f"/phone/chat/{ANN}/text", second)).body
    assert first["reply_to_message"]["text"] == "Why?"
    assert "reply_to_message" not in again["reply_to_message"]


async def test_long_text_goes_in_pieces(client: Client) -> None:
    """More than 4096 characters arrive as several messages, as from Telegram's apps."""
    last = (await client.post(f"/phone/chat/{ANN}/text", {"text": "x" * 5000})).body
    assert len(last["text"]) == 904
    lengths = [len(update["message"]["text"]) for update in await client.updates()]
    assert lengths == [6, 4096, 904]


async def test_a_recording_is_sent_and_played(client: Client) -> None:
    """A voice from the page has its duration and type, and plays in parts."""
    url = f"{client.sandbox.url}/phone/chat/{ANN}/media?kind=voice&duration=84.4"
    headers = {"Content-Type": "audio/ogg"}
    async with client.session.post(url, data=b"OggS0123456789", headers=headers) as response:
        said = await response.json()
    assert said["voice"].items() >= {"duration": 84, "mime_type": "audio/ogg"}.items()
    update = (await client.updates())[-1]["message"]
    assert update["voice"] == said["voice"]
    path = f"/phone/file/{said['voice']['file_id']}"
    assert await client.bytes_of(path) == (200, b"OggS0123456789", "audio/ogg")
    assert (await client.bytes_of(path, Range="bytes=4-7"))[:2] == (206, b"0123")
    assert (await client.get("/phone/file/none")).body == {"error": "There is no such file."}


async def test_an_uploaded_page_cannot_run(client: Client) -> None:
    """A file is shown as what it claims to be, in a sandbox without scripts."""
    client.sandbox.world.say(ANN, "first")
    url = f"{client.sandbox.url}/phone/chat/{ANN}/media?kind=document&file_name=x.html"
    async with client.session.post(
        url, data=b"<script>", headers={"Content-Type": "text/html"}
    ) as response:
        file_id = (await response.json())["document"]["file_id"]
    async with client.session.get(f"{client.sandbox.url}/phone/file/{file_id}") as response:
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"] == "sandbox"


@pytest.mark.parametrize("kind", ["video_note", "video", "document"])
async def test_every_kind_of_media_can_be_sent(client: Client, kind: str) -> None:
    """The page sends each kind, as an answer too; the bot gets it under its name."""
    said = client.sandbox.world.say(ANN, "first")["message_id"]
    query = f"kind={kind}&duration=3&file_name=take.mp4&reply_to={said}"
    url = f"{client.sandbox.url}/phone/chat/{ANN}/media?{query}"
    async with client.session.post(url, data=b"bytes") as response:
        assert response.status == 200
    update = (await client.updates())[-1]["message"]
    assert update[kind]["file_size"] == 5
    assert update["reply_to_message"]["message_id"] == said


@pytest.mark.parametrize(
    ("path", "body", "status", "reason"),
    [
        ("/phone/people", {"first_name": " "}, 400, "first_name must be non-empty"),
        ("/phone/people", {}, 400, 'lacks the field "first_name"'),
        ("/phone/chat/77/text", {"text": "x"}, 404, "Nobody has the number 77."),
        ("/phone/chat/ann/text", {"text": "x"}, 404, "Nobody has the number ann."),
        (f"/phone/chat/{ANN}/text", {"text": " "}, 409, "There is nothing to send."),
        (f"/phone/chat/{ANN}/text", {"text": 5}, 400, "text must be a String"),
        (f"/phone/chat/{ANN}/press", {"data": "x"}, 400, 'lacks the field "message_id"'),
        (f"/phone/chat/{ANN}/media?kind=song", {}, 400, None),
        (f"/phone/chat/{ANN}/media?kind=voice&duration=long", {}, 400, None),
        (f"/phone/chat/{ANN}/media?kind=photo", {}, 400, "Bad Request: IMAGE_PROCESS_FAILED"),
        ("/phone/clock/skip", {"minutes": 60}, 404, "No bot's clock is attached to this sandbox."),
        ("/phone/clock/skip", {"minutes": 0}, 400, "minutes must be 1 to 527040"),
    ],
)
async def test_what_the_page_cannot_do_is_told(
    client: Client, path: str, body: Any, status: int, reason: str | None
) -> None:
    """Every mistake is answered with a status and one sentence."""
    answer = await client.post(path, body)
    assert answer.status == status
    assert reason is None or answer.body == {"error": reason}


async def test_a_body_that_is_no_json_is_told(client: Client) -> None:
    """A broken body is a mistake like any other."""
    url = f"{client.sandbox.url}/phone/people"
    async with client.session.post(url, data=b"{") as response:
        assert (response.status, await response.json()) == (
            400,
            {"error": "The request must be JSON"},
        )


async def test_other_sites_are_kept_out(client: Client) -> None:
    """A page of another origin cannot act in the sandbox; the sandbox's own can."""
    url = f"{client.sandbox.url}/phone/people"
    for origin, status in (("https://evil.example", 403), (client.sandbox.url, 200)):
        async with client.session.get(url, headers={"Origin": origin}) as response:
            assert response.status == status


async def test_an_open_phone_follows_the_chat(client: Client) -> None:
    """Messages, edits, reactions, deletions, signs of work and menus arrive as events."""
    async with phone_of(client) as phone:
        said = client.sandbox.world.say(ANN, "Hi")
        assert (await phone.event())["message"]["outgoing"] is True
        await client.call("sendChatAction", chat_id=ANN, action="typing")
        assert await phone.event() == {"type": "action", "action": "typing"}
        sent = (await client.call("sendMessage", chat_id=ANN, text="one")).result
        event = await phone.event()
        assert (event["type"], event["message"]["text"]) == ("message", "one")
        place = {"chat_id": ANN, "message_id": sent["message_id"]}
        await client.call("editMessageText", **place, text="two")
        event = await phone.event()
        assert (event["type"], event["message"]["text"]) == ("edit", "two")
        mine = {"chat_id": ANN, "message_id": said["message_id"]}
        await client.call("setMessageReaction", **mine, reaction=[{"type": "emoji", "emoji": "👀"}])
        event = await phone.event()
        assert (event["type"], event["reactions"]) == ("reaction", ["👀"])
        await client.call("deleteMessage", **place)
        assert await phone.event() == {"type": "delete", "message_ids": [sent["message_id"]]}
        menu = [{"command": "drill", "description": "Ask me"}]
        await client.call("setMyCommands", commands=menu)
        assert await phone.event() == {"type": "commands", "commands": menu}


async def test_a_press_is_answered_on_the_phone(client: Client) -> None:
    """The press gives its number at once; toast and answer follow as events with it."""
    sent = (await client.call("sendMessage", chat_id=ANN, text="x", reply_markup=MARKUP)).result
    async with phone_of(client) as phone:
        tapped = {"message_id": sent["message_id"], "data": "hint"}
        press = (await client.post(f"/phone/chat/{ANN}/press", tapped)).body["press"]
        query = (await client.updates())[-1]["callback_query"]
        assert (query["id"], query["data"]) == (press, "hint")
        assert query["message"]["reply_markup"] == MARKUP
        await client.call(
            "answerCallbackQuery", callback_query_id=press, text="Saved", show_alert=True
        )
        assert await phone.event() == {
            "type": "toast",
            "text": "Saved",
            "alert": True,
            "message_id": sent["message_id"],
        }
        assert await phone.event() == {"type": "answered", "press": press}


async def test_nobody_sees_another_phones_events(client: Client) -> None:
    """What goes to Carl does not reach Ann's page."""
    client.sandbox.world.say(CARL, "/start")
    async with phone_of(client) as phone:
        await client.call("sendMessage", chat_id=CARL, text="for Carl")
        await client.call("sendMessage", chat_id=ANN, text="for Ann")
        assert (await phone.event())["message"]["text"] == "for Ann"


async def test_a_closed_phone_is_forgotten(client: Client) -> None:
    """After the page is closed its events go nowhere, at the latest with the next one."""
    async with phone_of(client):
        assert client.sandbox.world.phones.open() == [ANN]
    while client.sandbox.world.phones.open():
        await client.call("sendMessage", chat_id=ANN, text="anybody?")


async def test_a_quiet_page_gets_signs_of_life(open_sandbox: Open) -> None:
    """While nothing happens a comment keeps the connection open."""
    client = await open_sandbox(limits=Limits(keep_alive_seconds=0.01))
    async with client.session.get(f"{client.sandbox.url}/phone/events/{ANN}") as response:
        lines = [await response.content.readline() for _ in range(3)]
    assert lines == [b": listening\n", b"\n", b": keep-alive\n"]


async def test_the_page_itself_is_served(client: Client) -> None:
    """The address alone shows the page, with the type of a page; its parts have theirs."""
    status, body, content_type = await client.bytes_of("/")
    assert (status, content_type) == (200, "text/html")
    assert b"/phone/phone.js" in body
    assert (await client.bytes_of("/phone/phone.js"))[2].endswith("javascript")


async def test_stopping_ends_the_events(client: Client) -> None:
    """An open page's stream ends when the sandbox stops."""
    async with phone_of(client) as phone:
        stop = asyncio.create_task(client.sandbox.stop())
        with pytest.raises(AssertionError, match="the events ended"):
            await phone.event()
        await stop


async def test_blocking_is_told_and_shown(client: Client) -> None:
    """Blocking sends my_chat_member, shows in the chat, and closes the person's mouth."""
    offset = client.sandbox.world.updates.next_id
    async with phone_of(client) as phone:
        await client.post(f"/phone/chat/{ANN}/block", {"blocked": True})
        assert await phone.event() == {"type": "blocked", "blocked": True}
    assert (await client.get(f"/phone/chat/{ANN}")).body["blocked"] is True
    (update,) = await client.updates(offset=offset)
    statuses = [
        update["my_chat_member"][f"{when}_chat_member"]["status"] for when in ("old", "new")
    ]
    assert statuses == ["member", "kicked"]
    said = await client.post(f"/phone/chat/{ANN}/text", {"text": "x"})
    assert (said.status, said.body) == (409, {"error": "The bot is blocked; unblock it first."})


async def test_the_clock_is_shown_and_put_forward(open_sandbox: Open) -> None:
    """The page sees the bot's time and the surprises to come, skips minutes, and to the next."""
    clock = FakeClock()
    client = await open_sandbox(clock=clock, now=lambda: clock.at / 1000)
    begun = clock.at
    next_at = {str(ANN): begun + 900_000}
    shown = (await client.get("/phone/clock")).body
    assert shown == {"now": begun, "speed": 60.0, "next": next_at}
    skipped = (await client.post("/phone/clock/skip", {"minutes": 5})).body
    assert skipped["now"] == begun + 300_000
    there = (await client.post("/phone/clock/next", {"person": ANN})).body
    assert there["now"] == begun + 900_000
    none = await client.post("/phone/clock/next", {"person": CARL})
    assert (none.status, none.body["error"]) == (
        409,
        "No surprise is planned just now. Answer the open question, or go on an hour.",
    )


async def test_messages_carry_the_clocks_time(open_sandbox: Open) -> None:
    """With a clock and nothing else, messages are dated by it."""
    clock = FakeClock()
    client = await open_sandbox(clock=clock, now=None)
    assert client.sandbox.world.say(ANN, "x")["date"] == 1_795_000_000


async def test_without_a_clock_there_is_none(client: Client) -> None:
    """The page is told so with 404, until a bot attaches its clock."""
    assert (await client.get("/phone/clock")).status == 404
    client.sandbox.attach(FakeClock())
    assert (await client.get("/phone/clock")).status == 200


async def test_the_journal_holds_what_was_asked_and_answered(client: Client) -> None:
    """Each request is there with its answer, and can be asked for from a number on."""
    await client.call("getMe")
    await client.call("sendMessage", chat_id=ANN, text="")
    journal = (await client.get("/phone/journal")).body
    first, second = journal["entries"]
    assert (first["n"], first["method"], first["status"]) == (1, "getMe", 200)
    assert first["answer"]["result"]["is_bot"] is True
    assert second["parameters"] == {"chat_id": ANN, "text": ""}
    assert second["answer"]["error_code"] == 400
    assert journal["next"] == 3
    assert (await client.get("/phone/journal?since=3")).body["entries"] == []
    assert len((await client.get("/phone/journal?since=2")).body["entries"]) == 1
    violations = (await client.get("/phone/violations")).body
    assert violations == [
        {
            "n": 2,
            "method": "sendMessage",
            "description": "Bad Request: message text is empty",
            "parameters": {"chat_id": ANN, "text": ""},
        }
    ]


async def test_the_journal_is_bounded(open_sandbox: Open) -> None:
    """Only the last requests are kept, and numbers go on."""
    client = await open_sandbox(limits=Limits(journal=2))
    for _ in range(5):
        await client.call("getMe")
    journal = (await client.get("/phone/journal?since=1")).body
    assert ([entry["n"] for entry in journal["entries"]], journal["next"]) == ([4, 5], 6)


async def test_missing_assets_are_not_found(client: Client) -> None:
    """Files that the page does not have, or that lie outside its folder, are not served."""
    for path in ("/phone/none.js", "/phone/..%2Fserver.py", "/phone/%2e%2e%2fserver.py"):
        async with client.session.get(client.sandbox.url + path) as response:
            assert response.status == 404
