"""The door of the chat: an update, a due drill or trouble comes in, a filled transaction goes out."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from telegram import Bot, Update

from bot.banks.library import Library
from bot.chat import drills, mock_pictures, mocks, pictures, routes, uploads
from bot.chat.callbacks import parse
from bot.chat.errands import ERRANDS
from bot.chat.pictures import Sketch
from bot.chat.turn import House, Turn
from bot.practice import (
    DrillState,
    ErrandKind,
    PictureKind,
    PictureWish,
    Transaction,
    amend,
    ask,
    errand,
    look,
    own,
)

NEWS = {
    ("disk", True): "owner-disk-bad",
    ("disk", False): "owner-disk-good",
    ("clock", True): "owner-clock-bad",
    ("clock", False): "owner-clock-good",
    ("backup", True): "owner-backup-bad",
}

MOST_ESCAPED = 2_400
"""How long a value of a text may be as HTML: the catalogue takes 2,500 characters, a message 4,096."""


class Conversation:
    """Turns updates into what is changed and said. `bot` gives updates their context; it sends nothing."""

    def __init__(self, house: House, bot: Bot) -> None:
        self._house = house
        self._bot = bot

    async def handle(self, tx: Transaction, raw: Mapping[str, Any]) -> None:
        """Fill the transaction with all that one update does."""
        update = Update.de_json(dict(raw), self._bot)
        if tx.is_new and update.effective_user and update.effective_user.language_code:
            tx.speaks(update.effective_user.language_code)
        query = update.callback_query
        press = parse(query.data) if query else None
        await routes.take(Turn(self._house, tx, update, press, await self._shelf(tx)))

    async def _shelf(self, tx: Transaction) -> Library:
        """The question banks as this learner sees them."""
        house = self._house
        return await own.shelf(tx, house.library(), house.texts.plain("own-set"))

    async def died(self, tx: Transaction, raw: Mapping[str, Any], _: Exception) -> None:
        """Tell the learner plainly that something of theirs could not be handled."""
        turn = Turn(self._house, tx)
        query = raw.get("callback_query")
        if isinstance(query, dict) and isinstance(query.get("id"), str):
            tx.post("answerCallbackQuery", {"callback_query_id": query["id"]})
        turn.say(turn.texts("trouble"), drills.next_steps(turn))

    async def spring(self, tx: Transaction) -> bool:
        """Ask what is due for this learner; False: nothing was asked."""
        shelf = await self._shelf(tx)
        asked = await ask.spring(tx, shelf, self._house.dice)
        if asked is not None:
            drills.card(Turn(self._house, tx), asked, sprung=True)
        elif not ask.pool(tx, shelf):
            drills.nothing_to_ask(Turn(self._house, tx))
        return asked is not None

    async def expire(self, tx: Transaction, drill_no: int) -> None:
        """Close a drill whose time is over; nothing happens if it was answered meanwhile."""
        drill = await ask.find(tx, drill_no)
        if drill is not None and drill.state == DrillState.OPEN:
            turn = Turn(self._house, tx, shelf=await self._shelf(tx))
            if not await mocks.lapse(turn, drill):
                await drills.expire(turn, drill)

    async def errand(self, tx: Transaction, key: tuple[int, int, int]) -> None:
        """Do what was left to be done for this learner; nothing happens if that is over."""
        found = await errand.take_up(tx, key)
        if found is not None:
            turn = Turn(self._house, tx, shelf=await self._shelf(tx))
            await ERRANDS[ErrandKind(found.kind)](turn, found)

    async def sketch(self, tx: Transaction, wish: PictureWish) -> Sketch | None:
        """What stands in a picture of this learner; None: there is nothing to be seen yet."""
        turn = Turn(self._house, tx, shelf=await self._shelf(tx))
        if wish.kind == PictureKind.MOCK:
            return await mock_pictures.sketch(turn, wish.about)
        return await pictures.sketch(turn)

    async def picture(
        self, tx: Transaction, wish: PictureWish, sketch: Sketch | None, picture: Path | None
    ) -> bool:
        """End a wish with its picture, or without one if there is none; whether it is sent."""
        if not await look.settle(tx, wish) or sketch is None or picture is None:
            return False
        Turn(self._house, tx).picture(picture, sketch.caption, sketch.buttons)
        return True

    def banks_bad(self, tx: Transaction, problems: str) -> None:
        """Tell an owner that an edited bank has errors."""
        turn = Turn(self._house, tx)
        turn.say(turn.texts("owner-banks-bad", problems=_cut(problems)))

    def banks_good(self, tx: Transaction, sets: int, questions: int) -> None:
        """Tell an owner that an edit is live."""
        turn = Turn(self._house, tx)
        turn.say(turn.texts("owner-banks-good", sets=sets, questions=questions))

    async def upload_arrived(self, tx: Transaction, upload_no: int, raw: bytes) -> None:
        """An owner's document is here: show what it would do."""
        await uploads.arrived(Turn(self._house, tx), upload_no, raw)

    async def upload_missed(self, tx: Transaction, upload_no: int, why: str) -> None:
        """An owner's document cannot be had: `why` is too-large, gone or trouble."""
        await uploads.missed(Turn(self._house, tx), upload_no, why)

    def published(self, tx: Transaction, set_id: str) -> None:
        """Tell an owner that another one has put a set live or taken it back."""
        turn = Turn(self._house, tx)
        title = drills.set_title(turn, set_id)
        turn.say(turn.texts("owner-published", title=title))

    async def set_right(self, tx: Transaction) -> None:
        """Take back what a clock that was ahead has planned for this learner."""
        await amend.set_right(tx, self._house.dice)

    def news(self, tx: Transaction, part: str, trouble: str) -> None:
        """Tell an owner what is wrong with a part of the house, or, with no trouble, that it is over."""
        turn = Turn(self._house, tx)
        turn.say(turn.texts(NEWS[part, bool(trouble)], reason=trouble))

    def set_aside(self, tx: Transaction, update: int, error: str) -> None:
        """Tell an owner that an update was set aside."""
        turn = Turn(self._house, tx)
        turn.say(turn.texts("trouble-owner", update=str(update), error=error))


def _cut(problems: str) -> str:
    """As many whole lines as a message takes, each of them cut to what fits even if all is escaped."""
    kept = ""
    for line in problems.split("\n"):
        longer = f"{kept}{line[: MOST_ESCAPED // 5]}\n"
        if len(escape(longer)) > MOST_ESCAPED:
            return f"{kept}…"
        kept = longer
    return kept.rstrip()
