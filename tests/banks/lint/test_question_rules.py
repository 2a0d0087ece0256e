"""What an editor would mark in one question."""

from collections.abc import Sequence

import pytest

from bot.banks.lint.finding import Finding
from bot.banks.lint.question_rules import (
    BEAT_WORDS,
    QUESTION_RULES,
    SENTENCE_WORDS,
    generic_outlines,
    hard_reading,
    long_beats,
    long_sentences,
    repeated_rephrasings,
    rules_without_place,
    traps_without_remedy,
    unlawful_questions,
)
from bot.drill.question import FollowUps, Question, Trap
from tests.banks.lint.material import good


def all_findings(question: Question) -> list[Finding]:
    """What all rules have against a question."""
    return [finding for rule in QUESTION_RULES for finding in rule(question)]


def test_nothing_is_marked_in_a_good_question() -> None:
    """The example of the other tests is clean, so whatever they find is their change."""
    assert all_findings(good()) == []


def test_a_rephrasing_that_swaps_a_word_is_an_error() -> None:
    """The same words in another order, or nearly the same, are no other angle."""
    lazy = (
        "And two colleagues are reading it, the payroll file: it lies on the shared printer.",
        *good().rephrased[1:],
    )
    (only,) = repeated_rephrasings(good(rephrased=lazy))
    assert (only.place, only.severity) == (("rephrased", 0), "error")


def test_five_words_in_a_row_are_an_error() -> None:
    """However different the rest; four are not marked."""
    ask = "The payroll file lies open. Go on."
    five = (
        "Before lunch, a stranger sees the payroll file lies open, and grins. Speak to her now.",
    )
    (only,) = repeated_rephrasings(good(ask=ask, rephrased=five))
    assert "the payroll file lies open" in only.message
    four = (
        "Before lunch, a stranger sees the payroll file lies here, and grins. Speak to her now.",
    )
    assert list(repeated_rephrasings(good(ask=ask, rephrased=four))) == []


def test_a_close_rephrasing_is_a_warning() -> None:
    """Between .65 and .70 it may be meant."""
    pair = good(
        ask="abcdefghij klmnopqrst",
        rephrased=("abcdefghij klmxxxxxxx",),
    )
    (only,) = repeated_rephrasings(pair)
    assert only.severity == "warning"
    assert only.message.startswith("0.67")
    closer = good(ask=pair.ask, rephrased=("abcdefghij klmnoxxxxx",))
    assert [finding.severity for finding in repeated_rephrasings(closer)] == ["error"]


def test_two_rephrasings_are_held_against_each_other() -> None:
    """The second of two that are alike is marked."""
    twice = ("Salaries on paper, eyes on salaries.", "Eyes on salaries, salaries on paper!")
    (only,) = repeated_rephrasings(good(rephrased=twice))
    assert only.place == ("rephrased", 1)


def test_a_sentence_has_25_words_at_most() -> None:
    """One more is marked where it stands; two sentences of so many together are not."""
    long = " ".join(["word"] * SENTENCE_WORDS)
    assert list(long_sentences(good(ask=f"{long}. {long}."))) == []
    (only,) = long_sentences(good(rephrased=(f"Yes. {long} more.",)))
    assert (only.place, only.severity) == (("rephrased", 0), "warning")
    assert "26 words" in only.message


def test_hard_reading_is_a_warning_and_very_hard_an_error() -> None:
    """Judged over all wordings and the reason."""
    hard = "Please describe your relevant experience with angry visitors at the front desk."
    (warning,) = hard_reading(good(ask=hard, rephrased=(), why_asked=hard))
    assert warning.severity == "warning"
    worse = "Please summarise relevant experience concerning delicate paperwork and colleagues."
    (error,) = hard_reading(good(ask=worse, rephrased=(), why_asked=worse))
    assert error.severity == "error"


def test_an_outline_without_the_scenes_nouns_is_an_error() -> None:
    """`Situation, task, action, result` would do for any question; one shared noun is too few."""
    for shape in [
        ("the situation", "your task", "what you did", "the result"),
        ("the situation", "the printer", "the result"),
    ]:
        (only,) = generic_outlines(good(shape=shape))
        assert (only.place, only.severity) == (("shape",), "error")
    assert list(generic_outlines(good(shape=("the printer", "the salaries", "done")))) == []


def test_a_beat_has_16_words_at_most() -> None:
    """More of them are a script."""
    beat = " ".join(["pay"] * BEAT_WORDS)
    assert list(long_beats(good(shape=(beat,)))) == []
    (only,) = long_beats(good(shape=("short", f"{beat} day")))
    assert only.place == ("shape", 1)


@pytest.mark.parametrize(
    "remedy",
    [
        "Don't tell them off",
        "Avoid telling them off.",
        "Never do that in public",
        "Not aloud",
        "Be calm",
        "Aloud, telling the two off",
    ],
)
def test_a_trap_needs_something_to_do_instead(remedy: str) -> None:
    """`Don't`, two words, or the slip again are no remedy."""
    trap = Trap(slip="Telling the two off aloud", remedy=remedy)
    (only,) = traps_without_remedy(good(traps=(good().traps[0], trap)))
    assert (only.place, only.severity) == (("traps", 1, "remedy"), "error")


@pytest.mark.parametrize(
    "remedy",
    ["Don't answer it. Ring the number on file", "No names, and no firm that gives one away"],
)
def test_a_dont_that_goes_on_to_a_do_is_a_remedy(remedy: str) -> None:
    """What follows the full stop or the comma says what to do."""
    trap = Trap(slip="Telling the two off aloud", remedy=remedy)
    assert list(traps_without_remedy(good(traps=(trap,)))) == []


UNLAWFUL: Sequence[str] = (
    "So, how old are you?",
    "Are you married, by the way?",
    "Do you want to have children?",
    "Who looks after the kids while you work?",
    "What does your husband say to that?",
    "Where are you really from?",
    "What is your religion?",
    "Do you have any health problems?",
    "When did you graduate?",
    "How many sick days did you take?",
    "Have you ever been arrested?",
    "Do you go to church?",
    "What's your mother tongue?",
)


@pytest.mark.parametrize("text", UNLAWFUL)
def test_what_may_not_be_asked_is_an_error_outside_deflect(text: str) -> None:
    """In a wording and in a follow-up; as a `deflect` it is what is practised."""
    (wording,) = unlawful_questions(good(ask=text))
    assert (wording.place, wording.severity) == (("ask",), "error")
    probes = FollowUps(neutral=(), pressing=("Why?", text))
    (probe,) = unlawful_questions(good(follow_ups=probes))
    assert probe.place == ("follow_ups", "pressing", 1)
    assert list(unlawful_questions(good(ask=text, kind="deflect"))) == []


@pytest.mark.parametrize(
    "text",
    [
        "A caller asks, 'Are you married?' What do you say?",
        'A parent shouts, "Do you have children?" Your turn.',
        "Are you able to work the stated rota?",
        "Where are you in your course?",
        "Do you have a system for the post?",
        "What did you make of it?",
        "How old are the minutes that you found?",
    ],
)
def test_what_somebody_in_the_scene_asks_is_let_be(text: str) -> None:
    """Only what the interviewer puts to the candidate counts, and only if it is protected."""
    assert list(unlawful_questions(good(ask=text))) == []


def test_pay_history_is_a_warning() -> None:
    """It is barred in some places and not in others."""
    (only,) = unlawful_questions(good(ask="What is your current salary?"))
    assert only.severity == "warning"


def test_a_law_needs_its_place_and_a_year() -> None:
    """Whether a source cites one or the question is a `deflect`."""
    (place,) = rules_without_place(good(sources=("Equality Act 2010, section 60",)))
    assert "jurisdiction" in place.message
    (year,) = rules_without_place(good(sources=("Brown Act",), jurisdiction="California"))
    assert "no year" in year.message
    both = list(rules_without_place(good(kind="deflect")))
    assert len(both) == 2
    told = good(kind="deflect", jurisdiction="England", why_asked="Barred there (read 2026).")
    assert list(rules_without_place(told)) == []
    assert list(rules_without_place(good(sources=("Acting class",)))) == []
