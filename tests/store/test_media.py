"""Recordings on disk: whole or not there, each in its learner's folder, and gone when erased."""

import os
from pathlib import Path

import pytest

from bot.store import media, takes
from bot.store.database import Database
from bot.store.media import MediaFolder
from bot.store.tables import MediaState, TakeKind, take
from tests.store import cabinet
from tests.store.cabinet import ANN, BEN, MINUTE, NOW, files


@pytest.fixture
def folder(tmp_path: Path) -> MediaFolder:
    """A media folder that is not there yet."""
    return MediaFolder(tmp_path / "media")


def keep(folder: MediaFolder, learner_id: int, name: str, content: bytes) -> str:
    """Keep a recording; returns its `media_path`."""
    with folder.keeping(learner_id, name) as (file, path):
        file.write(content)
    return path


def interrupted(folder: MediaFolder, trouble: type[BaseException]) -> None:
    """A download that ends half way."""
    with folder.keeping(ANN, "7.ogg") as (file, _):
        file.write(b"Og")
        raise trouble


def test_kept(folder: MediaFolder) -> None:
    """A recording is where its path says, readable by nobody else, with nothing beside it."""
    path = keep(folder, ANN, "7.ogg", b"OggS")
    assert path == f"{ANN}/7.ogg"
    assert folder.path(path).read_bytes() == b"OggS"
    assert files(folder.root) == {path}
    assert folder.path(path).parent.stat().st_mode & 0o777 == 0o700


def test_on_disk(folder: MediaFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recording, name and every new folder on the way are synced, the recording before its name."""
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    place = folder.path(keep(folder, ANN, "7.ogg", b"OggS"))
    chain = [folder.root, folder.root.parent, place, place.parent]
    assert synced == [one.stat().st_ino for one in chain]
    synced.clear()
    place = folder.path(keep(folder, ANN, "8.ogg", b"OggS"))
    assert synced == [one.stat().st_ino for one in (place, place.parent)]


def test_half(folder: MediaFolder) -> None:
    """A download that fails leaves nothing, and one that failed before is no obstacle to the next."""
    for trouble in (ConnectionError, KeyboardInterrupt):
        with pytest.raises(trouble):
            interrupted(folder, trouble)
    assert files(folder.root) == set()
    (folder.root / str(ANN) / "7.ogg.part").write_bytes(b"left by a killed process")
    assert folder.path(keep(folder, ANN, "7.ogg", b"OggS")).read_bytes() == b"OggS"
    assert files(folder.root) == {f"{ANN}/7.ogg"}


def test_never_half(folder: MediaFolder) -> None:
    """While a recording comes in, it is not there under its name; an earlier one of that name is."""
    path = keep(folder, ANN, "7.ogg", b"first")
    with folder.keeping(ANN, "7.ogg") as (file, _):
        file.write(b"sec")
        file.flush()
        assert folder.path(path).read_bytes() == b"first"
    assert folder.path(path).read_bytes() == b"sec"


def test_full_disk(folder: MediaFolder) -> None:
    """A disk that fills up while a recording comes in leaves nothing of it."""
    with (
        cabinet.no_file_grows_over(1000),
        pytest.raises(OSError, match="File too large"),
        folder.keeping(ANN, "7.ogg") as (file, _),
    ):
        file.write(bytes(2000))
    assert files(folder.root) == set()


@pytest.mark.parametrize("name", ["", ".", "..", "../1002/7.ogg", "a/b", "/etc/passwd"])
def test_out_of_the_folder(folder: MediaFolder, name: str) -> None:
    """No name leads out of the learner's folder, neither for writing nor for reading."""
    keep(folder, BEN, "7.ogg", b"Ben's")
    with pytest.raises(ValueError), folder.keeping(ANN, name):
        pass
    with pytest.raises(ValueError):
        folder.path(f"{ANN}/{name}")
    assert files(folder.root) == {f"{BEN}/7.ogg"}


@pytest.mark.parametrize("path", ["../x", "..", "/etc/passwd", "7.ogg", "1001/../x", "ann/7.ogg"])
def test_strange_paths(folder: MediaFolder, path: str) -> None:
    """A stored path that is no learner's file is refused, whoever wrote it there."""
    with pytest.raises(ValueError):
        folder.path(path)


def test_erased(folder: MediaFolder) -> None:
    """Erasing takes all of one learner and nothing of another, and may be done again."""
    keep(folder, ANN, "7.ogg", b"Ann's")
    (folder.root / str(ANN) / "8.ogg.part").write_bytes(b"Ann's too")
    keep(folder, BEN, "7.ogg", b"Ben's")
    for _ in range(2):
        folder.erase(ANN)
        assert files(folder.root) == {f"{BEN}/7.ogg"}
        assert not (folder.root / str(ANN)).exists()


def test_erased_while_coming_in(folder: MediaFolder) -> None:
    """A recording that comes in while its learner is erased ends as a failed download, not as a file."""
    with pytest.raises(FileNotFoundError), folder.keeping(ANN, "7.ogg"):
        folder.erase(ANN)
    assert files(folder.root) == set()


def spoken(take_no: int, learner_id: int = ANN, retry_at: int = 0) -> takes.Take:
    """An answer whose recording is still at Telegram."""
    return cabinet.take(
        take_no,
        learner_id,
        kind=TakeKind.VOICE,
        text=None,
        file_id=f"file-{take_no}",
        media_state=MediaState.WANTED,
        media_retry_at=retry_at,
    )


async def test_wanted(database: Database) -> None:
    """Recordings are fetched in the order in which they may be, not before, and not again."""
    later = NOW + MINUTE
    made = [spoken(1, retry_at=later), spoken(2, BEN, retry_at=5), spoken(3), cabinet.take(4)]
    await database.commit([takes.taken(one) for one in made])
    assert [row["take_no"] for row in await media.wanted(database, NOW, 9)] == [3, 2]
    assert [row["take_no"] for row in await media.wanted(database, NOW, 1)] == [3]
    assert [row["take_no"] for row in await media.wanted(database, later, 9)] == [3, 2, 1]
    await database.commit(
        [
            media.fetched(ANN, 3, MediaState.KEPT, f"{ANN}/3.ogg"),
            media.fetched(BEN, 2, MediaState.TOO_LARGE, None),
            media.again(ANN, 1, 3, later + MINUTE),
        ]
    )
    assert await media.wanted(database, later, 9) == []
    (row,) = await media.wanted(database, later + MINUTE, 9)
    assert (row["learner_id"], row["take_no"], row["media_failures"]) == (ANN, 1, 3)
    kept = await cabinet.only(database, take, take_no=3)
    assert (kept["media_state"], kept["media_path"]) == (MediaState.KEPT, f"{ANN}/3.ogg")


async def test_kept_once(database: Database) -> None:
    """What is said of a recording that is already here, or of somebody else's, changes nothing."""
    await database.commit([takes.taken(spoken(1))])
    await database.commit([media.fetched(ANN, 1, MediaState.KEPT, f"{ANN}/1.ogg")])
    before = await cabinet.only(database, take)
    await database.commit(
        [
            media.fetched(ANN, 1, MediaState.GONE, None),
            media.fetched(BEN, 1, MediaState.GONE, None),
            media.again(ANN, 1, 1, NOW),
        ]
    )
    assert await cabinet.only(database, take) == before
