from bot.drill.question import FollowUps, Question, ToneRisk, Trap


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
