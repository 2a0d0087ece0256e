"""The picture of /progress: badges, takes by question, the calendar, cold answers, calibration."""

from matplotlib.axes import Axes

from bot.charts.chart import Bar, Dot, Level, Panel, Progress, Words
from bot.charts.drawing.sheet import BODY, HEADING, SMALL, TINY, TITLE, WIDTH, Palette, Sheet

EDGE = 44
INNER = WIDTH - 2 * EDGE
COLUMNS = 3
GAP = 34
PANEL_WIDTH = (INNER - (COLUMNS - 1) * GAP) / COLUMNS
PANEL_HEIGHT = 254
PLOT_HEIGHT = 96
HEAD, TAKES_HEAD, CALENDAR = 272, 168, 456
"""Heights of the parts of the sheet; the calendar has what is beside it."""

CELL, STEP = 34, 41
HEAT_FROM = (0, 1, 2, 4, 7)
"""From how many answers a day has each of the five colours."""

SHAPES = {"sprung": "o", "late": "^", "asked": "o", "mock": "D"}
HOLLOW = ("asked",)
SCALE = (0.7, 5.3)


def drawn(chart: Progress) -> Sheet:
    """The sheet, as high as what is on it."""
    rows = -(-len(chart.panels) // COLUMNS)
    takes = TAKES_HEAD + rows * PANEL_HEIGHT if rows else 0
    levels = 90 + 48 * len(chart.levels) if chart.levels else 0
    sheet = Sheet(HEAD + takes + CALENDAR + levels, dark=chart.dark)
    _head(sheet, chart)
    if rows:
        _takes(sheet, chart, HEAD)
    _calendar(sheet, chart, HEAD + takes)
    _beside(sheet, chart, HEAD + takes)
    if chart.levels:
        _levels(sheet, chart, HEAD + takes + CALENDAR)
    return sheet


def _head(sheet: Sheet, chart: Progress) -> None:
    palette = sheet.palette
    title = sheet.fitted(chart.title, TITLE, INNER, 1, bold=True)
    sheet.text((EDGE, 60), "".join(title), TITLE, bold=True)
    _bar(sheet, chart.badges, (EDGE, 102), INNER, palette.good)
    sheet.text((EDGE, 166), chart.badges.note, BODY, bold=True)
    for row, line in enumerate(sheet.fitted(chart.forecast, SMALL, INNER, 2)):
        sheet.text((EDGE, 210 + 36 * row), line, SMALL, colour=palette.faint)


def _bar(sheet: Sheet, bar: Bar, at: tuple[float, float], width: float, colour: str) -> None:
    sheet.box(at, (width, 28), sheet.palette.heat[0])
    sheet.box(at, (width * bar.share, 28), colour)


def _takes(sheet: Sheet, chart: Progress, y: float) -> None:
    faint = sheet.palette.faint
    sheet.text((EDGE, y + 24), chart.words.takes, HEADING, bold=True)
    sheet.text((WIDTH - EDGE, y + 24), chart.span, SMALL, colour=faint, align="right")
    _legend(sheet, chart.words, y + 76)
    tones = " · ".join(f"{tone} {name}" for tone, name in enumerate(chart.words.tones, start=1))
    sheet.text((EDGE, y + 118), tones, SMALL, colour=faint)
    for index, panel in enumerate(chart.panels):
        row, column = divmod(index, COLUMNS)
        at = EDGE + column * (PANEL_WIDTH + GAP), y + TAKES_HEAD + row * PANEL_HEIGHT
        _panel(sheet, panel, at)


def _legend(sheet: Sheet, words: Words, y: float) -> None:
    axes = sheet.axes((EDGE, y - 20), (INNER, 40))
    axes.set_xlim(0, INNER)
    axes.set_ylim(0, 1)
    x = 14.0
    for mark, name in zip(SHAPES, words.marks, strict=True):
        if not name:
            continue
        _dots(axes, [(x, 0.5)], mark, sheet.palette)
        sheet.text((EDGE + x + 20, y), name, SMALL, colour=sheet.palette.faint)
        x += 60 + sheet.width(name, SMALL)


def _dots(axes: Axes, places: list[tuple[float, float]], mark: str, palette: Palette) -> None:
    colour = palette.second if mark in ("late", "mock") else palette.main
    axes.scatter(
        [x for x, _ in places],
        [y for _, y in places],
        s=110,
        marker=SHAPES[mark],
        facecolor=palette.paper if mark in HOLLOW else colour,
        edgecolor=colour,
        linewidth=2.5,
        clip_on=False,
        zorder=3,
    )


def _panel(sheet: Sheet, panel: Panel, at: tuple[float, float]) -> None:
    palette, left, top = sheet.palette, at[0] + 38, at[1] + 80
    for row, line in enumerate(sheet.fitted(panel.title, SMALL, PANEL_WIDTH, 2)):
        sheet.text((at[0], at[1] + 16 + 35 * row), line, SMALL)
    axes = sheet.axes((left, top), (PANEL_WIDTH - 52, PLOT_HEIGHT))
    axes.set_xlim(0, 1)
    axes.set_ylim(*SCALE)
    axes.axhspan(3.5, SCALE[1], color=palette.zone, linewidth=0, zorder=0)
    for tone in (1, 3, 5):
        axes.axhline(tone, color=palette.grid, linewidth=1, zorder=1)
        y = top + PLOT_HEIGHT * (SCALE[1] - tone) / (SCALE[1] - SCALE[0])
        sheet.text((left - 18, y), str(tone), TINY, colour=palette.faint, align="right")
    _line(axes, panel.dots, palette)
    _standing(sheet, panel, (at[0], at[1] + 208))


def _line(axes: Axes, dots: tuple[Dot, ...], palette: Palette) -> None:
    places = [(dot.at, float(dot.tone)) for dot in dots]
    axes.plot([x for x, _ in places], [y for _, y in places], color=palette.main, linewidth=2.5)
    for mark in SHAPES:
        some = [place for place, dot in zip(places, dots, strict=True) if dot.mark == mark]
        if some:
            _dots(axes, some, mark, palette)


def _standing(sheet: Sheet, panel: Panel, at: tuple[float, float]) -> None:
    """Six squares that fill up, or the badge; and the same in words."""
    palette = sheet.palette
    if panel.badge:
        axes = sheet.axes((at[0], at[1] - 16), (32, 32))
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.scatter([0.5], [0.5], s=420, marker="*", color=palette.good, clip_on=False)
        sheet.text((at[0] + 42, at[1]), panel.note, SMALL, colour=palette.good, bold=True)
        return
    for point in range(6):
        colour = palette.main if point < panel.points else palette.grid
        sheet.box((at[0] + point * 22, at[1] - 9), (17, 18), colour)
    sheet.text((at[0] + 146, at[1]), panel.note, SMALL, colour=palette.faint)


def _calendar(sheet: Sheet, chart: Progress, y: float) -> None:
    palette, left, top = sheet.palette, EDGE + 70, y + 96
    sheet.text((EDGE, y + 24), chart.words.calendar, HEADING, bold=True)
    for week, month in enumerate(chart.months):
        sheet.text((left + week * STEP, y + 76), month, TINY, colour=palette.faint)
    for weekday in (0, 2, 4, 6):
        at = EDGE, top + weekday * STEP + CELL / 2
        sheet.text(at, chart.words.weekdays[weekday], TINY, colour=palette.faint)
    for day, answers in enumerate(chart.days):
        week, weekday = divmod(day, 7)
        if answers >= 0:
            at = left + week * STEP, top + weekday * STEP
            sheet.box(at, (CELL, CELL), palette.heat[_heat(answers)])
    _scale(sheet, chart.words, EDGE + 70, top + 7 * STEP + 16)


def _scale(sheet: Sheet, words: Words, x: float, y: float) -> None:
    """What the colours of the calendar mean."""
    sheet.text((x, y), words.less, TINY, colour=sheet.palette.faint)
    x += sheet.width(words.less, TINY) + 12
    for step, colour in enumerate(sheet.palette.heat):
        sheet.box((x + step * 30, y - 12), (24, 24), colour)
    sheet.text((x + 158, y), words.more, TINY, colour=sheet.palette.faint)


def _heat(answers: int) -> int:
    return max(step for step, least in enumerate(HEAT_FROM) if answers >= least)


def _beside(sheet: Sheet, chart: Progress, y: float) -> None:
    """What the calendar comes to, in words, and how surprises were answered."""
    x = EDGE + 70 + 12 * STEP + 30
    y, width = y + 24, WIDTH - EDGE - x
    for index, words in enumerate(chart.practice):
        for line in sheet.fitted(words, SMALL, width, 2):
            sheet.text((x, y), line, SMALL, bold=index == 0)
            y += 38
    for bar in chart.bars:
        sheet.text((x, y + 26), bar.title, BODY, bold=True)
        _bar(sheet, bar, (x, y + 52), width, sheet.palette.main)
        y += 102
        for line in sheet.fitted(bar.note, SMALL, width, 2):
            sheet.text((x, y), line, SMALL, colour=sheet.palette.faint)
            y += 38


def _levels(sheet: Sheet, chart: Progress, y: float) -> None:
    """Where the learner, the learner later and the coach put the same takes, on one scale each."""
    sheet.text((EDGE, y + 24), chart.words.levels, BODY, bold=True)
    for index, level in enumerate(chart.levels):
        _level(sheet, level, y + 72 + 48 * index)


def _level(sheet: Sheet, level: Level, y: float) -> None:
    palette, left, width = sheet.palette, EDGE + 330, INNER - 330 - 90
    sheet.text((EDGE, y), level.name, SMALL)
    sheet.box((left, y - 2), (width, 4), palette.grid)
    axes = sheet.axes((left, y - 16), (width, 32))
    axes.set_xlim(1, 5)
    axes.set_ylim(0, 1)
    for tone in range(1, 6):
        axes.scatter([tone], [0.5], s=40, color=palette.grid, clip_on=False, zorder=2)
    axes.scatter([level.tone], [0.5], s=300, color=palette.main, clip_on=False, zorder=3)
    sheet.text((WIDTH - EDGE, y), f"{level.tone:.1f}", SMALL, bold=True, align="right")
