"""Writing bank files: laid out, or begun from the starter; each whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path
from string import Template
from typing import Final

from bot.banks.layout import laid_out, scalar
from bot.banks.problem import Problem, UnreadableError
from bot.banks.reader import bytes_of, problems_of
from bot.banks.schema import schema_text

STARTER: Final = Path(__file__).parent / "starter.yaml"
SCHEMA: Final = "bank.schema.json"


def tidy(path: Path, *, write: bool) -> bool | tuple[Problem, ...]:
    """Lay a file out; whether that changes it, or the problems of one with errors, which stays as it is.

    With `write` False nothing is written. Raises `OSError`.
    """
    try:
        raw = bytes_of(path)
        after = laid_out(raw).encode()
    except UnreadableError as error:
        return problems_of(path, error.faults, "error")
    if after == raw:
        return False
    if write:
        _replace(path.resolve(), after)
    return True


def begin(folder: Path, set_id: str, title: str | None) -> list[Path]:
    """Write a set to begin with, and the schema beside it if none is there; the files written.

    Raises `FileExistsError` if there is such a set, and `UnreadableError` for an id or a title that is none.
    """
    named = title or set_id.replace("-", " ").capitalize()
    template = Template(STARTER.read_text(encoding="utf-8"))
    text = template.substitute(set=set_id, title=scalar(named.strip()), id=set_id[:43].strip("-"))
    written = [_create(folder / f"{set_id}.yaml", laid_out(text.encode()))]
    with suppress(FileExistsError):
        written.append(_create(folder / SCHEMA, schema_text()))
    return written


def _create(path: Path, text: str) -> Path:
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file, under a name that no reader takes for a bank, and put it in its place."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as draft:
        try:
            draft.write(content)
            draft.flush()
            os.fchmod(draft.fileno(), path.stat().st_mode & 0o777)
            os.fsync(draft.fileno())
            Path(draft.name).replace(path)
        except OSError:
            Path(draft.name).unlink()
            raise
