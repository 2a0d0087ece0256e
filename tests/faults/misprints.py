"""Bank files as a slip, a broken editor or ill will makes them: bytes, lines and structure are mutated."""

import copy
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.banks.reader import MAX_BYTES
from tests.banks.examples import yaml_of

SHIPPED = Path(__file__).resolve().parents[2] / "question_banks"
Fields = dict[str, Any]

BYTES = (
    b"\0", b"\t", b"\r", b"\r\n", b"\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff", b"\xc0\xaf",
    b"\xed\xa0\x80", b"\x80", b"\xf4\x90\x80\x80", b"\xe2\x80\xa8", b"\xc2\x85", b"\xe2\x80\xae",
    b"\x1b[2J", b"\x92", b"'", b'"', b": ", b" #", b"- ", b"? ", b"[", b"]", b"{", b"}", b"&a ",
    b"*a", b"!!python/name:os ", b"! ", b"|", b">", b"%", b"@", b"`",
    b"---\n", b"...\n", b"<<: ", b"\\", b"%YAML 9.9\n", b"\xf0\x9f\x98\xa1",
)  # fmt: skip
LINES = (
    "%TAG ! tag:x,2000:", "---", "...", "- ", "? a", ": b", "  - - - x", "<<: *a", "a: &a [*a]", "\t- x",
    "questions:", "  - {}", "  - []", "set: another", "    id: same-id", "    ask: |", "    ask: >9",
    '    ask: "', "    ask: '", "#", "version: 1e999", "    levels: [[[[[[[[", "    seconds: 0x7f",
    "    retired: yes", "    ? {a: b} : c", "- &a x\n- *a",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, "", " ", "\n", "no", "null", "~", -1, 0, 10**30, 1.5, True, [], {}, [[]], [{}], {"": ""},
    "x" * 5_000, "é\u0301", "\u202egnirts", "\x07", ["x"] * 300, {"a": {"b": {"c": {}}}}, "- x", "a: b", "*a",
    "&a", "!!x", "2026-11-23", "<b>x</b>",
)  # fmt: skip


@cache
def _shelf() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every shipped file: what stands above the questions, and the questions, as they are written."""
    files = (path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob("*.yaml")))
    parts = (text.split("\n  - id: ") for text in files)
    return tuple((head, tuple(f"\n  - id: {one}" for one in rest)) for head, *rest in parts)


@cache
def _fields(text: str) -> Fields:
    fields: Fields = yaml.load(text, yaml.CSafeLoader)
    return fields


def slice_of(shelf: int, first: int, count: int) -> str:
    """A good bank: a few questions in a row of one shipped file, as its author wrote them."""
    head, questions = _shelf()[shelf % len(_shelf())]
    start = first % (len(questions) - count + 1)
    return head + "".join(questions[start : start + count]) + "\n"


def whole(shelf: int) -> str:
    """All of one shipped file."""
    head, questions = _shelf()[shelf % len(_shelf())]
    return head + "".join(questions)


def _splices(text: str, dice: random.Random) -> bytes:
    """A few bytes replaced, put in, taken out or repeated."""
    raw = bytearray(text.encode())
    for _ in range(dice.randint(1, 6)):
        start = dice.randrange(len(raw) + 1)
        end = min(len(raw), start + dice.choice((0, 0, 1, 2, 30, 400)))
        held = bytes(raw[start:end])
        new = dice.choice((b"", dice.choice(BYTES), dice.randbytes(dice.randint(1, 6)), held * 2))
        raw[start:end] = new
    return bytes(raw)


def _flips(text: str, dice: random.Random) -> bytes:
    """Single bits, as bad memory turns them."""
    raw = bytearray(text.encode())
    for _ in range(dice.randint(1, 12)):
        raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    return bytes(raw)


def _cut(text: str, dice: random.Random) -> bytes:
    """The end is missing: a disk that was full, a copy that was broken off."""
    raw = text.encode()
    return raw[: dice.randrange(len(raw))]


def _lines(text: str, dice: random.Random) -> bytes:
    """Lines left out, doubled, swapped, put in, moved to another column."""
    lines = text.split("\n")
    for _ in range(dice.randint(1, 5)):
        at, other = dice.randrange(len(lines)), dice.randrange(len(lines))
        deed = dice.randrange(6)
        if deed == 0 and len(lines) > 1:
            del lines[at]
        elif deed == 1:
            lines.insert(at, lines[other])
        elif deed == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif deed == 3:
            lines.insert(at, dice.choice(LINES))
        elif deed == 4:
            lines[at] = " " * dice.randint(1, 40) + lines[at]
        else:
            lines[at] = lines[at].lstrip(" ")
    return "\n".join(lines).encode(errors="surrogatepass")


def _encoded(text: str, dice: random.Random) -> bytes:
    """Another encoding, a byte order mark, the line ends of Windows or of an old Macintosh, tabs."""
    encoding = dice.choice(
        ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "cp037")
    )
    ends = dice.choice(("\n", "\r\n", "\r", "\x85", "\u2028", "\n\n"))
    indent = dice.choice(("  ", "  ", "\t"))
    changed = text.replace("'", dice.choice(("'", "’"))).replace("  ", indent).replace("\n", ends)
    return changed.encode(encoding, errors="replace")


def _restructured(text: str, dice: random.Random) -> bytes:
    """The same fields with some left out, repeated, swapped or of another type, well written."""
    fields = copy.deepcopy(_fields(text))
    for _ in range(dice.randint(1, 4)):
        places = list(_places(fields))
        if not places:
            break
        holder, key = dice.choice(places)
        other, other_key = dice.choice(places)
        deed = dice.randrange(5)
        if deed == 0:
            del holder[key]
        elif deed == 1:
            holder[key] = [copy.deepcopy(holder[key]) for _ in range(dice.randint(1, 3))]
        elif deed == 2:
            holder[key] = copy.deepcopy(other[other_key])
        elif deed == 3 and isinstance(holder, dict):
            holder[f"{key}s"[: dice.randint(1, 99)]] = holder.pop(key)
        else:
            holder[key] = copy.deepcopy(dice.choice(VALUES))
    return yaml_of(fields).encode(errors="surrogatepass")


def _places(value: Any) -> Any:
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in inside:
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _swollen(text: str, dice: random.Random) -> bytes:
    """A part of it again and again, up to the most that is read and a little beyond."""
    raw = text.encode()
    start = dice.randrange(len(raw))
    part = raw[start : start + dice.choice((1, 2, 7, 60, 900, 5_000))]
    part = dice.choice((part, part, dice.choice(BYTES), dice.choice(LINES).encode() + b"\n"))
    size = dice.choice((20_000, 60_000, MAX_BYTES - len(raw), MAX_BYTES + 10))
    return raw[:start] + part * (size // len(part)) + raw[start:]


def _bomb(text: str, dice: random.Random) -> bytes:
    """Little that would be much if anything were expanded: aliases, merges, depth, ten thousand entries."""
    width, depth = dice.randint(2, 40), dice.randint(5, 400)
    kinds: tuple[Callable[[], str], ...] = (
        lambda: "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]\n" for n in range(depth)),
        lambda: "".join(f"m{n}: &m{n}\n  <<: [{', '.join([f'*m{n - 1}'] * width)}]\n" for n in range(depth)),
        lambda: "[" * depth * width,
        lambda: "".join(" " * n + dice.choice(("a:\n", "- \n", "? \n")) for n in range(depth)),
        lambda: "  - {}\n" * dice.choice((200, 10_000, 20_001)),
        lambda: "".join(f"  - id: q{n}\n    ask: Why?\n" for n in range(depth * 20)),
        lambda: "".join(f"  - id: same\n    n{n}: x\n" for n in range(depth * 5)),
        lambda: "    rephrased:\n" + "    - Who gets the room?\n" * 10_000,
        lambda: "? " * depth + "a\n",
        lambda: "!" * depth * width + " x\n",
        lambda: "".join(f"%TAG !t{n}! tag:\n" for n in range(depth)) + "---\n",
    )  # fmt: skip
    bomb = dice.choice(kinds)()
    lines = text.split("\n")
    at = dice.choice((0, len(lines) - 1, dice.randrange(len(lines))))
    return "\n".join([*lines[:at], bomb, *lines[at:]]).encode()[: MAX_BYTES + 1]


_DEEDS: tuple[tuple[Callable[[str, random.Random], bytes], int], ...] = (
    (_splices, 30), (_lines, 25), (_restructured, 18), (_flips, 12), (_encoded, 6), (_cut, 4),
    (_bomb, 3), (_swollen, 2),
)  # fmt: skip


def misprint(dice: random.Random) -> bytes:
    """One mutated bank: most often of two or three questions, one time in twenty a whole shipped file."""
    [deed] = dice.choices([deed for deed, _ in _DEEDS], [weight for _, weight in _DEEDS])
    shelf, first = dice.randrange(1_000), dice.randrange(1_000)
    large = dice.random() < 0.05 and deed is not _restructured
    return deed(whole(shelf) if large else slice_of(shelf, first, dice.randint(1, 3)), dice)
