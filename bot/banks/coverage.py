"""What the sets hold, in figures: how many of what, and how alike the likest two are."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.banks.lint.library_rules import Pair
from bot.banks.lint.set_rules import asked, domains, levels, mentions
from bot.banks.problem import Problem
from bot.drill.question import Question, QuestionSet


@dataclass(frozen=True, slots=True)
class Coverage:
    """One set, or all of them; retired questions are not counted.

    `domains`, `levels` and `competencies` count questions, and a question may count in several.
    `likest` is the highest likeness, 0 to 1, of two wordings of different questions, within the set
    and with any other; 0 where no two share enough words to be compared.
    """

    name: str
    questions: int
    wordings: int
    kinds: Mapping[str, int]
    domains: Mapping[str, int]
    levels: Mapping[int, int]
    competencies: Mapping[str, int]
    likest_within: float
    likest_beyond: float


def coverage(name: str, questions: Sequence[Question], alike: Iterable[Pair]) -> Coverage:
    """The figures of some questions; `alike` are the pairs that these are members of, or more."""
    own = {question.id for question in questions}
    within = beyond = 0.0
    for pair in alike:
        members = (pair.one.id in own) + (pair.other.id in own)
        if members == 2:
            within = max(within, pair.like)
        elif members == 1:
            beyond = max(beyond, pair.like)
    return Coverage(
        name=name,
        questions=len(questions),
        wordings=sum(len(question.wordings()) for question in questions),
        kinds=Counter(question.kind for question in questions),
        domains=domains(questions),
        levels=levels(questions),
        competencies=mentions(questions),
        likest_within=within,
        likest_beyond=beyond,
    )


def coverages(sets: Sequence[QuestionSet], alike: Sequence[Pair]) -> list[Coverage]:
    """The figures of each set, and last of all of them together."""
    every = [question for bank in sets for question in asked(bank)]
    return [
        *(coverage(bank.id, asked(bank), alike) for bank in sets),
        coverage("all", every, alike),
    ]


def tally(problems: Iterable[Problem]) -> tuple[int, int]:
    """How many errors and how many warnings."""
    counted = Counter(problem.severity for problem in problems)
    return counted["error"], counted["warning"]
