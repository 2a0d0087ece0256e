"""A chart of any kind as a PNG."""

from bot.charts.chart import Chart, Interview
from bot.charts.drawing import interview, progress


def png(chart: Chart) -> bytes:
    """Draw it."""
    sheet = interview.drawn(chart) if isinstance(chart, Interview) else progress.drawn(chart)
    return sheet.png()
