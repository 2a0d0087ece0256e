"""Wrong invitations: a few an hour from one person are mistakes, more are guesses."""

MOST_WRONG = 5
HOUR_MS = 3600 * 1000
KEPT_PEOPLE = 10_000


class Guesses:
    """Counts wrong invitations per person for an hour. Kept in memory only: a token has 192 bits."""

    def __init__(self) -> None:
        self._wrong: dict[int, list[int]] = {}

    def too_many(self, learner_id: int, now: int) -> bool:
        """Whether this person has to wait before another invitation is looked at."""
        return len(self._recent(learner_id, now)) >= MOST_WRONG

    def wrong(self, learner_id: int, now: int) -> None:
        """Count one."""
        recent = self._recent(learner_id, now)
        self._wrong.pop(learner_id, None)
        self._wrong[learner_id] = [*recent, now][-MOST_WRONG:]
        if len(self._wrong) > KEPT_PEOPLE:
            del self._wrong[next(iter(self._wrong))]

    def _recent(self, learner_id: int, now: int) -> list[int]:
        return [at for at in self._wrong.get(learner_id, ()) if now - at < HOUR_MS]
