"""What was rated and heard of one question, told anew without one of it: how undo knows what was before."""

from bot.drill.standing import Listen, Rating, Standing, replayed
from bot.practice import Transaction
from bot.store import listens, ratings, standings


async def without(tx: Transaction, question_id: str, number: int) -> tuple[Standing, float]:
    """The standing as if the rating or the listen of this number had never been, and its prior.

    Both are numbered in one row, so their order is known whatever the clock did meanwhile. A listen
    to a take whose rating is gone, or came later, has nothing to hold up.
    """
    learner_id = tx.learner.learner_id
    standing, prior = await standings.find(tx.database, learner_id, question_id)
    rows = await ratings.of_question(tx.database, learner_id, question_id)
    kept = {row.take_no: row for row in rows if row.rating_no != number}
    taps: dict[int, Rating | Listen] = {row.rating_no: row.rating() for row in kept.values()}
    for heard in await listens.of_learner(tx.database, learner_id):
        first = kept.get(heard.take_no)
        if heard.counts and first and heard.rated_no and heard.rated_no != number:
            taps[heard.rated_no] = heard.listen(first.rated_at)
    return replayed(standing, [taps[each] for each in sorted(taps)], prior), prior
