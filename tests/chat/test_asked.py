""" "They asked me …": what is taken for it, what is left of it, and what is no such thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.asked import question_in

TOLD = [
    ("They asked me: Why did you leave?", "Why did you leave?"),
    ("they asked me why I left", "Why I left"),
    ("THEY ASKED ME why I left", "Why I left"),
    ("They asked: “What do you earn?”", "What do you earn?"),
    ("She asked me, where do you see yourself?", "Where do you see yourself?"),
    ("He just asked me about my gap year", "About my gap year"),
    ("I was asked – do you have children?", "Do you have children?"),
    ("I got asked 'why us?'", "Why us?"),
    ("I’ve been asked what I dislike", "What I dislike"),
    ("The interviewer asked me\nWhy should we hire you?", "Why should we hire you?"),
    ("Someone asked me; how do you file?", "How do you file?"),
    ("In my interview they asked me how I file.", "How I file."),
    ("Today they also asked me how I file.", "How I file."),
    ("They asked me", ""),
]


@pytest.mark.parametrize(("said", "question"), TOLD)
def test_the_question_in_it(said: str, question: str) -> None:
    """Many ways to begin; what is left is the question, with a capital and without marks around it."""
    assert question_in(said) == question


@pytest.mark.parametrize(
    "said",
    [
        "I asked them to wait.",
        "When they asked me, I said no.",
        "The director lost his temper and asked me to leave.",
        "They askedme why",
        "I was askew",
        "Why did you leave?",
        "",
    ],
)
def test_no_such_thing(said: str) -> None:
    """An answer that tells of asking somewhere in it is no question of one's own."""
    assert question_in(said) is None


@given(st.text())
def test_any_words(words: str) -> None:
    """Whatever somebody says, nothing is made up: what is left stood in it."""
    for said in (words, f"They asked me {words}"):
        found = question_in(said)
        assert found is None or found.casefold() in said.casefold()
