"""The comments of a bank file, each tied to the entry that it is about, so that both move together."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.banks.complaint import Place
from bot.banks.tree import Node, Start

Position = tuple[int, int]
ROOT: Place = ()


@dataclass(slots=True)
class Notes:
    """The comments of one entry: in the lines above it, beside it, and below what it holds.

    An empty text is a blank line between two blocks of comments.
    """

    above: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)


class _Entry(NamedTuple):
    """A pair of a mapping or an item of a list: where it begins, and the column of its neighbours."""

    start: Position
    place: Place
    column: int


class _Comment(NamedTuple):
    """One line, or lines that follow each other without a blank one; `alone`: nothing stands before it."""

    start: Position
    lines: list[str]
    alone: bool


def comments(text: str, root: Node) -> Mapping[Place, Notes]:
    """Every comment of a file that has no errors; those above the first field belong to the root."""
    lines = text.split("\n")
    masked = _masked(lines, root)
    entries = list(_entries(ROOT, root, masked))
    ends = sorted(_ends(ROOT, root, lines), key=lambda end: end[0])
    notes: dict[Place, Notes] = {}
    last: list[str] = []
    for comment in list(_found(lines, masked)):
        if comment.alone:
            target = _beneath_or_above(comment, entries, notes)
            # A blank line between two blocks that stay together is the author's.
            last_was_same = target and target is last
            target += ["", *comment.lines] if last_was_same else comment.lines
        else:
            target = notes.setdefault(_nearest(comment.start, entries, ends), Notes()).beside
            target += comment.lines
        last = target
    return notes


def comment_lines(text: str, root: Node) -> list[str]:
    """Every comment as it stands in the text, in no order: for whoever must not lose one."""
    lines = text.split("\n")
    hashes = (
        (line, masked.find("#")) for line, masked in zip(lines, _masked(lines, root), strict=True)
    )
    return sorted(line[column:].rstrip() for line, column in hashes if column >= 0)


def _masked(lines: list[str], root: Node) -> list[str]:
    """The lines with an x for each character of a text: what is left of `#` begins a comment."""
    masked = lines[:]
    for node in _texts(root):
        (first, left), (last, right) = _position(node.start), _position(node.end)
        header = re.match(r"[|>][0-9+-]*", lines[first][left:])
        for number in range(first, last + 1):
            line = masked[number] if number < len(masked) else ""
            begin = left if number == first else 0
            end = right if number == last else len(line)
            if number == first and header:
                end = begin + header.end()
            if line:
                masked[number] = line[:begin] + "x" * (end - begin) + line[end:]
    return masked


def _texts(node: Node) -> Iterator[Node]:
    if isinstance(node.content, str):
        yield node
    for _, inner in _inside(node):
        yield from _texts(inner)


def _inside(node: Node) -> Iterator[tuple[str | int, Node]]:
    if isinstance(node.content, dict):
        yield from node.content.items()
    elif isinstance(node.content, list):
        yield from enumerate(node.content)


def _entries(place: Place, node: Node, masked: list[str]) -> Iterator[_Entry]:
    """Everything that a comment can be about, in the order of the file, the outer before the inner."""
    for step, inner in _inside(node):
        start = _position(inner.key_start or inner.start)
        yield _Entry(start, (*place, step), _column(start, step, masked))
        yield from _entries((*place, step), inner, masked)


def _column(start: Position, step: str | int, masked: list[str]) -> int:
    """Where the entry's neighbours stand; of an item in lines of its own that is the dash."""
    line, column = start
    before = masked[line][:column]
    if isinstance(step, int) and before.rstrip().endswith("-"):
        return len(before.rstrip()) - 1
    return column


def _ends(place: Place, node: Node, lines: list[str]) -> Iterator[tuple[Position, Place]]:
    """Behind which column an entry is over, where that can be said of it: not of blocks."""
    for step, inner in _inside(node):
        line, column = _position(inner.start)
        if isinstance(inner.content, str) or lines[line][column : column + 1] in ("[", "{"):
            yield _position(inner.end), (*place, step)
        yield from _ends((*place, step), inner, lines)


def _found(lines: list[str], masked: list[str]) -> Iterator[_Comment]:
    block: _Comment | None = None
    for number, line in enumerate(masked):
        column = line.find("#")
        if column < 0:
            block = None
            continue
        text = lines[number][column:].rstrip()
        # Before the dash or the question mark that opens an entry there is nothing to stand beside.
        alone = not line[:column].strip(" -?:.")
        if alone and block:
            block.lines.append(text)
            continue
        comment = _Comment((number, column), [text], alone)
        block = comment if alone else None
        yield comment


def _nearest(start: Position, entries: list[_Entry], ends: list[tuple[Position, Place]]) -> Place:
    """What a comment stands beside: the entry that has just ended, or else the one just begun."""
    begun = bisect_left(entries, start, key=lambda entry: entry.start)
    ended = bisect_left(ends, (start,))
    before = entries[begun - 1] if begun else None
    if ended and (before is None or ends[ended - 1][0] > before.start):
        return ends[ended - 1][1]
    return before.place if before else ROOT


def _beneath_or_above(
    comment: _Comment, entries: list[_Entry], notes: dict[Place, Notes]
) -> list[str]:
    """The notes for comments in lines of their own: above the next entry, or, indented deeper than
    that, below what came before.
    """
    after = bisect_left(entries, comment.start, key=lambda entry: entry.start)
    if not after:
        return notes.setdefault(ROOT, Notes()).above
    following = entries[after] if after < len(entries) else None
    column = comment.start[1]
    if following is None or column > following.column:
        holder = _holder(entries[:after], column)
        if following is None or holder != following.place[: len(holder)]:
            return notes.setdefault(holder, Notes()).below
    return notes.setdefault(following.place, Notes()).above


def _holder(before: list[_Entry], column: int) -> Place:
    """The list or mapping around the last entry whose entries stand nearest to this column, not right
    of it; the outer one if a list stands in its key's column.
    """
    last = before[-1].place
    around = [one for one in before if one.place == last[: len(one.place)] and one.column <= column]
    return max(around, key=lambda one: one.column).place[:-1] if around else ROOT


def _position(start: Start | None) -> Position:
    return (start.line, start.column) if start else (0, 0)
