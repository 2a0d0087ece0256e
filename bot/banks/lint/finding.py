"""What a rule finds, and the texts of a question that rules look at."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.banks.complaint import Place
from bot.banks.problem import Severity
from bot.drill.question import Question

Text = tuple[Place, str]


class Finding(NamedTuple):
    """One thing to mend in a set; `place` is as in its file, `("questions", 3, "ask")`."""

    place: Place
    message: str
    severity: Severity = "warning"


def wordings(question: Question) -> Iterator[Text]:
    """Every way to put the question, with its place within the question."""
    yield ("ask",), question.ask
    for number, text in enumerate(question.rephrased):
        yield ("rephrased", number), text


def prose(question: Question) -> Iterator[Text]:
    """Every text that a learner may read or hear, with its place within the question."""
    yield from wordings(question)
    yield ("why_asked",), question.why_asked
    yield ("tone_risk", "sounds_like"), question.tone_risk.sounds_like
    for number, trap in enumerate(question.traps):
        yield ("traps", number, "slip"), trap.slip
        yield ("traps", number, "remedy"), trap.remedy
    yield from _entries(("shape",), question.shape)
    yield from _entries(("follow_ups", "neutral"), question.follow_ups.neutral)
    yield from _entries(("follow_ups", "pressing"), question.follow_ups.pressing)
    yield from _entries(("good_signs",), question.good_signs)


def _entries(place: Place, texts: tuple[str, ...]) -> Iterator[Text]:
    for number, text in enumerate(texts):
        yield (*place, number), text
