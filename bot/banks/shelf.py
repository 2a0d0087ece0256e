"""Where bank files stand: which ones there are, and whether anything about them has changed."""

from collections.abc import Sequence
from pathlib import Path

from bot.banks.problem import START, Problem

# A line for every bank file with what tells its versions apart, and for a folder out of reach.
Stamp = tuple[str, ...]

_ENDINGS = (".yaml", ".yml")


def bank_files(paths: Sequence[Path]) -> tuple[list[Path], list[Problem]]:
    """The bank files among and in `paths`, folder by folder and sorted in each; folders not read.

    Hidden files and other endings are passed over: editors keep their drafts under such names.
    """
    files: dict[Path, None] = {}
    problems = []
    for path in paths:
        try:
            files |= dict.fromkeys(_listed(path))
        except OSError as error:
            message = f"cannot be read: {error.strerror}; it should be a folder of YAML files"
            problems.append(Problem(str(path), *START, message, "error"))
    return list(files), problems


def stamp_of(paths: Sequence[Path]) -> Stamp:
    """What `bank_files` would find now; equal as long as no file was added, removed or changed."""
    files, problems = bank_files(paths)
    return (*(f"{path} {_version(path)}" for path in files), *map(str, problems))


def _listed(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(
        file for file in path.iterdir() if file.suffix in _ENDINGS and not file.name.startswith(".")
    )


def _version(path: Path) -> str:
    try:
        status = path.stat()
    except OSError as error:
        return str(error.strerror)
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns}"
