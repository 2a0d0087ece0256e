"""Leaving: with everything, without a trace, or just for a while."""

import json
import zipfile
from pathlib import Path

import pytest

from bot.drill.tone import Mode
from bot.practice import leave
from bot.store import outbox, takes
from bot.store.media import MediaFolder
from bot.store.tables import MediaState, SendState, TakeKind
from bot.store.tables import outbox as outbox_table
from bot.store.tables import take as take_table
from bot.store.transaction import Transaction
from tests.practice.desk import Desk
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, HOUR, NOW, erasures_in, files


@pytest.fixture
def media(tmp_path: Path) -> MediaFolder:
    """A media folder."""
    return MediaFolder(tmp_path / "media")


async def record(desk: Desk, media: MediaFolder, take_no: int, content: bytes) -> None:
    """Keep a recording and its take."""
    with media.keeping(desk.learner_id, f"{take_no}.ogg") as (file, path):
        file.write(content)
    take = cabinet.take(
        take_no,
        desk.learner_id,
        kind=TakeKind.VOICE,
        text=None,
        media_state=MediaState.KEPT,
        media_path=path,
    )
    await desk.database.commit([takes.taken(take)])


async def packed(desk: Desk, media: MediaFolder, folder: Path) -> list[Path]:
    """Everything of the learner in zip files."""
    async with desk.turn() as tx:
        rows = await leave.everything(tx)
    return leave.pack(rows, media, folder, "export", "What this is.")


def contents(path: Path) -> dict[str, bytes]:
    """What is in a zip file."""
    with zipfile.ZipFile(path) as bundle:
        assert bundle.testzip() is None
        return {name: bundle.read(name) for name in bundle.namelist()}


async def test_everything(desk: Desk, media: MediaFolder, tmp_path: Path) -> None:
    """An export holds every row as JSON and every recording, readable by its owner alone."""
    await desk.practise(5)
    await record(desk, media, 90, b"OggS Ann")
    ben = Desk(desk.database, learner_id=BEN)
    await ben.enrol()
    await ben.practise(1)
    await record(ben, media, 91, b"OggS Ben")
    (path,) = await packed(desk, media, tmp_path / "exports" / "1001")
    found = contents(path)
    assert found.keys() == {"README.txt", "sprung.json", "media/90.ogg"}
    assert found["media/90.ogg"] == b"OggS Ann"
    rows = json.loads(found["sprung.json"])
    assert [row["text"] for row in rows["take"]] == ["I outgrew it.", None]
    assert [row["tone"] for row in rows["rating"]] == [5]
    assert {row["learner_id"] for table in rows.values() for row in table} == {ANN}
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_words_of_any_script(desk: Desk, media: MediaFolder, tmp_path: Path) -> None:
    """Answers stand in the export as they were written."""
    await desk.ask()
    await desk.answer("Дякую 🙂 «так»")
    (path,) = await packed(desk, media, tmp_path / "exports")
    assert "Дякую 🙂 «так»".encode() in contents(path)["sprung.json"]


async def test_parts(
    desk: Desk, media: MediaFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export too large for one message comes in parts, each recording in one of them, whole."""
    monkeypatch.setattr(leave, "EXPORT_PART_BYTES", 1000)
    for number, size in enumerate((600, 400, 1, 999, 2000, 10), 90):
        await record(desk, media, number, bytes(size))
    paths = await packed(desk, media, tmp_path / "exports")
    parts = [{name: len(content) for name, content in contents(path).items()} for path in paths]
    assert [name for part in parts for name in part].count("sprung.json") == 1
    assert "sprung.json" in parts[0]
    recordings = [{n: s for n, s in part.items() if n.startswith("media")} for part in parts]
    assert [list(part.values()) for part in recordings] == [[600, 400], [1, 999], [2000], [10]]
    assert len({path.name for path in paths}) == len(paths)


async def test_lost_recording(desk: Desk, media: MediaFolder, tmp_path: Path) -> None:
    """A recording that is gone from disk keeps nobody from having the rest."""
    await record(desk, media, 90, b"gone")
    await record(desk, media, 91, b"here")
    media.path(f"{ANN}/90.ogg").unlink()
    (path,) = await packed(desk, media, tmp_path / "exports")
    found = contents(path)
    assert found.keys() == {"README.txt", "sprung.json", "media/91.ogg"}
    assert b"90.ogg" in found["sprung.json"]


async def test_one_export_at_a_time(desk: Desk, media: MediaFolder, tmp_path: Path) -> None:
    """An export takes the place of an earlier one that was never sent."""
    folder = tmp_path / "exports" / str(ANN)
    folder.mkdir(parents=True)
    (folder / "earlier-1.zip").write_bytes(b"PK")
    await packed(desk, media, folder)
    assert files(folder) == {"export-1.zip"}


async def test_forget(desk: Desk, media: MediaFolder, tmp_path: Path) -> None:
    """Forgetting takes rows, recordings and exports of one learner, and nothing of another's."""
    exports = tmp_path / "exports"
    ben = Desk(desk.database, learner_id=BEN)
    await ben.enrol()
    for person in (desk, ben):
        await person.practise(5)
        await record(person, media, 90, b"OggS")
        await packed(person, media, exports / str(person.learner_id))
    async with desk.turn() as tx:
        leave.forget(tx, media, exports, erasures_in(tmp_path))
    assert files(media.root) == {f"{BEN}/90.ogg"}
    assert files(exports) == {f"{BEN}/export-1.zip"}
    tx = await Transaction.begin(desk.database, ANN, NOW)
    assert tx.is_new
    assert not any((await leave.everything(tx)).values())
    assert (await ben.standing("why-leaving")).points == 3


async def test_forget_again(desk: Desk, media: MediaFolder, tmp_path: Path) -> None:
    """When the program died between the files and the rows, the same wish is granted the second time."""
    await record(desk, media, 90, b"OggS")
    half = await Transaction.begin(desk.database, ANN, NOW)
    leave.forget(half, media, tmp_path / "exports", erasures_in(tmp_path))
    assert await cabinet.rows(desk.database, take_table), "the rows are still there"
    async with desk.turn() as tx:
        leave.forget(tx, media, tmp_path / "exports", erasures_in(tmp_path))
    assert not await cabinet.rows(desk.database, take_table)


async def test_gone_and_back(desk: Desk) -> None:
    """Who blocks the bot is planned and sent nothing; who comes back is planned anew, once."""
    await desk.database.commit([outbox.posted(cabinet.message(90))])
    async with desk.turn() as tx:
        tx.change(next_drill_at=NOW + HOUR)
    async with desk.turn() as tx:
        leave.gone(tx)
    person = await desk.learner()
    assert (person.left_at, person.next_drill_at) == (NOW, None)
    assert (await cabinet.only(desk.database, outbox_table))["state"] == SendState.FAILED
    for was_gone in (True, False):
        async with desk.turn() as tx:
            assert await leave.back(tx, desk.dice) == was_gone
        person = await desk.learner()
        assert person.left_at is None
        assert person.next_drill_at


async def test_gone_with_an_open_drill(desk: Desk) -> None:
    """Who leaves while a question is open finds it open, and nothing else planned, on coming back."""
    asked = await desk.ask(Mode.SURPRISE)
    async with desk.turn() as tx:
        leave.gone(tx)
    async with desk.turn() as tx:
        await leave.back(tx, desk.dice)
    person = await desk.learner()
    assert (person.open_drill, person.next_drill_at) == (asked.drill.drill_no, None)
