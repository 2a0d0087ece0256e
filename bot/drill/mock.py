"""A whole interview: which questions are put, in which order and words, and what is asked after them.

The order is an interviewer's. Each stage takes what the learner practises, weak questions likelier;
what their set has nothing for is borrowed.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.drill.dice import Dice
from bot.drill.question import Question
from bot.drill.weakness import choose_wording

OPENING = ("opening",)
BEHAVIOURAL = ("behavioural", "")
SITUATIONAL = ("situational", "technical", "")
HARD = ("motivation", "deflect", "")
CLOSING = ("closing",)
ASK_US = ("ask-them",)
"""The kinds of question that a stage takes; "" is a learner's own, of which nobody said what it is."""

ORDER: Mapping[int, tuple[tuple[str, ...], ...]] = {
    3: (OPENING, HARD, ASK_US),
    5: (OPENING, BEHAVIOURAL, SITUATIONAL, HARD, ASK_US),
    8: (
        *(OPENING, BEHAVIOURAL, SITUATIONAL, BEHAVIOURAL),
        *(SITUATIONAL, HARD, CLOSING, ASK_US),
    ),
}
"""Stages by the number of questions."""

PROBED = frozenset((*BEHAVIOURAL, *SITUATIONAL, *HARD))
"""Kinds of question on which an interviewer asks on."""
CALM_PROBES = 0.5
"""The share of these that a calm interviewer asks on."""
SPECIALIST = 0.75
"""A set with this share of a stage's kinds is made for it."""
LEAST = 0.01
"""The weight of a question just heard: it may come, if hardly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question of an interview: its words, and what is asked after the answer (None: nothing).

    `again`: it was put before and comes back in other words.
    """

    question_id: str
    set_id: str
    wording: int
    words: str
    follow_up: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Interviewer:
    """Composes interviews. `active` is what the learner practises, `others` what may be borrowed.

    `weakness` is the engine's, `heard` the wording in which a question was put last (None: never).
    """

    active: Sequence[Question]
    others: Sequence[Question]
    weakness: Callable[[Question], float]
    heard: Callable[[Question], int | None]
    dice: Dice

    def compose(self, count: int, *, pressing: bool) -> tuple[Step, ...]:
        """An interview of `count` questions, fewer only if there are no more; KeyError: not 3, 5, 8.

        No question comes twice, but under pressure the hard one comes back twice in new words.
        """
        stages = ORDER[count]
        chosen: dict[int, Question] = {}
        for candidates in (self._fitting, self._left):
            for stage, kinds in enumerate(stages):
                taken = {one.id for one in chosen.values()}
                if stage not in chosen and (drawn := self._drawn(candidates(kinds, taken))):
                    chosen[stage] = drawn
        order = [chosen[stage] for stage in sorted(chosen)]
        if pressing and order:
            order = _returning(
                order, chosen.get(stages.index(HARD)) or max(order, key=self.weakness)
            )
        return tuple(self._worded(order, pressing=pressing))

    def _fitting(self, kinds: tuple[str, ...], taken: Collection[str]) -> list[Question]:
        """What fits a stage: of what is practised, else borrowed."""
        own = [one for one in _askable(self.active, taken) if one.kind in kinds]
        return own or _borrowed(_askable(self.others, taken), kinds)

    def _left(self, _: tuple[str, ...], taken: Collection[str]) -> list[Question]:
        """Anything rather than nothing, once each stage has had its choice."""
        return _askable(self.active, taken) or _askable(self.others, taken)

    def _drawn(self, candidates: Sequence[Question]) -> Question | None:
        """One of them, in proportion to weakness."""
        weights = [max(LEAST, self.weakness(one)) for one in candidates]
        left = self.dice.random() * sum(weights)
        for question, weight in zip(candidates, weights, strict=True):
            left -= weight
            if left < 0:
                return question
        return candidates[-1] if candidates else None

    def _worded(self, order: Iterable[Question], *, pressing: bool) -> Iterator[Step]:
        said: dict[str, list[Step]] = {}
        for question in order:
            before = said.setdefault(question.id, [])
            wording = self._wording(question, [one.wording for one in before])
            step = Step(
                question_id=question.id,
                set_id=question.set_id,
                wording=wording,
                words=question.wordings()[wording],
                follow_up=self._follow_up(
                    question, [one.follow_up for one in before], pressing=pressing
                ),
                again=bool(before),
            )
            before.append(step)
            yield step

    def _wording(self, question: Question, used: Sequence[int]) -> int:
        """The author's own words for who never heard it, then any but the last; when it comes back,
        words not used yet.
        """
        count = len(question.wordings())
        if not used:
            last = self.heard(question)
            return 0 if last is None else choose_wording(count, last, self.dice)
        fresh = [one for one in range(count) if one not in used]
        if not fresh:
            return choose_wording(count, used[-1], self.dice)
        return fresh[int(self.dice.random() * len(fresh))]

    def _follow_up(
        self, question: Question, used: Sequence[str | None], *, pressing: bool
    ) -> str | None:
        """One of the question's own, not used yet; a calm interviewer leaves half of them out."""
        if question.kind not in PROBED:
            return None
        if not pressing and self.dice.random() >= CALM_PROBES:
            return None
        own = question.follow_ups
        fresh = [one for one in (own.pressing if pressing else own.neutral) if one not in used]
        return fresh[int(self.dice.random() * len(fresh))] if fresh else None


def _askable(questions: Sequence[Question], taken: Collection[str]) -> list[Question]:
    return [one for one in questions if one.id not in taken and not one.retired]


def _borrowed(others: Sequence[Question], kinds: tuple[str, ...]) -> list[Question]:
    """The questions of a stage from one other set: one made for it, else the most general."""
    sets: dict[str, list[Question]] = {}
    for question in others:
        sets.setdefault(question.set_id, []).append(question)
    lists = [
        (fitting, bank)
        for bank in sets.values()
        if (fitting := [question for question in bank if question.kind in kinds])
    ]
    if not lists:
        return []
    return max(
        lists,
        key=lambda one: (
            len(one[0]) >= SPECIALIST * len(one[1]),
            len(Counter(question.kind for question in one[1])),
        ),
    )[0]


def _returning(order: Sequence[Question], hard: Question) -> list[Question]:
    """The hard question early, and twice again, as far apart as there are others to put between."""
    others = [one for one in order if one is not hard]
    early, between, last = others[:1], others[1:-1], others[1:][-1:]
    step = max(1, len(between) // 2)
    first, second, rest = between[:step], between[step : 2 * step], between[2 * step :]
    return [*early, hard, *first, hard, *second, hard, *rest, *last]
