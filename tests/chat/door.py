"""One turn of the chat at a time, without a network: what was said is read from the transaction."""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from telegram import Bot, Update

from bot.chat import routes
from bot.chat.callbacks import Taps, parse
from bot.chat.texts import Texts
from bot.chat.turn import House, Turn
from bot.practice import MediaFolder, Transaction
from bot.store.database import Database
from bot.store.erasures import Erasures
from bot.store.learners import Learner
from tests.chat.banks import shelf
from tests.house import ANN, MONDAY_NOON, OLGA

Raw = dict[str, Any]
SPRUNG = {"id": 42, "is_bot": True, "first_name": "Sprung"}


def person(number: int) -> Raw:
    """Somebody, as Telegram names them."""
    return {"id": number, "is_bot": False, "first_name": "Somebody"}


def private(number: int) -> Raw:
    """Somebody's own chat."""
    return {"id": number, "type": "private"}


GROUP: Raw = {"id": -100, "type": "group", "title": "Office"}


def message(
    text: str | None = "Hello.", number: int = ANN, chat: Raw | None = None, **more: Any
) -> Raw:
    """A message of somebody's; one that begins with a slash has a command in it."""
    made: Raw = {
        "message_id": 7,
        "date": MONDAY_NOON // 1000,
        "from": person(number),
        "chat": chat or private(number),
    }
    if text is not None:
        made["text"] = text
        if text.startswith("/"):
            made["entities"] = [
                {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
            ]
    return {**made, **more}


def query(data: str, number: int = ANN, **more: Any) -> Raw:
    """A press of a button under the bot's message 9."""
    under = {**message("Pick one.", number), "message_id": 9, "from": SPRUNG}
    return {
        "id": "press-1",
        "from": person(number),
        "chat_instance": "1",
        "data": data,
        "message": under,
        **more,
    }


@dataclass
class Door:
    """Where updates come in; the house has one small set, and Olga owns it."""

    database: Database
    folder: Path
    invite_only: bool = False
    username: str = "sprung_bot"
    taps: Taps = field(default_factory=Taps)
    bot: Bot = field(default_factory=lambda: Bot("42:token"))

    def house(self) -> House:
        """The house."""
        return House(
            texts=Texts(),
            library=shelf,
            dice=random.Random(5),
            media=MediaFolder(self.folder),
            exports=self.folder / "exports",
            erasures=Erasures(self.folder / "erased", lambda: "salt"),
            owners=frozenset({OLGA}),
            invite_only=self.invite_only,
            username=lambda: self.username,
            secret=lambda: "secret",
            taps=self.taps,
        )

    def turn(self, content: Raw | None = None, **fields: Any) -> Turn:
        """A turn of somebody with these fields, by default Ann; `content`: of the update."""
        learner = Learner(**{"learner_id": ANN, "joined_at": MONDAY_NOON, **fields})
        tx = Transaction(self.database, learner, new=False, now=MONDAY_NOON)
        update = Update.de_json({"update_id": 3, **content}, self.bot) if content else None
        pressed = update.callback_query if update else None
        return Turn(self.house(), tx, update, parse(pressed.data) if pressed else None)

    async def taken(self, content: Raw, **fields: Any) -> Turn:
        """A turn that the routes have taken."""
        turn = self.turn(content, **fields)
        await routes.take(turn)
        return turn


def said(turn: Turn) -> list[tuple[str, Raw]]:
    """The Bot API calls that this turn made, in order: method and parameters."""
    return [
        (write.values["method"], orjson.loads(write.values["payload"]))
        for write in turn.tx._writes
        if "payload" in write.values
    ]


def methods(turn: Turn) -> list[str]:
    """The methods of those calls."""
    return [method for method, _ in said(turn)]


def toast(turn: Turn) -> str | None:
    """What the press was answered with; None: it was not answered just once."""
    texts = [p.get("text", "") for method, p in said(turn) if method == "answerCallbackQuery"]
    return texts[0] if len(texts) == 1 else None
