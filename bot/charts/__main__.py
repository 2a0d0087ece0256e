"""The child that draws: a chart as JSON comes in, a PNG goes out. It knows nothing else.

It exits with 2 if what came in is no chart, and says nothing at all: its words could be a learner's.
"""

import resource
import signal
import sys

from bot.charts.chart import MOST_BYTES, Undrawable, decode

CPU_SECONDS = 20
WALL_SECONDS = 60
MEMORY_BYTES = 1024**3
FILE_BYTES = 8 * 1024**2
OPEN_FILES = 64


def limit() -> None:
    """Bound what drawing may take, whatever comes in and whether or not anybody still waits for it."""
    signal.alarm(WALL_SECONDS)
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def main() -> int:
    """Draw what stands on the standard input."""
    limit()
    try:
        chart = decode(sys.stdin.buffer.read(MOST_BYTES + 1))
    except Undrawable:
        return 2
    from bot.charts.drawing.draw import png  # only now: it takes a second

    sys.stdout.buffer.write(png(chart))
    return 0


if __name__ == "__main__":
    sys.exit(main())
