"""What a button carries: `v1:action:argument:…`, at most 64 bytes, no data worth stealing.

A press is input like any other: whatever does not parse, or names what is not the presser's own, has no
effect and gets a polite answer.
"""

from dataclasses import dataclass

VERSION = "v1"
MOST_BYTES = 64


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
    if version != VERSION or not rest:
        return None
    action, *arguments = rest.split(":")
    return Press(action, tuple(arguments))
