"""Who writes faster than Telegram lets the bot answer: all is kept, and that is said once."""

from bot.chat.turn import Turn
from bot.practice import Role, tally

MOST_UNSENT = 20
"""Replies that may wait for one learner; Telegram takes about one a second in a chat."""


async def hush(turn: Turn) -> bool:
    """Whether so many replies wait that this turn makes no more. The first time the learner is told."""
    messages, told = await tally.unsent(turn.tx)
    if messages < MOST_UNSENT and not told:
        return False
    if not told:
        turn.say(turn.texts("flood"), role=Role.NOTICE)
    turn.tx.hush()
    return True
