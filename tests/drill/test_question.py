from bot.drill.question import FollowUps, Question, ToneRisk, Trap, at_level
from tests.chat.banks import question


def test_wordings_put_the_plain_one_first() -> None:
    """The question as asked comes first, the rephrasings follow in the author's order."""
    question = Question(
        id="wire-at-440",
        set_id="real-estate",
        ask="The wire instructions changed at 4:40. What do you do?",
        rephrased=("He's at the counter. Send it or stop it?", "Walk me through that Friday."),
        kind="situational",
        competency=("rules",),
        why_asked="Money once sent is gone.",
        tone_risk=ToneRisk(slip="impatient", sounds_like="As I said already."),
        traps=(Trap(slip="Replying to the email.", remedy="Ring the number in the file."),),
        shape=("stop the buyer", "call the held number", "log times"),
        follow_ups=FollowUps(pressing=("And if the seller walks?",)),
        good_signs=("names who is told",),
        seconds=75,
        levels=(2, 3),
        scene="wire-change",
    )

    assert question.wordings() == (question.ask, *question.rephrased)


def test_those_of_a_level_or_all() -> None:
    """A level leaves out what is not asked there; where that is everything, nothing is left out."""
    low, both = question("low", levels=(1, 2)), question("both", levels=(2, 3))
    assert at_level((low, both), None) == (low, both)
    assert at_level((low, both), 1) == (low,)
    assert at_level((low, both), 3) == (both,)
    assert at_level((low, both), 5) == (low, both)
    assert at_level((), 2) == ()
