"""People, chats and the messages in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.limits import EFFECTS
from bot.sandbox.shapes import Json


class NoSuchPerson(LookupError):
    """Nobody has this number."""


class Unable(Exception):
    """The person cannot do this, as in a Telegram app; the text says why."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a phone."""

    id: int
    first_name: str
    username: str = ""
    language_code: str = ""

    def user(self) -> Json:
        """Telegram's User object."""
        return {"id": self.id, "is_bot": False, **self._names(), **self._language()}

    def chat(self) -> Json:
        """Telegram's Chat object of the private chat with the bot."""
        return {"id": self.id, "type": "private", **self._names()}

    def shown(self) -> Json:
        """What the page knows of the person."""
        return {"id": self.id, **self._names(), **self._language()}

    def _names(self) -> Json:
        names = {"first_name": self.first_name}
        return names | {"username": self.username} if self.username else names

    def _language(self) -> Json:
        return {"language_code": self.language_code} if self.language_code else {}


@dataclass(slots=True)
class Bubble:
    """One message: what the bot sees of it, and what only a phone shows."""

    body: Json
    outgoing: bool = False  # the person sent it
    silent: bool = False
    effect: str = ""
    reactions: list[str] = field(default_factory=list)
    keyboard: Json = field(default_factory=dict)  # in place of the phone's letters

    @property
    def id(self) -> int:
        """Its number, one sequence for all chats of the bot, as with Telegram."""
        number: int = self.body["message_id"]
        return number

    def shown(self) -> Json:
        """The message as the page takes it."""
        shown = {**self.body, "outgoing": self.outgoing, "reactions": self.reactions}
        shown["silent"] = self.silent
        if self.effect:
            shown["effect"] = EFFECTS[self.effect]
        if self.keyboard:
            shown["reply_markup"] = self.keyboard
        return shown

    def quoted(self) -> Json:
        """The message as it stands in a reply to it."""
        return {name: value for name, value in self.body.items() if name != "reply_to_message"}


@dataclass(slots=True)
class Chat:
    """A chat with the bot in it, newest messages last."""

    facts: Json  # Telegram's Chat object
    history: int
    is_open: bool = False  # the person has started the bot, or the bot is in the group
    blocked: bool = False
    bubbles: dict[int, Bubble] = field(default_factory=dict)

    @property
    def id(self) -> int:
        """The chat's number; of a private chat, the person's."""
        number: int = self.facts["id"]
        return number

    @property
    def private(self) -> bool:
        """Whether it is a chat with one person."""
        return self.id > 0

    def add(self, bubble: Bubble) -> Bubble:
        """Put a message at the end; the oldest goes when there are too many."""
        self.bubbles[bubble.id] = bubble
        if len(self.bubbles) > self.history:
            del self.bubbles[next(iter(self.bubbles))]
        return bubble


@dataclass(slots=True)
class Press:
    """A tap on a button, waiting for its answer."""

    person: int
    message_id: int
    at: float  # on the monotonic clock, seconds


def membership(bot: Json, status: str) -> Json:
    """Telegram's ChatMember object of the bot: `member`, `kicked` (blocked) or `left`."""
    member: dict[str, Any] = {"user": bot, "status": status}
    return member | {"until_date": 0} if status == "kicked" else member
