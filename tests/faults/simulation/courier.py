"""Telegram as it posts updates to a webhook: again and again until they are stored."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable

from bot.drill.dice import Dice
from bot.sandbox.shapes import Json
from bot.sandbox.updates import Waiting
from bot.sandbox.world import World

WAITS = (1.0, 2.0, 5.0, 15.0, 60.0)
ANSWER_WITHIN_SECONDS = 60.0

Post = Callable[[Json], Awaitable[bool]]


class Courier:
    """One queue for the messages of a chat, another for the presses of a person, as at Telegram.

    `post` brings one update and returns whether it was answered with 200; `settled` is told of those.
    `started` is told of every task, which must outlive the bot.
    """

    def __init__(
        self,
        world: World,
        dice: Dice,
        post: Post,
        settled: Callable[[Json], object],
        started: Callable[[asyncio.Task[None]], object],
    ) -> None:
        self._world = world
        self._dice = dice
        self._post = post
        self._settled = settled
        self._queues: dict[int, deque[Waiting]] = {}
        self._started = started

    def open(self) -> None:
        """Bring whatever waits, and everything from now on."""
        if self._world.updates.on_push is None:
            self._world.updates.on_push = self._enqueue
            for update in self._world.updates.waiting():
                self._enqueue(update)

    def _enqueue(self, update: Waiting) -> None:
        queue = self._queues.get(update.order)
        if queue is not None:
            queue.append(update)
            return
        self._queues[update.order] = deque([update])
        self._started(asyncio.create_task(self._ride(update.order)))

    async def _ride(self, order: int) -> None:
        queue, failures = self._queues[order], 0
        while queue:
            await asyncio.sleep(0.02 + 0.2 * self._dice.random())
            raw = json.loads(queue[0].body)
            if not self._world.updates.is_waiting(queue[0]):
                queue.popleft()
            elif await self._answered(raw):
                self._settled(raw)
                self._world.updates.drop(queue.popleft())
                failures = 0
            else:
                await asyncio.sleep(WAITS[min(failures, len(WAITS) - 1)])
                failures += 1
        del self._queues[order]

    async def _answered(self, raw: Json) -> bool:
        try:
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                return await self._post(raw)
        except TimeoutError:
            return False
