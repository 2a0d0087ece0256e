"""The child that draws: a picture comes out, or nothing; never an error, a hang or a leftover."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.charts.chart import encode
from bot.charts.studio import CHILD, HOME, MOST_PNG_BYTES, PNG_BEGINS, Studio
from tests.charts import examples

CHART = encode(examples.begun())


def stand_in(code: str) -> tuple[str, ...]:
    """A child that does this."""
    return (sys.executable, "-c", f"import os, sys, time\n{code}")


async def drawn(folder: Path, code: str, patience_seconds: float = 60) -> bytes | None:
    """What a studio with such a child gives."""
    return await Studio(folder, stand_in(code), patience_seconds).drawn(CHART)


@pytest.mark.parametrize(
    "code",
    [
        "sys.exit(1)",
        "raise RuntimeError",
        "os.kill(os.getpid(), 9)",
        "os.close(0); os.close(1)",
        "sys.stdin.read()",
        "print('no picture')",
        f"sys.stdout.buffer.write({PNG_BEGINS!r})",
        f"os.write(1, {PNG_BEGINS!r} + b'IEND' + bytes([174, 66, 96, 130])); sys.exit(1)",
        f"sys.stdout.buffer.write(bytes({MOST_PNG_BYTES + 1})); sys.stdout.flush(); time.sleep(600)",
    ],
)
async def test_no_picture(tmp_path: Path, code: str) -> None:
    """A child that fails, dies, says nothing, half a picture, something else or too much: no picture."""
    assert await drawn(tmp_path, code) is None


async def test_a_child_that_hangs(tmp_path: Path) -> None:
    """A child that hangs is killed, and nothing of it is left."""
    place = tmp_path / "number"
    code = f"open({str(place)!r}, 'w').write(str(os.getpid())); sys.stdin.read(); time.sleep(600)"
    assert await drawn(tmp_path, code, patience_seconds=2) is None
    number = int(place.read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


async def test_no_program(tmp_path: Path) -> None:
    """Without a program to start there is no picture, and no error either."""
    assert await Studio(tmp_path, (str(tmp_path / "missing"),)).drawn(CHART) is None


async def test_one_at_a_time(tmp_path: Path) -> None:
    """However many pictures are wanted, one child is there at a time."""
    code = (
        f"place = {str(tmp_path / 'there')!r}\n"
        "os.close(os.open(place, os.O_CREAT | os.O_EXCL)); time.sleep(0.1); os.unlink(place)\n"
        f"os.write(1, {PNG_BEGINS!r} + b'IEND' + bytes([174, 66, 96, 130]))"
    )
    studio = Studio(tmp_path / "fonts", stand_in(code))
    assert all(await asyncio.gather(*(studio.drawn(CHART) for _ in range(4))))


async def test_it_is_told_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child's environment has no token, nor anything else that is not needed to draw."""
    monkeypatch.setenv("SPRUNG_TOKEN", "42:secret")
    place = tmp_path / "environment"
    await drawn(tmp_path, f"open({str(place)!r}, 'w').write(' '.join(os.environ))")
    told = set(place.read_text().split()) - {"LC_CTYPE"}  # Python's own
    assert told == {
        "MPLCONFIGDIR",
        "OPENBLAS_NUM_THREADS",
        "PYTHONUTF8",
        "PYTHONDONTWRITEBYTECODE",
    }


async def test_letters_are_looked_up_once(tmp_path: Path) -> None:
    """What the first child finds out of the letters, in the folder given, the second does not again."""
    studio = Studio(tmp_path / "new" / "fonts")
    first = await studio.drawn(CHART)
    [cache] = (tmp_path / "new" / "fonts").glob("fontlist-*.json")
    made = cache.stat().st_mtime_ns
    assert await studio.drawn(CHART) == first is not None
    assert cache.stat().st_mtime_ns == made


@pytest.mark.parametrize("raw", [b"", b"{}", b"nonsense", b'{"kind": "progress", "days": NaN}'])
def test_hostile_input(raw: bytes) -> None:
    """What is no chart ends the child with 2 and without a word, before it has loaded what draws."""
    done = subprocess.run(CHILD, input=raw, capture_output=True, cwd=HOME, env={}, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"")


def test_its_bounds() -> None:
    """The child bounds its own time, memory and files."""
    code = (
        "import resource, signal\nfrom bot.charts.__main__ import limit\nlimit()\n"
        "print(resource.getrlimit(resource.RLIMIT_CPU), resource.getrlimit(resource.RLIMIT_AS))\n"
        "print(signal.alarm(0) > 0)\n"
        "try: bytes(2**30)\n"
        "except MemoryError: print('refused')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=HOME, check=True
    )
    assert done.stdout.split("\n")[:3] == [
        "(20, 20) (1073741824, 1073741824)",
        "True",
        "refused",
    ]


def test_the_serving_process_does_not_draw() -> None:
    """Whatever serves learners can be imported without loading what only the child needs."""
    code = (
        "import sys\nimport bot.app, bot.cli, bot.checkup, bot.charts.studio\n"
        "print(sorted({'matplotlib', 'numpy', 'PIL'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=HOME, check=True
    )
    assert done.stdout.strip() == "[]"
