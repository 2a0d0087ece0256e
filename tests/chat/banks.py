"""Small question banks, made in the test itself: one question to earn a badge with, awkward words."""

from typing import Any

from bot.banks.library import Library, library_of
from bot.drill.question import FollowUps, Question, QuestionSet, ToneRisk, Trap


def question(
    question_id: str = "why-leaving", set_id: str = "small-set", **changes: Any
) -> Question:
    """A question whose every part says which question it belongs to."""
    fields: dict[str, Any] = {
        "id": question_id,
        "set_id": set_id,
        "ask": f"What happened with {question_id}?",
        "rephrased": (f"Tell me about {question_id}.", f"And {question_id}, what was that?"),
        "kind": "motivation",
        "competency": ("self",),
        "why_asked": f"They listen for how {question_id} sounds.",
        "tone_risk": ToneRisk(slip="bitter", sounds_like=f"They never let me {question_id}."),
        "traps": (
            Trap(slip=f"Blaming {question_id}", remedy=f"Say one fact about {question_id}"),
            Trap(slip=f"Laughing at {question_id}", remedy=f"Pause before {question_id}"),
        ),
        "shape": (f"the fact of {question_id}", f"the lesson of {question_id}"),
        "follow_ups": FollowUps(),
        "good_signs": (f"A level voice on {question_id}", f"A full stop after {question_id}"),
        "seconds": 60,
        "levels": (1,),
        "scene": question_id,
    }
    return Question(**(fields | changes))


def bank(set_id: str, *questions: Question, title: str = "Small set") -> QuestionSet:
    """A set of these questions."""
    return QuestionSet(
        id=set_id,
        title=title,
        about="For tests.",
        locale="en-GB",
        licence="CC0-1.0",
        version=1,
        questions=questions,
    )


def shelf(*questions: Question) -> Library:
    """A library of one small set."""
    return library_of([bank("small-set", *(questions or (question(),)))])
