"""/undo: the last thing is taken back, whatever it was, and it is said what that was."""

from bot.chat import drills, listening, ratings, take_card
from bot.chat.keyboards import button, keyboard
from bot.chat.turn import Turn
from bot.practice import Drill, ListenRow, OwnQuestion, Take, browse, undo
from bot.practice.ask import Asked
from bot.practice.undo import Over, Switched


async def typed(turn: Turn) -> None:
    """/undo itself."""
    undone = await undo.last(turn.tx, turn.library, turn.dice)
    match undone:
        case Drill():
            ratings.taken_back(turn, undone)
        case ListenRow():
            await listening.taken_back(turn, undone)
        case Asked():
            _reopened(turn, undone)
        case _:
            await _say(turn, undone)


async def _say(turn: Turn, undone: Switched | Take | OwnQuestion | Over | None) -> None:
    """What else came back, or why nothing did, with a next step."""
    match undone:
        case Switched(set_id):
            name = drills.set_title(turn, set_id)
            turn.say(turn.texts("undone-set", set=name), drills.next_steps(turn))
        case Take():
            await _take(turn, undone)
        case OwnQuestion():
            card = button(turn.texts.plain("own-button"), "mine")
            turn.say(turn.texts("undone-removal", question=undone.ask), keyboard([card]))
        case Over(kind):
            turn.say(turn.texts(f"over-{kind.value}"), drills.next_steps(turn))
        case None:
            turn.say(turn.texts("nothing-done"), drills.next_steps(turn))


def _reopened(turn: Turn, asked: Asked) -> None:
    turn.strip(asked.drill.message_id)
    turn.say(turn.texts("undone-skip", time=turn.time(asked.drill.expires_at)))
    drills.card(turn, asked)


async def _take(turn: Turn, take: Take) -> None:
    one = await browse.find(turn.tx, take.take_no)
    words = take_card.question(turn, one) if one else ""
    turn.say(
        turn.texts("undone-deletion", question=words),
        keyboard(
            [
                button(turn.texts.plain("take-see"), "take-card", take.take_no),
                button(turn.texts.plain("takes-button"), "takes"),
            ]
        ),
    )
