import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from telegram.error import InvalidToken

from bot.store import takes
from bot.store.database import StorageError, Write
from bot.store.media import MediaFolder
from bot.store.tables import MediaState, TakeKind
from bot.store.tables import take as take_table
from bot.wire.api import BotApi
from bot.wire.fetcher import AT_ONCE, RETRY_SECONDS, Fetcher
from tests.store import cabinet
from tests.wire.loopback import TOKEN, Visit, refusal, result, serving
from tests.wire.outpost import ANN, Outpost, until

OPUS = b"OggS" + bytes(range(256)) * 40
NEVER_SEEN = "AwACAgIAAxkBAAMDnobody-ever-sent-this"


class Shelf:
    """Ann's recordings: in the database, at Telegram, and on disk."""

    def __init__(self, here: Outpost) -> None:
        self.here = here
        self.root = here.folder / "media"

    def fetcher(self, **options: Any) -> Fetcher:
        """A fetcher; `api`: another server to fetch from."""
        here = self.here
        api = options.pop("api", here.api)
        folder = MediaFolder(self.root)
        return Fetcher(here.database, api, folder, here.clock, here.health, **options)

    async def voice(self, number: int = 1, data: bytes = OPUS, **fields: Any) -> str:
        """Ann has answered by voice; returns the file's id at Telegram."""
        body = self.here.sandbox.world.send(ANN, "voice", data, duration=5)
        file_id: str = body["voice"]["file_id"]
        await self.want(number, file_id, **fields)
        return file_id

    async def want(self, number: int, file_id: str, kind: TakeKind = TakeKind.VOICE) -> None:
        """A take that wants its bytes."""
        take = cabinet.take(
            number, kind=kind, text=None, file_id=file_id, media_state=MediaState.WANTED
        )
        await self.here.database.commit([takes.taken(take)])

    async def erase(self) -> None:
        """/forget, as far as recordings go: the files first, then the rows."""
        MediaFolder(self.root).erase(ANN)
        await self.erase_rows()

    async def erase_rows(self) -> None:
        """The second half of /forget."""
        await self.here.database.commit([Write(delete(take_table), {})])

    async def state(self, number: int = 1) -> MediaState:
        """Where the bytes of a take are."""
        return MediaState((await self.row(number))["media_state"])

    async def row(self, number: int = 1) -> dict[str, Any]:
        """A take in the database."""
        return await cabinet.only(self.here.database, take_table, take_no=number)

    def files(self) -> list[Path]:
        """Everything there is in the media folder."""
        return sorted(path.relative_to(self.root) for path in self.root.rglob("*"))


@pytest.fixture
def shelf(here: Outpost) -> Shelf:
    """Ann's recordings."""
    return Shelf(here)


@pytest.mark.parametrize(
    ("kind", "name"), [(TakeKind.VOICE, "1.ogg"), (TakeKind.VIDEO_NOTE, "1.mp4")]
)
async def test_a_recording_is_kept_beside_the_database(
    shelf: Shelf, kind: TakeKind, name: str
) -> None:
    """Its bytes are in the learner's folder, whole, and the take says where."""
    await shelf.voice(kind=kind)
    assert await shelf.fetcher().fetch_waiting() == 1
    row = await shelf.row()
    assert (row["media_state"], row["media_path"]) == (MediaState.KEPT, f"{ANN}/{name}")
    assert (shelf.root / row["media_path"]).read_bytes() == OPUS
    assert shelf.files() == [Path(str(ANN)), Path(f"{ANN}/{name}")]


async def test_a_file_too_large_for_bots_is_not_asked_for_again(shelf: Shelf) -> None:
    """Telegram refuses files over 20 MB: the take says so, and nothing is on disk."""
    await shelf.voice(data=OPUS + bytes(20 * 2**20))
    fetcher = shelf.fetcher()
    await fetcher.fetch_waiting()
    assert await shelf.state() is MediaState.TOO_LARGE
    assert await fetcher.fetch_waiting() == 0
    assert not any(path.suffix for path in shelf.files())


async def test_a_file_larger_than_it_was_said_to_be_is_cut_off(shelf: Shelf) -> None:
    """More bytes than allowed end the download, whatever was promised, and leave nothing."""
    await shelf.voice()
    await shelf.fetcher(limit_bytes=len(OPUS) - 1).fetch_waiting()
    assert await shelf.state() is MediaState.TOO_LARGE
    assert not any(path.suffix for path in shelf.files())


async def test_a_file_telegram_has_forgotten_is_gone(shelf: Shelf) -> None:
    """A refusal is final; the other recordings of the batch are kept."""
    await shelf.want(1, NEVER_SEEN)
    await shelf.voice(2)
    fetcher = shelf.fetcher()
    await fetcher.fetch_waiting()
    assert [await shelf.state(n) for n in (1, 2)] == [MediaState.GONE, MediaState.KEPT]
    assert await fetcher.fetch_waiting() == 0


async def test_a_file_that_may_be_back_is_tried_again_before_it_is_given_up(shelf: Shelf) -> None:
    """Telegram's "temporarily unavailable" is believed for a few tries."""
    here = shelf.here
    description = "Bad Request: wrong file_id or the file is temporarily unavailable"
    body = {"ok": False, "error_code": 400, "description": description}
    await shelf.voice()
    fetcher = shelf.fetcher()
    for seconds in RETRY_SECONDS[:-1]:
        here.fault("getFile", status=400, body=body)
        await fetcher.fetch_waiting()
        assert await shelf.state() is MediaState.WANTED
        here.later(seconds)
    here.fault("getFile", status=400, body=body)
    await fetcher.fetch_waiting()
    assert await shelf.state() is MediaState.GONE


@pytest.mark.parametrize(
    ("method", "fault"),
    [
        ("getFile", {"reset": True}),
        ("getFile", {"status": 502, "body": "html"}),
        ("getFile", {"status": 429}),
        ("download", {"reset": True, "times": 2}),  # a GET may be repeated once by the client
        ("download", {"status": 502, "body": "html"}),
        ("download", {"status": 429}),
        ("download", {"status": 404}),
    ],
    ids=str,
)
async def test_trouble_on_the_way_is_tried_again_later(
    shelf: Shelf, method: str, fault: dict[str, Any]
) -> None:
    """Nothing half is left, the next try waits its time, and then the recording is kept."""
    await shelf.voice()
    shelf.here.fault(method, **fault)
    fetcher = shelf.fetcher()
    await fetcher.fetch_waiting()
    assert await shelf.state() is MediaState.WANTED
    assert not any(path.suffix for path in shelf.files())
    assert await fetcher.fetch_waiting() == 0
    shelf.here.later(RETRY_SECONDS[0])
    assert await fetcher.fetch_waiting() == 1
    assert await shelf.state() is MediaState.KEPT
    assert shelf.here.health.troubles() == {}


async def test_half_a_file_is_no_file(shelf: Shelf) -> None:
    """The connection breaks in the middle: nothing is on disk, and the take still wants its bytes."""

    async def breaks(visit: Visit) -> None:
        while True:
            request = await visit.request()
            if "getFile" in request.line:
                visit.answer(result({"file_path": "voice/1.oga"}))
            else:
                visit.answer(OPUS[:5000], length=len(OPUS))
                visit.reset()

    await shelf.want(1, NEVER_SEEN)
    async with serving(breaks) as server:
        api = BotApi(TOKEN, server.url, shelf.here.transport)
        await shelf.fetcher(api=api).fetch_waiting()
    assert await shelf.state() is MediaState.WANTED
    assert not any(path.suffix for path in shelf.files())


async def test_a_file_without_a_path_is_asked_for_again(shelf: Shelf) -> None:
    """`file_path` may be missing from Telegram's answer: that is no reason to fall over."""
    await shelf.voice()
    shelf.here.fault("getFile", status=200, body={"ok": True, "result": {"file_id": "x"}})
    fetcher = shelf.fetcher()
    await fetcher.fetch_waiting()
    assert await shelf.state() is MediaState.WANTED
    shelf.here.later(RETRY_SECONDS[0])
    await fetcher.fetch_waiting()
    assert await shelf.state() is MediaState.KEPT


async def test_the_folder_that_cannot_be_written_is_tried_again(shelf: Shelf) -> None:
    """A disk without room for the recording only delays it."""
    await shelf.voice()
    shelf.root.write_bytes(b"in the way")
    fetcher = shelf.fetcher()
    await fetcher.fetch_waiting()
    assert await shelf.state() is MediaState.WANTED
    shelf.root.unlink()
    shelf.here.later(RETRY_SECONDS[0])
    await fetcher.fetch_waiting()
    assert await shelf.state() is MediaState.KEPT


async def test_the_database_that_refuses_is_waited_for(shelf: Shelf) -> None:
    """The bytes are there and cannot be noted: the fetcher goes on, and they are noted later."""
    await shelf.voice()
    fetcher = shelf.fetcher(look_again_seconds=0.001)
    shelf.here.database.full_for = 3
    running = asyncio.create_task(fetcher.run())

    async def kept() -> bool:
        return await shelf.state() is MediaState.KEPT

    await until(kept)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert shelf.here.database.refused == 3


async def test_a_read_that_fails_is_an_error_of_the_disk(shelf: Shelf) -> None:
    """One look that fails is passed on as such, so that `run` can wait."""
    shelf.here.database.unreadable_for = 1
    with pytest.raises(StorageError):
        await shelf.fetcher().fetch_waiting()


async def test_a_wish_is_heard_at_once(shelf: Shelf) -> None:
    """A fetcher that waits for its next look goes at once when it is woken."""
    fetcher = shelf.fetcher(look_again_seconds=3600.0)
    running = asyncio.create_task(fetcher.run())
    for _ in range(50):
        await asyncio.sleep(0)
    await shelf.voice()
    fetcher.wake()

    async def kept() -> bool:
        return await shelf.state() is MediaState.KEPT

    await until(kept)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def test_a_stop_is_heard_even_at_the_moment_of_waking(shelf: Shelf) -> None:
    """Woken and cancelled in one breath, `run` ends: a stop is never taken for a wish."""
    fetcher = shelf.fetcher()
    running = asyncio.create_task(fetcher.run())
    for _ in range(100):
        await asyncio.sleep(0)
    fetcher.wake()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(running, 60)


async def test_a_recording_erased_during_its_download_leaves_nothing_behind(shelf: Shelf) -> None:
    """/forget between the beginning and the end of a download: no file, no folder, no row."""
    await shelf.voice()
    shelf.here.fault("getFile", delay=0.05)
    fetching = asyncio.create_task(shelf.fetcher().fetch_waiting())
    await until(lambda: not shelf.here.sandbox.faults.pending)
    await shelf.erase()
    await fetching
    assert shelf.files() == []


async def test_a_recording_erased_before_it_is_noted_leaves_nothing_behind(shelf: Shelf) -> None:
    """/forget after the last byte and before the note in the database: still nothing stays."""
    await shelf.voice()
    shelf.here.database.just_before = shelf.erase_rows
    await shelf.fetcher().fetch_waiting()
    assert shelf.files() == []


async def test_an_old_recording_is_not_taken_for_a_new_one(shelf: Shelf) -> None:
    """Forgotten and back again within one download: the new take 1 does not get the old voice."""
    await shelf.voice()
    shelf.here.fault("getFile", delay=0.05)
    fetching = asyncio.create_task(shelf.fetcher().fetch_waiting())
    await until(lambda: not shelf.here.sandbox.faults.pending)
    await shelf.erase()
    await shelf.voice(data=OPUS[::-1])
    await fetching
    assert (await shelf.state(), shelf.files()) == (MediaState.WANTED, [])
    await shelf.fetcher().fetch_waiting()
    assert (shelf.root / (await shelf.row())["media_path"]).read_bytes() == OPUS[::-1]


async def test_a_revoked_token_ends_fetching_when_the_others_are_through(shelf: Shelf) -> None:
    """InvalidToken is passed on; the download beside it is finished, and no task is left over."""
    await shelf.voice(1)
    await shelf.voice(2)
    shelf.here.fault("getFile", status=401)
    with pytest.raises(InvalidToken):
        await asyncio.wait_for(shelf.fetcher().run(), 60)
    states = {await shelf.state(n) for n in (1, 2)}
    assert states == {MediaState.WANTED, MediaState.KEPT}


async def test_many_recordings_are_fetched_a_few_at_a_time(shelf: Shelf) -> None:
    """Ten recordings come in threes and fours, none twice."""
    for number in range(1, 11):
        await shelf.voice(number)
    fetcher = shelf.fetcher()
    batches = [await fetcher.fetch_waiting() for _ in range(4)]
    assert batches == [AT_ONCE, AT_ONCE, 10 - 2 * AT_ONCE, 0]
    assert len(shelf.here.calls("getFile")) == 10


async def test_refusals_of_a_real_server_are_understood(shelf: Shelf) -> None:
    """Telegram's own words for a file too big."""

    async def too_big(visit: Visit) -> None:
        await visit.request()
        visit.answer(refusal(400, "Bad Request: file is too big"), 400)

    await shelf.want(1, NEVER_SEEN)
    async with serving(too_big) as server:
        api = BotApi(TOKEN, server.url, shelf.here.transport)
        await shelf.fetcher(api=api).fetch_waiting()
    assert await shelf.state() is MediaState.TOO_LARGE


async def test_without_room_nothing_is_fetched(shelf: Shelf) -> None:
    """While the disk is nearly full recordings stay with Telegram; with room again they are fetched."""
    await shelf.voice()
    full = [True]

    def room() -> None:
        if full:
            raise StorageError("12 MB are free")

    fetcher = shelf.fetcher(room=room)
    with pytest.raises(StorageError):
        await fetcher.fetch_waiting()
    assert shelf.here.calls("getFile") == []
    full.clear()
    assert await fetcher.fetch_waiting() == 1
    assert shelf.here.calls("getFile")
