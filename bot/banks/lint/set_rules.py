"""What an editor would say of a set as a whole; places are within its file."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bot.banks.lint.finding import Finding
from bot.banks.lint.words import opener
from bot.banks.vocabulary import DOMAINS, domain_of, listed
from bot.drill.question import Question, QuestionSet

FEWEST_COMPETENCIES: Final = 8
LARGEST_SHARE: Final = 0.20
FEWEST_AT_LEVEL: Final = 8
"""A learner who has picked a level should have more than the six from which each drill is drawn."""
SAME_CLOSING: Final = 0.25
FEW: Final = 4
"""Of so few that close alike nobody grows tired, however small the set."""

LEVELS: Final = range(1, 6)

SetRule = Callable[[QuestionSet], Iterator[Finding]]


def asked(bank: QuestionSet) -> list[Question]:
    """The questions that are still asked."""
    return [question for question in bank.questions if not question.retired]


def mentions(questions: Iterable[Question]) -> Counter[str]:
    """How many questions name each competency, first or not."""
    return Counter(one for question in questions for one in question.competency)


def domains(questions: Iterable[Question]) -> Counter[str]:
    """How many questions touch each domain of the CAP examination, each question once a domain."""
    touched = ({domain_of(one) for one in question.competency} for question in questions)
    return Counter(domain for some in touched for domain in some if domain)


def levels(questions: Iterable[Question]) -> Counter[int]:
    """How many questions are asked at each level."""
    return Counter(level for question in questions for level in question.levels)


def narrow_competencies(bank: QuestionSet) -> Iterator[Finding]:
    """A chair is asked about eight things or more, and about none of them all the time."""
    counted = mentions(asked(bank))
    if len(counted) < FEWEST_COMPETENCIES:
        message = f"{len(counted)} competencies; there should be {FEWEST_COMPETENCIES} or more"
        yield Finding(("set",), message)
    total = counted.total()
    for competency, number in counted.items():
        if number / total > LARGEST_SHARE:
            message = f"`{competency}` is {number / total:.0%} of all competencies named; it should"
            yield Finding(("set",), f"{message} be {LARGEST_SHARE:.0%} or less")


def missing_domains(bank: QuestionSet) -> Iterator[Finding]:
    """Every administrative chair meets all six domains of the CAP examination."""
    present = domains(asked(bank))
    if missing := {code: name for code, name in DOMAINS.items() if code not in present}:
        message = f"nothing on {', '.join(missing.values())} ({listed(missing)})"
        yield Finding(("set",), f"{message}; a set should touch all six CAP domains")


def thin_levels(bank: QuestionSet) -> Iterator[Finding]:
    """Whoever picks a level is drawn nothing else, and soon knows what comes if that is little."""
    counted = levels(asked(bank))
    for level in LEVELS:
        if counted[level] < FEWEST_AT_LEVEL:
            message = f"{counted[level]} questions at level {level}; there should be"
            yield Finding(("set",), f"{message} {FEWEST_AT_LEVEL} or more")


def same_closings(bank: QuestionSet) -> Iterator[Finding]:
    """A quarter of a set that ends on one turn of phrase is heard as a form."""
    questions = asked(bank)
    for texts in ([one.ask for one in questions], [w for one in questions for w in one.wordings()]):
        counted = Counter(filter(None, map(opener, texts)))
        for closing, number in counted.most_common(1):
            if number > max(FEW, SAME_CLOSING * len(texts)):
                message = f"{number} of {len(texts)} end on `{closing} …`; it should be a quarter"
                yield Finding(("questions",), f"{message} at most")
                return


SET_RULES: Final[tuple[SetRule, ...]] = (
    narrow_competencies,
    missing_domains,
    thin_levels,
    same_closings,
)
