"""Charts of somebody who has practised for a while, of somebody who has just begun, of an interview."""

from dataclasses import replace
from random import Random

from bot.charts.chart import Bar, Dot, Interview, Level, Mark, Panel, Progress, Words

QUESTIONS = (
    "Why are you leaving your present position after only eleven months?",
    "Tell me about a time you had to handle a difficult executive.",
    "What would your last manager say about you?",
    "Why is there a gap in your CV?",
    "How do you handle confidential information when colleagues ask?",
    "Describe a conflict with a colleague.",
    "What is your greatest weakness?",
    "Two executives want you at once. What do you do?",
    "Isn’t this job below your level?",
    "Your salary was $48,000; why ask for $60,000?",
    "Donaudampfschifffahrtsgesellschaftskapitänsassistenz?",
    "Do you have any questions for us?",
)
MARKS: tuple[Mark, ...] = ("sprung", "sprung", "late", "asked", "mock")
TONES = ("Bitter", "Edgy", "Flat", "Professional", "Smooth")


def words() -> Words:
    """The words around the figures."""
    return Words(
        takes="How each take sounded",
        tones=TONES,
        marks=("sprung", "late", "asked for", "interview"),
        calendar="Answers, day by day",
        weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        less="none",
        more="many",
        levels="The same takes, rated by",
    )


def panel(index: int, dice: Random) -> Panel:
    """One question, the first with its badge; later ones are farther from it."""
    points = (6, 5, 4, 3, 2, 2)[index] if index < 6 else 0
    dots = tuple(
        Dot(at, min(5, 1 + int(4.2 * at + 1.5 * dice.random())), dice.choice(MARKS))
        for at in sorted(dice.random() for _ in range(1 + index % 7 * 2))
    )
    note = "Badge" if index == 0 else f"{points} of 6"
    return Panel(QUESTIONS[index], dots, points, index == 0, note)


def practised(*, dark: bool = False) -> Progress:
    """As much as a picture holds."""
    dice = Random(3)
    return Progress(
        dark=dark,
        title="Executive assistant",
        badges=Bar("Badges", 0.25, "5 of 20 badges"),
        forecast="At 3 a day, about 15 to 26 more days bring 16 of 20 badges.",
        panels=tuple(panel(index, dice) for index in range(12)),
        span="3 September – 23 November",
        days=tuple(dice.choice((0, 0, 1, 2, 3, 5, 9)) if day < 78 else -1 for day in range(84)),
        months=("Sep", "", "", "", "Oct", "", "", "", "", "Nov", "", ""),
        practice=("9 weeks running", "112 answers on 41 days"),
        bars=(
            Bar("Answered cold", 0.78, "39 of 50 surprises answered in time"),
            Bar("Time to answer", 0.1, "Usually 4 min after the question"),
        ),
        levels=(Level("You, at once", 3.8), Level("You, a day later", 3.4), Level("Coach", 3.1)),
        words=words(),
    )


def begun(*, dark: bool = False) -> Progress:
    """One answer, and nothing to foretell."""
    one = Panel(QUESTIONS[5], (Dot(1, 3, "asked"),), 0, False, "0 of 6")
    return replace(
        practised(dark=dark),
        badges=Bar("Badges", 0, "0 of 20 badges"),
        forecast="",
        panels=(one,),
        days=(0,) * 77 + (1,) + (-1,) * 6,
        practice=("1 week running", "1 answer on 1 day"),
        bars=(),
        levels=(),
    )


def interview(*, dark: bool = False) -> Interview:
    """Five turns, one of them not rated."""
    turns = tuple(
        Level(question, tone) for question, tone in zip(QUESTIONS, (4, 2, 5, 0, 3), strict=False)
    )
    return Interview(
        dark=dark,
        title="Interview",
        summary="5 questions, 11 minutes. Mean tone 3.5",
        turns=turns,
        tones=TONES,
    )
