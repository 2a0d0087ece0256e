"""The systemd unit keeps the bot in as small a cage as it can live in."""

import ctypes
import platform
import re
import shutil
import struct
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.charts.chart import encode
from bot.charts.studio import CHILD, HOME, PNG_BEGINS
from tests.charts import examples

UNIT = Path(__file__).parents[2] / "deploy" / "sprung.service"
WORST = 2.0

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None,
    reason="systemd-analyze is not installed (Debian: apt install systemd)",
)


def exposure(unit: Path) -> float:
    """What `systemd-analyze security` makes of a unit: 0 is a cage, 10 no protection at all."""
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"Overall exposure level for .*: ([0-9.]+)", told)
    assert found, told
    return float(found[1])


@needs_systemd
def test_the_unit_is_hardened() -> None:
    """Its exposure is at most 2.0."""
    assert exposure(UNIT) <= WORST


@needs_systemd
@pytest.mark.parametrize("left_out", ["CapabilityBoundingSet", "SystemCall", "Protect"])
def test_a_hole_shows(tmp_path: Path, left_out: str) -> None:
    """Without a part of its protection the unit is told to be worse."""
    lines = UNIT.read_text().splitlines(keepends=True)
    weaker = tmp_path / UNIT.name
    weaker.write_text("".join(line for line in lines if not line.startswith(left_out)))
    assert exposure(weaker) > exposure(UNIT)


RESOURCES = {
    "ioprio_set": 251,
    "mbind": 237,
    "migrate_pages": 256,
    "move_pages": 279,
    "sched_setaffinity": 203,
    "sched_setattr": 314,
    "sched_setparam": 142,
    "sched_setscheduler": 144,
    "set_mempolicy": 238,
    "setpriority": 141,
    "setrlimit": 160,
}
"""What systemd calls @resources, by the numbers of x86-64: a process that calls one is killed."""

NO_NEW_PRIVILEGES, SECCOMP, NO_WRITE_AND_EXECUTE = 38, 22, 65


def enter_cage(forbidden: Iterable[int]) -> None:
    """Let this process die of these system calls; and no memory may be written and executed."""

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    numbers = list(forbidden)
    code = struct.pack("HBBI", 0x20, 0, 0, 0)  # look at the number of the call
    for left, number in zip(range(len(numbers), 0, -1), numbers, strict=True):
        code += struct.pack("HBBI", 0x15, left, 0, number)  # go to the end if it is this one
    code += struct.pack("HBBI", 6, 0, 0, 0x7FFF0000) + struct.pack("HBBI", 6, 0, 0, 0x80000000)
    kept = ctypes.create_string_buffer(code)
    program = Program(len(code) // 8, ctypes.cast(kept, ctypes.c_void_p))
    prctl = ctypes.CDLL(None).prctl
    prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    prctl(NO_WRITE_AND_EXECUTE, 1, 0, 0, 0)
    assert prctl(SECCOMP, 2, ctypes.byref(program), 0, 0) == 0


@pytest.mark.skipif(platform.machine() != "x86_64", reason="system calls have other numbers here")
def test_the_child_that_draws_can_live_in_it(tmp_path: Path) -> None:
    """A picture is drawn where the unit's system calls are all there are; without mbind it is not."""
    assert "SystemCallFilter=~@privileged @resources\n" in UNIT.read_text()
    allowed_again = re.findall(r"(?m)^SystemCallFilter=(\w+)$", UNIT.read_text())
    assert allowed_again == ["mbind"]
    pictures = []
    for allowed in (allowed_again, []):
        forbidden = [number for name, number in RESOURCES.items() if name not in allowed]
        done = subprocess.run(
            CHILD,
            input=encode(examples.begun()),
            stdout=subprocess.PIPE,
            cwd=HOME,
            env={"MPLCONFIGDIR": str(tmp_path), "OPENBLAS_NUM_THREADS": "1"},
            preexec_fn=lambda forbidden=forbidden: enter_cage(forbidden),  # type: ignore[misc]
            check=False,
        )
        pictures.append(done.stdout[:8])
    assert pictures == [PNG_BEGINS, b""]


def test_the_token_is_not_in_the_unit() -> None:
    """Secrets come from a file that only root reads; memory is not dumped; the folder is private."""
    unit = UNIT.read_text()
    assert "EnvironmentFile=/etc/sprung/environment" in unit
    assert "SPRUNG_TOKEN=" not in re.sub(r"(?m)^#.*$", "", unit)
    for line in ("LimitCORE=0", "StateDirectoryMode=0700", "UMask=0077", "DynamicUser=yes"):
        assert line in unit
