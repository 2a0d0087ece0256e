"""People who practise at once: they ask, answer by text or voice, tap, and tap twice."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

from tests.faults.processes import Message, Telegram

EAGER_SECONDS, CALM_SECONDS = 4.0, 20.0
"""After so long without a word from the bot somebody asks for a question, then after twice as long."""

SPOKEN, TWICE, DOUBLE_TAP = 0.25, 0.08, 0.2
"""How often an answer is a voice note, or comes in two pieces, and how often a tap is doubled."""


class Person:
    """Somebody with a phone, who answers and rates whatever comes.

    The eager ask for one question after the other; the calm leave time for surprises. `heard` is set
    whenever a message comes.
    """

    def __init__(
        self,
        telegram: Telegram,
        number: int,
        dice: random.Random,
        heard: asyncio.Event,
        *,
        eager: bool,
    ) -> None:
        self.number = number
        self._eager = eager
        self._telegram = telegram
        self._dice = dice
        self._answers = 0
        self._unanswered = 0
        self._asked: set[str] = set()
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._heard = heard

    async def enrol(self) -> None:
        """The first run's taps, then as many surprises as there may be, from now on."""
        async with self._listening():
            await self._telegram.say(self.number, "/start")
            welcome = await self._inbox.get()
            await self._press(welcome, next(d for d in data_of(welcome) if "first:" in d))
            await self._press(await self._inbox.get(), "v1:zone:Etc/UTC")
            for choice in ("v1:pace:8", "v1:cap:12", "v1:expiry:240", waking()):
                await self._press(welcome, choice)
            card = await self._inbox.get()
            while not any(data.startswith("v1:later:") for data in data_of(card)):
                card = await self._inbox.get()
        await self._react(card)

    async def practise(self) -> None:
        """Practise until cancelled."""
        async with self._listening():
            while True:
                try:
                    # `wait_for` of Python 3.11 may miss the cancel, and then nobody ever stops.
                    async with asyncio.timeout(self._patience()):
                        message = await self._inbox.get()
                except TimeoutError:
                    self._unanswered += 1
                    await self._telegram.say(self.number, "/drill")
                else:
                    self._unanswered = 0
                    await self._react(message)

    def _patience(self) -> float:
        seconds = EAGER_SECONDS if self._eager else CALM_SECONDS
        return seconds * (1 << self._unanswered) * (0.5 + self._dice.random())

    @asynccontextmanager
    async def _listening(self) -> AsyncIterator[None]:
        """Hear what comes. From the first moment on: a welcome that nobody heard comes only once."""
        async with self._telegram.listening(self.number) as messages, asyncio.TaskGroup() as tasks:
            hearing = tasks.create_task(self._hear(messages))
            yield
            hearing.cancel()

    async def _hear(self, messages: AsyncIterator[Message]) -> None:
        async for message in messages:
            self._inbox.put_nowait(message)
            self._heard.set()

    async def _react(self, message: Message) -> None:
        """Answer a card, rate an answer; after a rating perhaps ask for the next question."""
        choices = list(data_of(message))
        for data in choices:
            if data.startswith("v1:later:") and data not in self._asked:
                self._asked.add(data)
                return await self._answer()
        ratings = [data for data in choices if data.startswith("v1:rate:")]
        if ratings:
            return await self._rate(message, ratings)
        if self._eager and "v1:drill" in choices:
            await self._press(message, "v1:drill")
        return None

    async def _answer(self) -> None:
        await self._take(spoken=self._dice.random() < SPOKEN)
        if self._dice.random() < TWICE:
            # A text minutes later, by the bot's fast clock, would be out of the blue: nobody asked.
            await self._take(spoken=True)

    async def _take(self, *, spoken: bool) -> None:
        self._answers += 1
        words = f"take-{self.number}-{self._answers}"
        if spoken:
            await self._telegram.speak(self.number, recording_of(words))
        else:
            await self._telegram.say(self.number, words)

    async def _rate(self, message: Message, ratings: list[str]) -> None:
        chosen = self._dice.choice(ratings)
        await self._press(message, chosen)
        if self._dice.random() < DOUBLE_TAP:
            await self._press(message, self._dice.choice(ratings))

    async def _press(self, message: Message, data: str) -> None:
        await self._telegram.press(self.number, message["message_id"], data)


def recording_of(words: str) -> bytes:
    """A small voice note that is like no other."""
    return b"OggS" + words.encode() * 20


def data_of(message: Message) -> Iterator[str]:
    """What the buttons of a message carry."""
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        yield from (button["callback_data"] for button in row)


def waking() -> str:
    """The press that opens sixteen hours a day, which have just begun in UTC."""
    now = datetime.now(UTC)  # noqa: TID251  the processes run by the wall
    opens = (now.hour * 60 + now.minute - 10) % 1440
    return f"v1:day:7:{opens}:{(opens + 16 * 60) % 1440}"


async def practising(people: list[Person]) -> None:
    """Let everybody practise until cancelled."""
    with suppress(asyncio.CancelledError):
        async with asyncio.TaskGroup() as tasks:
            for person in people:
                tasks.create_task(person.practise())
