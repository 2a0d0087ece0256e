"""All rules over all sets: what an editor would catch, beyond what the reader refuses."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.banks.library import load_library
from bot.banks.lint.finding import Finding
from bot.banks.lint.library_rules import Pair, near_duplicates, pairs, worn_scenes
from bot.banks.lint.question_rules import QUESTION_RULES
from bot.banks.lint.set_rules import SET_RULES, asked
from bot.banks.lint.spelling import foreign_words
from bot.banks.problem import Problem
from bot.banks.reader import Reading, marks_of
from bot.drill.question import Question, QuestionSet


@dataclass(frozen=True, slots=True)
class Review:
    """The sets that were read, their problems by file and line, and what is alike in them."""

    sets: Sequence[QuestionSet]
    problems: Sequence[Problem]
    alike: Sequence[Pair]


def review(paths: Sequence[Path]) -> Review:
    """Bank files and folders of them, with every problem, those that `check` names among them.

    A file with errors of shape is not looked into any further. Retired questions are passed over.
    """
    library, problems = load_library(paths)
    sets = list(library.sets.values())
    alike = pairs([question for bank in sets for question in asked(bank)])
    across = _by_set([*near_duplicates(alike), *worn_scenes(sets)])
    for reading in library.good.values():
        if bank := reading.question_set:
            problems += _placed(reading, [*_of_set(bank), *_of_questions(bank, across[bank.id])])
    ordered = sorted(problems, key=lambda one: (one.path, one.line, one.column))
    return Review(sets, ordered, alike)


def _by_set(
    found: Iterable[tuple[Question, Finding]],
) -> dict[str, dict[str, list[Finding]]]:
    """The findings by the set and the id of the question in which they should be mended."""
    sorted_out: dict[str, dict[str, list[Finding]]] = defaultdict(lambda: defaultdict(list))
    for question, finding in found:
        sorted_out[question.set_id][question.id].append(finding)
    return sorted_out


def _of_set(bank: QuestionSet) -> Iterator[Finding]:
    for rule in SET_RULES:
        yield from rule(bank)


def _of_questions(bank: QuestionSet, across: dict[str, list[Finding]]) -> Iterator[Finding]:
    """What the questions of a set have against them, placed within its file."""
    for index, question in enumerate(bank.questions):
        if not question.retired:
            for finding in (*_within(question, bank.locale), *across[question.id]):
                yield finding._replace(place=("questions", index, *finding.place))


def _within(question: Question, locale: str) -> Iterator[Finding]:
    for rule in QUESTION_RULES:
        yield from rule(question)
    yield from foreign_words(question, locale)


def _placed(reading: Reading, findings: Sequence[Finding]) -> Iterator[Problem]:
    """The findings at their lines; the file is read again for them, as few files need it."""
    if findings:
        marks = marks_of(reading.path, [finding.place for finding in findings])
        for finding, mark in zip(findings, marks, strict=True):
            yield Problem(str(reading.path), *mark, finding.message, finding.severity)
