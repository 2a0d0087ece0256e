"""One learner at a desk: verbs of practice on a real database, one transaction each."""

import random
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.banks.library import Library, library_of
from bot.drill.dice import Dice
from bot.drill.question import Question
from bot.drill.standing import Standing
from bot.drill.tone import Mode, Tone
from bot.practice import answer, ask, rate
from bot.practice.answer import Answered, Material
from bot.practice.ask import Asked
from bot.practice.rate import Rated
from bot.store import drills, learners, standings
from bot.store.database import Database
from bot.store.drills import Drill
from bot.store.learners import Learner
from bot.store.tables import TakeKind
from bot.store.transaction import Transaction
from tests.chat.banks import bank, question
from tests.store.cabinet import ANN, DAY, HOUR, MINUTE, NOW, keep, learner, opened

SET = "small-set"


def library(*ids: str, **questions: Question) -> Library:
    """A library of one set; by keyword questions with something special about them."""
    made = [question(one, SET) for one in ids]
    return library_of([bank(SET, *made, *questions.values())])


@dataclass
class Desk:
    """A learner in London who practises one set, at a moment that only moves when it is told to."""

    database: Database
    library: Library = field(default_factory=lambda: library("why-leaving", "bad-boss", "gap-year"))
    dice: Dice = field(default_factory=lambda: random.Random(5))
    now: int = NOW
    learner_id: int = ANN
    messages: int = 0

    async def enrol(self, **fields: Any) -> None:
        """Come in, practising the small set."""
        known = {"active_set": SET, "zone": "Europe/London", **fields}
        await keep(self.database, learner(self.learner_id, **known))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Transaction]:
        """One transaction, on disk when the block ends."""
        tx = await Transaction.begin(self.database, self.learner_id, self.now)
        yield tx
        await tx.commit()

    async def learner(self) -> Learner:
        """The learner as stored."""
        found = await learners.find(self.database, self.learner_id)
        assert found is not None
        return found

    async def drill(self, drill_no: int | None = None) -> Drill:
        """A drill as stored; the latest if no number is given."""
        known = self.database, self.learner_id
        found = await (drills.find(*known, drill_no) if drill_no else drills.latest(*known))
        assert found is not None
        return found

    async def standing(self, question_id: str) -> Standing:
        """What is stored of one question."""
        return (await standings.find(self.database, self.learner_id, question_id))[0]

    async def ask(
        self, mode: Mode = Mode.SELF, question_id: str | None = "why-leaving", **more: Any
    ) -> Asked:
        """Ask one question now."""
        async with self.turn() as tx:
            asked = await ask.ask(
                tx, self.library, self.dice, mode, question_id=question_id, **more
            )
        assert asked is not None
        return asked

    async def answer(
        self, text: str = "I outgrew it.", reply_to: int | None = None, *, aloud: bool = False
    ) -> Answered:
        """Answer now, in writing or by voice."""
        self.messages += 1
        async with self.turn() as tx:
            material = Material(
                kind=TakeKind.VOICE if aloud else TakeKind.TEXT,
                message_id=self.messages,
                sent_at=self.now,
                text=None if aloud else text,
                file_id=f"voice-{self.messages}" if aloud else None,
            )
            answered = await answer.answer(tx, material, reply_to, self.dice)
        assert answered is not None
        return answered

    async def rate(self, tone: int, drill_no: int | None = None) -> Rated | None:
        """Rate a drill, the latest if no number is given."""
        drill = await self.drill(drill_no)
        async with self.turn() as tx:
            return await rate.rate(tx, self.library, drill, Tone(tone))

    async def undo(self, drill_no: int | None = None) -> Drill | None:
        """Take the latest rating back."""
        async with self.turn() as tx:
            return await rate.undo(tx, drill_no)

    async def practise(
        self,
        tone: int,
        question_id: str = "why-leaving",
        mode: Mode = Mode.SURPRISE,
        *,
        aloud: bool = False,
    ) -> Rated:
        """A whole drill of one question, and then a day passes."""
        await self.ask(mode, question_id)
        self.later(MINUTE)
        await self.answer(aloud=aloud)
        rated = await self.rate(tone)
        assert rated is not None
        self.later(DAY - MINUTE)
        return rated

    def later(self, ms: int = HOUR) -> None:
        """Time passes."""
        self.now += ms


async def enrolled(practise: Callable[[Desk], Awaitable[None]]) -> None:
    """Let somebody practise on a database of their own."""
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Path(folder)) as database:
            desk = Desk(database)
            await desk.enrol()
            await practise(desk)
