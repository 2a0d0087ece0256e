"""YAML to a tree of plain texts that remember where they stood, within limits.

Only the parser's events are used: nothing is ever constructed, resolved or expanded, and the limits
are tested while events arrive, so that a hostile file costs no more than an honest one.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import yaml

from bot.banks.characters import shown
from bot.banks.problem import MAX_PROBLEMS, START, Fault, Mark, UnreadableError
from bot.banks.syntax import syntax_fault


class Events(Protocol):
    """A parser whose events are taken one by one."""

    def get_event(self) -> yaml.Event | None:
        """The next event; None after the last."""


try:
    from yaml import CSafeLoader

    PARSER: Callable[[str], Events] = CSafeLoader
except ImportError:  # PyYAML built without libyaml: the same events, about fifteen times slower
    PARSER = yaml.SafeLoader

MAX_DEPTH: Final = 20
# Two hundred terse questions have 13,200; a file of twice that would take 100 ms of a busy machine.
MAX_NODES: Final = 15_000

Plain = str | list["Plain"] | dict[str, "Plain"]


class Start(Protocol):
    """Where an event begins, as both parsers say it: counted from 0."""

    @property
    def line(self) -> int:
        """The number of the line."""

    @property
    def column(self) -> int:
        """The number of characters before it in its line."""


@dataclass(slots=True)
class Node:
    """A text, list or mapping, and where it stands: `start` itself, `key_start` its key if any.

    `end` is what follows its last character; of a list or mapping by lines, whatever comes after it.

    A `broken` node (an alias) has had its fault reported; what it would have held is unknown.
    """

    start: Start | None
    content: "Content"
    key_start: Start | None = None
    end: Start | None = None
    broken: bool = False

    @property
    def mark(self) -> Mark:
        """Where the node begins."""
        return _mark(self.start)

    @property
    def key(self) -> Mark:
        """Where the key stands that the node is the value of; the node itself if it has none."""
        return _mark(self.key_start or self.start)

    def plain(self) -> Plain:
        """The same as texts, lists and dicts, without the marks."""
        if isinstance(self.content, dict):
            return {name: node.plain() for name, node in self.content.items()}
        if isinstance(self.content, list):
            return [node.plain() for node in self.content]
        return self.content

    def at(self, step: str | int) -> "Node | None":
        """The entry at a key or an index; None if there is none."""
        content = self.content
        if isinstance(step, str):
            return content.get(step) if isinstance(content, dict) else None
        return content[step] if isinstance(content, list) and step < len(content) else None


Content: TypeAlias = str | list[Node] | dict[str, Node]
_Held: TypeAlias = yaml.ScalarEvent | yaml.CollectionStartEvent


def tree(text: str, parser: Callable[[str], Events] = PARSER) -> tuple[Node, list[Fault]]:
    """The tree of a file's only document, and the faults that leave the rest of it readable.

    Raises `UnreadableError` for a syntax error, an empty file, and a file beyond the limits.
    """
    _refuse_directives(text)
    builder = _Builder()
    try:
        events = parser(text)
        while event := events.get_event():
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        raise UnreadableError(*builder.faults, syntax_fault(error)) from error
    except UnreadableError as error:
        raise UnreadableError(*builder.faults, *error.faults) from error
    if builder.root is None:
        raise UnreadableError(Fault(START, "the file is empty; it should begin with `set:`"))
    return builder.root, builder.faults


def _refuse_directives(text: str) -> None:
    """They mean nothing here, and the parser's time grows with the square of their number."""
    if found := re.search("^%", text, re.MULTILINE):
        line = text.count("\n", 0, found.start()) + 1
        raise UnreadableError(Fault(Mark(line, 1), "`%` begins a directive; leave the line out"))


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet.

    A mapping's `key` waits for its value; if it was no good key it is None, and the value left out.
    """

    node: Node
    content: Content
    has_key: bool = False
    key: str | None = None
    key_start: Start | None = None


class _Builder:
    """Takes events one by one and grows the tree, without recursion."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.faults: list[Fault] = []
        self._open: list[_Open] = []
        self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        """Grow by one event of the parser."""
        if isinstance(event, yaml.ScalarEvent):
            self._place(self._node(event, event.value, event.tag))
        elif isinstance(event, yaml.MappingStartEvent):
            self._descend(self._node(event, {}, event.tag))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._descend(self._node(event, [], event.tag))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop().node.end = event.end_mark
        elif isinstance(event, yaml.AliasEvent):
            self._place(self._alias(event))
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            message = "a second document begins here; a file should hold one set"
            raise UnreadableError(Fault(_mark(event.start_mark), message))

    def _node(self, event: yaml.NodeEvent, content: Content, tag: str | None) -> Node:
        node = Node(event.start_mark, content, end=event.end_mark)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            message = f"more than {MAX_NODES:,} entries; it should be split into several sets"
            raise UnreadableError(Fault(node.mark, message))
        if event.anchor is not None:
            self._fault(node, f"{shown(f'&{event.anchor}')} names this place; leave it out")
        if tag is not None:
            self._fault(node, f"{shown(tag)} is a tag; write the plain text without it")
        return node

    def _alias(self, event: yaml.AliasEvent) -> Node:
        node = Node(event.start_mark, "", broken=True)
        self._fault(node, f"{shown(f'*{event.anchor}')} repeats another place; write it out")
        return node

    def _descend(self, node: Node) -> None:
        self._place(node)
        self._open.append(_Open(node, node.content))
        if len(self._open) > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} deep; a bank needs no more than 5"
            raise UnreadableError(Fault(node.mark, message))

    def _place(self, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if isinstance(parent.content, list):
            parent.content.append(node)
        elif isinstance(parent.content, dict):
            self._enter(parent, parent.content, node)

    def _enter(self, parent: _Open, entries: dict[str, Node], node: Node) -> None:
        if not parent.has_key:
            parent.key, parent.key_start = self._key(entries, node), node.start
        elif parent.key is not None:
            node.key_start = parent.key_start
            entries[parent.key] = node
        parent.has_key = not parent.has_key

    def _key(self, entries: dict[str, Node], node: Node) -> str | None:
        """The key that `node` is; None after a fault in it."""
        content = node.content
        if not isinstance(content, str):
            self._fault(node, "a key is a list or mapping; it should be one word")
        elif content == "<<":
            self._fault(node, "`<<` merges another place in; write its fields out")
        elif content in entries:
            line = entries[content].key.line
            self._fault(node, f"{shown(content)} is here twice (first in line {line}); keep one")
        elif not node.broken:
            return content
        return None

    def _fault(self, node: Node, message: str) -> None:
        self.faults.append(Fault(node.mark, message))
        if len(self.faults) > MAX_PROBLEMS:
            raise UnreadableError


def _mark(start: Start | None) -> Mark:
    return Mark(start.line + 1, start.column + 1) if start else START
