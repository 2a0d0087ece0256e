"""All the sets there are, as one snapshot that never changes; a reload makes another one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.banks.characters import shown
from bot.banks.claims import Claims
from bot.banks.problem import START, Problem
from bot.banks.reader import Reading, read
from bot.banks.shelf import Stamp, bank_files, stamp_of
from bot.drill.question import Question, QuestionSet

ALL_SETS: Final = "*"


@dataclass(frozen=True, slots=True)
class Library:
    """The sets that learners can practise; made by `library_of` or `load_library`.

    `questions` holds every question of every set by its id, retired ones too; `renamed` says which
    question carries on the progress of a former id. Two libraries are equal if their sets are.
    """

    sets: Mapping[str, QuestionSet] = field(repr=False)
    questions: Mapping[str, Question] = field(compare=False, repr=False)
    renamed: Mapping[str, str] = field(compare=False, repr=False)
    readings: Mapping[Path, Reading] = field(compare=False, repr=False)
    stamp: Stamp = field(compare=False, repr=False)
    _active: Mapping[str, tuple[Question, ...]] = field(compare=False, repr=False)

    def active(self, set_id: str) -> tuple[Question, ...]:
        """What may be asked in a set, or in all of them ("*"); nothing for a set that is gone."""
        return self._active.get(set_id, ())

    def question(self, question_id: str) -> Question | None:
        """The question of an id, or of a former id; None if it is gone."""
        return self.questions.get(self.renamed.get(question_id, question_id))


def library_of(
    sets: Iterable[QuestionSet], readings: Mapping[Path, Reading] | None = None, stamp: Stamp = ()
) -> Library:
    """A library of sets that do not clash; `readings` and `stamp` are what `load_library` saw."""
    by_id = {one.id: one for one in sets}
    questions = {question.id: question for one in by_id.values() for question in one.questions}
    active = {one.id: tuple(q for q in one.questions if not q.retired) for one in by_id.values()}
    active[ALL_SETS] = tuple(question for asked in active.values() for question in asked)
    renamed = {old: question.id for question in questions.values() for old in question.renamed_from}
    return Library(
        sets=MappingProxyType(by_id),
        questions=MappingProxyType(questions),
        renamed=MappingProxyType(renamed),
        readings=MappingProxyType(dict(readings or {})),
        stamp=stamp,
        _active=MappingProxyType(active),
    )


def load_library(
    paths: Sequence[Path], last: Library | None = None
) -> tuple[Library, list[Problem]]:
    """The library of bank folders (or single files), and every problem in them, by file and line.

    A file with errors, or whose ids clash with another's, is left out; if it was good in `last`,
    what it held then stands in for it, and so does a folder that cannot be read. A file that is
    gone is gone. Never raises for anything in the files.
    """
    stamp = stamp_of(paths)
    files, problems = bank_files(paths)
    unreachable = {Path(problem.path) for problem in problems}
    readings = [read(path) for path in files]
    problems += [problem for reading in readings for problem in reading.problems]
    earlier = last.readings if last else {}
    stand_ins = [one for path, one in earlier.items() if path.parent in unreachable]
    accepted, clashes = _accepted([*readings, *stand_ins], earlier)
    problems += clashes
    sets = [one.question_set for one in accepted if one.question_set]
    library = library_of(sets, {one.path: one for one in accepted}, stamp)
    # A lone file, or one beside a broken one, may well name a question that cannot be seen now.
    if all(path.is_dir() for path in paths) and not errors(problems):
        problems += _dead_references(accepted, library)
    return library, sorted(problems, key=lambda one: (one.path, one.line, one.column))


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that keep a file out, without the warnings."""
    return [problem for problem in problems if problem.severity == "error"]


def check(paths: Sequence[Path]) -> list[Problem]:
    """Every problem of bank files and of folders of them, errors and warnings together."""
    return load_library(paths)[1]


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
