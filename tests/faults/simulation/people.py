"""Who lives in the simulation: steady people who practise, and lively ones who do anything at all."""

import asyncio
import math
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from bot.drill.dice import Dice
from bot.sandbox.conversation import Unable
from bot.sandbox.world import World

Message = dict[str, Any]

ZONES = ("Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Africa/Cairo")
COMMANDS = (
    "start drill sets mine progress settings pause undo help cancel export forget owner nonsense "
    "mock"
).split()
FORGED = (
    "rate undo skip card swap hint count first-take "
    "mock-begin mock-skip mock-end mock-resume mock-rate mock-more"
).split()
LOOK_SECONDS = 8 * 60.0
"""How long somebody leaves the phone alone, on average."""


class Person:
    """Somebody with a phone. Everything that is theirs carries their canary."""

    def __init__(self, world: World, dice: Dice) -> None:
        self.world = world
        self.dice = dice
        number = 1001 + len(world.people)
        self.canary = f"canary{number}x"
        self.number = world.add_person(self.canary.title(), "en").id
        self.zone = self.choice(ZONES)
        self.taps: list[str] = []
        self._words = 0
        self._seen = 0

    async def live(self) -> None:
        """Look at the phone now and then, until cancelled."""
        while True:
            await asyncio.sleep(-LOOK_SECONDS * math.log1p(-self.dice.random()))
            with suppress(Unable):
                await self.act()

    async def act(self) -> None:
        """Do what the phone asks for."""
        raise NotImplementedError

    def choice(self, options: Any) -> Any:
        """One of several."""
        return options[int(self.dice.random() * len(options))]

    def chance(self, share: float) -> bool:
        """Whether something happens that happens so often."""
        return self.dice.random() < share

    def words(self) -> str:
        """Something that nobody has said before."""
        self._words += 1
        return f"take {self._words} of {self.canary}"

    def shown(self) -> list[Message]:
        """What the bot has said, oldest first."""
        return [m for m in self.world.messages(self.number) if not m.get("outgoing")]

    def press(self, message: Message, data: str) -> None:
        """Press a button of a message, or one that was never there."""
        self.taps.append(self.world.press(self.number, message["message_id"], data))

    def speak(self, reply_to: int | None = None) -> None:
        """Send a voice note."""
        recording = b"OggS" + self.words().encode() * 5
        self.world.send(self.number, "voice", recording, duration=30, reply_to=reply_to)


def data_of(message: Message) -> Iterator[str]:
    """What the buttons of a message carry."""
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        yield from (button["callback_data"] for button in row if "callback_data" in button)


ASKS = ("v1:later:", "v1:mock-skip:")
"""What the buttons of a card begin with that waits for an answer."""


class Steady(Person):
    """Answers every card in reply to it and rates every answer; asks for more now and then.

    Sometimes for a whole interview.
    """

    def __init__(self, world: World, dice: Dice) -> None:
        super().__init__(world, dice)
        self._answered: set[str] = set()
        self._settled = False

    async def act(self) -> None:
        """Go on where the phone stands."""
        shown = self.shown()
        if not shown or not self._enrolled(shown):
            return
        card = next((m for m in reversed(shown) if self._open(m)), None)
        if card is not None:
            await self._answer(card)
        elif self.chance(0.04):
            self.world.say(self.number, "/drill")
        elif self.chance(0.02):
            self.world.say(self.number, "/mock")
        self._begin(shown)
        self._rate(shown)

    def _enrolled(self, shown: list[Message]) -> bool:
        data = {one: m for m in shown for one in data_of(m)}
        if self._settled:
            return True
        if any(one.startswith("v1:later:") for one in data):
            self._settled = True
            for wish in ("v1:pace:8", "v1:cap:6", "v1:expiry:60"):
                self.press(shown[-1], wish)
        elif any(one.startswith(("v1:zone:", "v1:clocks", "v1:cities")) for one in data):
            self.press(shown[-1], f"v1:zone:{self.zone}")
        elif first := next((one for one in data if one.startswith("v1:first:")), None):
            self.press(data[first], first)
        return self._settled

    def _open(self, message: Message) -> bool:
        asks = [one for one in data_of(message) if one.startswith(ASKS)]
        return bool(asks) and asks[0] not in self._answered

    def _begin(self, shown: list[Message]) -> None:
        for message in shown[-3:]:
            if any(one.startswith("v1:mock-begin:") for one in data_of(message)):
                self.press(message, f"v1:mock-begin:3:{int(self.chance(0.5))}")

    async def _answer(self, card: Message) -> None:
        self._answered |= {one for one in data_of(card) if one.startswith(ASKS)}
        await asyncio.sleep(60 * self.dice.random())
        if self.chance(0.3):
            self.speak(card["message_id"])
        else:
            self.world.say(self.number, self.words(), reply_to=card["message_id"])
        await asyncio.sleep(5)
        self._rate(self.shown())

    def _rate(self, shown: list[Message]) -> None:
        for message in shown[-6:]:
            rates = [
                one for one in data_of(message) if one.startswith(("v1:rate:", "v1:mock-rate:"))
            ]
            if rates:
                for _ in range(2 if self.chance(0.2) else 1):
                    self.press(message, self.choice(rates))


class Lively(Person):
    """Taps whatever there is, says whatever comes to mind, leaves, comes back, forges buttons."""

    async def act(self) -> None:
        """One thing or another, sometimes several at once."""
        deeds = (
            self._tap, self._tap, self._tap, self._tap, self._say, self._say, self._command,
            self._voice, self._edit, self._forge, self._odd, self._leave, self._forget, self._zone,
            self._own, self._tell, self._tell, self._export,
        )  # fmt: skip
        for _ in range(3 if self.chance(0.1) else 1):
            self.choice(deeds)()

    def _tap(self) -> None:
        shown = [m for m in self.shown()[-8:] if any(data_of(m))]
        if shown:
            message = self.choice(shown)
            self.press(message, self.choice([*data_of(message)]))

    def _zone(self) -> None:
        if self.shown():
            self.press(self.shown()[-1], f"v1:zone:{self.zone}")

    def _say(self) -> None:
        shown = self.shown()
        reply_to = self.choice(shown)["message_id"] if shown and self.chance(0.3) else None
        text = self.choice((self.words(), self.words(), "4", "1", "tomorrow", "Paris", "…", "5"))
        self.world.say(self.number, text, reply_to=reply_to)

    def _own(self) -> None:
        """Begin to add a question of one's own; the next words said may be it."""
        self.world.say(self.number, "/mine")
        if self.shown():
            self.press(self.shown()[-1], "v1:own-add")

    def _tell(self) -> None:
        """Tell or forward a question, keep it soon, practise it, and ask for one."""
        question = f"What do you say to {self.words()}?"
        if self.chance(0.3):
            origin = {"type": "hidden_user", "sender_user_name": self.canary, "date": 1}
            self.world.post(self.number, {"text": question, "forward_origin": origin})
        else:
            self.world.say(self.number, f"They asked me: {question}")
        asyncio.get_running_loop().call_later(20, self._keep)

    def _keep(self) -> None:
        with suppress(Unable):
            for message in self.shown()[-3:]:
                for data in data_of(message):
                    if data.startswith("v1:own-keep:"):
                        self.press(message, data)
                        self.press(message, self.choice(("v1:own-set:~mine", "v1:own-set:*")))
                        self.world.say(self.number, "/drill")

    def _command(self) -> None:
        self.world.say(self.number, f"/{self.choice(COMMANDS)}")

    def _export(self) -> None:
        self.world.say(self.number, "/export")

    def _voice(self) -> None:
        self.speak()

    def _edit(self) -> None:
        mine = [m for m in self.world.messages(self.number) if m.get("outgoing") and "text" in m]
        if mine:
            self.world.edit(self.number, self.choice(mine)["message_id"], self.words())

    def _forge(self) -> None:
        """A button of somebody else's, or of nobody's."""
        action = self.choice(FORGED)
        numbers = [str(int(60 * self.dice.random())) for _ in range(3)]
        data = ":".join(["v1", action, *numbers[: int(self.dice.random() * 4)]])
        self.press({"message_id": 1 + int(9e8 * self.dice.random())}, data)

    def _odd(self) -> None:
        contents: tuple[dict[str, Any], ...] = (
            {"sticker": {"file_id": self.canary, "file_unique_id": "u", "type": "regular",
                         "width": 1, "height": 1, "is_animated": False, "is_video": False}},
            {"location": {"latitude": 1.0, "longitude": 2.0}},
            {"contact": {"phone_number": "1", "first_name": self.canary}},
        )  # fmt: skip
        self.world.post(self.number, self.choice(contents))

    def _leave(self) -> None:
        self.world.block(self.number)
        asyncio.get_running_loop().call_later(
            3600 * self.dice.random(), self.world.block, self.number, False
        )

    def _forget(self) -> None:
        if self.chance(0.3) and self.shown():
            self.world.say(self.number, "/forget")
            self.press(self.shown()[-1], "v1:erase")
