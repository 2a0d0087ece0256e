import asyncio
from pathlib import Path
from typing import Any

import pytest
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.wire.api import BotApi
from bot.wire.transport import AiohttpRequest
from tests.wire.loopback import TOKEN, always, refusal, result, serving
from tests.wire.outpost import ANN, Outpost


async def test_a_call_gives_the_bare_result(here: Outpost) -> None:
    """What comes back is Telegram's JSON, with nothing built around it."""
    sent = await here.api.call("sendMessage", {"chat_id": ANN, "text": "hello"})
    assert sent["text"] == "hello"
    assert (await here.api.call("getMe"))["is_bot"] is True


async def test_a_file_goes_along_under_its_public_name(here: Outpost, tmp_path: Path) -> None:
    """The learner sees the name in the parameters, not the secret one that the file has on disk."""
    secret = tmp_path / "sprung-s3cret.zip"
    secret.write_bytes(b"PK everything")
    parameters = {"chat_id": ANN, "caption": "Yours", "file_name": "sprung.zip"}
    await here.api.call("sendDocument", parameters, upload=secret)
    document = here.sandbox.world.messages(ANN)[-1]["document"]
    assert (document["file_name"], document["file_size"]) == ("sprung.zip", 13)
    assert "s3cret" not in str(here.sandbox.journal.since(0))
    assert parameters["file_name"] == "sprung.zip"


async def test_a_file_without_a_public_name_keeps_its_own(here: Outpost, tmp_path: Path) -> None:
    """Without a name in the parameters the file's own is used."""
    path = tmp_path / "plain.txt"
    path.write_bytes(b"x")
    await here.api.call("sendDocument", {"chat_id": ANN}, upload=path)
    assert here.sandbox.world.messages(ANN)[-1]["document"]["file_name"] == "plain.txt"


@pytest.mark.parametrize(("code", "text"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_both_ways_to_refuse_a_token_are_one_error(code: int, text: str) -> None:
    """Telegram says 401 to a revoked token and 404 to one of the wrong shape."""
    async with serving(always(refusal(code, text), code)) as server, AiohttpRequest() as transport:
        with pytest.raises(InvalidToken):
            await BotApi(TOKEN, server.url, transport).call("getMe")


async def test_a_download_needs_the_file_and_a_path_to_it(here: Outpost) -> None:
    """An unknown file is Telegram's refusal; an answer without a path is an error to try again."""
    with pytest.raises(BadRequest):
        await here.api.download("nothing", bytearray().extend, 10)
    for answer in ({"file_id": "x"}, True):
        here.fault("getFile", status=200, body={"ok": True, "result": answer})
        with pytest.raises(TelegramError, match="no way"):
            await here.api.download("x", bytearray().extend, 10)


async def test_a_download_passes_the_bytes_on(here: Outpost) -> None:
    """The bytes arrive in the sink, and their number is returned."""
    voice = here.sandbox.world.send(ANN, "voice", b"OggS" + bytes(500), duration=1)["voice"]
    kept = bytearray()
    assert await here.api.download(voice["file_id"], kept.extend, 1000) == 504
    assert bytes(kept) == b"OggS" + bytes(500)


async def test_a_call_may_wait_longer_than_others(here: Outpost) -> None:
    """`read_timeout` is for the call alone: a long poll outlasts the usual patience."""
    here.transport._timeouts = here.transport._timeouts._replace(read=0.05)
    here.fault("getMe", delay=0.2, times=2)
    with pytest.raises(TelegramError):
        await here.api.call("getMe")
    assert await here.api.call("getMe", read_timeout=5.0)


async def test_calls_go_side_by_side() -> None:
    """Ten slow calls take as long as one."""
    release = asyncio.Event()
    arrived = asyncio.Semaphore(0)

    async def slow(visit: Any) -> None:
        await visit.request()
        arrived.release()
        await release.wait()
        visit.answer(result(True))

    async with serving(slow) as server, AiohttpRequest() as transport:
        api = BotApi(TOKEN, server.url, transport)
        calls = [asyncio.create_task(api.call("getMe")) for _ in range(10)]
        for _ in calls:
            await asyncio.wait_for(arrived.acquire(), 60)
        release.set()
        assert await asyncio.gather(*calls) == [True] * 10
