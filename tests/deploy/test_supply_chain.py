"""What the program is made of is written down, and known weaknesses of it stop the build."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
AUDIT = ROOT / ".ci" / "audit.py"
SBOM = ROOT / ".ci" / "sbom.py"


def audited(answer: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Audit with a program in pip-audit's place that answers like this."""
    stand_in = f"import sys; print({answer!r}); sys.exit({code})"
    command = [sys.executable, str(AUDIT), sys.executable, "-c", stand_in]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def answer(*packages: dict[str, Any]) -> str:
    """An answer as pip-audit gives it."""
    return json.dumps({"dependencies": list(packages), "fixes": []})


GOOD = {"name": "idna", "version": "3.20", "vulns": []}
BAD = {
    "name": "left",
    "version": "1",
    "vulns": [{"id": "PYSEC-1", "fix_versions": ["2", "1.1"], "aliases": []}],
}
SKIPPED = {"name": "odd", "skip_reason": "not found"}


def test_a_finding_fails() -> None:
    """One known weakness is named with the version that mends it, and stops the build."""
    run = audited(answer(GOOD, BAD), 1)
    assert run.returncode == 1
    assert "left 1: PYSEC-1, mended in 2, 1.1" in run.stdout
    assert "2 of 2 packages checked: 1 known weaknesses." in run.stdout


def test_no_finding_passes() -> None:
    """All is well if every package was checked and nothing is known."""
    run = audited(answer(GOOD, SKIPPED))
    assert (run.returncode, run.stdout) == (0, "1 of 2 packages checked: 0 known weaknesses.\n")


@pytest.mark.parametrize("said", ["", "Traceback …", "[]", '{"error": 1}', answer(SKIPPED)])
def test_silence_is_no_finding_and_no_praise(said: str) -> None:
    """Advisories that cannot be reached stop nothing, and it is said that nothing was checked."""
    run = audited(said, 1)
    assert run.returncode == 0
    assert "NOTHING was checked" in run.stdout


def test_a_missing_program_fails() -> None:
    """Without pip-audit itself the build does not go on as if it had been asked."""
    command = [sys.executable, str(AUDIT), str(ROOT / "no-such-program")]
    assert subprocess.run(command, capture_output=True, check=False).returncode != 0


def test_the_bill_of_materials_is_the_lock() -> None:
    """Every locked package is in it, once, with its version and hashes; the same lock, the same bytes."""
    first, second = (
        subprocess.run([sys.executable, str(SBOM)], capture_output=True, text=True, check=True)
        for _ in range(2)
    )
    assert first.stdout == second.stdout
    made = json.loads(first.stdout)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    lock = (ROOT / "requirements.lock").read_text()
    locked = re.findall(r"^([\w.-]+)==([^\s\\]+)", lock, re.MULTILINE)
    found = [(one["name"], one["version"]) for one in made["components"]]
    assert found == locked
    digests = [
        digest["content"]
        for one in made["components"]
        for digest in one["externalReferences"][0]["hashes"]
    ]
    assert sorted(digests) == sorted(re.findall(r"sha256:([0-9a-f]{64})", lock))


def test_every_dependency_is_locked_with_hashes() -> None:
    """Both locks name a hash for every package, and no address to fetch it from."""
    for name in ("requirements.lock", "requirements-dev.lock"):
        lock = (ROOT / name).read_text()
        pins = re.split(r"(?m)^(?=[\w.-]+==)", lock)[1:]
        assert pins
        assert all("--hash=sha256:" in pin for pin in pins)
        assert "://" not in lock
