"""From the bytes of a file to text: UTF-8, and no character that nobody can see."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import islice

from bot.banks.problem import MAX_PROBLEMS, START, Fault, Mark, UnreadableError

# Controls, lone surrogates (which stand for bytes that are not UTF-8), line breaks that editors do
# not count, marks that turn the reading direction, byte order marks inside the text, and what has no
# width and no use here: soft hyphens, zero-width spaces, fillers, tags. Emoji need U+200D.
UNWANTED = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
    "\ud800-\udfff\xad\u115f\u1160\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164\ufdd0-\ufdef"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_FOREIGN_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
_UTF8_MARK = b"\xef\xbb\xbf"


def decoded(raw: bytes) -> tuple[str, list[Fault]]:
    """The text of a file with `\\n` for every line break, and what was wrong with its characters.

    A character that should not be there becomes a space, so that columns stay true and the rest of
    the file can be judged too. Raises `UnreadableError` where that would only mislead: another
    encoding, NUL, a tab that indents.
    """
    for mark, encoding in _FOREIGN_MARKS.items():
        if raw.startswith(mark):
            raise UnreadableError(Fault(START, f"the file is {encoding}; save it as UTF-8"))
    text = raw.removeprefix(_UTF8_MARK).decode("utf-8", errors="surrogateescape")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not UNWANTED.search(text):
        return text, []
    faults = list(islice(_faults(text), MAX_PROBLEMS + 1))
    if "\0" in text or re.search("^ *\t", text, re.MULTILINE):
        raise UnreadableError(*faults)
    return UNWANTED.sub(" ", text), faults


def shown(text: str) -> str:
    """A text of the author's within a message: in backticks, on one line, 40 characters at most."""
    short = text if len(text) <= 40 else f"{text[:39]}…"
    return f"`{UNWANTED.sub(_escaped, short.replace(chr(10), '⏎'))}`"


def _escaped(hit: re.Match[str]) -> str:
    return ascii(hit[0])[1:-1]


def _faults(text: str) -> Iterator[Fault]:
    """The first unwanted character of every line that has one."""
    for number, line in enumerate(text.split("\n"), 1):
        if hit := UNWANTED.search(line):
            yield Fault(Mark(number, hit.start() + 1), _named(hit[0]))


def _named(character: str) -> str:
    code = ord(character)
    if character == "\t":
        return "a tab; it should be spaces"
    if character == "\0":
        return "a NUL byte; the file should be plain text in UTF-8 (is this UTF-16, or no text?)"
    if 0xDC80 <= code <= 0xDCFF:
        byte = bytes([code - 0xDC00])
        guess = byte.decode("cp1252", errors="replace")
        return f"byte 0x{byte.hex()} is not UTF-8 (Windows-1252 `{guess}`?); save the file as UTF-8"
    name = unicodedata.name(character, "control character").lower()
    return f"an invisible character, U+{code:04X} ({name}); it should be left out"
