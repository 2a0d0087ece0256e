"""Bots with one promise broken: the same people and the same judges must find out each of them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.drill.open_hours import OpenHours
from bot.store import archive, own_questions, tables
from bot.store.outbox import Message
from bot.wire.delivery import Delivery, Ending
from bot.wire.intake import Intake, Raw
from bot.wire.outcome import Outcome
from tests.faults import test_years
from tests.faults.simulation.judge import judged
from tests.faults.simulation.life import City
from tests.faults.simulation.line import AFTER
from tests.faults.simulation.loop import simulated

HOURS = 12


async def some_days(
    folder: Path, kinds: tuple[str, ...], deaths: Sequence[float], chance: float
) -> City:
    """Five people, answers that get lost on their way back, and kills."""
    city = City(folder, "sabotage", drain_seconds=1800.0)
    city.weather.kinds, city.weather.chance, city.weather.until = kinds, chance, HOURS * 3600.0
    city.settle(3, 2)
    await city.live(HOURS * 3600.0, deaths)
    return city


def complaints(
    folder: Path,
    kinds: tuple[str, ...] = (),
    deaths: Sequence[float] = (),
    *,
    chance: float = 0.12,
) -> list[str]:
    """What the judge says; `chance`: of each answer on its way back to get lost."""
    return judged(simulated(lambda: some_days(folder, kinds, deaths, chance))).complaints


def test_an_honest_bot_is_acquitted(tmp_path: Path) -> None:
    """Under the very conditions of the tests below nothing is wrong with the bot as it is."""
    assert complaints(tmp_path, tuple(AFTER), [1500.0] * 8) == []


def test_acknowledging_before_the_commit_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Updates that are told to be here before they are on disk get lost in a kill."""
    store = Intake.store

    async def store_later(self: Intake, updates: Sequence[Raw]) -> None:
        self._later = getattr(self, "_later", [])  # type: ignore[attr-defined]
        batch, self._later = self._later, list(updates)  # type: ignore[attr-defined]
        await store(self, batch)

    monkeypatch.setattr(Intake, "store", store_later)
    found = complaints(tmp_path, (), [1500.0] * 8)
    assert any("not settled" in one for one in found), found


def test_sending_a_drill_again_in_doubt_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A surprise whose outcome is unknown and that is tried again arrives twice."""

    def again(self: Delivery, message: Message, reason: str, _: Outcome) -> Ending:
        return self._again(message, 5.0, reason)

    monkeypatch.setattr(Delivery, "_unsettled", again)
    # Some ten surprises come in all: at 0.12 it would be luck if one of them was hit.
    found = complaints(tmp_path, tuple(AFTER), chance=0.2)
    assert any("sent twice" in one for one in found), found


def test_a_statement_without_its_learner_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export that forgets whose takes it reads hands somebody the words of others."""
    everybodys: dict[str, Any] = {**archive._READS, "take": select(tables.take)}
    monkeypatch.setattr(archive, "_READS", everybodys)
    found = complaints(tmp_path)
    assert any("got words of" in one for one in found), found


def test_a_shelf_of_everybodys_questions_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shelf that forgets whose questions stand on it asks somebody what another was asked."""
    monkeypatch.setattr(own_questions, "_OF_LEARNER", select(tables.own_question))
    found = complaints(tmp_path)
    assert any("got words of" in one for one in found), found


def test_forgetting_the_quiet_hours_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the test of the hours surprises come at night, in the office and in the years."""
    monkeypatch.setattr(OpenHours, "is_open", lambda *_: True)
    monkeypatch.setattr(OpenHours, "next_open", lambda _, at: at)
    found = complaints(tmp_path / "office")
    assert any("quiet hours" in one for one in found), found
    assert test_years.trial(1, tmp_path, 2).counts["in quiet hours"] > 0
