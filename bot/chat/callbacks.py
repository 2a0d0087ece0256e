"""What a button carries: `v1:action:argument:…`, at most 64 bytes, no data worth stealing.

A press is input like any other: whatever does not parse, or names what is not the presser's own, has no
effect and gets a polite answer.
"""

import hashlib
from dataclasses import dataclass

VERSION = "v1"
MOST_BYTES = 64
MOST_ID_BYTES = 48
DOUBLE_TAP_MS = 2000
KEPT_TAPS = 10_000


@dataclass(frozen=True, slots=True)
class Press:
    """A parsed button: what it does, and its arguments as they came."""

    action: str
    arguments: tuple[str, ...]

    def number(self, index: int) -> int | None:
        """An argument as a small non-negative number; None when it is missing or none."""
        text = self.arguments[index] if index < len(self.arguments) else ""
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None

    def text(self, index: int) -> str:
        """An argument as text, empty when it is missing."""
        return self.arguments[index] if index < len(self.arguments) else ""


def data(action: str, *arguments: int | str) -> str:
    """The payload of a button. ValueError: it would be longer than Telegram takes."""
    payload = ":".join((VERSION, action, *map(str, arguments)))
    if len(payload.encode()) > MOST_BYTES:
        raise ValueError(f"a button's payload is longer than {MOST_BYTES} bytes: {payload}")
    return payload


def parse(payload: str | None) -> Press | None:
    """The press that a payload stands for; None for what this bot never made."""
    version, _, rest = (payload or "").partition(":")
    if version != VERSION or not rest or len((payload or "").encode()) > MOST_BYTES:
        return None
    action, *arguments = rest.split(":")
    return Press(action, tuple(arguments))


def short(identity: str) -> str:
    """An id as a button carries it: the id itself, or a digest of one that is too long for that."""
    if len(identity) <= MOST_ID_BYTES:
        return identity
    return hashlib.sha256(identity.encode()).hexdigest()[:MOST_ID_BYTES]


@dataclass(frozen=True, slots=True)
class _Tap:
    update_id: int
    button: str
    at: int


class Taps:
    """Knows a double tap: the same button of the same message again within two seconds.

    Kept in memory only. What must never happen twice is safe without it; this spares the learner a
    second copy of whatever a button brings.
    """

    def __init__(self) -> None:
        self._last: dict[int, _Tap] = {}

    def is_double(self, learner_id: int, update_id: int, button: str, now: int) -> bool:
        """Whether this press only repeats the last one. The same update tried again does not."""
        last = self._last.pop(learner_id, None)
        double = (
            last is not None
            and last.button == button
            and last.update_id != update_id
            and now - last.at < DOUBLE_TAP_MS
        )
        self._last[learner_id] = last if last and double else _Tap(update_id, button, now)
        if len(self._last) > KEPT_TAPS:
            del self._last[next(iter(self._last))]
        return double
