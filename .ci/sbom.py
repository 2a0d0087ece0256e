"""Print what the program is made of, as CycloneDX 1.6: python .ci/sbom.py > sbom.cdx.json

Everything is in requirements.lock, so nothing is asked of anybody, and the same lock gives the same bytes.
"""

import hashlib
import json
import re
import sys
import uuid
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PINNED = re.compile(
    r"^([A-Za-z0-9._-]+)==([^\s\\]+)((?:[^\n]*\\\n)?(?:\s+--hash=sha256:.*\n?)+)", re.MULTILINE
)
NAMESPACE = uuid.UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


def component(name: str, version: str, hashes: str) -> dict[str, Any]:
    """One locked package; its hashes are those of the files that may be installed."""
    normal = re.sub(r"[-_.]+", "-", name).lower()
    purl = f"pkg:pypi/{normal}@{version}"
    digests = sorted(re.findall(r"sha256:([0-9a-f]{64})", hashes))
    files = [
        {"type": "distribution", "url": purl,
         "hashes": [{"alg": "SHA-256", "content": digest} for digest in digests]}
    ]  # fmt: skip
    return {
        "type": "library",
        "bom-ref": purl,
        "name": normal,
        "version": version,
        "purl": purl,
        "externalReferences": files,
    }


def sbom(lock: str, version: str) -> dict[str, Any]:
    """The bill of materials of a lock file."""
    serial = uuid.uuid5(NAMESPACE, hashlib.sha256(f"{version}\n{lock}".encode()).hexdigest())
    components = [component(*match) for match in PINNED.findall(lock)]
    program = {"type": "application", "bom-ref": "sprung", "name": "sprung", "version": version}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": program},
        "components": components,
        "dependencies": [{"ref": "sprung", "dependsOn": [one["bom-ref"] for one in components]}],
    }


if __name__ == "__main__":
    text = (ROOT / "bot" / "__init__.py").read_text()
    number = re.search(r'__version__ = "(.+)"', text)
    made = sbom((ROOT / "requirements.lock").read_text(), number[1] if number else "0")
    json.dump(made, sys.stdout, indent=1)
    sys.stdout.write("\n")
