"""Years of surprises for learners of every habit: none in quiet hours, above the cap or within the gap."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.drill.open_hours import OpenHours
from bot.drill.surprise import Rhythm, next_drill_at
from tests.faults.oracle import Verdict
from tests.faults.test_zones import NAMES, is_open
from tests.house import MONDAY_NOON

DAY, MINUTE = 86_400_000, 60_000
YEARS = 100
GAP_MS = 45 * MINUTE


@dataclass
class Habit:
    """How one learner lives. `week`: opens and closes by weekday; equal: a closed day."""

    zone: str
    week: tuple[tuple[int, int], ...]
    pace: int
    cap: int
    answers: float

    @classmethod
    def of(cls, dice: random.Random) -> "Habit":
        """Somebody: most have office hours, some work at night, some have days off."""
        usual = dice.choice([(540, 1200), (480, 1080), (720, 1320), (1260, 300), (0, 1440)])
        week = tuple((0, 0) if dice.random() < 0.15 else usual for _ in range(7))
        pace = dice.randint(1, 3)
        return cls(dice.choice(NAMES), week, pace, dice.randint(pace, 5), dice.random())


def a_year(habit: Habit, dice: random.Random) -> Counter[str]:
    """What was drawn in a year, and which of it should not have been."""
    hours = OpenHours(zone=habit.zone, days=habit.week)
    interview = datetime.fromtimestamp(MONDAY_NOON / 1000, UTC).date().toordinal() + 200
    rhythm = Rhythm(hours=hours, pace=habit.pace, cap=habit.cap, interview_day=interview)
    zone, found, per_day = ZoneInfo(habit.zone), Counter[str](), Counter[int]()
    now, free_from, sent_on = MONDAY_NOON, None, (0, 0)
    while (at := next_drill_at(rhythm, now, free_from, sent_on, dice)) is not None:
        if at > MONDAY_NOON + 365 * DAY:
            break
        local = datetime.fromtimestamp(at / 1000, UTC).astimezone(zone)
        day = local.date().toordinal()
        per_day[day] += 1
        found["surprises"] += 1
        found["in quiet hours"] += not _open(habit, local)
        found["above the cap"] += per_day[day] > habit.cap
        found["within the gap"] += free_from is not None and at < free_from + GAP_MS
        found["on the interview's day"] += day == interview
        sent_on = (day, per_day[day])
        waited = dice.random() * 40 if dice.random() < habit.answers else 60
        free_from = now = at + int(waited * MINUTE)
    return found


def _open(habit: Habit, local: datetime) -> bool:
    """Today's hours, or what is left of last night's."""
    minute = local.hour * 60 + local.minute
    opens, closes = habit.week[local.weekday()]
    before = habit.week[(local - timedelta(days=1)).weekday()]
    if before[1] < before[0] and minute < before[1]:
        return True
    return opens != closes and minute >= opens and (closes < opens or is_open(local, opens, closes))


def trial(seed: int, _: Path, years: int = YEARS) -> Verdict:
    """A hundred learners for a year each."""
    dice = random.Random(f"years {seed}")
    found = Counter({"learner-years": years})
    for _year in range(years):
        found.update(a_year(Habit.of(dice), dice))
    wrong = ["in quiet hours", "above the cap", "within the gap", "on the interview's day"]
    complaints = [f"{found[one]} {one}" for one in wrong if found[one]]
    return Verdict(dict(found), complaints)


def test_years_of_surprises_keep_to_the_rules(tmp_path: Path) -> None:
    """Learners in any zone, by day or night, with days off: every surprise is where it may be."""
    verdict = trial(1, tmp_path, 12)
    assert not verdict.complaints, str(verdict)
    assert verdict.counts["surprises"] > 1000


def test_a_forgotten_look_at_the_clock_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the test of the hours at the moment itself, the same years have surprises at night."""
    monkeypatch.setattr(OpenHours, "is_open", lambda *_: True)
    assert trial(1, tmp_path, 2).counts["in quiet hours"] > 0
