"""Looking back: pictures that are asked for, and the colours they come in."""

from dataclasses import replace

from bot.practice import Looks, PictureWish, Transaction
from bot.store import looks, pictures


async def of_learner(tx: Transaction) -> Looks:
    """How the learner looks back."""
    return await looks.of_learner(tx.database, tx.learner.learner_id)


async def colour(tx: Transaction, *, dark: bool) -> None:
    """Pictures are dark from now on, or light."""
    tx.write(looks.put(replace(await of_learner(tx), dark=int(dark))))


async def settle(tx: Transaction, wish: PictureWish) -> bool:
    """End a wish for a picture; False: it is over already, or another has taken its place."""
    if await pictures.find(tx.database, wish.learner_id, wish.kind) != wish:
        return False
    tx.write(pictures.settled(wish))
    return tx.learner.left_at is None
