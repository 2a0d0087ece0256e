"""The picture at the end of a mock interview: a bar for each answer."""

from bot.charts.chart import Interview, Level
from bot.charts.drawing.sheet import BODY, SMALL, TITLE, WIDTH, Sheet

EDGE = 44
INNER = WIDTH - 2 * EDGE
ROW = 130


def drawn(chart: Interview) -> Sheet:
    """The sheet, as high as what is on it."""
    sheet = Sheet(190 + ROW * len(chart.turns), dark=chart.dark)
    sheet.text((EDGE, 66), chart.title, TITLE, bold=True)
    sheet.text((EDGE, 126), chart.summary, BODY, colour=sheet.palette.faint)
    for index, turn in enumerate(chart.turns):
        _turn(sheet, turn, chart.tones, 176 + ROW * index)
    return sheet


def _turn(sheet: Sheet, turn: Level, tones: tuple[str, ...], y: float) -> None:
    palette, tone = sheet.palette, round(turn.tone)
    line = "".join(sheet.fitted(turn.name, SMALL, INNER, 1))
    sheet.text((EDGE, y + 20), line, SMALL)
    colour = palette.good if tone >= 4 else palette.second
    for step in range(5):
        at = EDGE + step * 132, y + 48
        sheet.box(at, (124, 34), colour if step < tone else palette.heat[0])
    name = tones[tone - 1] if tone else "–"
    sheet.text((EDGE + 5 * 132 + 14, y + 65), name, BODY, bold=True)
