"""Questions and sets for the rules: ones that an editor has nothing against, and changes to them."""

from dataclasses import replace
from typing import Any

from bot.drill.question import FollowUps, Question, QuestionSet, ToneRisk, Trap

GOOD = Question(
    id="payroll-on-the-printer",
    set_id="office",
    ask="The payroll file lies on the shared printer, and two colleagues are reading it. Go on.",
    rephrased=(
        "Help me picture your walk to that machine. What do you say first?",
        "Salaries on paper, eyes on salaries. Who hears of it?",
        "A month later someone quotes a wage to you. What had you done that morning?",
    ),
    kind="situational",
    competency=("privacy", "upset"),
    why_asked="They want to see whether you stop a leak without making a scene.",
    tone_risk=ToneRisk(slip="impatient", sounds_like="Can you two find something else to do?"),
    traps=(
        Trap(slip="Telling the two off aloud", remedy="Take the pages first, speak in private"),
        Trap(slip="Hoping nobody noticed", remedy="Tell the owner of the file within the hour"),
    ),
    shape=(
        "the payroll pages in your hand, face down",
        "one plain line to the two colleagues",
        "the owner of the file told, with the time",
        "the printer set to wait for a badge",
    ),
    follow_ups=FollowUps(
        neutral=("Whom would you tell?", "What stays in writing?"),
        pressing=("One of them took a picture. What now?", "Whose fault was it?"),
    ),
    good_signs=("Calm with the two", "Tells the owner"),
    seconds=60,
    levels=(1, 2, 3, 4, 5),
    scene="file-on-printer",
    sources=("NOS CFABAA121",),
)

COMPETENCIES = ("frontdesk", "proof", "data", "records", "diary", "money", "team", "rules")
SCENES = (
    "A courier leans on the locked gate.|Whom do you ring, gate or courier?|Gate: open?|He thanks you. When?",
    "The mayor has mislaid her oath.|Which oath would calm her?|Mayor waits. Move.|What did the town hear?",
    "Two ledgers differ by ninepence.|Show me both ledgers.|Ninepence. Why?|An auditor smiled. At what?",
    "Water drips on the archive shelves.|Where would the boxes go?|Wet archive!|Old boxes survived. How?",
    "Double-booked: violinist and dentist, one slot.|Suggest another slot.|Dentist out?|Who plays later?",
    "The petty cash is forty pounds short.|Count along with me.|Forty, missing?|Later the tin balances. How?",
    "Your deputy took credit for your roster.|Has sharing credit hurt?|Whose roster?|She apologises. Then?",
    "The licence expires on Thursday.|Which drawer has it?|Expired or valid?|An inspector knocks on Friday.",
)


def good(**changes: Any) -> Question:
    """A good question, with changes."""
    return replace(GOOD, **changes)


def a_set(set_id: str = "office", **changes: Any) -> QuestionSet:
    """A good set of eight questions in British English, each on something of its own."""
    questions = tuple(_numbered(set_id, number) for number in range(len(SCENES)))
    fields: dict[str, Any] = {
        "id": set_id,
        "title": "The office",
        "about": "Scenes from an office that has everything.",
        "locale": "en-GB",
        "licence": "CC-BY-4.0",
        "version": 1,
        "questions": questions,
    }
    return QuestionSet(**(fields | changes))


def _numbered(set_id: str, number: int) -> Question:
    ask, *rephrased = SCENES[number].split("|")
    return good(
        id=f"{set_id}-{number}",
        set_id=set_id,
        ask=ask,
        rephrased=tuple(rephrased),
        competency=(COMPETENCIES[number],),
        shape=(ask, rephrased[0], "the note in the log"),
        scene=f"{set_id}-scene-{number}",
    )
