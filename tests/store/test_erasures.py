"""The list of who was erased: on disk first, names nobody, and outlives power cuts."""

import os
from pathlib import Path

import pytest

from bot.store.database import StorageError
from bot.store.erasures import Erasures
from tests.store.cabinet import ANN, BEN, DAY, NOW, erasures_in, no_file_grows_over


def test_known(tmp_path: Path) -> None:
    """Who was erased is known again, and nobody else; who came anew afterwards is somebody else."""
    erasures = erasures_in(tmp_path)
    assert not erasures.known()(ANN, NOW)
    erasures.add(ANN, NOW, NOW + DAY)
    known = erasures_in(tmp_path).known()
    assert known(ANN, NOW)
    assert not known(BEN, NOW)
    assert not known(ANN, NOW + DAY)


def test_nobody_is_named(tmp_path: Path) -> None:
    """Neither number nor moment of coming can be read, and another installation's hash differs."""
    erasures_in(tmp_path).add(ANN, NOW, NOW + DAY)
    other = Erasures(tmp_path / "other" / "erased", lambda: "pepper")
    other.add(ANN, NOW, NOW + DAY)
    texts = [(tmp_path / folder / "erased").read_text() for folder in ("backups", "other")]
    assert str(ANN) not in texts[0]
    assert str(NOW) not in texts[0]
    assert len({text.split()[-1] for text in texts}) == 2


def test_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is on disk when `add` returns, and so is the file's name."""
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.fstat(handle).st_ino))
    erasures_in(tmp_path).add(ANN, NOW, NOW)
    file, folder = tmp_path / "backups" / "erased", tmp_path / "backups"
    assert synced[-2:] == [folder.stat().st_ino, file.stat().st_ino]
    assert tmp_path.stat().st_ino in synced


def test_torn(tmp_path: Path) -> None:
    """What a power cut left of a line hides neither those before it nor those after it."""
    erasures = erasures_in(tmp_path)
    erasures.add(ANN, NOW, NOW)
    with (tmp_path / "backups" / "erased").open("a") as file:
        file.write("17954")
    erasures.add(BEN, NOW, NOW)
    assert erasures.known()(ANN, NOW)
    assert erasures.known()(BEN, NOW)


def test_drop(tmp_path: Path) -> None:
    """Erasures older than any backup are let go, younger ones stay."""
    erasures = erasures_in(tmp_path)
    erasures.drop(NOW)
    erasures.add(ANN, NOW, NOW - 1)
    erasures.add(BEN, NOW, NOW)
    erasures.drop(NOW)
    assert not erasures.known()(ANN, NOW)
    assert erasures.known()(BEN, NOW)


def test_full_disk(tmp_path: Path) -> None:
    """Without room for the line nobody is erased yet: it is trouble of the disk, to be waited out."""
    with no_file_grows_over(0), pytest.raises(StorageError, match="erased"):
        erasures_in(tmp_path).add(ANN, NOW, NOW)
    erasures_in(tmp_path).add(ANN, NOW, NOW)
    assert erasures_in(tmp_path).known()(ANN, NOW)
