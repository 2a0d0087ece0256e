"""What the sets hold, in figures."""

from dataclasses import replace

from bot.banks.coverage import coverages, tally
from bot.banks.lint.library_rules import Pair
from bot.banks.problem import Problem
from tests.banks.lint.material import a_set


def test_the_figures_are_of_what_is_asked() -> None:
    """Each set and all together; a retired question counts nowhere."""
    first, second = a_set(), a_set("annex")
    retired = replace(second.questions[0], retired=True)
    second = replace(second, questions=(retired, *second.questions[1:]))
    office, annex, every = coverages([first, second], [])
    assert [one.name for one in (office, annex, every)] == ["office", "annex", "all"]
    assert (office.questions, annex.questions, every.questions) == (8, 7, 15)
    assert every.wordings == 60
    assert every.kinds == {"situational": 15}
    assert dict(office.levels) == dict.fromkeys(range(1, 6), 8)
    assert every.competencies["frontdesk"] == 1
    assert office.domains == {"OC": 2, "BW": 1, "TI": 1, "OR": 1, "EP": 1, "OF": 2}


def test_two_competencies_of_one_domain_count_once() -> None:
    """A domain counts questions, and `self` lies in none."""
    bank = a_set()
    one = replace(bank.questions[0], competency=("diary", "travel", "self"))
    (only, _) = coverages([replace(bank, questions=(one,))], [])
    assert only.domains == {"EP": 1}
    assert only.competencies == {"diary": 1, "travel": 1, "self": 1}


def test_the_likest_are_told_within_and_beyond() -> None:
    """A pair of two sets is beyond for each of them, and within for all together."""
    first, second = a_set(), a_set("annex")
    pairs = [
        Pair(first.questions[0], 0, second.questions[1], 0.6),
        Pair(first.questions[0], 0, first.questions[1], 0.5),
    ]
    office, annex, every = coverages([first, second], pairs)
    assert (office.likest_within, office.likest_beyond) == (0.5, 0.6)
    assert (annex.likest_within, annex.likest_beyond) == (0.0, 0.6)
    assert every.likest_within == 0.6


def test_errors_and_warnings_are_told_apart() -> None:
    """In this order."""
    problems = [
        Problem("a.yaml", 1, 1, "x", severity) for severity in ("error", "warning", "error")
    ]
    assert tally(problems) == (2, 1)
