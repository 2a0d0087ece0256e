"""One update's side of the conversation: what is read, what is changed, what is said."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from telegram import CallbackQuery, Message, Update

from bot.banks.library import Library
from bot.chat.callbacks import Press, Taps
from bot.chat.guesses import Guesses
from bot.chat.keyboards import NO_BUTTONS, Keyboard
from bot.chat.texts import Html, Texts, shortened
from bot.drill.dice import Dice
from bot.practice import Erasures, MediaFolder, Priority, Role, Take, TakeKind, Transaction

TOAST_LIMIT = 200
QUOTED_CHARACTERS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What the chat needs of the house; `library` is asked anew each time, since banks reload."""

    texts: Texts
    library: Callable[[], Library]
    dice: Dice
    media: MediaFolder
    exports: Path
    erasures: Erasures
    owners: frozenset[int]
    invite_only: bool
    username: Callable[[], str]
    secret: Callable[[], str]
    taps: Taps = field(default_factory=Taps)
    guesses: Guesses = field(default_factory=Guesses)


@dataclass(slots=True)
class Turn:
    """Everything a conversation may touch. Nothing leaves the house before the transaction is on disk.

    `shelf`: the question banks as this learner sees them; None: as everybody does.
    """

    house: House
    tx: Transaction
    update: Update | None = None
    press: Press | None = None
    shelf: Library | None = None
    _answered: bool = False

    @property
    def texts(self) -> Texts:
        """The catalogue."""
        return self.house.texts

    @property
    def library(self) -> Library:
        """The question banks as they are now, with the learner's own set."""
        return self.house.library() if self.shelf is None else self.shelf

    @property
    def dice(self) -> Dice:
        """The dice."""
        return self.house.dice

    @property
    def message(self) -> Message | None:
        """The learner's message, or the one whose button was pressed; None: too old to be shown."""
        pressed = self.query.message if self.query else None
        if pressed is not None:
            return pressed if isinstance(pressed, Message) and pressed.is_accessible else None
        return self.update.effective_message if self.update else None

    @property
    def message_id(self) -> int:
        """The number of that message, however old it is."""
        message = (self.query.message if self.query else None) or self.message
        return message.message_id if message else 0

    @property
    def query(self) -> CallbackQuery | None:
        """The press, if this turn is one."""
        return self.update.callback_query if self.update else None

    @property
    def chat_id(self) -> int:
        """The private chat; at Telegram it has the learner's id."""
        return self.tx.learner.learner_id

    @property
    def is_owner(self) -> bool:
        """Whether the learner runs this bot."""
        return self.tx.learner.learner_id in self.house.owners

    def say(
        self,
        text: str,
        buttons: Keyboard | None = None,
        *,
        loud: bool = False,
        reply_to: int | None = None,
        drill_no: int | None = None,
        role: Role = Role.NONE,
        priority: Priority = Priority.REPLY,
        effect: str | None = None,
    ) -> None:
        """Send a message. Only a surprise is loud; the rest makes no sound."""
        parameters: dict[str, Any] = {
            "chat_id": self.chat_id,
            "text": text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        if not loud:
            parameters["disable_notification"] = True
        if buttons is not None:
            parameters["reply_markup"] = buttons
        if reply_to is not None:
            parameters["reply_parameters"] = {
                "message_id": reply_to,
                "allow_sending_without_reply": True,
            }
        if effect is not None:
            parameters["message_effect_id"] = effect
        self.tx.post("sendMessage", parameters, drill_no=drill_no, role=role, priority=priority)

    def replay(
        self, take: Take, text: str, buttons: Keyboard | None = None, *, protect: bool = False
    ) -> None:
        """Play a take in this chat, with these words.

        What was typed is quoted under them; a take that was deleted is said to be so. Where there is
        no recording any more, or Telegram refuses it (somebody accepts no voice messages from bots),
        the words go out alone, in reply to the learner's own message. `protect`: it cannot be passed on.
        """
        words: dict[str, Any] = {
            "chat_id": self.chat_id,
            "parse_mode": "HTML",
            "disable_notification": True,
        }
        if buttons is not None:
            words["reply_markup"] = buttons
        if protect:
            words["protect_content"] = True
        if take.deleted_at is not None or take.kind == TakeKind.TEXT:
            self.tx.post("sendMessage", words | {"text": self._in_words(take, text)})
            return
        alone = words | {"text": text}
        if take.learner_id == self.chat_id:
            alone["reply_parameters"] = {
                "message_id": take.message_id,
                "allow_sending_without_reply": True,
            }
        if take.file_id is None:
            self.tx.post("sendMessage", alone)
        elif take.kind == TakeKind.VOICE:
            self.tx.post(
                "sendVoice", words | {"voice": take.file_id, "caption": text}, instead=alone
            )
        elif take.kind == TakeKind.VIDEO_NOTE:  # it has no caption: the words come after it
            note = {
                name: words[name] for name in words if name not in ("parse_mode", "reply_markup")
            }
            self.tx.post("sendVideoNote", note | {"video_note": take.file_id})
            self.tx.post("sendMessage", alone)
        else:
            origin = {"from_chat_id": take.learner_id, "message_id": take.message_id}
            self.tx.post("copyMessage", words | origin | {"caption": text}, instead=alone)

    def _in_words(self, take: Take, text: str) -> str:
        if take.deleted_at is not None:
            return self.texts("take-deleted")
        quoted = self.texts("quoted", text=shortened(take.text or "", QUOTED_CHARACTERS))
        return f"{text}\n{quoted}"

    def picture(self, path: Path, words: str, buttons: Keyboard) -> None:
        """Send a picture with these words under it; the words alone, if Telegram refuses it."""
        parameters: dict[str, Any] = {
            "chat_id": self.chat_id,
            "parse_mode": "HTML",
            "disable_notification": True,
            "reply_markup": buttons,
        }
        self.tx.post(
            "sendPhoto",
            parameters | {"caption": words, "file_name": "progress.png"},
            attachment=str(path),
            instead=parameters | {"text": words},
        )

    def edit(
        self, text: str, buttons: Keyboard = NO_BUTTONS, *, message_id: int | None = None
    ) -> None:
        """Change the message whose button was pressed (or another of the bot's)."""
        target = message_id or (self.message.message_id if self.message else None)
        if target is None:
            self.say(text, buttons)
            return
        self.tx.post(
            "editMessageText",
            {
                "chat_id": self.chat_id,
                "message_id": target,
                "text": text,
                "parse_mode": "HTML",
                "link_preview_options": {"is_disabled": True},
                "reply_markup": buttons,
            },
        )

    def strip_pressed(self) -> None:
        """Take the buttons off the message that was pressed, if it is still there."""
        self.strip(self.message.message_id if self.message else None)

    def strip(self, message_id: int | None, buttons: Keyboard = NO_BUTTONS) -> None:
        """Take the buttons off one of the bot's messages, or put others in their place."""
        if message_id is not None:
            self.tx.post(
                "editMessageReplyMarkup",
                {"chat_id": self.chat_id, "message_id": message_id, "reply_markup": buttons},
            )

    def show(self, text: str, buttons: Keyboard) -> None:
        """Edit the pressed message, or send a new one when this turn began with a command."""
        if self.query is not None:
            self.edit(text, buttons)
        else:
            self.say(text, buttons)

    def toast(self, text: str = "") -> None:
        """Answer the press. Every press is answered once; the first answer counts."""
        if self.query is None or self._answered:
            return
        self._answered = True
        parameters: dict[str, Any] = {"callback_query_id": self.query.id}
        if text:
            parameters["text"] = text[:TOAST_LIMIT]
        self.tx.post("answerCallbackQuery", parameters)

    def react(self, message_id: int, emoji: str) -> None:
        """Put one reaction on a message of the learner."""
        self.tx.post(
            "setMessageReaction",
            {
                "chat_id": self.chat_id,
                "message_id": message_id,
                "reaction": [{"type": "emoji", "emoji": emoji}],
            },
        )

    def wall(self, moment: int) -> datetime:
        """A moment on the learner's clock."""
        zone = ZoneInfo(self.tx.learner.zone or "UTC")
        return datetime.fromtimestamp(moment / 1000, UTC).astimezone(zone)

    def time(self, moment: int) -> str:
        """A moment as HH:MM on the learner's clock."""
        return self.wall(moment).strftime("%H:%M")

    def day(self, ordinal: int) -> str:
        """A local day in words."""
        return self.texts.long_date(date.fromordinal(ordinal))

    def day_and_time(self, moment: int) -> str:
        """A moment in words: the time today, else the date."""
        wall = self.wall(moment)
        if wall.date() == self.wall(self.tx.now).date():
            return self.time(moment)
        return f"{self.texts.long_date(wall.date())}, {self.time(moment)}"

    def phone_time(self) -> Html:
        """This moment as the learner's own phone shows it, by Telegram's date entity."""
        unix = self.tx.now // 1000
        return Html(f'<tg-time unix="{unix}" format="t">{self.time(self.tx.now)}</tg-time>')
