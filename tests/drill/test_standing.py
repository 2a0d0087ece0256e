from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drill.moment import DAY_MS
from bot.drill.standing import Listen, Rating, Standing, listened, rated, replayed
from bot.drill.tone import Mode, Tone
from tests.strategies import heard, standings


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


def test_a_listen_moves_nothing_but_the_badge() -> None:
    """A take that holds brings the badge; strength stays what the answers themselves made it."""
    spoken = [Rating(Tone.SMOOTH, Mode.SURPRISE, at, at, spoken=True) for at in (1, 2)]
    before = replayed(Standing(), spoken)
    after = listened(before, Listen(Tone.PROFESSIONAL, rated_at=3, first_rated_at=1))
    assert after == replace(before, held=True, badge_at=3)


@given(standings(), heard(), st.floats(0, 1))
def test_a_replay_is_the_taps_one_by_one(
    standing: Standing, row: list[Rating | Listen], prior: float
) -> None:
    """Replaying from anywhere equals folding ratings and listens over a fresh start that heard the same."""
    folded = replace(
        Standing(strength=prior), heard_at=standing.heard_at, last_wording=standing.last_wording
    )
    for tap in row:
        folded = listened(folded, tap) if isinstance(tap, Listen) else rated(folded, tap)
    assert replayed(standing, row, prior) == folded


@given(standings(), heard(), st.data())
def test_undo_is_a_replay_without_the_withdrawn_rating(
    standing: Standing, row: list[Rating | Listen], data: st.DataObject
) -> None:
    """Rating and undoing leads back to where one was; the hearing stays."""
    before = replayed(standing, row)
    withdrawn = Rating(
        data.draw(st.sampled_from(Tone)), Mode.SURPRISE, before.strength_at or 0, 745_000
    )
    heard = replace(rated(before, withdrawn), heard_at=withdrawn.rated_at)
    assert replayed(heard, row) == replace(before, heard_at=withdrawn.rated_at)


@given(standings(), heard(), st.data())
def test_undo_is_a_replay_without_the_withdrawn_listen(
    standing: Standing, row: list[Rating | Listen], data: st.DataObject
) -> None:
    """A second rating that is taken back has never been, whatever badge it brought."""
    before = replayed(standing, row)
    firsts = [tap.rated_at for tap in row if isinstance(tap, Rating)] or [0]
    first = data.draw(st.sampled_from(firsts))
    listen = Listen(data.draw(st.sampled_from(Tone)), firsts[-1] + 2, first)
    assert replayed(listened(before, listen), row) == before


def test_a_replay_of_nothing_is_unknown() -> None:
    """Without ratings there is neither strength nor badge, whatever there was."""
    standing = Standing(strength=0.9, strength_at=3, points=4, badge_at=3, heard_at=8)
    assert replayed(standing, []) == Standing(heard_at=8)
