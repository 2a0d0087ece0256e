"""The world outside the bot: who is there, what they say and press, what the bot may reach."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from bot.sandbox.conversation import Bubble, Chat, NoSuchPerson, Person, Press, Unable, membership
from bot.sandbox.files import Files
from bot.sandbox.formatting import plain
from bot.sandbox.limits import REACTIONS, TEXT_LENGTH, Flood, Limits
from bot.sandbox.phones import Phones
from bot.sandbox.profile import Profile
from bot.sandbox.refusals import bad_request, forbidden
from bot.sandbox.shapes import Json, Upload
from bot.sandbox.updates import Updates
from bot.sandbox.webhook import Webhook

_PRESSES = 3 << 33  # presses of a person are ordered apart from the person's messages
_FIRST_PERSON = 1001
_NUMBERED_FROM = 1_700_000_000  # Unix seconds


class Dice(Protocol):
    """Where chance comes from."""

    def random(self) -> float:
        """A number in [0, 1)."""


class World:
    """Everything that Telegram keeps for one bot, and what the people do.

    `now` is the time that messages carry, in Unix seconds; `monotonic` counts real seconds, for
    rates and for updates that grow too old.
    """

    def __init__(
        self,
        bot: Json,
        now: Callable[[], float],
        monotonic: Callable[[], float],
        limits: Limits,
        dice: Dice,
    ) -> None:
        self.bot = bot
        self.now = now
        self.monotonic = monotonic
        self.limits = limits
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.phones = Phones()
        self.profile = Profile(bot["first_name"])
        self.files = Files(dice.random)
        self.flood = Flood(limits, monotonic)
        self.updates = Updates(100_000_000 + int(dice.random() * 800_000_000), monotonic)
        self.webhook = Webhook(self.updates, now, limits.webhook_retry_seconds)
        # Not from 1: a bot that kept its database must not meet the numbers of an earlier run.
        self._message_id = max(0, int(now()) - _NUMBERED_FROM)
        self._press_id = int(dice.random() * 2**62)

    # The people

    def add_person(self, first_name: str, language_code: str = "", username: str = "") -> Person:
        """Somebody new, who has not started the bot yet."""
        number = _FIRST_PERSON + len(self.people)
        person = Person(number, first_name, username, language_code)
        self.people[number] = person
        self.chats[number] = Chat(person.chat(), self.limits.history)
        return person

    def say(self, person: int, text: str, *, reply_to: int | None = None, group: int = 0) -> Json:
        """The person writes, in the private chat or in a group; returns the message.

        Text that is too long goes in pieces, as from Telegram's apps; the last one is returned.
        Raises Unable for empty text, or when the person has blocked the bot.
        """
        words = plain(text).text
        if not words:
            raise Unable("There is nothing to send.")
        *first, last = [plain(piece).fields("text", "entities") for piece in _pieces(words)]
        for content in first:
            self.post(person, content, reply_to=reply_to, group=group)
        return self.post(person, last, reply_to=reply_to, group=group)

    def send(
        self,
        person: int,
        kind: str,
        data: bytes,
        *,
        mime_type: str = "audio/ogg",
        name: str = "",
        duration: int = 0,
        reply_to: int | None = None,
    ) -> Json:
        """The person sends a file: `voice`, `video_note`, `video`, `photo` or `document`."""
        self._writing(person, 0)
        stored = self.files.keep(kind, Upload(name, mime_type, data), {"duration": duration})
        return self.post(person, {kind: stored.content}, reply_to=reply_to)

    def post(
        self, person: int, content: Json, *, reply_to: int | None = None, group: int = 0
    ) -> Json:
        """The person sends a message with any content (`{"location": ...}`); returns it."""
        chat = self._writing(person, group)
        chat.is_open = True
        body = self.envelope(chat, self.people[person].user())
        if reply_to in chat.bubbles:
            body["reply_to_message"] = chat.bubbles[reply_to].quoted()
        body |= content
        bubble = chat.add(Bubble(body, outgoing=True))
        if chat.private or self._heard_in_group(body):
            self._push_message("message", chat, body)
        self.phones.message(person, "message", bubble.shown())
        return body

    def edit(self, person: int, message_id: int, text: str) -> Json:
        """The person changes the text of a message of theirs."""
        chat = self._writing(person, 0)
        bubble = chat.bubbles.get(message_id)
        if bubble is None or not bubble.outgoing or "text" not in bubble.body:
            raise Unable("Only one's own text can be changed.")
        kept = {k: v for k, v in bubble.body.items() if k not in ("text", "entities")}
        bubble.body = kept | {
            "edit_date": int(self.now()),
            **plain(text).fields("text", "entities"),
        }
        self._push_message("edited_message", chat, bubble.body)
        self.phones.message(person, "edit", bubble.shown())
        return bubble.body

    def delete(self, person: int, message_id: int) -> None:
        """The person deletes a message for both sides; the bot is not told, as with Telegram."""
        self._writing(person, 0).bubbles.pop(message_id, None)
        self.phones.tell(person, "delete", message_ids=[message_id])

    def press(self, person: int, message_id: int, data: str) -> str:
        """The person presses a button, real, stale or forged; returns the query's id."""
        chat = self._writing(person, 0)
        self._forget_presses()
        self._press_id += 1
        press_id = str(self._press_id)
        self.presses[press_id] = Press(person, message_id, self.monotonic())
        query = {
            "id": press_id,
            "from": self.people[person].user(),
            "message": self._pressed(chat, message_id),
            "chat_instance": str(-7_000_000_000_000_000_000 + person),
            "data": data,
        }
        seconds = self.limits.press_seconds
        self.updates.push("callback_query", query, order=person + _PRESSES, seconds=seconds)
        return press_id

    def tap(self, person: int, label: str) -> str:
        """The person presses the newest button with this label; raises Unable if there is none."""
        for bubble in reversed(self._writing(person, 0).bubbles.values()):
            markup = bubble.body.get("reply_markup", {})
            for row in markup.get("inline_keyboard", []):
                for button in row:
                    if button["text"] == label and "callback_data" in button:
                        return self.press(person, bubble.id, button["callback_data"])
        raise Unable(f"No button is labelled {label!r}.")

    def react(self, person: int, message_id: int, emoji: str = "") -> None:
        """The person puts an emoji on a message, or takes it away."""
        chat = self._writing(person, 0)
        if message_id not in chat.bubbles or (emoji and emoji not in REACTIONS):
            raise Unable("That is no message, or no reaction.")
        change = {
            "chat": chat.facts,
            "message_id": message_id,
            "user": self.people[person].user(),
            "date": int(self.now()),
            "old_reaction": [],
            "new_reaction": [{"type": "emoji", "emoji": emoji}] if emoji else [],
        }
        self.updates.push("message_reaction", change, order=person, seconds=self._day)

    def block(self, person: int, blocked: bool = True) -> None:
        """The person blocks the bot, or lets it write again."""
        chat = self.chats[self._person(person).id]
        if chat.blocked != blocked:
            chat.blocked = blocked
            statuses = ("member", "kicked") if blocked else ("kicked", "member")
            self._push_membership(chat, self.people[person].user(), *statuses)
            self.phones.tell(person, "blocked", blocked=blocked)

    def add_to_group(self, person: int, title: str = "The office") -> int:
        """The person makes a group and adds the bot; returns the group's (negative) number."""
        user = self._person(person).user()
        number = -4_000_000_001 - sum(not chat.private for chat in self.chats.values())
        group = Chat({"id": number, "type": "group", "title": title}, self.limits.history, True)
        self.chats[number] = group
        self._push_membership(group, user, "left", "member")
        body = self.envelope(group, user) | {"new_chat_members": [self.bot]}
        self._push_message("message", group, group.add(Bubble(body, outgoing=True)).body)
        return number

    def messages(self, person: int) -> list[Json]:
        """What the person's phone shows, oldest first."""
        return [bubble.shown() for bubble in self.chats[self._person(person).id].bubbles.values()]

    # What the bot reaches

    def chat(self, given: int | str) -> Chat:
        """The chat that the bot names; raises Refusal when there is none."""
        found = self.chats.get(given) if isinstance(given, int) else None
        if found is None:
            raise bad_request("chat not found")
        return found

    def open_chat(self, given: int | str) -> Chat:
        """The chat, if the bot may write there; raises Refusal when it may not."""
        chat = self.chat(given)
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.is_open:
            raise forbidden(
                "bot can't initiate conversation with a user"
                if chat.private
                else "bot is not a member of the group chat"
            )
        return chat

    def envelope(self, chat: Chat, sender: Json) -> Json:
        """A new message without content."""
        self._message_id += 1
        return {
            "message_id": self._message_id,
            "from": sender,
            "chat": chat.facts,
            "date": int(self.now()),
        }

    def left(self, chat: Chat) -> None:
        """The bot has left the group."""
        chat.is_open = False
        self._push_membership(chat, self.bot, "member", "left")

    # Inside

    @property
    def _day(self) -> float:
        return self.limits.message_seconds

    def _person(self, number: int) -> Person:
        if number not in self.people:
            raise NoSuchPerson(f"Nobody has the number {number}.")
        return self.people[number]

    def _writing(self, person: int, group: int) -> Chat:
        self._person(person)
        chat = self.chats[group or person]
        if chat.blocked:
            raise Unable("The bot is blocked; unblock it first.")
        return chat

    def _heard_in_group(self, body: Json) -> bool:
        """With privacy on, a bot hears commands and replies to it."""
        replied = body.get("reply_to_message", {}).get("from", {})
        is_command: bool = body.get("text", "/").startswith("/")
        return is_command or replied.get("id") == self.bot["id"]

    def _pressed(self, chat: Chat, message_id: int) -> Json:
        bubble = chat.bubbles.get(message_id)
        if bubble is None:
            return {"chat": chat.facts, "message_id": message_id, "date": 0}
        return bubble.body

    def _forget_presses(self) -> None:
        oldest = self.monotonic() - self.limits.press_seconds
        while self.presses:
            first = next(iter(self.presses))
            if self.presses[first].at > oldest:
                break
            del self.presses[first]

    def _push_message(self, kind: str, chat: Chat, body: Json) -> None:
        self.updates.push(kind, body, order=chat.id, seconds=self._day)

    def _push_membership(self, chat: Chat, by: Json, old: str, new: str) -> None:
        change: dict[str, Any] = {
            "chat": chat.facts,
            "from": by,
            "date": int(self.now()),
            "old_chat_member": membership(self.bot, old),
            "new_chat_member": membership(self.bot, new),
        }
        self.updates.push("my_chat_member", change, order=chat.id, seconds=self._day)


def _pieces(text: str) -> list[str]:
    return [text[at : at + TEXT_LENGTH] for at in range(0, len(text), TEXT_LENGTH)]
