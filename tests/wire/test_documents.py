"""Fetching question sets: each is handed on once, or given up with a reason; none is forgotten."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest
from telegram.error import InvalidToken

from bot.store import uploads
from bot.store.database import Conflict, StorageError
from bot.store.tables import UploadState
from bot.wire.documents import PATIENCE_MS, Documents
from tests.store import cabinet
from tests.wire.outpost import ANN, Outpost, until

LIMIT = 1000
NEVER_SEEN = "BQACAgIAAxkBAAMDnobody-ever-sent-this"


@dataclass
class Desk:
    """Where documents are handed on: it settles each as the chat does, unless it is told to fail."""

    here: Outpost
    arrived: list[tuple[int, int, bytes]] = field(default_factory=list)
    missed: list[tuple[int, int, str]] = field(default_factory=list)
    troubles: list[Exception] = field(default_factory=list)

    def documents(self) -> Documents:
        """What fetches."""
        return Documents(
            self.here.database,
            self.here.api,
            self.here.clock,
            arrived=self.take,
            missed=self.miss,
            limit_bytes=LIMIT,
            look_again_seconds=0,
        )

    async def take(self, owner: int, upload_no: int, raw: bytes) -> None:
        """A document is here."""
        if self.troubles:
            raise self.troubles.pop()
        self.arrived.append((owner, upload_no, raw))
        await self._settle(owner, upload_no)

    async def miss(self, owner: int, upload_no: int, why: str) -> None:
        """A document cannot be had."""
        self.missed.append((owner, upload_no, why))
        await self._settle(owner, upload_no)

    async def _settle(self, owner: int, upload_no: int) -> None:
        database = self.here.database
        found = await uploads.find(database, owner, upload_no)
        assert found is not None
        await database.commit([uploads.changed(found, replace(found, state=UploadState.REFUSED))])

    async def send(self, content: bytes = b"set: x", upload_no: int = 1, ago: int = 0) -> None:
        """Ann sends a document, which waits to be fetched."""
        world = self.here.sandbox.world
        body = world.send(ANN, "document", content, mime_type="text/yaml", name="x.yaml")
        await self.want(body["document"]["file_id"], upload_no, ago)

    async def want(self, file_id: str, upload_no: int = 1, ago: int = 0) -> None:
        """A document that waits."""
        sent_at = self.here.clock.now() - ago
        wanted = cabinet.upload(upload_no, ANN, file_id=file_id, sent_at=sent_at)
        await self.here.database.commit([uploads.wanted(wanted)])


@pytest.fixture
def desk(here: Outpost) -> Desk:
    """The desk."""
    return Desk(here)


async def test_each_is_handed_on_once(desk: Desk) -> None:
    """Its bytes arrive as they were sent; another look finds nothing to do."""
    await desk.send(b"set: one", 1)
    await desk.send(b"set: two", 2)
    documents = desk.documents()
    for _ in range(2):
        await documents.fetch_waiting()
    assert sorted(desk.arrived) == [(ANN, 1, b"set: one"), (ANN, 2, b"set: two")]
    assert desk.missed == []


@pytest.mark.parametrize(("size", "taken"), [(LIMIT, True), (LIMIT + 1, False)])
async def test_the_limit(desk: Desk, size: int, taken: bool) -> None:
    """As many bytes as may be are taken; one more and the owner is told."""
    await desk.send(bytes(size))
    await desk.documents().fetch_waiting()
    assert bool(desk.arrived) == taken
    assert [why for _, _, why in desk.missed] == ([] if taken else ["too-large"])


async def test_what_telegram_does_not_know(desk: Desk) -> None:
    """It is given up at once, and what waits behind it comes."""
    await desk.want(NEVER_SEEN, 1, ago=5)
    await desk.send(upload_no=2)
    await desk.documents().fetch_waiting()
    assert desk.missed == [(ANN, 1, "gone")]
    assert [number for _, number, _ in desk.arrived] == [2]


@pytest.mark.parametrize(("ago", "missed"), [(PATIENCE_MS, []), (PATIENCE_MS + 1, ["gone"])])
async def test_out_of_reach(desk: Desk, ago: int, missed: list[str]) -> None:
    """For an hour Telegram may be out of reach; then the owner is asked to send it again."""
    desk.here.fault("getFile", status=502)
    await desk.send(ago=ago)
    documents = desk.documents()
    await documents.fetch_waiting()
    assert [why for _, _, why in desk.missed] == missed
    await documents.fetch_waiting()
    assert len(desk.arrived) + len(desk.missed) == 1


@pytest.mark.parametrize("trouble", [StorageError("full"), Conflict("late")])
async def test_the_disk_or_a_race(desk: Desk, trouble: Exception) -> None:
    """It is tried again, while nothing else stops."""
    desk.troubles.append(trouble)
    await desk.send()
    running = asyncio.create_task(desk.documents().run())
    await until(lambda: desk.arrived)
    running.cancel()
    assert desk.missed == []


async def test_a_mistake_of_ours(desk: Desk) -> None:
    """What trips the judge is given up and told, and does not come again."""
    desk.troubles.append(RuntimeError("a mistake"))
    await desk.send()
    for _ in range(2):
        await desk.documents().fetch_waiting()
    assert desk.missed == [(ANN, 1, "trouble")]
    assert desk.arrived == []


async def test_woken(desk: Desk) -> None:
    """One that is sent later is fetched at once when it is said so."""
    documents = desk.documents()
    documents._look_again_seconds = 3600
    running = asyncio.create_task(documents.run())
    for _ in range(5):
        await asyncio.sleep(0)
    await desk.send()
    documents.wake()
    await until(lambda: desk.arrived)
    running.cancel()


async def test_a_revoked_token_stops_the_bot(desk: Desk) -> None:
    """Nobody is told that their document is gone: the bot says what is wrong, and stops."""
    await desk.send()
    desk.here.fault("getFile", status=401)
    with pytest.raises(InvalidToken):
        await desk.documents().run()
    assert desk.missed == []
