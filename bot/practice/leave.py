"""Leaving: taking everything along, being erased, blocking the bot and coming back."""

import json
import zipfile
from pathlib import Path

from bot.drill.dice import Dice
from bot.practice import Transaction, digest, plan
from bot.store import archive, leftovers, outbox
from bot.store.erasures import Erasures
from bot.store.media import MediaFolder

EXPORT_PART_BYTES = 45 * 1024 * 1024
"""Telegram takes documents up to 50 MB from bots; a larger export comes in parts."""


async def everything(tx: Transaction) -> dict[str, list[dict[str, object]]]:
    """Every stored row of the learner by table."""
    return await archive.everything(tx.database, tx.learner.learner_id)


def pack(
    rows: dict[str, list[dict[str, object]]],
    media: MediaFolder,
    folder: Path,
    name: str,
    readme: str,
) -> list[Path]:
    """Write the rows as JSON and the recordings into zip files of a size Telegram takes.

    `folder` is the learner's own: an earlier export that is still there goes. `readme` says what is in
    it, and what is not. Returns the paths of the files. A recording that is gone from disk is left
    out; the JSON still names it.
    """
    folder.mkdir(parents=True, mode=0o700, exist_ok=True)
    for earlier in folder.glob("*.zip"):
        earlier.unlink()
    recordings = [
        path
        for row in rows["take"]
        if row["media_path"] and (path := media.path(str(row["media_path"]))).exists()
    ]
    parts: list[list[Path]] = [[]]
    size = 0
    for path in recordings:
        size += path.stat().st_size
        if size > EXPORT_PART_BYTES:
            parts.append([])
            size = path.stat().st_size
        parts[-1].append(path)
    told = {
        "README.txt": readme,
        "sprung.json": json.dumps(rows, indent=1, ensure_ascii=False),
    }
    return [
        _pack_part(folder / f"{name}-{number}.zip", told if number == 1 else {}, part)
        for number, part in enumerate(parts, start=1)
    ]


def _pack_part(target: Path, told: dict[str, str], recordings: list[Path]) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, text in told.items():
            bundle.writestr(name, text)
        for path in recordings:
            bundle.write(path, f"media/{path.name}", zipfile.ZIP_STORED)
    return target


def forget(tx: Transaction, media: MediaFolder, exports: Path, erasures: Erasures) -> None:
    """Erase the learner: recordings, exports and old copies now, rows with this transaction.

    That they are erased is on disk first, for whoever restores a backup; then the files go. If the
    program dies in between, the update runs again and finishes. Raises `StorageError`.
    """
    erasures.add(tx.learner.learner_id, tx.learner.joined_at, tx.now)
    media.erase(tx.learner.learner_id)
    MediaFolder(exports).erase(tx.learner.learner_id)
    leftovers.erase_from_copies(tx.database.path, tx.learner.learner_id)
    tx.forget(*archive.erased(tx.learner.learner_id))


def gone(tx: Transaction) -> None:
    """The learner blocked the bot: nothing is planned or sent until they come back."""
    if not tx.is_new:
        tx.change(left_at=tx.now, next_drill_at=None)
    tx.write(outbox.all_failed(tx.learner.learner_id, "the learner blocked the bot"))


async def back(tx: Transaction, dice: Dice) -> bool:
    """The learner is here again; True when they had been gone."""
    if tx.learner.left_at is None:
        return False
    tx.change(left_at=None)
    await plan.replan(tx, dice)
    await digest.take_up(tx)
    return True
