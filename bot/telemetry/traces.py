"""Tracebacks as they may be logged: where it happened and what kind it was, not what it said.

The text of an exception may quote whatever was at hand: a learner's words, a name, a path with their
number in it. What the system itself says of a file, the disk or the network is kept.
"""

import sqlite3
import traceback
from collections.abc import Iterator

_UNSAID = "(what it said is not logged)"


def trace(error: BaseException) -> str:
    """The frames and kinds of an exception and of all that led to it, the first cause first."""
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException, told: set[int]) -> Iterator[str]:
    told.add(id(error))
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None and id(earlier) not in told:
        yield from _lines(earlier, told)
        yield "\nwhich led to:\n"
    yield "Traceback (most recent call last):"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip("\n")
    yield f"{type(error).__qualname__}: {_said(error)}"
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield f"\none of {len(error.exceptions)} in this group:\n"
            yield from _lines(one, told)


def _said(error: BaseException) -> str:
    if isinstance(error, OSError):
        return error.strerror or _UNSAID  # without the names of files
    return str(error) if isinstance(error, sqlite3.Error) else _UNSAID
