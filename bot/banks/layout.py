"""One way to write a bank file: the order of the fields, the quotes, the lines.

A value is one line, however long: an edit of it then changes that line alone, where text wrapped at
a column would flow on into the next ones. Every comment stays with what it is about.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import yaml

from bot.banks.comments import ROOT, Notes, comment_lines, comments
from bot.banks.complaint import Place
from bot.banks.document import (
    BankEntry,
    FollowUpsEntry,
    QuestionEntry,
    ToneRiskEntry,
    TrapEntry,
)
from bot.banks.reader import parsed
from bot.banks.tree import Node

WIDTH: Final = 100
_ORDER: Final = {
    "": [*BankEntry.model_fields],
    "questions": [*QuestionEntry.model_fields],
    "tone_risk": [*ToneRiskEntry.model_fields],
    "traps": [*TrapEntry.model_fields],
    "follow_ups": [*FollowUpsEntry.model_fields],
}
TYPED: Final = frozenset({"version", "seconds", "levels", "retired"})
"""The fields that hold numbers, `true` or `false`: these take no quotes, and any other text does."""

SHORT: Final = frozenset({"competency", "levels", "sources", "distinct_from", "renamed_from"})
"""The lists that stand in one line, as long as they fit."""

_NO_PLAIN = re.compile(
    r"""[-?:,\[\]{}#&*!|>'"%@`]|.*(?::\s|\s\#|:$)|[-+.\d][-+.,:_\deExXo]*$""", re.DOTALL
)
_NO_PLAIN_IN_LIST = re.compile(r".*[,\[\]{}?]", re.DOTALL)
_resolver = yaml.resolver.Resolver()


class Altered(Exception):
    """The file laid out would not say the same: a mistake of this program. Nothing was written."""


def laid_out(raw: bytes) -> str:
    """The same bank, written as every bank is. Raises `UnreadableError` if it has errors."""
    text, root, bank = parsed(raw)
    after = "\n".join(_Layout(comments(text, root)).file(root)) + "\n"
    new_text, new_root, new_bank = parsed(after.encode())
    if new_bank != bank or comment_lines(new_text, new_root) != comment_lines(text, root):
        raise Altered
    return after


def alone(raw: bytes, question_id: str) -> str:
    """A bank called Preview that holds one of the file's questions, under ids that are nobody else's.

    Raises `UnreadableError` if the file has errors, and `LookupError` if it has no such question.
    """
    _, root, bank = parsed(raw)
    found = [index for index, entry in enumerate(bank.questions) if entry.id == question_id]
    questions = root.at("questions")
    if not found or not isinstance(questions, Node) or not isinstance(questions.content, list):
        raise LookupError(question_id)
    [question] = questions.content = [questions.content[found[0]]]
    for holder, name, text in (
        (root, "set", "preview"),
        (root, "title", "Preview"),
        (question, "id", f"preview-{question_id}"[:64]),
    ):
        if isinstance(holder.content, dict):
            holder.content[name].content = text
            for other in ("renamed_from", "distinct_from", "retired"):
                holder.content.pop(other, None)
    return "\n".join(_Layout({}).file(root)) + "\n"


def scalar(text: str, name: str = "", *, in_list: bool = False) -> str:
    """A text as the value of a field, in quotes if YAML could take it for anything else."""
    if name in TYPED or _is_plain(text, in_list):
        return text
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def _is_plain(text: str, in_list: bool) -> bool:
    if _NO_PLAIN.match(text) or (in_list and _NO_PLAIN_IN_LIST.match(text)):
        return False
    tag = _resolver.resolve(yaml.ScalarNode, text, (True, False))  # type: ignore[no-untyped-call]
    return bool(tag == "tag:yaml.org,2002:str")


class _Layout:
    """Writes a tree with its comments."""

    def __init__(self, notes: Mapping[Place, Notes]) -> None:
        self._notes = dict(notes)

    def file(self, root: Node) -> Iterator[str]:
        """The lines of a whole file."""
        yield from self._of(ROOT).above
        yield from self._mapping(ROOT, root, 0)

    def _of(self, place: Place) -> Notes:
        return self._notes.get(place, Notes())

    def _mapping(self, place: Place, node: Node, indent: int) -> Iterator[str]:
        fields = node.content
        if not isinstance(fields, dict):
            raise Altered
        for name in self._ordered(place, fields):
            yield from self._entry((*place, name), fields[name], f"{name}:", indent)
        yield from _indented(self._of(place).below, indent)

    def _ordered(self, place: Place, fields: Mapping[str, Node]) -> list[str]:
        names = [step for step in place if isinstance(step, str)]
        return [name for name in _ORDER[names[-1] if names else ""] if name in fields]

    def _entry(self, place: Place, node: Node, lead: str, indent: int) -> Iterator[str]:
        """One pair or item; `lead` is what it begins with."""
        notes = self._of(place)
        *more, beside = notes.beside or [""]
        yield from _indented([*notes.above, *more], indent)
        pad, comment = " " * indent, beside and f"  {beside}"
        inline = self._inline(place, node, indent)
        if inline is not None:
            yield f"{pad}{lead} {inline}{comment}"
            return
        yield f"{pad}{lead}{comment}"
        if isinstance(node.content, list):
            yield from self._list(place, node.content, indent + 2)
        else:
            yield from self._mapping(place, node, indent + 2)

    def _inline(self, place: Place, node: Node, indent: int) -> str | None:
        """The value as it stands behind its key or dash; None if it takes lines of its own."""
        name = next(step for step in reversed(place) if isinstance(step, str))
        content = node.content
        if isinstance(content, str):
            return scalar(content.strip(), name)
        if not isinstance(content, list) or not (name in SHORT or not content):
            return None
        if self._of(place).below or any(
            (*place, index) in self._notes for index in range(len(content))
        ):
            return None
        items = (str(item.content).strip() for item in content)
        inline = f"[{', '.join(scalar(item, name, in_list=True) for item in items)}]"
        return inline if indent + len(name) + 2 + len(inline) <= WIDTH else None

    def _list(self, place: Place, items: list[Node], indent: int) -> Iterator[str]:
        for index, item in enumerate(items):
            if index and place == ("questions",):
                yield ""
            if isinstance(item.content, dict):
                yield from self._item((*place, index), item, item.content, indent)
            else:
                yield from self._entry((*place, index), item, "-", indent)
        yield from _indented(self._of(place).below, indent)

    def _item(
        self, place: Place, item: Node, fields: Mapping[str, Node], indent: int
    ) -> Iterator[str]:
        """A mapping behind a dash. What is said above its first field stands above the dash."""
        first = (*place, self._ordered(place, fields)[0])
        whole, inner = self._of(place), self._of(first)
        more, beside = inner.beside[:-1], inner.beside[-1:]
        yield from _indented([*whole.above, *whole.beside, *inner.above, *more], indent)
        self._notes[first] = Notes(beside=beside, below=inner.below)
        lines = self._mapping(place, item, indent + 2)
        yield f"{' ' * indent}- {next(lines).lstrip(' ')}"
        yield from lines


def _indented(lines: list[str], indent: int) -> Iterator[str]:
    for line in lines:
        yield " " * indent + line if line else ""
