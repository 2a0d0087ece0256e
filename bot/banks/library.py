"""All the sets there are, as one snapshot that never changes; a reload makes another one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.banks.characters import shown
from bot.banks.claims import Claims
from bot.banks.problem import START, Problem
from bot.banks.reader import Reading, read
from bot.banks.shelf import Shelf, look
from bot.drill.question import Question, QuestionSet

ALL_SETS: Final = "*"
_EMPTY: Final = Shelf()


@dataclass(frozen=True, slots=True)
class Library:
    """The sets that learners can practise; made by `library_of` or `load_library`.

    `questions` holds every question of every set by its id, retired ones too; `renamed` says which
    question carries on the progress of a former id. Two libraries are equal if their sets are.

    For the next load it remembers the `shelf` it came from, every file as it was `read`, and the
    `good` content of each file that is in the sets, which after a bad edit is an earlier one.
    `beneath` has, for each set that an upload brings, what the folders hold in its place (or None).
    """

    sets: Mapping[str, QuestionSet] = field(repr=False)
    questions: Mapping[str, Question] = field(compare=False, repr=False)
    renamed: Mapping[str, str] = field(compare=False, repr=False)
    _active: Mapping[str, tuple[Question, ...]] = field(compare=False, repr=False)
    shelf: Shelf = field(compare=False, repr=False)
    read: Mapping[Path, Reading] = field(compare=False, repr=False)
    good: Mapping[Path, Reading] = field(compare=False, repr=False)
    beneath: Mapping[str, Reading | None] = field(default_factory=dict, compare=False, repr=False)

    def active(self, set_id: str) -> tuple[Question, ...]:
        """What may be asked in a set, or in all of them ("*"); nothing for a set that is gone."""
        return self._active.get(set_id, ())

    def question(self, question_id: str) -> Question | None:
        """The question of an id, or of a former id; None if it is gone."""
        return self.questions.get(self.renamed.get(question_id, question_id))

    def extended(self, own: QuestionSet) -> "Library":
        """This library and one set more, for one learner; a set of which nothing may be asked is
        not listed, but its questions are found.
        """
        asked = tuple(question for question in own.questions if not question.retired)
        listed = {own.id: own} if asked else {}
        every = self.active(ALL_SETS) + asked
        return replace(
            self,
            sets=MappingProxyType({**self.sets, **listed}),
            questions=MappingProxyType({**self.questions, **{q.id: q for q in own.questions}}),
            _active=MappingProxyType({**self._active, own.id: asked, ALL_SETS: every}),
        )


def library_of(
    sets: Iterable[QuestionSet],
    shelf: Shelf = _EMPTY,
    read: Iterable[Reading] = (),
    good: Iterable[Reading] = (),
) -> Library:
    """A library of sets that do not clash; the rest is what `load_library` remembers."""
    by_id = {one.id: one for one in sets}
    questions = {question.id: question for one in by_id.values() for question in one.questions}
    active = {one.id: tuple(q for q in one.questions if not q.retired) for one in by_id.values()}
    active[ALL_SETS] = tuple(question for asked in active.values() for question in asked)
    renamed = {old: question.id for question in questions.values() for old in question.renamed_from}
    return Library(
        sets=MappingProxyType(by_id),
        questions=MappingProxyType(questions),
        renamed=MappingProxyType(renamed),
        _active=MappingProxyType(active),
        shelf=shelf,
        read=MappingProxyType({one.path: one for one in read}),
        good=MappingProxyType({one.path: one for one in good}),
    )


def load_library(
    paths: Sequence[Path], last: Library | None = None
) -> tuple[Library, list[Problem]]:
    """The library of bank folders (or single files), and every problem in them, by file and line.

    A file with errors, or whose ids clash with another's, is left out; if it was good in `last`,
    what it held then stands in for it, and so does a folder that cannot be read. A file that is
    gone is gone; one that has not changed is not read again. Never raises for anything in files.
    """
    last = last or library_of([])
    shelf = look(paths)
    readings = [_reading(path, version, last) for path, version in shelf.versions.items()]
    problems = [*shelf.problems, *(one for reading in readings for one in reading.problems)]
    unreachable = {Path(problem.path) for problem in shelf.problems}
    stand_ins = [one for path, one in last.good.items() if path.parent in unreachable]
    good, clashes = _accepted([*readings, *stand_ins], last.good)
    problems += clashes
    sets = [one.question_set for one in good if one.question_set]
    library = library_of(sets, shelf, readings, good)
    # A lone file, or one beside a broken one, may well name a question that cannot be seen now.
    if all(path.is_dir() for path in paths) and not errors(problems):
        problems += _dead_references(good, library)
    return library, sorted(problems, key=lambda one: (one.path, one.line, one.column))


def with_uploads(
    folders: Library, uploads: Sequence[Reading], last: Library
) -> tuple[Library, list[Problem]]:
    """The folders' sets with each upload in the place of the set of its id, and ids that clash.

    `last` is what ran before: what is new since then gives way. At a start, when nothing ran, a file
    of the folders gives way to an upload.
    """
    new = {one.question_set.id: one for one in uploads if one.question_set}
    if not new:
        return folders, []
    below = {one.question_set.id: one for one in folders.good.values() if one.question_set}
    earlier = last.good if last.sets else {one.path: one for one in uploads}
    good, clashes = _accepted([*(below | new).values()], earlier)
    sets = [one.question_set for one in good if one.question_set]
    beneath = {set_id: below.get(set_id) for set_id in new}
    return replace(library_of(sets, good=good), beneath=MappingProxyType(beneath)), clashes


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that keep a file out, without the warnings."""
    return [problem for problem in problems if problem.severity == "error"]


def check(paths: Sequence[Path]) -> list[Problem]:
    """Every problem of bank files and of folders of them, errors and warnings together."""
    return load_library(paths)[1]


def _reading(path: Path, version: str, last: Library) -> Reading:
    known = last.read.get(path)
    return known if known and last.shelf.versions.get(path) == version else read(path)


def _accepted(
    readings: Sequence[Reading], earlier: Mapping[Path, Reading]
) -> tuple[list[Reading], list[Problem]]:
    """The good readings whose ids do not clash, in the given order, and the clashes.

    Files that hold what they held before come first, so that the blame falls on the edited one.
    """
    candidates = [one if one.question_set else earlier.get(one.path) for one in readings]
    good = [one for one in candidates if one]
    claims, accepted, problems = Claims(), dict[Path, Reading](), list[Problem]()
    for reading in sorted(good, key=lambda one: not _unchanged(one, earlier)):
        clashes = claims.take(reading)
        problems += clashes
        stand_in = earlier.get(reading.path) if clashes else reading
        if stand_in and not (clashes and claims.take(stand_in)):
            accepted[reading.path] = stand_in
    return [accepted[one.path] for one in good if one.path in accepted], problems


def _unchanged(reading: Reading, earlier: Mapping[Path, Reading]) -> bool:
    before = earlier.get(reading.path)
    return before is not None and before.question_set == reading.question_set


def _dead_references(readings: Iterable[Reading], library: Library) -> Iterator[Problem]:
    for reading in readings:
        questions = reading.question_set.questions if reading.question_set else ()
        for index, question in enumerate(questions):
            for number, other in enumerate(question.distinct_from):
                if library.question(other) is None:
                    place = ("questions", index, "distinct_from", number)
                    mark = reading.marks.get(place, START)
                    message = f"no question has the id {shown(other)}; it should be one that has"
                    yield Problem(str(reading.path), *mark, message, "warning")
