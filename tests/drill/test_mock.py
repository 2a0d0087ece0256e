"""Composing a whole interview: an interviewer's order, weak questions likelier, nothing asked twice."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drill.mock import ASK_US, HARD, OPENING, ORDER, Interviewer, Step
from bot.drill.question import FollowUps, Question
from tests.chat.banks import question

KINDS = (
    *("opening", "behavioural", "situational", "technical", "motivation", "deflect"),
    *("closing", "ask-them", ""),
)


def one(name: str, kind: str, set_id: str = "own", **changes: Any) -> Question:
    """A question of a kind, with two follow-ups of each sort."""
    asked = FollowUps(
        neutral=(f"{name}, calmly?", f"{name}, kindly?"),
        pressing=(f"{name}, really?", f"{name}, honestly?"),
    )
    return replace(question(name, set_id), kind=kind, follow_ups=asked, **changes)


def bank(set_id: str = "own", each: int = 4) -> list[Question]:
    """A set with so many questions of every kind."""
    return [
        one(f"{set_id}-{kind or 'mine'}-{n}", kind, set_id) for kind in KINDS for n in range(each)
    ]


def interviewer(
    active: list[Question],
    others: list[Question] | None = None,
    *,
    seed: int = 1,
    weak: dict[str, float] | None = None,
    heard: dict[str, int] | None = None,
) -> Interviewer:
    """Somebody who asks these; all are equally weak unless told otherwise."""
    weights = weak or {}
    return Interviewer(
        active=active,
        others=others or [],
        weakness=lambda q: weights.get(q.id, 0.5),
        heard=lambda q: (heard or {}).get(q.id),
        dice=Random(seed),
    )


def kinds_of(steps: tuple[Step, ...], *sources: list[Question]) -> list[str]:
    """The kinds of what is asked, in order."""
    kinds = {q.id: q.kind for source in sources for q in source}
    return [kinds[step.question_id] for step in steps]


@st.composite
def shelves(draw: st.DrawFn) -> tuple[list[Question], list[Question]]:
    """A learner's questions and those of two other sets, any number of any kinds, some retired."""
    made = []
    for set_id in ("own", "one", "two"):
        kinds = draw(st.lists(st.sampled_from(KINDS), max_size=9))
        retired = draw(st.sampled_from((0, 2, 3)))
        made.append(
            [
                one(f"{set_id}-{n}", kind, set_id, retired=bool(retired and n % retired == 0))
                for n, kind in enumerate(kinds)
            ]
        )
    return made[0], made[1] + made[2]


@given(shelves(), st.sampled_from(sorted(ORDER)), st.booleans(), st.integers())
def test_any_shelf(
    shelf: tuple[list[Question], list[Question]], count: int, pressing: bool, seed: int
) -> None:
    """Whatever there is: as many questions as can be, none retired, none twice but one under pressure."""
    active, others = shelf
    there = {q.id: q for q in active + others if not q.retired}
    steps = interviewer(active, others, seed=seed).compose(count, pressing=pressing)
    asked = Counter(step.question_id for step in steps)
    assert len(asked) == min(count, len(there))
    assert asked.keys() <= there.keys()
    again = [name for name, times in asked.items() if times > 1]
    assert len(again) <= pressing
    assert all(asked[name] == 3 for name in again)
    assert [s.again for s in steps].count(True) == 2 * len(again)
    for step in steps:
        asked_of = there[step.question_id]
        assert step.words == asked_of.wordings()[step.wording]
        own = asked_of.follow_ups.pressing if pressing else asked_of.follow_ups.neutral
        assert step.follow_up is None or step.follow_up in own


@given(shelves(), st.sampled_from(sorted(ORDER)), st.integers())
def test_same_dice_same_interview(
    shelf: tuple[list[Question], list[Question]], count: int, seed: int
) -> None:
    """Nothing but the dice decides: the same dice compose the same interview."""
    once, again = (interviewer(*shelf, seed=seed).compose(count, pressing=True) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("count", ORDER)
@pytest.mark.parametrize("seed", range(5))
def test_order(count: int, seed: int) -> None:
    """Each question is of the kind whose turn it is, from the arrival to "what would you ask us?"."""
    own = bank()
    steps = interviewer(own, seed=seed).compose(count, pressing=False)
    assert len(steps) == count
    for kind, stage in zip(kinds_of(steps, own), ORDER[count], strict=True):
        assert kind in stage
    assert ORDER[count][0] is OPENING
    assert ORDER[count][-1] is ASK_US
    assert HARD in ORDER[count]


@pytest.mark.parametrize("count", [5, 8])
@pytest.mark.parametrize("seed", range(5))
def test_pressure(count: int, seed: int) -> None:
    """Under pressure the hard one comes early and twice again, never two times running, in new words."""
    own = bank()
    steps = interviewer(own, seed=seed).compose(count, pressing=True)
    assert len(steps) == count + 2
    places = [n for n, step in enumerate(steps) if step.question_id == steps[1].question_id]
    hard = [steps[n] for n in places]
    assert kinds_of((hard[0],), own)[0] in HARD
    assert min(b - a for a, b in pairwise(places)) > 1
    assert [step.again for step in hard] == [False, True, True]
    assert len({step.words for step in hard}) == 3
    assert kinds_of(steps, own)[-1] == "ask-them"


def test_follow_ups() -> None:
    """Pressing ones to every question that has them, none of them twice; calm ones to about half."""
    own = bank()
    hard = interviewer(own).compose(8, pressing=True)
    probed = [step.follow_up for step in hard if step.follow_up]
    assert len(probed) == len(set(probed)) == 7 - 1
    calm = [
        step.follow_up
        for seed in range(100)
        for step in interviewer(own, seed=seed).compose(8, pressing=False)
    ]
    assert 200 < sum(one is not None for one in calm) < 300
    assert all("calmly" in one or "kindly" in one for one in calm if one)


def test_weak_ones_likelier() -> None:
    """A question twice as weak is asked about twice as often; one just heard hardly, but not never."""
    own = [one("weak", "opening"), one("firm", "opening"), one("fresh", "opening")]
    weak = {"weak": 0.8, "firm": 0.4, "fresh": 0.0}
    asked = Counter(
        interviewer(own, seed=seed, weak=weak).compose(3, pressing=False)[0].question_id
        for seed in range(3000)
    )
    assert 1.7 < asked["weak"] / asked["firm"] < 2.3
    assert 0 < asked["fresh"] < 100


def test_borrowed() -> None:
    """What the set has nothing for comes from a set made for it, else from the most general one."""
    own = [one(f"own-{n}", "motivation") for n in range(3)]
    narrow = [one(f"narrow-{n}", "opening", "narrow") for n in range(2)]
    narrow += [one(f"narrow-more-{n}", "technical", "narrow") for n in range(3)]
    general = bank("general", 1)
    made_for_it = [one(f"asks-{n}", "ask-them", "asks") for n in range(4)]
    for seed in range(20):
        opening, hard, last = interviewer(own, narrow + general + made_for_it, seed=seed).compose(
            3, pressing=False
        )
        assert opening.set_id == "general"
        assert hard.set_id == "own"
        assert last.set_id == "asks"


def test_anything_rather_than_nothing() -> None:
    """With nothing of a kind anywhere, any question that is left stands in for it."""
    own = [one(f"own-{n}", "closing") for n in range(4)]
    steps = interviewer(own).compose(3, pressing=False)
    assert len({step.question_id for step in steps}) == 3
    assert interviewer([]).compose(8, pressing=True) == ()


def test_wordings() -> None:
    """The author's own words the first time, later any but the last."""
    own = [one("q", "opening")]
    assert interviewer(own).compose(3, pressing=False)[0].wording == 0
    later = {
        interviewer(own, seed=seed, heard={"q": 1}).compose(3, pressing=False)[0].wording
        for seed in range(30)
    }
    assert later == {0, 2}


def test_one_wording() -> None:
    """Somebody's own question has one wording; under pressure it comes back in those words."""
    own = [one("mine", "", rephrased=())]
    steps = interviewer(own).compose(3, pressing=True)
    assert [step.words for step in steps] == [own[0].ask] * len(steps)
