"""One bank file: to a set of questions, or to every problem that keeps it from being one.

The steps are bytes, characters, tree, shape. Each of them goes on as far as its findings can be
trusted, so that an author sees all problems of a file at once; only broken syntax hides the rest.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from bot.banks.characters import decoded, shown
from bot.banks.complaint import Place, complaint
from bot.banks.document import BankEntry, question_set
from bot.banks.doubts import doubts
from bot.banks.problem import MAX_PROBLEMS, START, Fault, Mark, Problem, Severity, UnreadableError
from bot.banks.tree import Node, tree
from bot.drill.question import QuestionSet

__all__ = [
    "MAX_BYTES",
    "Problem",
    "Reading",
    "marks_of",
    "read",
    "read_bank",
    "read_bytes",
]

MAX_BYTES: Final = 256 * 1024
_REFERENCES = ("renamed_from", "distinct_from")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file came to: its set if it has no errors, its problems in the order of its lines.

    `marks` says where the set, its questions and their references stand, for checks between files;
    its keys are as in the file, such as `("questions", 3, "renamed_from", 0)`.
    """

    path: Path
    question_set: QuestionSet | None
    problems: tuple[Problem, ...]
    marks: Mapping[Place, Mark] = field(default_factory=dict, repr=False, compare=False)


def read_bank(path: Path) -> tuple[QuestionSet | None, list[Problem]]:
    """The set of a file and the file's problems; no set if one of them is an error."""
    reading = read(path)
    return reading.question_set, list(reading.problems)


def read(path: Path) -> Reading:
    """Everything there is to know about one file. Never raises for anything in it or about it."""
    try:
        raw = bytes_of(path)
    except UnreadableError as error:
        return Reading(path, None, problems_of(path, error.faults, "error"))
    return read_bytes(raw, path)


def read_bytes(raw: bytes, path: Path) -> Reading:
    """The same for a file's content that came another way; `path` is what it is called."""
    try:
        text, root, bank = parsed(raw)
    except UnreadableError as error:
        return Reading(path, None, problems_of(path, error.faults, "error"))
    found = doubts(bank, path.stem, text.partition("\n")[0])
    warnings = [Fault(_at(root, place) or START, message) for place, message in found]
    marks = {place: _at(root, place) or START for place in _places(bank)}
    return Reading(path, question_set(bank), problems_of(path, warnings, "warning"), marks)


def parsed(raw: bytes) -> tuple[str, Node, BankEntry]:
    """The text of a file, its tree and its shape; raises `UnreadableError` with all that is wrong."""
    if len(raw) > MAX_BYTES:
        message = f"larger than {MAX_BYTES // 1024} KiB; it should be split into several sets"
        raise UnreadableError(Fault(START, message))
    text, faults = decoded(raw)
    return text, *_shaped(text, faults)


def marks_of(path: Path, places: Iterable[Place]) -> list[Mark]:
    """Where these places stand in a file that is good; the nearest that is there, if it changed."""
    root, _ = tree(decoded(bytes_of(path))[0])
    return [_at(root, place) or START for place in places]


def _shaped(text: str, faults: Sequence[Fault]) -> tuple[Node, BankEntry]:
    """The file's tree and shape, if nothing is wrong; else raises `UnreadableError` with it all."""
    try:
        root, more = tree(text)
    except UnreadableError as error:
        raise UnreadableError(*faults, *error.faults) from error
    faults = [*faults, *more, *_repeated_ids(root)]
    try:
        bank = BankEntry.model_validate(root.plain())
    except ValidationError as error:
        raise UnreadableError(*faults, *_shape_faults(root, error)) from error
    if faults:
        raise UnreadableError(*faults)
    return root, bank


def bytes_of(path: Path) -> bytes:
    """The file's content, no more than one byte beyond what is read of any.

    A pipe or device would never end, so only plain files are opened; raises `UnreadableError`.
    """
    try:
        if not path.is_file():
            what = "is not a plain file" if path.exists() else "is not there"
            raise UnreadableError(Fault(START, f"{what}; it should be a YAML file"))
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableError(Fault(START, f"cannot be read: {reason}")) from error


def _shape_faults(root: Node, error: ValidationError) -> list[Fault]:
    """The shape's errors at their marks; places and words are found for no more than are useful."""
    some = error.errors(include_url=False)[: 10 * MAX_PROBLEMS]
    found = ((_at(root, one["loc"], one["type"]), one) for one in some)
    located = sorted(((mark, one) for mark, one in found if mark), key=lambda pair: pair[0])
    return [Fault(mark, complaint(one)) for mark, one in located[: MAX_PROBLEMS + 1]]


def _at(root: Node, place: Place, error_type: str = "") -> Mark | None:
    """Where a place stands: its value, or its key if that is what is wrong, or what lacks it.

    None where an alias stood, whose fault has been reported.
    """
    node = root
    for step in place:
        inner = node.at(step)
        if inner is None:
            break
        node = inner
    if node.broken:
        return None
    return node.key if error_type == "extra_forbidden" else node.mark


def _repeated_ids(root: Node) -> Iterator[Fault]:
    """Questions with the id of one above: seen in the tree, so that other errors do not hide it."""
    first: dict[str, int] = {}
    for entry in _entries(root.at("questions")):
        node = entry.at("id")
        if node is None or not isinstance(node.content, str) or not node.content:
            continue
        line = first.setdefault(node.content, node.mark.line)
        if line != node.mark.line:
            message = f"{shown(node.content)} is the id of the question in line {line}"
            yield Fault(node.mark, f"{message}; it should be an id of its own")


def _places(bank: BankEntry) -> Iterator[Place]:
    """Where ids stand, and references to them: what checks between files have to say is there."""
    yield ("set",)
    for index, entry in enumerate(bank.questions):
        yield "questions", index, "id"
        for name in _REFERENCES:
            for number in range(len(getattr(entry, name))):
                yield "questions", index, name, number


def _entries(node: Node | None) -> list[Node]:
    return node.content if node and isinstance(node.content, list) else []


def problems_of(path: Path, faults: Iterable[Fault], severity: Severity) -> tuple[Problem, ...]:
    """The faults as problems of a file, in the order of its lines, within reason."""
    ordered = sorted(faults, key=lambda fault: fault.mark)
    if len(ordered) > MAX_PROBLEMS:
        message = f"there are more than {MAX_PROBLEMS} problems; these should be put right first"
        ordered = [*ordered[:MAX_PROBLEMS], Fault(ordered[MAX_PROBLEMS].mark, message)]
    return tuple(
        Problem(str(path), mark.line, mark.column, message, severity) for mark, message in ordered
    )
