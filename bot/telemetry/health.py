"""Whether the bot is getting on with its work: each part says when it last did."""

from collections import Counter
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
        self._broken: dict[str, str] = {}
        self._signs: Counter[str] = Counter()
        self._seen: dict[str, tuple[int, int]] = {}

    def progress(self, part: str, now: int) -> None:
        """The part has just done its work, even if there was nothing to do; its trouble is over."""
        self._progress_at[part] = now
        self._troubles.pop(part, None)
        self._signs[part] += 1

    def trouble(self, part: str, reason: str) -> None:
        """The part has failed and will try again: the reason given once it is silent too long."""
        self._troubles[part] = reason
        self._signs[part] += 1

    def broken(self, part: str, reason: str) -> None:
        """Something keeps the bot from all of its work: a problem at once, until it is `mended`."""
        self._broken[part] = reason

    def mended(self, part: str) -> None:
        """What was broken is not any more."""
        self._broken.pop(part, None)

    def silences_ms(self, now: int) -> dict[str, int]:
        """How long ago each part made progress; one that never did counts from the start."""
        return {part: max(0, now - at) for part, at in sorted(self._progress_at.items())}

    def troubles(self) -> dict[str, str]:
        """What has failed since the part's last progress, even if it is not a problem yet."""
        return dict(sorted(self._troubles.items()))

    def problems(self, now: int) -> list[str]:
        """One sentence for what is broken and for each part silent too long; empty: all is well."""
        return [f"{part}: {reason}" for part, reason in sorted(self._broken.items())] + [
            self._sentence(part, silence_ms)
            for part, silence_ms in self.silences_ms(now).items()
            if part in self._limits_ms and silence_ms > self._limits_ms[part]
        ]

    def hanging(self, now: int) -> list[str]:
        """The watched parts that have given no sign, not even of trouble, for too long.

        Telegram out of reach or a full disk is nothing that a new start would mend; this is. Counted
        from call to call, so ask often.
        """
        hanging = []
        for part, limit_ms in self._limits_ms.items():
            signs, since = self._seen.get(part, (-1, now))
            if signs != self._signs[part] or since > now:
                self._seen[part] = self._signs[part], now
            elif now - since > limit_ms:
                hanging.append(part)
        return hanging

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
