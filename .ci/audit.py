"""Ask for known weaknesses of every locked package: python .ci/audit.py [COMMAND…]

Exit 1 when one is known. When the advisories cannot be reached nothing is known, which is said, and is
no failure: a build must not depend on somebody else's server being up.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PATIENCE_SECONDS = 180


def usual() -> list[str]:
    """How pip-audit is asked: from the locks, nothing installed or resolved."""
    program = Path(sys.executable).with_name("pip-audit")
    locks = [option for lock in LOCKS for option in ("--requirement", str(ROOT / lock))]
    quiet = ("--progress-spinner", "off", "--timeout", "10", "--format", "json")
    return [str(program), "--disable-pip", "--require-hashes", *locks, *quiet]


def answer(command: Sequence[str]) -> list[dict[str, Any]] | None:
    """What is known of each package; None: there was no answer."""
    try:
        run = subprocess.run(  # noqa: S603
            command, capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS
        )
    except subprocess.TimeoutExpired:
        return None
    try:
        packages: list[dict[str, Any]] = json.loads(run.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        print(run.stderr.strip()[-500:], file=sys.stderr)  # noqa: T201
        return None
    return packages


def report(packages: Sequence[dict[str, Any]]) -> list[str]:
    """One line for each known weakness."""
    return [
        f"{package['name']} {package['version']}: {weakness['id']},"
        f" mended in {', '.join(weakness.get('fix_versions', ())) or 'no version yet'}"
        for package in packages
        for weakness in package.get("vulns", ())
    ]


def main(command: Sequence[str]) -> int:
    """Returns the exit code."""
    packages = answer(command)
    if packages is None:
        print("The advisories could not be reached: NOTHING was checked.")  # noqa: T201
        return 0
    found = report(packages)
    checked = sum("vulns" in package for package in packages)
    known = f"{len(found)} known weaknesses" if checked else "NOTHING was checked"
    print("\n".join([*found, f"{checked} of {len(packages)} packages checked: {known}."]))  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or usual()))
