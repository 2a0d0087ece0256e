"""What happens to a learner without a word of theirs: a drill falls due, one is over, news for the owners."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import structlog

from bot.banks.library import Library
from bot.banks.problem import Problem
from bot.chat.conversation import Conversation
from bot.chat.pictures import Sketch
from bot.clock import Clock
from bot.practice import amend, errand, leave
from bot.store.database import Conflict, Database
from bot.store.pictures import PictureWish
from bot.store.transaction import Transaction
from bot.telemetry.metrics import LATENESS

RACES = 20
PROBLEMS_TOLD = 12
AT_ONCE = 100
"""Learners set right side by side: they share one fsync."""

log = structlog.get_logger(__name__)

Verb = Callable[[Transaction], Awaitable[None]]
Committed = Callable[[Transaction], Awaitable[None]]


class Occasions:
    """Each occasion is one transaction for one learner. `committed` is told once it is on disk."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        conversation: Conversation,
        owners: frozenset[int],
        *,
        committed: Committed,
    ) -> None:
        self._database = database
        self._clock = clock
        self._conversation = conversation
        self._owners = owners
        self._committed = committed

    async def change(self, learner_id: int, verb: Verb) -> None:
        """Run one verb for one learner in a transaction of its own, again when a race was lost.

        Nothing happens for somebody who is not known, or not any more. Raises `Conflict` in the end.
        """
        for race in count(1):
            tx = await Transaction.begin(self._database, learner_id, self._clock.now())
            if tx.is_new:
                return
            await verb(tx)
            try:
                await tx.commit()
            except Conflict:
                if race == RACES:
                    raise
            else:
                await self._committed(tx)
                return

    async def spring(self, learner_id: int) -> None:
        """A learner's drill is due."""
        late: list[int] = []

        async def verb(tx: Transaction) -> None:
            planned = tx.learner.next_drill_at
            asked = await self._conversation.spring(tx)
            late[:] = [tx.now - planned] if asked and planned is not None else []

        await self.change(learner_id, verb)
        for ms in late:
            LATENESS.observe(ms / 1000)

    async def expire(self, learner_id: int, drill_no: int) -> None:
        """An open drill's time is over."""
        await self.change(learner_id, lambda tx: self._conversation.expire(tx, drill_no))

    async def errand(self, key: tuple[int, int, int]) -> None:
        """Something that was left to be done for a learner is due."""
        tx = await Transaction.begin(self._database, key[0], self._clock.now())
        if tx.is_new:  # erased, or never met: nobody is there to do it for
            await self._database.commit(await errand.dropped(self._database, key))
        else:
            await self.change(key[0], lambda tx: self._conversation.errand(tx, key))

    async def sketch(self, wish: PictureWish) -> Sketch | None:
        """What stands in a picture that a learner waits for; nothing is changed."""
        tx = await Transaction.begin(self._database, wish.learner_id, self._clock.now())
        return None if tx.is_new else await self._conversation.sketch(tx, wish)

    async def picture(self, wish: PictureWish, sketch: Sketch | None, picture: Path | None) -> bool:
        """A picture is drawn, or cannot be; whether it is sent."""
        sent = False

        async def verb(tx: Transaction) -> None:
            nonlocal sent
            sent = await self._conversation.picture(tx, wish, sketch, picture)

        await self.change(wish.learner_id, verb)
        return sent

    async def blocked(self, learner_id: int) -> None:
        """Telegram says that a learner does not want the bot any more."""

        async def verb(tx: Transaction) -> None:
            leave.gone(tx)

        await self.change(learner_id, verb)

    async def died(self, tx: Transaction, raw: Any, error: Exception) -> None:
        """An update failed three times: its learner is told in the transaction that sets it aside."""
        await self._conversation.died(tx, raw, error)
        update = raw["update_id"]
        await self.tell_owners(
            lambda owner: self._conversation.set_aside(owner, update, type(error).__name__),
            apart_from=tx.learner.learner_id,
        )

    async def upload_arrived(self, owner: int, upload_no: int, raw: bytes) -> None:
        """A question set that an owner sent is here."""
        await self.change(owner, lambda tx: self._conversation.upload_arrived(tx, upload_no, raw))

    async def upload_missed(self, owner: int, upload_no: int, why: str) -> None:
        """A question set that an owner sent cannot be had."""
        await self.change(owner, lambda tx: self._conversation.upload_missed(tx, upload_no, why))

    async def published(self, set_id: str, owner: int) -> None:
        """An owner has put a set live, or taken it back: the others hear of it."""
        await self.tell_owners(
            lambda tx: self._conversation.published(tx, set_id), apart_from=owner
        )

    async def banks_changed(self, library: Library) -> None:
        """Edited banks are live."""
        sets, questions = len(library.sets), len(library.questions)
        log.info("question banks reloaded", sets=sets, questions=questions)
        await self.tell_owners(lambda tx: self._conversation.banks_good(tx, sets, questions))

    async def banks_refused(self, problems: Sequence[Problem]) -> None:
        """Edited banks have errors, and those before them go on."""
        for problem in problems:
            log.error("question bank", problem=str(problem))
        told = "\n".join(str(problem) for problem in problems[:PROBLEMS_TOLD])
        await self.tell_owners(lambda tx: self._conversation.banks_bad(tx, told))

    async def news(self, part: str, trouble: str) -> None:
        """Something in the house is wrong, or with no trouble is right again: the owners are told."""
        await self.tell_owners(lambda tx: self._conversation.news(tx, part, trouble))

    async def clock_set_right(self, back: bool) -> None:
        """The clock is right: what it planned while it was ahead is drawn anew; all, if it went back."""
        now = self._clock.now()
        await self._database.commit(amend.let_go(now))
        strayed = await amend.strayed(self._database, now, all_plans=back)
        for first in range(0, len(strayed), AT_ONCE):
            some = strayed[first : first + AT_ONCE]
            await asyncio.gather(
                *(self.change(each, self._conversation.set_right) for each in some)
            )

    async def tell_owners(
        self, say: Callable[[Transaction], None], *, apart_from: int | None = None
    ) -> None:
        """Tell every owner who uses this bot; one who never pressed Start cannot be written to."""

        async def verb(tx: Transaction) -> None:
            say(tx)

        for owner in self._owners - {apart_from}:
            await self.change(owner, verb)
