"""Counts for whoever runs the bot; nothing that anybody said."""

from bot.practice import Transaction
from bot.store import drills, inbox, learners, outbox


async def counts(tx: Transaction) -> dict[str, int]:
    """Learners, drills, answers, ratings, and what waits or failed, by name."""
    database = tx.database
    found: dict[str, int] = {}
    for rows in (
        await learners.counts(database),
        await drills.counts(database),
        await inbox.counts(database),
        await outbox.counts(database),
    ):
        found.update({key: rows[key] or 0 for key in rows.keys()})  # noqa: SIM118  a row is no dict
    return found


async def unsent(tx: Transaction) -> tuple[int, bool]:
    """How many messages wait to be sent to the learner, and whether a notice is among them."""
    return await outbox.unsent(tx.database, tx.learner.learner_id)
