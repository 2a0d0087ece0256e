"""Which ids are taken, over all files: a set's id once, a question's id once for all time."""

from collections.abc import Iterator
from typing import NamedTuple

from bot.banks.characters import shown
from bot.banks.complaint import Place
from bot.banks.problem import START, Problem
from bot.banks.reader import Reading


class _Claim(NamedTuple):
    kind: str
    id: str
    place: Place


class Claims:
    """The ids of the files taken so far. A former id is as good as taken by a question."""

    def __init__(self) -> None:
        self._taken: dict[tuple[str, str], str] = {}

    def take(self, reading: Reading) -> list[Problem]:
        """Take all ids of a file; if one is taken already, take none and say which and where."""
        taken: dict[tuple[str, str], str] = {}
        problems = []
        for claim in _claims(reading):
            key = (claim.kind, claim.id)
            mark = reading.marks.get(claim.place, START)
            if other := self._taken.get(key) or taken.get(key):
                message = f"{shown(claim.id)} is taken by a {claim.kind} in {other}"
                message += "; an id, present or former, should be used once over all sets"
                problems.append(Problem(str(reading.path), *mark, message, "error"))
            taken[key] = f"{reading.path}:{mark.line}"
        if not problems:
            self._taken |= taken
        return problems


def _claims(reading: Reading) -> Iterator[_Claim]:
    question_set = reading.question_set
    if question_set is None:
        return
    yield _Claim("set", question_set.id, ("set",))
    for index, question in enumerate(question_set.questions):
        yield _Claim("question", question.id, ("questions", index, "id"))
        for number, former in enumerate(question.renamed_from):
            yield _Claim("question", former, ("questions", index, "renamed_from", number))
