"""Where bank files stand: which ones there are, and whether anything about them has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bot.banks.problem import START, Problem

_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Shelf:
    """The bank files at one moment, equal to another moment's as long as nothing has changed.

    `versions` has every file in order, with a text that tells its versions apart; `problems` has
    the folders that could not be looked into.
    """

    versions: Mapping[Path, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def look(paths: Sequence[Path]) -> Shelf:
    """The bank files among and in `paths`, folder by folder and sorted in each.

    Hidden files and other endings are passed over: editors keep their drafts under such names.
    """
    versions: dict[Path, str] = {}
    problems = []
    for path in paths:
        try:
            versions |= {file: _version(file) for file in _listed(path)}
        except OSError as error:
            message = f"cannot be read: {error.strerror}; it should be a folder of YAML files"
            problems.append(Problem(str(path), *START, message, "error"))
    return Shelf(versions, tuple(problems))


def _listed(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(
        file
        for file in path.iterdir()
        if file.suffix.lower() in _ENDINGS and not file.name.startswith(".")
    )


def _version(path: Path) -> str:
    try:
        status = path.stat()
    except OSError as error:
        return str(error.strerror)
    return f"{status.st_ino} {status.st_size} {status.st_mtime_ns}"
