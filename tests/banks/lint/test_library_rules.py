"""What shows only when all sets lie side by side."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.banks.lint.library_rules import near_duplicates, pairs, worn_scenes
from bot.banks.lint.words import words
from tests.banks.lint.material import a_set, good

OTHER = good(
    id="other",
    set_id="elsewhere",
    ask="A bee sits on the minister's nose during the toast. Your move?",
    rephrased=(
        "Buzz.",
        "Minister, glass, insect: sequence?",
        "Next spring he writes to thank you.",
    ),
)


def test_the_same_question_in_another_set_is_an_error() -> None:
    """Light changes do not hide it, and no `distinct_from` excuses it."""
    copy = replace(
        OTHER,
        rephrased=(
            "Buzz.",
            "On the shared printer lies the payroll file; two colleagues read it. Go on.",
        ),
        distinct_from=(good().id,),
    )
    ((question, finding),) = near_duplicates(pairs([good(), copy]))
    assert question is copy
    assert (finding.place, finding.severity) == (("rephrased", 1), "error")
    assert "`payroll-on-the-printer` (office)" in finding.message


def test_a_close_neighbour_is_a_warning_until_it_is_reviewed() -> None:
    """`distinct_from` on either side says that somebody has looked."""
    ask = "The payroll file lies on the shared scanner, and one visitor is photographing it. Go."
    close = replace(OTHER, ask=ask)
    ((_, finding),) = near_duplicates(pairs([good(), close]))
    assert (finding.place, finding.severity) == (("ask",), "warning")
    reviewed = replace(close, distinct_from=(good().id,))
    assert list(near_duplicates(pairs([good(), reviewed]))) == []
    looked_at = good(distinct_from=("other",))
    assert list(near_duplicates(pairs([looked_at, close]))) == []


def test_different_questions_are_let_be() -> None:
    """Neither those of a good set nor a question and its own rephrasings."""
    assert list(near_duplicates(pairs([*a_set().questions, good(), OTHER]))) == []


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_copy_is_found_however_its_words_are_turned(data: st.DataObject) -> None:
    """In a library of any order, one word dropped and the rest shuffled."""
    said = data.draw(st.permutations(words(good().ask)))[1:]
    copy = replace(OTHER, ask=" ".join(said))
    questions = data.draw(st.permutations([*a_set().questions, good(), copy]))
    assert {"payroll-on-the-printer", "other"} in [
        {pair.one.id, pair.other.id} for pair in pairs(questions) if pair.like >= 0.83
    ]


def test_words_common_to_many_are_not_what_makes_a_pair() -> None:
    """Else every two questions of a large library would be compared letter by letter."""
    dice = random.Random(1)
    many = [
        good(id=f"q{n}", ask=f"please tell {dice.getrandbits(60):x}", rephrased=())
        for n in range(60)
    ]
    assert pairs(many) == []


def test_a_scene_in_three_sets_is_worn() -> None:
    """The third to have it is asked to change; retired ones are not met."""
    sets = [
        a_set(name, questions=(good(id=name, set_id=name),)) for name in ("one", "two", "three")
    ]
    assert list(worn_scenes(sets[:2])) == []
    ((question, finding),) = worn_scenes(sets)
    assert (question.id, finding.place, finding.severity) == ("three", ("scene",), "warning")
    retired = a_set("three", questions=(good(id="three", set_id="three", retired=True),))
    assert list(worn_scenes([*sets[:2], retired])) == []
