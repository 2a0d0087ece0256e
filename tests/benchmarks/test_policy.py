from random import Random

import pytest

from tests.benchmarks import learning, surprise
from tests.benchmarks.learners import DAYS, case
from tests.benchmarks.learning import POLICIES, Policy, outcome

IDS = [f"q{index}" for index in range(20)]


def test_it_never_asks_the_same_at_once() -> None:
    """Asked again within the minute, it chooses another question, answered or not."""
    policy = Policy(IDS, Random(1))
    for step in range(300):
        now = step * 0.01
        first = policy.choose(now)
        assert policy.choose(now) != first
        policy.expired(first, now)


def test_it_asks_what_is_weak_and_spares_what_is_strong() -> None:
    """Six questions always rated 1 get most of the drills of a month from fourteen always rated 5."""
    policy, weak = Policy(IDS, Random(2)), set(IDS[:6])
    asked = list[str]()
    for step in range(90):
        now = step / 3
        asked.append(policy.choose(now))
        policy.record(asked[-1], 1 if asked[-1] in weak else 5, now, "surprise")
    assert sum(each in weak for each in asked[30:]) / 60 > 0.6


def test_it_masters_by_days_and_surprises() -> None:
    """Two 5s on one day are no badge, two on two days are, if one was a surprise."""
    policy = Policy(IDS, Random(3))
    policy.record("q0", 5, 1.2, "surprise")
    policy.record("q0", 5, 1.9, "surprise")
    assert not policy.mastered("q0")
    policy.record("q0", 5, 2.1, "self")
    assert policy.mastered("q0")
    for day in range(4):
        policy.record("q1", 5, day, "late")
    assert not policy.mastered("q1")
    policy.record("q0", 2, 3.0, "self")
    assert not policy.mastered("q0")


def test_spoken_answers_wait_for_a_listen() -> None:
    """Spoken aloud, two 5s are a badge from the first morning on which one of them holds."""
    policy = Policy(IDS, Random(3), aloud=True)
    for day in (1, 2):
        policy.record("q0", 5, day + 0.5, "surprise")
    assert not policy.mastered("q0")
    policy.choose(2.9)
    assert policy.mastered("q0")


def test_an_expired_drill_changes_no_strength() -> None:
    """What was left unanswered counts as heard, not as weak."""
    policy = Policy(IDS, Random(4))
    asked = policy.choose(5.0)
    before = policy.standings[asked]
    policy.expired(asked, 5.1)
    assert policy.standings[asked] == before
    assert before.heard_at == 5 * 86_400_000


def test_every_policy_meets_the_same_learner() -> None:
    """The days and the person depend on the seed alone; the same seed gives the same figures."""
    assert case(3, 20) == case(3, 20)
    assert case(3, 20).prompts == case(3, 60).prompts
    assert outcome(3, 20) == outcome(3, 20)
    assert {case(seed, 20).truth for seed in range(4)} == {"skill", "hlr", "fsrs", "step"}


def test_practice_helps_every_kind_of_learner() -> None:
    """On day 60 a drilled learner of each kind is better than one who was left alone."""
    for seed in range(8):
        who = case(seed, 20)
        alone = who.learner()
        left = sum(alone.chance(index, DAYS) for index in range(20)) / 20
        assert learning.sixty_days(who, POLICIES["Sprung"]).mean > left, who.truth


@pytest.mark.parametrize("bank", [20, 60])
def test_sprung_teaches_more_than_chance_and_stays_a_surprise(bank: int) -> None:
    """On eight learners it beats uniform draws where it matters and meets the goals of surprise."""
    results = [outcome(seed, bank) for seed in range(8)]
    ours = learning.mean_figures([each["Sprung"] for each in results])
    chance = learning.mean_figures([each["uniform"] for each in results])
    assert ours.mean > chance.mean
    assert ours.worst5 > chance.worst5 + 0.04
    assert ours.guess <= 0.35
    assert ours.rep <= 0.02
    assert surprise.question_guess(bank, range(8)) <= 0.35


def test_the_tables_print_every_policy_and_every_goal() -> None:
    """A small run of the benchmark names each policy once and judges each goal."""
    results = [learning.measured(range(4), bank, jobs=1) for bank in (5, 8)]
    printed = learning.table(results)
    assert all(f"| {name} |" in printed for name in POLICIES)
    assert learning.comparison(results).count("\n") == len(POLICIES)
    assert all(
        line.startswith(("- pass", "- MISS")) for line in learning.goals(results).split("\n")
    )


def test_moments_of_a_fixed_timetable_are_told_apart_from_sprungs() -> None:
    """The measures see through a timetable and find next to nothing in Sprung's moments."""
    rows = {
        name: surprise.row(surprise.SCHEMES[name], 1600, 45.0 if name == "Sprung" else 0.0, 6)
        for name in ("fixed", "Sprung")
    }
    assert rows["fixed"].ks > 0.5
    assert rows["fixed"].advantage > 0.9
    assert rows["fixed"].best_slot == 1
    assert rows["Sprung"].ks < 0.03
    assert rows["Sprung"].advantage < 0.05
    assert rows["Sprung"].best_slot < 0.12
    assert "pass" in surprise.goals({**rows, "Sprung, drills left open": rows["Sprung"]}, {20: 0.2})
