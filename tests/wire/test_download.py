import asyncio
import errno
from collections.abc import AsyncIterator

import pytest
from telegram.error import InvalidToken, NetworkError, TimedOut

from bot.wire.transport import AiohttpRequest, Outcome, TooLarge, outcome_of
from tests.wire import loopback
from tests.wire.loopback import Visit, always, refusal, serving
from tests.wire.test_outcome import assert_silent_about_the_token

VOICE = bytes(range(256)) * 1000


@pytest.fixture
async def request_() -> AsyncIterator[AiohttpRequest]:
    """A transport with its usual patience."""
    async with AiohttpRequest() as request:
        yield request


async def endless(visit: Visit) -> None:
    """Send a file of no announced length that never ends."""
    await visit.request()
    visit.writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        visit.writer.write(b"1000\r\n" + bytes(4096) + b"\r\n")
        await visit.writer.drain()


async def test_a_file_arrives_whole_and_in_pieces(request_: AiohttpRequest) -> None:
    """A file reaches the sink unchanged, in order, at most 64 KiB at a time."""
    pieces: list[bytes] = []
    async with serving(always(VOICE)) as server:
        size = await request_.download(server.file(), pieces.append, len(VOICE))
    assert b"".join(pieces) == VOICE
    assert size == len(VOICE)
    assert max(map(len, pieces)) <= 64 * 1024
    assert server.requests[0].line.startswith("GET /file/bot")


async def test_a_file_announced_as_too_large_is_not_begun(request_: AiohttpRequest) -> None:
    """When the announced length is over the cap, the sink gets nothing."""
    pieces: list[bytes] = []
    async with serving(always(VOICE)) as server:
        with pytest.raises(TooLarge):
            await request_.download(server.file(), pieces.append, len(VOICE) - 1)
    assert pieces == []


async def test_a_file_that_never_ends_is_cut_off_at_the_cap(request_: AiohttpRequest) -> None:
    """Without an announced length, the sink never gets more than the cap."""
    pieces: list[bytes] = []
    async with serving(endless) as server:
        with pytest.raises(TooLarge) as caught:
            await request_.download(server.file(), pieces.append, 100_000)
    assert 0 < sum(map(len, pieces)) <= 100_000
    assert_silent_about_the_token(caught.value)


async def test_a_file_that_breaks_off_is_an_error(request_: AiohttpRequest) -> None:
    """A file that ends early is not taken for the whole file."""

    async def cut(visit: Visit) -> None:
        await visit.request()
        visit.answer(VOICE[:1000], length=len(VOICE))

    async with serving(cut) as server:
        with pytest.raises(NetworkError) as caught:
            await request_.download(server.file(), lambda _: None, len(VOICE))
    assert_silent_about_the_token(caught.value)


async def test_a_file_that_takes_too_long_is_given_up(request_: AiohttpRequest) -> None:
    """The whole download has a time limit of its own."""
    async with serving(loopback.never) as server, asyncio.timeout(2.0):
        with pytest.raises(TimedOut):
            await request_.download(server.file(), lambda _: None, 10, total_seconds=0.03)


async def test_a_link_that_no_longer_works_does_not_doubt_the_token(
    request_: AiohttpRequest,
) -> None:
    """404 for a file means that its link is too old, so a new one is worth asking for."""
    async with serving(always(refusal(404, "Not Found"), 404)) as server:
        with pytest.raises(NetworkError, match="no longer works") as caught:
            await request_.download(server.file(), lambda _: None, 10)
    assert outcome_of(caught.value) is Outcome.UNKNOWN
    assert_silent_about_the_token(caught.value)


async def test_a_revoked_token_is_told_when_a_file_is_asked_for(request_: AiohttpRequest) -> None:
    """401 for a file is about the token, as for a method."""
    async with serving(always(refusal(401, "Unauthorized"), 401)) as server:
        with pytest.raises(InvalidToken):
            await request_.download(server.file(), lambda _: None, 10)


async def test_a_full_disk_is_told_as_it_is(request_: AiohttpRequest) -> None:
    """An error of the sink is not mistaken for one of the network."""

    def full_disk(piece: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    async with serving(always(VOICE)) as server:
        with pytest.raises(OSError, match="No space left") as caught:
            await request_.download(server.file(), full_disk, len(VOICE))
    assert not isinstance(caught.value, NetworkError)
