from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drill.moment import DAY_MS
from bot.drill.standing import Rating, Standing, rated, replayed
from bot.drill.tone import Mode, Tone
from tests.strategies import ratings, standings


def test_a_rating_moves_strength_and_badge_at_once() -> None:
    """Sixty days after 0.9, which has drifted to 0.6, a 5 makes it 0.8 and brings three points."""
    before = Standing(strength=0.9, strength_at=0, heard_at=7, last_wording=2)
    after = rated(before, Rating(Tone.SMOOTH, Mode.SURPRISE, 60 * DAY_MS, 719_223))
    assert after.strength == pytest.approx(0.8)
    assert after == Standing(
        strength=after.strength,
        strength_at=60 * DAY_MS,
        heard_at=7,
        last_wording=2,
        points=3,
        sprung=True,
        counted_day=719_223,
    )


def test_the_first_rating_counts_as_first() -> None:
    """A question that no rating has touched moves by seven tenths."""
    after = rated(Standing(), Rating(Tone.BITTER, Mode.SURPRISE, 0, 1))
    assert after.strength == pytest.approx(0.15)


@given(standings(), ratings(), st.floats(0, 1))
def test_a_replay_is_the_ratings_one_by_one(
    standing: Standing, row: list[Rating], prior: float
) -> None:
    """Replaying from anywhere equals folding the ratings over a fresh start that heard the same."""
    folded = replace(
        Standing(strength=prior), heard_at=standing.heard_at, last_wording=standing.last_wording
    )
    for rating in row:
        folded = rated(folded, rating)
    assert replayed(standing, row, prior) == folded


@given(standings(), ratings(), st.data())
def test_undo_is_a_replay_without_the_withdrawn_rating(
    standing: Standing, row: list[Rating], data: st.DataObject
) -> None:
    """Rating and undoing leads back to where one was; the hearing stays."""
    before = replayed(standing, row)
    withdrawn = Rating(
        data.draw(st.sampled_from(Tone)), Mode.SURPRISE, before.strength_at or 0, 745_000
    )
    heard = replace(rated(before, withdrawn), heard_at=withdrawn.rated_at)
    assert replayed(heard, row) == replace(before, heard_at=withdrawn.rated_at)


def test_a_replay_of_nothing_is_unknown() -> None:
    """Without ratings there is neither strength nor badge, whatever there was."""
    standing = Standing(strength=0.9, strength_at=3, points=4, badge_at=3, heard_at=8)
    assert replayed(standing, []) == Standing(heard_at=8)
