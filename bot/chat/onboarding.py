"""First run: three taps to the first question (Start, a set, a clock), then the optional triage."""

from bot.chat import drills, levels, preferences, zones
from bot.chat.callbacks import short
from bot.chat.keyboards import Keyboard, button, grid, keyboard
from bot.chat.pages import paged
from bot.chat.turn import Turn
from bot.drill.question import Question
from bot.drill.tone import Mode, Tone
from bot.practice import enrol, plan
from bot.practice.ask import ask, pool

CITY = "city"
"""What the chat waits for when a typed city is wanted."""


async def start(turn: Turn) -> None:
    """/start: the first screen, or a welcome back. An invitation may come with it."""
    if not admitted(turn) and not await _let_in(turn, token(turn)):
        return
    turn.tx.keep()
    if turn.tx.learner.enrolled_at is None and not turn.library.sets:
        turn.say(turn.texts("no-banks"))
        return
    if turn.tx.learner.enrolled_at is None:
        turn.show(turn.texts("welcome"), _sets(turn))
        return
    paused = (turn.tx.learner.paused_until or 0) > turn.tx.now
    turn.say(
        turn.texts("welcome-back", next=turn.texts("next-paused" if paused else "next-planned")),
        drills.next_steps(turn),
    )


async def _let_in(turn: Turn, invitation: str) -> bool:
    """Let somebody in by an invitation; otherwise say why not."""
    guesses, who, now = turn.house.guesses, turn.tx.learner.learner_id, turn.tx.now
    if not invitation:
        turn.say(turn.texts("invite-needed"))
    elif guesses.too_many(who, now):
        turn.say(turn.texts("invite-wait"))
    elif await enrol.admit(turn.tx, invitation):
        return True
    else:
        guesses.wrong(who, now)
        turn.say(turn.texts("invite-bad"))
    return False


def admitted(turn: Turn) -> bool:
    """Whether this person may practise here."""
    return not turn.house.invite_only or bool(turn.tx.learner.admitted) or turn.is_owner


def token(turn: Turn) -> str:
    """What came with /start; empty: nothing."""
    text = (turn.message.text or "") if turn.message else ""
    return text.partition(" ")[2].strip()


def _sets(turn: Turn, number: int = 0) -> Keyboard:
    library = turn.library
    shown, turning = paged(turn, list(library.sets.values()), number, "first-sets")
    rows = [
        [
            button(
                turn.texts.plain(
                    "set-button", title=bank.title, count=len(library.active(bank.id))
                ),
                "first",
                short(bank.id),
            )
        ]
        for bank in shown
    ]
    return keyboard(*rows, turning)


async def first_sets(turn: Turn) -> None:
    """Another page of the sets on the first screen."""
    turn.toast()
    number = turn.press.number(0) if turn.press else None
    turn.edit(turn.texts("welcome"), _sets(turn, number or 0))


async def first_set(turn: Turn) -> None:
    """A set was chosen on the first screen; ask for the clock."""
    set_id = drills.pressed_set(turn)
    if set_id is None:
        turn.toast(turn.texts.plain("card-closed"))
        turn.edit(turn.texts("welcome"), _sets(turn))
        return
    turn.toast()
    if turn.tx.learner.enrolled_at is None:
        await begin_with(turn, set_id)
        return
    await enrol.choose_set(turn.tx, set_id, turn.dice)
    switched = turn.texts("set-switched", set=drills.set_title(turn, set_id))
    turn.edit(switched, drills.next_steps(turn))


async def begin_with(turn: Turn, set_id: str) -> None:
    """Somebody new begins with this set; ask for their clock."""
    await enrol.choose_set(turn.tx, set_id, turn.dice)
    turn.tx.change(awaiting=CITY)
    turn.edit(turn.texts("ask-clock", set=drills.set_title(turn, set_id)), _likely_clocks(turn))


def _likely_clocks(turn: Turn) -> Keyboard:
    language = turn.tx.learner.language
    times = [button(time, "zone", zone) for time, zone in zones.likely(language, turn.tx.now)]
    return keyboard(*grid(times, 3), [button(turn.texts.plain("clock-other"), "clocks")])


async def all_clocks(turn: Turn) -> None:
    """Every time that some clock shows now; or a typed city."""
    turn.toast()
    turn.tx.change(awaiting=CITY)
    times = [
        button(time, "cities", time.replace(":", "")) for time, _ in zones.every_time(turn.tx.now)
    ]
    back = [button(turn.texts.plain("back"), "set-zone")] if turn.tx.learner.enrolled_at else []
    turn.edit(turn.texts("clock-all"), keyboard(*grid(times, 4), back))


async def cities(turn: Turn) -> None:
    """Places whose clocks show the time that was tapped."""
    turn.toast()
    digits = turn.press.text(0) if turn.press else ""
    time = f"{digits[:2]}:{digits[2:]}"
    found = zones.cities_at(time, turn.tx.now)
    if not found:
        # The minute has passed since the clocks were shown.
        await all_clocks(turn)
        return
    buttons = [button(zones.city(zone), "zone", zone) for zone in found]
    turn.edit(
        turn.texts("clock-cities", time=time),
        keyboard(*grid(buttons, 2), [button(turn.texts.plain("clock-other"), "clocks")]),
    )


async def zone_pressed(turn: Turn) -> None:
    """A clock or a city was tapped."""
    zone = turn.press.text(0) if turn.press else ""
    if not zones.known(zone) or turn.tx.learner.active_set is None:
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    await _zone(turn, zone)


async def zone_typed(turn: Turn, text: str) -> bool:
    """A city was typed; False: there is none of that name."""
    zone = zones.find(text)
    if zone is not None:
        await _zone(turn, zone)
    return zone is not None


def zone_unknown(turn: Turn, text: str) -> None:
    """What was typed is no city that is known here."""
    turn.say(
        turn.texts("clock-unknown", text=text[:40]),
        keyboard([button(turn.texts.plain("clock-other"), "clocks")]),
    )


async def _zone(turn: Turn, zone: str) -> None:
    if not await enrol.set_zone(turn.tx, zone, turn.dice):
        await preferences.zone(turn)
        return
    opens, closes = (await plan.open_hours(turn.tx)).days[0]
    turn.show(
        turn.texts(
            "enrolled",
            time=turn.time(turn.tx.now),
            zone=zones.city(zone),
            pace=turn.tx.learner.pace,
            opens=f"{opens // 60}:00",
            closes=f"{closes // 60}:00",
        ),
        keyboard([button(turn.texts.plain("change-zone"), "clocks")]),
    )
    # The author's first question opens a set best; from the next one on it is one of the weakest.
    opening = next((q.id for q in pool(turn.tx, turn.library)), None)
    asked = await ask(turn.tx, turn.library, turn.dice, Mode.SELF, question_id=opening)
    if asked:
        drills.card(turn, asked)


def offer_triage(turn: Turn) -> None:
    """After the first rating: sort the sore ones out, if the learner likes."""
    turn.say(*_triage_offer(turn))


def _triage_offer(turn: Turn) -> tuple[str, Keyboard]:
    return (
        turn.texts("enrolled-triage", count=enrol.TRIAGE_QUESTIONS),
        keyboard(
            [
                button(turn.texts.plain("triage-start"), "triage", style="primary"),
                button(turn.texts.plain("triage-later"), "triage-no"),
            ],
            [button(levels.label(turn), "level-first")],
        ),
    )


async def first_level(turn: Turn) -> None:
    """The level, asked for or chosen on the card that offers the triage; then back to that card."""
    turn.toast()
    if levels.pressed(turn):
        turn.edit(*_triage_offer(turn))
    else:
        turn.edit(turn.texts("level-title"), levels.choices(turn, "level-first"))


async def triage(turn: Turn) -> None:
    """Begin the triage, or go on with it."""
    turn.toast()
    turn.tx.change(triaged=0, triage_question=None)
    _triage_card(turn, await enrol.begin_triage(turn.tx, turn.library))


async def triage_dismissed(turn: Turn) -> None:
    """No triage."""
    turn.toast()
    turn.edit(turn.texts("triage-dismissed"), drills.next_steps(turn))


async def feeling(turn: Turn) -> None:
    """One triage tap."""
    number = turn.press.number(0) if turn.press else None
    tone = turn.press.number(1) if turn.press else None
    if (
        number is None
        or tone is None
        or tone not in range(1, 6)
        or turn.tx.learner.triage_question is None
    ):
        turn.toast(turn.texts.plain("card-closed"))
        return
    turn.toast()
    _triage_card(turn, await enrol.triage(turn.tx, turn.library, number, Tone(tone)))


def _triage_card(turn: Turn, question: Question | None) -> None:
    if question is None:
        turn.edit(turn.texts("triage-done"), drills.next_steps(turn))
        return
    done = turn.tx.learner.triaged
    feelings = [
        button(turn.texts.plain(f"feel-{tone.value}"), "feel", done, tone.value) for tone in Tone
    ]
    turn.edit(
        turn.texts(
            "triage-question", number=done + 1, of=enrol.TRIAGE_QUESTIONS, question=question.ask
        ),
        keyboard(*grid(feelings, 2), [button(turn.texts.plain("triage-later"), "triage-no")]),
    )
