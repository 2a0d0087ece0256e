"""When a question is mastered: "two 5s, or three 4-or-5s, in a row on different days, at least one
sprung on you", for spoken answers one second listen that holds, and what takes the badge away again.
"""

from dataclasses import dataclass, replace
from typing import TypeVar

from bot.drill.rating import Listen, Rating
from bot.drill.tone import Mode, Tone

POINTS_NEEDED = 6
POINTS_PER_DAY = {Tone.PROFESSIONAL: 2, Tone.SMOOTH: 3}


@dataclass(frozen=True, slots=True)
class Run:
    """The run of good answers that leads to a badge, and the badge."""

    points: int = 0
    sprung: bool = False  # the run of points has a real surprise in it
    counted_day: int | None = None  # the local day that last counted towards the badge
    low: bool = False  # the latest rating was 3 or less
    badge_at: int | None = None  # when the badge was earned; None: no badge
    spoken: bool = False  # the run of points has a spoken answer in it
    held: bool = False  # a take of the run, listened to again, was rated 4 or 5 once more
    slipped_at: int | None = None  # when a slip last ended a run; None: never

    @property
    def wants_listen(self) -> bool:
        """Whether the badge will ask for a second listen that holds, and has not had it yet."""
        return self.badge_at is None and self.spoken and not self.held


AnyRun = TypeVar("AnyRun", bound=Run)


@dataclass(frozen=True, slots=True)
class Remaining:
    """What the badge still takes.

    `points`: how many of the six are missing. `days`: the fewest further days that can bring the
    badge, with a 5 on each. `surprise_needed`: one of those answers has to be sprung.
    `another_day_needed`: the day that last counted is used up; only a later one counts.
    `listen_needed`: a spoken answer of the run has to hold when it is listened to again.
    """

    points: int
    days: int
    surprise_needed: bool
    another_day_needed: bool
    listen_needed: bool = False

    @property
    def only_listen(self) -> bool:
        """Whether the second listen is all that is missing."""
        return self.listen_needed and not self.days


NOTHING = Remaining(points=0, days=0, surprise_needed=False, another_day_needed=False)


def counted(run: AnyRun, rating: Rating) -> AnyRun:
    """Return the run after a rating.

    A 4 or 5 brings its points if it is the first to count on its local day; a further one that day
    brings nothing, neither points nor the surprise, and does not replace the first. "That day" is
    every date up to the one that last counted, so that flying west gives no day twice. A rating of
    3 or less always counts: it wipes the points at once, and the day that has counted stays used.
    """
    if rating.tone.is_slip:
        return _slipped(run, rating)
    if run.counted_day is not None and rating.local_day <= run.counted_day:
        return replace(run, low=False)
    after = replace(
        run,
        points=min(POINTS_NEEDED, run.points + POINTS_PER_DAY[rating.tone]),
        sprung=run.sprung or rating.mode is Mode.SURPRISE,
        spoken=run.spoken or rating.spoken,
        counted_day=rating.local_day,
        low=False,
    )
    return _badged(after, rating.rated_at)


def listened(run: AnyRun, listen: Listen) -> AnyRun:
    """Return the run after a take was listened to again.

    It holds with a 4 or 5, if the take is of the present run: rated before, and after the latest
    slip. One that does not hold brings no badge and takes no points either: the answer has been
    counted as it was heard at the time, and if an honest ear cost what was won, nobody would lend
    theirs. The badge goes on waiting for a listen that holds.
    """
    said_since = run.slipped_at is None or run.slipped_at < listen.first_rated_at
    if not (listen.holds and said_since and listen.first_rated_at < listen.rated_at):
        return run
    return _badged(replace(run, held=True), listen.rated_at)


def _badged(run: AnyRun, at: int) -> AnyRun:
    """The badge, if this moment has brought the last thing that it took."""
    complete = run.points == POINTS_NEEDED and run.sprung and not run.wants_listen
    return replace(run, badge_at=at) if complete and run.badge_at is None else run


def _slipped(run: AnyRun, rating: Rating) -> AnyRun:
    """One 3 wipes the points and is forgiven; a 1, a 2 or two slips in a row take the badge."""
    kept = rating.tone is Tone.FLAT and not run.low
    return replace(
        run,
        points=0,
        sprung=False,
        spoken=False,
        held=False,
        low=True,
        slipped_at=rating.rated_at,
        badge_at=run.badge_at if kept else None,
    )


def remaining(run: Run, today: int | None = None) -> Remaining:
    """Return what the badge still takes; nothing at all if it is held.

    `today` is the learner's local day; None means the day of the latest counted answer.
    """
    if run.badge_at is not None:
        return NOTHING
    points = POINTS_NEEDED - run.points
    used = run.counted_day is not None and (today is None or today <= run.counted_day)
    return Remaining(
        points=points,
        days=max(int(not run.sprung), -(-points // POINTS_PER_DAY[Tone.SMOOTH])),
        surprise_needed=not run.sprung,
        another_day_needed=used,
        listen_needed=run.wants_listen,
    )
