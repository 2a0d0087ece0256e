"""What is wrong with a bank, and where: said so that its author can put it right."""

from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

# More of them in one file would help nobody, and a hostile file could have as many as bytes.
MAX_PROBLEMS: Final = 100

Severity = Literal["error", "warning"]


class Mark(NamedTuple):
    """A place in a file, counted from 1 as editors count; columns are characters."""

    line: int
    column: int


START = Mark(1, 1)


class Fault(NamedTuple):
    """One thing that is wrong at one place; the file is not named yet."""

    mark: Mark
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in one file: what it is, and what it should be.

    An error keeps the whole file out of the library; a warning does not.
    """

    path: str
    line: int
    column: int
    message: str
    severity: Severity

    def __str__(self) -> str:
        told = f"{self.path}:{self.line}:{self.column}: {self.message}"
        # A file's name may hold anything, line breaks and bytes that are no text among it.
        return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in told)


class UnreadableError(Exception):
    """Nothing sensible can be said of the rest of the file after these faults."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(*faults)
        self.faults = faults
