"""A set keeps to the spelling and the terms of its country."""

import pytest

from bot.banks.lint.finding import prose
from bot.banks.lint.spelling import foreign_words
from tests.banks.lint.material import good


def marked(text: str, locale: str) -> list[str]:
    """The messages about one text of a question."""
    return [finding.message for finding in foreign_words(good(ask=text), locale)]


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("colour", "color"),
        ("organising", "organizing"),
        ("apologised", "apologized"),
        ("centre", "center"),
        ("programmes", "programs"),
        ("CV", "résumé"),
        ("diary", "calendar"),
        ("behaviour", "behavior"),
        ("cancelled", "canceled"),
        ("neighbours", "neighbors"),
        ("grey", "gray"),
        ("practising", "practicing"),
        ("judgement", "judgment"),
        ("mum", "mom"),
    ],
)
def test_each_country_has_its_own(british: str, american: str) -> None:
    """A word is at home in the one and foreign in the other, and the home word is offered."""
    assert marked(f"It is {british} here.", "en-GB") == []
    assert marked(f"It is {american} here.", "en-US") == []
    (in_britain,) = marked(f"It is {american} here.", "en-GB")
    (in_america,) = marked(f"It is {british} here.", "en-US")
    assert "is American and the set `en-GB`; write" in in_britain
    assert "is British and the set `en-US`; write" in in_america


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Ten calendar days, no more.", "en-GB"),
        ("It is in Outlook Calendar and on the Programs page.", "en-GB"),
        ("A humorous, honorary organism in the laboratory.", "en-GB"),
        ("An emphasis on analysis by a realist.", "en-US"),
        ("Lift the box. She lifts it.", "en-US"),
        ("The call queue is long, and cancellation is easy.", "en-US"),
    ],
)
def test_names_and_what_is_good_in_both_are_excused(text: str, locale: str) -> None:
    """A capital within a sentence makes a name."""
    assert marked(text, locale) == []


def test_a_capital_at_the_beginning_makes_no_name() -> None:
    """Every sentence begins with one."""
    assert len(marked("Yes. Color it.", "en-GB")) == 1
    assert len(marked("Color it.", "en-GB")) == 1


def test_the_lift_is_one_with_its_article() -> None:
    """The verb is good in both countries."""
    assert len(marked("She is in the lift.", "en-US")) == 1


def test_a_word_without_one_equal_is_to_be_said_anew() -> None:
    """Such as the rota, which is a schedule here and a roster there."""
    (only,) = marked("Who is on the rota?", "en-US")
    assert only.endswith("say it anew")


def test_every_text_of_a_question_is_looked_at() -> None:
    """And each finding stands where its word is."""
    question = good()
    places = [place for place, _ in prose(question)]
    assert len(places) == 4 + 1 + 1 + 4 + 4 + 4 + 2
    (only,) = foreign_words(good(good_signs=("Calm", "Keeps to the program")), "en-GB")
    assert only.place == ("good_signs", 1)
