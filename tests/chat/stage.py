"""A stage for whole interviews: one question of each kind, and somebody who takes a while to answer."""

from typing import Any

from bot.banks.library import Library, library_of
from bot.drill.question import FollowUps
from tests.chat.banks import bank, question
from tests.house import ANN, MINUTE, Message, Street

KINDS = ("closing", "opening", "behavioural", "situational", "motivation", "ask-them")
"""The first of a set is what somebody new is asked."""
FIVE = ("opening", "behavioural", "situational", "motivation", "ask-them")
"""Whose turn it is in an interview of five."""


def one_of_each(**changes: Any) -> Library:
    """A set with one question of each kind, named after it; what is asked on it is asked pressingly."""
    return library_of(
        [
            bank(
                "small-set",
                *(
                    question(
                        kind,
                        kind=kind,
                        follow_ups=FollowUps(pressing=(f"Really, {kind}?", f"Honestly, {kind}?")),
                        **changes,
                    )
                    for kind in KINDS
                ),
            )
        ]
    )


async def begin(town: Street, *choices: str, person: int = ANN) -> Message:
    """Enrolled, and the interview begun; returns its first question."""
    await town.enrol(person, bank="Small set")
    await town.say("/mock", person)
    for choice in choices:
        await town.tap(choice, person)
    return await town.tap("Start", person)


async def speak(
    town: Street,
    person: int = ANN,
    *,
    after: int = MINUTE + MINUTE // 2,
    reply_to: int | None = None,
) -> Message:
    """Somebody takes a minute and a half to answer, and speaks for one of it."""
    await town.later(after)
    return await town.voice(person, seconds=60, reply_to=reply_to)


async def answer_all(town: Street, person: int = ANN) -> Message:
    """Answer until the interview is over; returns what comes then."""
    while town.rows("mock", person)[-1]["ended_at"] is None:
        await speak(town, person)
    return town.last(person)


async def rate_all(town: Street, *tones: str, person: int = ANN) -> Message:
    """Rate what is asked about, the last tone for all that are left."""
    left = list(tones)
    while "Rate " in town.last(person)["text"]:
        await town.tap(left.pop(0) if len(left) > 1 else left[0], person)
    return town.last(person)
