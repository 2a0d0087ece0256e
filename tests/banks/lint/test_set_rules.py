"""What an editor would say of a set as a whole."""

from dataclasses import replace

from bot.banks.lint.set_rules import (
    SET_RULES,
    missing_domains,
    narrow_competencies,
    same_closings,
    thin_levels,
)
from bot.drill.question import Question, QuestionSet
from tests.banks.lint.material import COMPETENCIES, a_set


def with_one(bank: QuestionSet, question: Question) -> QuestionSet:
    """The set with another question in the place of its first."""
    return replace(bank, questions=(question, *bank.questions[1:]))


def test_nothing_is_said_of_a_good_set() -> None:
    """The example of the other tests is clean."""
    assert [finding for rule in SET_RULES for finding in rule(a_set())] == []


def test_fewer_than_eight_competencies_are_too_narrow() -> None:
    """Seven and a repeated one are seven; the repeated one is also more than a fifth."""
    bank = a_set()
    narrow = with_one(bank, replace(bank.questions[0], competency=(COMPETENCIES[1],)))
    few, share = narrow_competencies(narrow)
    assert few.message.startswith("7 competencies")
    assert "`proof` is 25%" in share.message
    assert {few.severity, share.severity} == {"warning"}


def test_every_domain_is_touched() -> None:
    """The one that is missing is named."""
    bank = a_set()
    without_diary = replace(bank, questions=(*bank.questions[:4], *bank.questions[5:]))
    (only,) = missing_domains(without_diary)
    assert "nothing on event and project management (EP)" in only.message


def test_every_level_has_enough_to_be_drawn_from() -> None:
    """Eight, or whoever chose the level soon knows what comes."""
    bank = a_set()
    lower = with_one(bank, replace(bank.questions[0], levels=(1, 2, 3, 4)))
    (only,) = thin_levels(lower)
    assert only.message.startswith("7 questions at level 5")


def test_retired_questions_do_not_count() -> None:
    """They are never asked."""
    bank = a_set()
    retired = with_one(bank, replace(bank.questions[0], retired=True))
    assert len(list(thin_levels(retired))) == 5


def test_a_quarter_may_close_alike_and_no_more() -> None:
    """Of the first wordings alone or of all; of a handful nobody grows tired."""
    bank = a_set()
    asks = [
        f"Scene {n}. What do you do?" if n < 5 else one.ask for n, one in enumerate(bank.questions)
    ]
    tired = replace(
        bank,
        questions=tuple(
            replace(one, ask=ask) for one, ask in zip(bank.questions, asks, strict=True)
        ),
    )
    (only,) = same_closings(tired)
    assert "5 of 8 end on `what do you …`" in only.message
    four = replace(tired, questions=(bank.questions[0], *tired.questions[1:]))
    assert list(same_closings(four)) == []
    echoes = [replace(one, rephrased=("Eh? So what then now?",) * 3) for one in bank.questions]
    (rephrased,) = same_closings(replace(bank, questions=tuple(echoes)))
    assert "24 of 32" in rephrased.message
    assert list(same_closings(replace(bank, questions=()))) == []
