"""What one update or one alarm does to one learner: reads now, writes at the end, all or nothing."""

from dataclasses import replace
from typing import Any

from bot.store import deeds, errands, learners, outbox, pictures
from bot.store.database import Database, Write
from bot.store.deeds import Deed
from bot.store.errands import Errand
from bot.store.learners import Learner
from bot.store.pictures import PictureWish
from bot.store.tables import DeedKind, ErrandKind, PictureKind, Priority, Role


class Transaction:
    """Collects the writes of one verb for one learner; nothing is written before `commit`.

    `learner` is the learner as this transaction will leave it. Reads see the state before the
    transaction: a verb never reads its own writes. Every commit rests on the learner's version, so of
    two transactions that started from the same state one succeeds and the other raises `Conflict`.
    Somebody never met is stored by the first `change` that makes a difference, or by `keep`.
    """

    def __init__(self, database: Database, learner: Learner, *, new: bool, now: int) -> None:
        self.database = database
        self.learner = learner
        self.now = now
        self._before = None if new else learner
        self._kept = not new
        self._writes: list[Write] = []
        self.forgotten = False
        self.published: str | None = None
        """The id of the set of which another version runs once this is on disk."""
        self.erased = False
        """Whether this drops what shall be gone from the disk at once."""
        self.wants_picture = False
        """Whether there is a picture to be drawn once this is on disk."""
        self._hushed = False
        self._errand_due: int | None = None

    @classmethod
    async def begin(cls, database: Database, learner_id: int, now: int) -> "Transaction":
        """Start for this learner, who is made if never met before."""
        found = await learners.find(database, learner_id)
        if found is not None:
            return cls(database, found, new=False, now=now)
        # What was said to them before still has its numbers in the outbox.
        last = await outbox.last_number(database, learner_id)
        person = Learner(learner_id=learner_id, joined_at=now, sequence=last)
        return cls(database, person, new=True, now=now)

    @property
    def due(self) -> int | None:
        """The earliest moment that this transaction may have brought: a drill, its end, an errand."""
        drill = self.learner.next_drill_at
        if self.learner.open_drill is not None:
            drill = self.now + self.learner.expiry_minutes * 60_000
        return min((at for at in (drill, self._errand_due) if at is not None), default=None)

    @property
    def is_new(self) -> bool:
        """Whether the learner is not stored yet."""
        return self._before is None

    def change(self, **fields: Any) -> None:
        """Change fields of the learner."""
        before, self.learner = self.learner, replace(self.learner, **fields)
        self._kept |= self.learner != before

    def keep(self) -> None:
        """Store the learner even if nothing is known but that they are here."""
        self._kept = True

    def speaks(self, language: str) -> None:
        """Tell the language of somebody never met; that alone is no reason to store them."""
        self.learner = replace(self.learner, language=language)

    def number(self) -> int:
        """The next number in this learner's sequence: of a drill, take, rating or message."""
        self.learner = replace(self.learner, sequence=self.learner.sequence + 1)
        return self.learner.sequence

    def write(self, *writes: Write) -> None:
        """Add writes to the list."""
        self._writes.extend(writes)

    def post(
        self,
        method: str,
        parameters: dict[str, Any],
        *,
        priority: Priority = Priority.REPLY,
        drill_no: int | None = None,
        role: Role = Role.NONE,
        attachment: str | None = None,
        instead: dict[str, Any] | None = None,
        other_id: int | None = None,
    ) -> None:
        """Put one Bot API call into the outbox; it is sent after this transaction is on disk.

        `instead`: the message to send if Telegram refuses this call. `other_id`: whose words or
        recording it brings, if those of somebody else: they can take it back until it is sent.
        """
        if self._hushed:
            return
        self.write(
            outbox.posted(
                outbox.Message(
                    learner_id=self.learner.learner_id,
                    message_no=self.number(),
                    method=method,
                    payload=outbox.payload(parameters, instead),
                    created_at=self.now,
                    priority=priority,
                    drill_no=drill_no,
                    role=role,
                    attachment=attachment,
                    other_id=other_id,
                )
            )
        )

    def errand(
        self, kind: ErrandKind, due_at: int, about: str = "", *, to: int | None = None
    ) -> None:
        """Leave something to be done at a moment, in a transaction of its own.

        `to`: for another learner; nothing else of one learner's reaches another's chat.
        """
        learner_id = self.learner.learner_id
        self._errand_due = min(due_at, self._errand_due or due_at)
        self.write(
            errands.given(
                Errand(
                    learner_id=learner_id if to is None else to,
                    from_id=learner_id,
                    errand_no=self.number(),
                    kind=kind,
                    due_at=due_at,
                    about=about,
                )
            )
        )

    def did(self, kind: DeedKind, about: str) -> None:
        """Remember something that the learner may take back; what was done last has the highest number."""
        learner_id, number = self.learner.learner_id, self.number()
        self.write(
            deeds.done(
                Deed(
                    learner_id=learner_id,
                    deed_no=number,
                    kind=kind,
                    about=about,
                    done_at=self.now,
                )
            )
        )

    def want_picture(self, kind: PictureKind, about: str = "") -> None:
        """Ask for a picture, which is drawn and sent later; one of this kind that waits gives way."""
        self.wants_picture = True
        learner_id = self.learner.learner_id
        wish = PictureWish(learner_id=learner_id, kind=kind, wanted_at=self.now, about=about)
        self.write(pictures.wished(wish))

    def hush(self) -> None:
        """Say nothing more in this transaction; what is changed counts all the same."""
        self._hushed = True

    def forget(self, *writes: Write) -> None:
        """Replace everything collected by the erasure of the learner."""
        self._writes = list(writes)
        self.forgotten = True

    async def commit(self, *more: Write) -> None:
        """Put everything on disk in one transaction. Raises `Conflict` or `StorageError`."""
        await self.database.commit([*self._learner(), *self._writes, *more])

    def _learner(self) -> list[Write]:
        if self.forgotten or not self._kept:
            return []
        return [learners.saved(self._before, self.learner)]
