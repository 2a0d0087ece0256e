"""Whether the bot is getting on with its work: each part says when it last did."""

from collections.abc import Awaitable, Callable, Mapping

import orjson
from aiohttp import web

Healthz = Callable[[web.Request], Awaitable[web.Response]]


class Health:
    """What the parts of the bot last reported.

    `limits_ms` names the parts that are watched and how long each may be silent. A process that
    still runs while its poller has died looks alive to everybody but its learners, so only progress
    counts. All moments are those of the same clock.
    """

    def __init__(self, limits_ms: Mapping[str, int], started_at: int) -> None:
        self._limits_ms = dict(limits_ms)
        self._progress_at = dict.fromkeys(limits_ms, started_at)
        self._troubles: dict[str, str] = {}

    def progress(self, part: str, now: int) -> None:
        """The part has just done its work, even if there was nothing to do; its trouble is over."""
        self._progress_at[part] = now
        self._troubles.pop(part, None)

    def trouble(self, part: str, reason: str) -> None:
        """The part has failed and will try again: the reason given once it is silent too long."""
        self._troubles[part] = reason

    def silences_ms(self, now: int) -> dict[str, int]:
        """How long ago each part made progress; one that never did counts from the start."""
        return {part: max(0, now - at) for part, at in sorted(self._progress_at.items())}

    def troubles(self) -> dict[str, str]:
        """What has failed since the part's last progress, even if it is not a problem yet."""
        return dict(sorted(self._troubles.items()))

    def problems(self, now: int) -> list[str]:
        """One sentence for each part that has been silent too long; empty when all is well."""
        return [
            self._sentence(part, silence_ms)
            for part, silence_ms in self.silences_ms(now).items()
            if part in self._limits_ms and silence_ms > self._limits_ms[part]
        ]

    def _sentence(self, part: str, silence_ms: int) -> str:
        allowed, silent = self._limits_ms[part] // 1000, silence_ms // 1000
        reason = self._troubles.get(part)
        sentence = f"{part}: no progress for {silent} s, where {allowed} s are allowed"
        return f"{sentence}; last trouble: {reason}" if reason else sentence


def healthz(health: Health, now: Callable[[], int]) -> Healthz:
    """A handler for health checks: 200 when all is well, else 503, with the details as JSON."""

    async def answer(_request: web.Request) -> web.Response:
        moment = now()
        problems = health.problems(moment)
        details = {
            "status": "failing" if problems else "ok",
            "problems": problems,
            "silences_ms": health.silences_ms(moment),
            "troubles": health.troubles(),
        }
        return web.Response(
            body=orjson.dumps(details),
            status=503 if problems else 200,
            content_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    return answer
