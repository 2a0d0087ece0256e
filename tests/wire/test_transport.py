import asyncio
import gzip
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.error import BadRequest, NetworkError, TimedOut

from bot import __version__
from bot.wire import transport
from bot.wire.transport import AiohttpRequest, Outcome, Timeouts, outcome_of
from tests.wire import loopback
from tests.wire.loopback import TOKEN, Server, Visit, always, result, serving

SENT = {
    "message_id": 7,
    "date": 1_767_225_600,
    "chat": {"id": 1001, "type": "private", "first_name": "Ann"},
    "text": "Tell me about yourself.",
}


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    """A transport with its usual patience."""
    async with AiohttpRequest() as request:
        yield request


def bot_on(server: Server, request: AiohttpRequest) -> Bot:
    """The library's bot over this transport."""
    return Bot(TOKEN, f"{server.url}/bot", request=request, get_updates_request=request)


async def test_a_message_goes_out_as_json_and_comes_back_as_a_message(
    request_: AiohttpRequest,
) -> None:
    """A message with buttons is one JSON body, numbers and lists as such, under a plain name."""
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Hint", callback_data="h1")]])
    async with serving(always(result(SENT))) as server:
        message = await bot_on(server, request_).send_message(
            1001, "Tell me about yourself. 🎤", reply_markup=buttons
        )
    assert (message.message_id, message.chat.id) == (7, 1001)
    asked = server.requests[0]
    assert asked.line == f"POST /bot{TOKEN}/sendMessage HTTP/1.1"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["user-agent"] == f"Sprung/{__version__}"
    assert json.loads(asked.body) == {
        "chat_id": 1001,
        "text": "Tell me about yourself. 🎤",
        "reply_markup": {"inline_keyboard": [[{"text": "Hint", "callback_data": "h1"}]]},
    }


async def test_a_method_without_parameters_has_no_body(request_: AiohttpRequest) -> None:
    """A method without parameters is posted without a body."""
    async with serving(always(result(True))) as server:
        assert await request_.post(server.method("logOut")) is True
    assert server.requests[0].body == b""


async def test_connections_are_kept_alive(request_: AiohttpRequest) -> None:
    """Ten requests, one after the other, take one connection."""
    async with serving(always(result(True))) as server:
        for _ in range(10):
            await request_.post(server.method())
    assert (len(server.requests), server.connections) == (10, 1)


async def test_the_pool_never_holds_more_connections_than_it_may() -> None:
    """Twenty requests at once through a pool of three take three connections."""
    async with serving(always(result(True))) as server, AiohttpRequest(connections=3) as request:
        await asyncio.gather(*(request.post(server.method()) for _ in range(20)))
    assert (len(server.requests), server.connections) == (20, 3)


async def test_half_an_emoji_stops_neither_sending_nor_reading(request_: AiohttpRequest) -> None:
    """A lone surrogate, legal in JSON but not in UTF-8, becomes a question mark both ways."""
    broken = b'{"ok":true,"result":{"first_name":"\\ud83d"}}'
    async with serving(always(broken)) as server:
        bot = bot_on(server, request_)
        answer = await bot.do_api_request("sendThing", {"text": "half \ud83d"})
    assert answer == {"first_name": "?"}
    assert json.loads(server.requests[0].body) == {"text": "half ?"}


async def test_a_parameter_without_a_json_form_is_refused_before_sending(
    request_: AiohttpRequest,
) -> None:
    """What cannot be written as JSON is a refusal, and nothing goes out."""
    async with serving(always(result(True))) as server:
        with pytest.raises(BadRequest) as caught:
            await bot_on(server, request_).do_api_request("sendThing", {"a": {"b": object()}})
    assert outcome_of(caught.value) is Outcome.REFUSED
    assert server.requests == []


class Pieces(io.FileIO):
    """A file that remembers how much was asked of it at a time."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.sizes: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.sizes.append(-1 if size is None else size)
        return super().read(size) or b""


Form = dict[str, Any]


@asynccontextmanager
async def uploads(received: list[Form]) -> AsyncIterator[str]:
    """A server with somebody else's parser of multipart bodies."""

    async def keep(asked: web.Request) -> web.Response:
        form: Form = {"announced": asked.content_length}
        for name, value in (await asked.post()).items():
            form[name] = value
            if isinstance(value, web.FileField):
                form[name] = (value.filename, value.content_type, value.file.read())
        received.append(form)
        return web.json_response({"ok": True, "result": SENT})

    app = web.Application(client_max_size=64 * 2**20)
    app.router.add_post("/{anything:.*}", keep)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_file_is_streamed_and_stays_open(request_: AiohttpRequest, tmp_path: Path) -> None:
    """A file goes out in pieces of 64 KiB with its length announced, and is not closed."""
    path = tmp_path / "takes.zip"
    path.write_bytes(bytes(range(256)) * 4096)
    received: list[Form] = []
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("OK", callback_data="k")]])
    async with uploads(received) as url:
        with Pieces(path) as file:
            document = InputFile(file, filename='my "takes".zip', read_file_handle=False)
            await Bot(TOKEN, f"{url}/bot", request=request_).send_document(
                1001, document, caption="Deine Übungen", reply_markup=buttons
            )
            assert not file.closed
            assert max(file.sizes) <= 64 * 1024
            assert -1 not in file.sizes
    [form] = received
    assert form["document"] == ("my %22takes%22.zip", "application/zip", path.read_bytes())
    assert (form["chat_id"], form["caption"]) == ("1001", "Deine Übungen")
    assert json.loads(form["reply_markup"]) == buttons.to_dict()
    assert form["announced"] > 2**20


async def test_a_picture_in_memory_is_sent_as_a_file(request_: AiohttpRequest) -> None:
    """Bytes are sent as a file too."""
    received: list[Form] = []
    async with uploads(received) as url:
        await Bot(TOKEN, f"{url}/bot", request=request_).send_photo(1001, b"PNG", filename="a.png")
    assert received[0]["photo"] == ("a.png", "image/png", b"PNG")


async def test_a_file_that_shrinks_while_it_is_sent_fails_and_does_not_hang(
    request_: AiohttpRequest,
) -> None:
    """A file shorter than announced breaks the request off, with an unknown outcome."""

    class Shrinking(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return b""

    async with serving(loopback.never) as server:
        file = InputFile(Shrinking(b"12345"), filename="a.txt", read_file_handle=False)
        with pytest.raises(NetworkError, match="ended 5 bytes early") as caught:
            await bot_on(server, request_).send_document(1001, file)
    assert outcome_of(caught.value) is Outcome.UNKNOWN


async def test_an_upload_that_nobody_takes_is_given_up() -> None:
    """When the server stops reading, an upload ends after the media write timeout."""

    async def deaf(visit: Visit) -> None:
        visit.reader._transport.pause_reading()  # type: ignore[attr-defined]
        await asyncio.Event().wait()

    async with serving(deaf) as server, AiohttpRequest(timeouts=Timeouts(media_write=0.05)) as it:
        with pytest.raises(TimedOut) as caught:
            await bot_on(server, it).send_document(1001, bytes(32 * 2**20))
    assert outcome_of(caught.value) is Outcome.UNKNOWN


async def test_an_upload_that_keeps_moving_may_take_its_time() -> None:
    """A slow upload may last much longer than the media write timeout of a single piece."""

    async def slow_reader(visit: Visit) -> None:
        head = await visit.reader.readuntil(b"\r\n\r\n")
        left = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while left:
            left -= len(await visit.reader.readexactly(min(left, 2**18)))
            await asyncio.wait({asyncio.ensure_future(asyncio.Event().wait())}, timeout=0.008)
        visit.answer(result(SENT))

    now = asyncio.get_running_loop().time
    patience = Timeouts(media_write=0.25)
    async with serving(slow_reader) as server, AiohttpRequest(timeouts=patience) as request:
        start = now()
        await bot_on(server, request).send_document(1001, bytes(16 * 2**20))
    assert now() - start > 0.4


async def test_the_answer_to_an_upload_may_take_the_usual_time() -> None:
    """Once a file is sent, its answer has the read timeout and not that of a piece."""
    answer_now = asyncio.Event()

    async def thoughtful(visit: Visit) -> None:
        await visit.request()
        await answer_now.wait()
        visit.answer(result(SENT))

    patience = Timeouts(media_write=0.02)
    async with serving(thoughtful) as server, AiohttpRequest(timeouts=patience) as request:
        sent = asyncio.create_task(bot_on(server, request).send_document(1001, b"a picture"))
        done, _ = await asyncio.wait({sent}, timeout=0.1)
        assert not done
        answer_now.set()
        assert (await sent).message_id == 7


@pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'")
async def test_getting_updates_waits_as_long_as_telegram_may() -> None:
    """A long poll outlasts the usual read timeout by the poll's own timeout."""
    answer_now = asyncio.Event()

    async def long_poll(visit: Visit) -> None:
        await visit.request()
        await answer_now.wait()
        visit.answer(result([]))

    async with (
        serving(long_poll) as server,
        AiohttpRequest(timeouts=Timeouts(read=0.02)) as polling,
    ):
        bot = bot_on(server, polling)
        polled = asyncio.create_task(bot.do_api_request("getUpdates", {"timeout": 5}))
        done, _ = await asyncio.wait({polled}, timeout=0.1)
        assert not done
        answer_now.set()
        assert await polled == []


async def test_the_library_can_ask_for_the_usual_patience(request_: AiohttpRequest) -> None:
    """The library, which adds a poll's timeout to it, is told the usual read timeout."""
    assert request_.read_timeout == Timeouts().read


async def test_a_call_may_bring_its_own_patience(request_: AiohttpRequest) -> None:
    """A read timeout given with the call replaces the usual one."""
    async with serving(loopback.never) as server:
        with pytest.raises(TimedOut):
            await bot_on(server, request_).send_message(1001, "?", read_timeout=0.02)


async def test_a_cancelled_request_leaves_the_pool_usable() -> None:
    """A request cancelled in flight gives its place in the pool to the next one."""
    asked = asyncio.Event()

    async def first_silent_then_good(visit: Visit) -> None:
        await visit.request()
        if not asked.is_set():
            asked.set()
            await visit.reader.read()
        visit.answer(result(True))

    async with serving(first_silent_then_good) as server, AiohttpRequest(connections=1) as request:
        first = asyncio.create_task(request.post(server.method()))
        await asked.wait()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        assert await request.post(server.method()) is True


async def test_a_redirect_is_not_followed(request_: AiohttpRequest) -> None:
    """A redirect is an error, and the token does not travel to the other address."""
    async with serving(always(result(True))) as other:
        moved = always(b"", 307, f"Location: {other.url}/elsewhere\r\n")
        async with serving(moved) as server:
            with pytest.raises(NetworkError, match="307"):
                await request_.post(server.method())
    assert other.connections == 0


async def test_it_opens_again_after_a_shutdown(request_: AiohttpRequest) -> None:
    """After a shutdown nothing is sent until it is opened again; both may be said twice."""
    async with serving(always(result(True))) as server:
        await request_.shutdown()
        await request_.shutdown()
        with pytest.raises(NetworkError, match="not open") as caught:
            await request_.post(server.method())
        assert outcome_of(caught.value) is Outcome.NOT_SENT
        await request_.initialize()
        await request_.initialize()
        assert await request_.post(server.method()) is True


async def test_a_proxy_from_the_environment_is_used(
    request_: AiohttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """HTTP_PROXY carries the request for a host that only the proxy could find."""
    async with serving(always(result(True))) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        url = f"http://api.nonexistent.invalid/bot{TOKEN}/getMe"
        assert await request_.post(url) is True
    assert proxy.requests[0].line == f"POST {url} HTTP/1.1"


async def test_no_proxy_is_respected(
    request_: AiohttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A host in NO_PROXY is reached directly."""
    async with serving(always(result(True))) as proxy, serving(always(result(True))) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert await request_.post(server.method()) is True
    assert (proxy.connections, server.connections) == (0, 1)


async def test_a_socks_proxy_is_named_as_the_trouble(
    request_: AiohttpRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kind of proxy that does not work is an error that names the variable."""
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1080")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    with pytest.raises(NetworkError, match="HTTP_PROXY takes an http:// or https://"):
        await request_.post(f"http://127.0.0.1:9/bot{TOKEN}/getMe")


async def test_an_endless_answer_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is read up to a limit, and what is longer is a failure like any other."""
    monkeypatch.setattr(transport, "ANSWER_BYTES", 100_000)

    async def endless(visit: Visit) -> None:
        await visit.request()
        visit.writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        while True:
            visit.writer.write(bytes(10_000))
            await visit.writer.drain()

    async with serving(endless) as server, AiohttpRequest() as request:
        with pytest.raises(NetworkError, match="more than 100000 bytes"):
            await request.post(server.method("getMe"))


async def test_nothing_is_unpacked() -> None:
    """A file that comes packed unasked is taken as it came, however much it would unpack to."""
    packed = gzip.compress(bytes(1_000_000))
    conduct = always(packed, more="Content-Encoding: gzip\r\n")
    taken: list[bytes] = []
    async with serving(conduct) as server, AiohttpRequest() as request:
        await request.download(server.file(), taken.append, 10_000)
    assert b"".join(taken) == packed
