"""Delivery by webhook: posted with the secret, in order within a chat, again when it fails."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

import aiohttp

from bot.sandbox.shapes import Json
from bot.sandbox.updates import Updates, Waiting

_MAX_RETRY_AFTER = 3600
_MAX_DELAY = 60.0
_ANSWER_WITHIN = aiohttp.ClientTimeout(total=60)


class Webhook:
    """Where updates are posted, when an address is set."""

    def __init__(self, updates: Updates, now: Callable[[], float], retry_seconds: float) -> None:
        self.url = ""
        self._updates = updates
        self._now = now
        self._retry_seconds = retry_seconds
        self._facts: Json = {}
        self._headers: dict[str, str] = {}
        self._error: Json = {}
        self._connections = asyncio.Semaphore(1)
        self._queues: dict[int, deque[Waiting]] = {}
        self._couriers: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None

    async def set(self, url: str, secret: str, connections: int, ip_address: str | None) -> None:
        """Post every update to this address from now on, those that wait first."""
        await self.close()
        self.url = url
        self._facts = {"max_connections": connections}
        if ip_address:
            self._facts["ip_address"] = ip_address
        self._headers = {"Content-Type": "application/json"}
        if secret:
            self._headers["X-Telegram-Bot-Api-Secret-Token"] = secret
        self._connections = asyncio.Semaphore(connections)
        self._session = aiohttp.ClientSession(timeout=_ANSWER_WITHIN)
        self._updates.on_push = self._enqueue
        for update in self._updates.waiting():
            self._enqueue(update)

    async def close(self) -> None:
        """Stop posting; what is not delivered stays in the queue."""
        self.url = ""
        self._updates.on_push = None
        self._queues.clear()
        self._error = {}
        couriers = list(self._couriers)
        for courier in couriers:
            courier.cancel()
        await asyncio.gather(*couriers, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    def described(self) -> Json:
        """Telegram's WebhookInfo object."""
        described = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting()),
        }
        if self.url:
            described |= self._facts | self._error
        if self._updates.allowed:
            described["allowed_updates"] = list(self._updates.allowed)
        return described

    def _enqueue(self, update: Waiting) -> None:
        queue = self._queues.get(update.order)
        if queue is not None:
            queue.append(update)
            return
        self._queues[update.order] = deque([update])
        courier = asyncio.create_task(self._deliver(update.order))
        self._couriers.add(courier)
        courier.add_done_callback(self._couriers.discard)

    async def _deliver(self, order: int) -> None:
        queue = self._queues[order]
        while queue:
            await self._deliver_one(queue[0])
            queue.popleft()
        del self._queues[order]

    async def _deliver_one(self, update: Waiting) -> None:
        failures, delay = 0, self._retry_seconds
        while self._updates.is_waiting(update):
            async with self._connections:
                retry_after = await self._post(update)
            if retry_after is None:
                self._updates.drop(update)
                return
            # The first failure is tried again at once; then the wait doubles up to a minute.
            if not retry_after and failures:
                delay = min(_MAX_DELAY, delay * 2)
                retry_after = delay
            failures += 1
            await asyncio.sleep(retry_after)

    async def _post(self, update: Waiting) -> float | None:
        """Post it once; none when it was taken, else the wait the other side asks for."""
        assert self._session is not None, "couriers run only while the webhook is set"
        try:
            async with self._session.post(
                self.url, data=update.body, headers=self._headers
            ) as answer:
                await answer.read()
                if 200 <= answer.status < 300:
                    return None
                self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                return _retry_after(answer.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError) as error:
            self._failed(str(error) or "Read timeout expired")
            return 0.0

    def _failed(self, reason: str) -> None:
        self._error = {"last_error_date": int(self._now()), "last_error_message": reason}


def _retry_after(header: str) -> float:
    try:
        return float(min(_MAX_RETRY_AFTER, max(0, int(header))))
    except ValueError:
        return 0.0
