"""The systemd unit keeps the bot in as small a cage as it can live in."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

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


def test_the_token_is_not_in_the_unit() -> None:
    """Secrets come from a file that only root reads; memory is not dumped; the folder is private."""
    unit = UNIT.read_text()
    assert "EnvironmentFile=/etc/sprung/environment" in unit
    assert "SPRUNG_TOKEN=" not in re.sub(r"(?m)^#.*$", "", unit)
    for line in ("LimitCORE=0", "StateDirectoryMode=0700", "UMask=0077", "DynamicUser=yes"):
        assert line in unit
