"""One question as learners meet it: said by the chat's own code, to a terminal or to the sandbox's phone."""

import asyncio
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot.banks import layout
from bot.banks.library import Library, library_of
from bot.chat import drills
from bot.chat.conversation import Conversation
from bot.chat.texts import Texts
from bot.chat.turn import House, Turn
from bot.drill.question import Question
from bot.drill.tone import Mode, Tone
from bot.practice import ask
from bot.store.database import Database
from bot.store.erasures import Erasures
from bot.store.media import MediaFolder
from bot.store.opening import bring_up_to_date
from bot.store.transaction import Transaction
from bot.wire.api import BotApi
from bot.wire.transport import AiohttpRequest

LEARNER = 1
NOON = 1_767_268_800_000
"""The first of January 2026, 12:00 UTC: a preview is the same every time."""

MINUTE_MS = 60_000
CARD, TAKE, RATING = 1, 2, 3
"""The numbers of the messages: the question, the answer, the card that asks for the rating."""

_STYLES = {
    "b": "bold",
    "i": "italic",
    "tg-spoiler": "reverse",
    "blockquote": "dim italic",
    "pre": "",
}
Said = list[tuple[str, dict[str, Any]]]


def on_the_phone(place: Path, question_id: str) -> None:
    """Start the sandbox with a set that holds this question alone, until Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="sprung-preview-") as folder:
        banks = Path(folder) / "banks"
        banks.mkdir()
        text = layout.alone(place.read_bytes(), question_id)
        (banks / "preview.yaml").write_text(text, encoding="utf-8")
        typer.echo("Press START and choose “Preview”: it has this question alone.")
        given = {
            "SPRUNG_BANKS": str(banks),
            "SPRUNG_DATA": folder,
            "SPRUNG_DATABASE_URL": f"sqlite:///{folder}/preview.db",
        }
        try:
            command = [sys.executable, "-m", "bot", "sandbox", "--port", "0"]
            subprocess.run(command, env={**os.environ, **given}, check=False)  # noqa: S603
        except KeyboardInterrupt:
            typer.echo("The preview is over.")


def in_the_terminal(library: Library, question: Question) -> None:
    """Print everything that is said about a question, with the buttons under it."""
    console, shown = Console(), replace(question, retired=False)
    alone = library_of([replace(library.sets[question.set_id], questions=(shown,))])
    for title, parameters in asyncio.run(_scenes(alone, shown)):
        console.print(Panel(_shown(parameters), title=title, title_align="left", width=78))


async def _scenes(library: Library, question: Question) -> Said:
    with tempfile.TemporaryDirectory(prefix="sprung-preview-") as folder:
        path = Path(folder) / "preview.db"
        bring_up_to_date(path)
        async with Database(path) as database:
            stage = _Stage(database, library, Path(folder))
            scenes = [("A surprise", await stage.sprung(question))]
            scenes.append(("Hint", await stage.pressed(CARD, f"v1:hint:{stage.drill}")))
            scenes.append(("Not now", await stage.pressed(CARD, f"v1:later:{stage.drill}")))
            scenes.append(("An answer", await stage.answered()))
            for tone in Tone:
                rated = await stage.pressed(RATING, f"v1:rate:{stage.drill}:{tone.value}")
                scenes.append((f"Rated {tone.value}", rated))
                await stage.pressed(RATING, f"v1:undo:{stage.drill}")
            return scenes


class _Overheard(Transaction):
    """A transaction whose calls to Telegram can be looked at."""

    said: Said

    def post(self, method: str, parameters: dict[str, Any], **more: Any) -> None:
        """Put a call into the outbox, and keep it here."""
        self.said = [*getattr(self, "said", []), (method, parameters)]
        super().post(method, parameters, **more)


class _Stage:
    """A learner whom nobody else knows, on a database of their own, with a chat that sends nothing."""

    def __init__(self, database: Database, library: Library, folder: Path) -> None:
        self._database = database
        self._house = House(
            texts=Texts(),
            library=lambda: library,
            dice=random.Random(1),
            media=MediaFolder(folder / "media"),
            exports=folder,
            erasures=Erasures(folder / "erasures", lambda: ""),
            owners=frozenset(),
            invite_only=False,
            username=lambda: "",
            secret=lambda: "",
        )
        api = BotApi("1:preview", "http://127.0.0.1:9", AiohttpRequest())
        self._conversation = Conversation(self._house, api.bot)
        self._minute = 0
        self.drill = 0

    async def _begin(self) -> _Overheard:
        self._minute += 1
        begun = await _Overheard.begin(self._database, LEARNER, NOON + self._minute * MINUTE_MS)
        assert isinstance(begun, _Overheard)
        return begun

    async def sprung(self, question: Question) -> dict[str, Any]:
        """The card of a surprise."""
        tx = await self._begin()
        tx.change(active_set=question.set_id, zone="UTC", enrolled_at=tx.now, expiry_minutes=1_440)
        asked = await ask.ask(
            tx, self._house.library(), self._house.dice, Mode.SURPRISE, question_id=question.id
        )
        if asked is None:
            raise LookupError(question.id)
        drills.card(Turn(self._house, tx), asked, sprung=True)
        self.drill = asked.drill.drill_no
        await tx.commit()
        return _said(tx, "sendMessage")

    async def answered(self) -> dict[str, Any]:
        """What is said to an answer."""
        message = self._message(TAKE) | {"text": "This is how I would put it."}
        return await self._heard({"message": message}, "sendMessage")

    async def pressed(self, message: int, data: str) -> dict[str, Any]:
        """What becomes of a message by a press of its button."""
        person = {"id": LEARNER, "is_bot": False, "first_name": "A"}
        query = {"id": "1", "from": person, "chat_instance": "1", "data": data}
        update = {"callback_query": query | {"message": self._message(message) | {"text": "…"}}}
        return await self._heard(update, "editMessageText")

    def _message(self, number: int) -> dict[str, Any]:
        return {
            "message_id": number,
            "date": NOON // 1_000 + (self._minute + 1) * 60,
            "chat": {"id": LEARNER, "type": "private", "first_name": "A"},
            "from": {"id": LEARNER, "is_bot": False, "first_name": "A"},
        }

    async def _heard(self, update: dict[str, Any], method: str) -> dict[str, Any]:
        tx = await self._begin()
        await self._conversation.handle(tx, {"update_id": self._minute, **update})
        await tx.commit()
        return _said(tx, method)


def _said(tx: _Overheard, method: str) -> dict[str, Any]:
    return next(parameters for name, parameters in tx.said if name == method)


def _shown(parameters: dict[str, Any]) -> Text:
    """A message with its buttons."""
    page = _Page()
    page.feed(parameters["text"])
    page.close()
    for row in parameters.get("reply_markup", {}).get("inline_keyboard", []):
        page.text.append("\n")
        for one in row:
            page.text.append(f"[ {one['text']} ]", style="cyan").append(" ")
    return page.text


class _Page(HTMLParser):
    """Telegram's HTML in a terminal's styles."""

    def __init__(self) -> None:
        super().__init__()
        self.text = Text()
        self._open: list[str] = []

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        """A style begins."""
        self._open.append(_STYLES.get(tag, ""))

    def handle_endtag(self, _tag: str) -> None:
        """The last style ends."""
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Words in the styles that are open."""
        self.text.append(data, style=" ".join(filter(None, self._open)))
