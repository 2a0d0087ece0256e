"""Sprung beside other Telegram bots that ask questions: what is lost, what it costs, what goes wrong.

    python -m tests.benchmarks.peers

Every figure of Sprung is measured now: the real program in its own process, a Bot API with Telegram's
manners in this one. The other columns were measured on 23 November 2026 against a strict stand-in
for Telegram and are repeated here: Kukster (Kukuster/kukinterviewer at b650273, MongoDB not
counted), Lingo (spyrae/lingo at 1081434), LearnIt (AlexIsland1/learnit-telegram-bot at bf8b798) and
a plain bot on python-telegram-bot 22.8 with PicklePersistence. A plain bot on the same library,
which keeps nothing, runs again now, so that costs can be compared on one machine.

Unit of work: one answer. The answers of (a) wait in one chat, those of (b) come from 500 people at
once; processor time is what the kernel counts for the bot's process while it drains them.
"""

import asyncio
import platform
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from tests.benchmarks.peer_cases import Cases, cases
from tests.benchmarks.peer_load import Load, Losses, losses, our_load, ptb_load

PEERS = ("Kukster", "Lingo", "LearnIt", "plain PTB 22.8")
THEN = {
    "lost": (
        "0, 0, 0, 100, 200 (mean 60)",
        "100, 0, 0, 0, 0 (mean 20)",
        "24, 44, 67, 83, 0 (mean 44)",
        "200, 200, 200, 200, 200",
    ),
    "drain": ("2.4 s", "1.3 s", "29 s", "11.6 s"),
    "twice": ("0", "0", "0", "0"),
    "cpu": ("5.0", "3.8 tap", "136 tap", "2.6 text / 4.1 tap"),
    "calls": ("1.0", "2.0", "2.0", "1.0 text / 2.0 tap"),
    "rss": ("92 → 162 MB", "172 → 212 MB", "119 → 134 MB", "42 → 44 MB"),
    "start": ("0.8 s (0.8)", "4.4 s (4.1)", "3.6 s (3.6)", "0.45 s (0.43)"),
    "429 (retry after 2) on the reply": (
        "2nd send at once, raw tags; stored",
        "silence; stored",
        "silence; stored",
        "silence; in memory",
    ),
    "502 (HTML) on the reply": (
        "2nd send, raw tags; stored",
        "silence; stored",
        "silence; stored",
        "silence; in memory",
    ),
    "duplicate update": ("stored twice", "rated twice", "rated twice", "stored twice"),
    "double tap": (
        "no buttons",
        "rated twice; one answer",
        "rated twice",
        "rated once; 400 and traceback",
    ),
    "tap after a clean restart": ("–", "works", "works", "works"),
    "tap after kill -9": ("–", "works", "works", "answer gone, nothing said"),
    "voice note as the answer": ("silence", "silence", "silence", "stored (file_id)"),
    "5,000 characters": ("silence", "silence", "silence", "stored"),
    "`<b>` in user text": ("400, visible tags", "silence", "shown literally", "fine"),
    "unknown command": ("silence", "silence", "silence", "silence"),
    "violations": ("1", "2", "2, legacy Markdown", "1"),
    "unanswered": ("0 (no buttons)", "3", "2", "0"),
    "first": ("silence; 5 typed", "5 taps", "2 taps", "2 taps"),
    "stored": ("no", "rating only", "rating only", "text + voice id + rating"),
    "data": ("questions only", "–", "–", "–"),
    "tests": ("39", "11", "0", "0"),
}


def table(lost: Losses, ours: Load, ptb: Load, tried: Cases, tests: int) -> Iterator[str]:
    """The lines of the Markdown table."""
    yield f"| measure | **Sprung, now** | plain PTB, now | {' | '.join(PEERS)} |"
    yield "|---|---|---|" + "---|" * len(PEERS)
    for measure, key, sprung, plain in _rows(lost, ours, ptb, tried, tests):
        yield f"| {measure} | **{sprung}** | {plain} | {' | '.join(THEN[key])} |"


def _rows(
    lost: Losses, ours: Load, ptb: Load, tried: Cases, tests: int
) -> Iterator[tuple[str, str, str, str]]:
    yield "(a) lost for good of 200, 5 × kill -9", "lost", _series(lost.lost), "–"
    yield "drain time without a kill", "drain", f"{lost.drain:.1f} s", "–"
    yield "stored twice after restart", "twice", _series(lost.twice), "–"
    yield "(b) CPU ms per update, backlog of 500", "cpu", _cpu(ours), _cpu(ptb)
    yield "API calls per update in (b)", "calls", _calls(ours), _calls(ptb)
    yield "RSS idle → after all updates of (b)", "rss", _rss(ours), _rss(ptb)
    yield "start to first poll (CPU s)", "start", _start(ours), _start(ptb)
    for name, told in tried.told.items():
        yield f"(c) {name}", name, told, "–"
    violations = "; ".join(tried.violations) or "none"
    yield "(d) Bot API violations, all cases", "violations", violations, "–"
    taps = f"{tried.unanswered} of {tried.taps}"
    yield "taps never answered", "unanswered", taps, "–"
    yield "(f) START → first question", "first", tried.start_taps, "–"
    yield "(g) answers stored", "stored", tried.stored, "–"
    yield "export / delete my data", "data", tried.data, "–"
    yield "tests", "tests", str(tests), "–"


def _series(counts: list[int]) -> str:
    return f"{', '.join(map(str, counts))} (mean {statistics.mean(counts):g})"


def _cpu(load: Load) -> str:
    return f"{load.text.cpu_ms:.1f} text / {load.tap.cpu_ms:.1f} tap"


def _calls(load: Load) -> str:
    return f"{load.text.calls:.1f} text / {load.tap.calls:.1f} tap"


def _rss(load: Load) -> str:
    return f"{load.idle_mb:.0f} → {load.after_mb:.0f} MB"


def _start(load: Load) -> str:
    return f"{load.start_seconds:.2f} s ({load.start_cpu:.2f})"


def collected() -> int:
    """How many tests there are."""
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    return sum("::" in line for line in listed.stdout.splitlines())


async def measured(folder: Path, seed: int) -> list[str]:
    """Run everything, one after the other, and tell what came out."""
    plain = await ptb_load(folder / "ptb")
    ours = await our_load(folder / "load")
    lost = await losses(folder / "kills", seed)
    tried = await cases(folder / "cases")
    packages = ("python-telegram-bot", "httpx", "aiohttp", "SQLAlchemy")
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    return [
        *table(lost, ours, plain, tried, collected()),
        "",
        f"Python {platform.python_version()}, {versions}. Kills: seed {seed}; kept when it was"
        f" killed: {', '.join(map(str, lost.kept))} of 200.",
    ]


def main() -> None:
    """Print the table; an argument is the seed of the kills."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else random.SystemRandom().randrange(10**6)
    with tempfile.TemporaryDirectory() as folder:
        lines = asyncio.run(measured(Path(folder), seed))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
