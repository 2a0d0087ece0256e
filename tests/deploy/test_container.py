"""The container as its files describe it; whether an engine builds it is not shown here."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
ROOT = DEPLOY.parent


def stages() -> list[list[tuple[str, str]]]:
    """The instructions of the Dockerfile, stage by stage."""
    text = re.sub(r"(?m)^#.*\n", "", (DEPLOY / "Dockerfile").read_text()).replace("\\\n", " ")
    found: list[list[tuple[str, str]]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, rest = line.partition(" ")
        if name == "FROM":
            found.append([])
        found[-1].append((name, " ".join(rest.split())))
    return found


def values(instruction: str) -> list[str]:
    """What the last stage gives for an instruction."""
    return [value for name, value in stages()[-1] if name == instruction]


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    """The one service of the compose file."""
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert services.keys() == {"sprung"}
    found: dict[str, Any] = services["sprung"]
    return found


def test_it_runs_as_nobody_in_particular() -> None:
    """The image's user is a number that is not root's, and the last word on it."""
    [user] = values("USER")
    assert re.fullmatch(r"[1-9]\d{4,}:[1-9]\d{4,}", user)
    names = [name for name, _ in stages()[-1]]
    assert "RUN" not in names[names.index("USER") :]


def test_nothing_that_builds_is_in_the_last_stage() -> None:
    """Compilers are never installed, and pip goes from both what is copied and what it is copied to."""
    first, last = stages()
    assert not [
        value for _, value in (*first, *last) if re.search(r"apt|gcc|build-essential", value)
    ]
    built = [value for name, value in first if name == "RUN"][-1]
    assert built.endswith("uninstall --yes hatchling editables setuptools pip")
    assert values("RUN")[0].startswith("pip uninstall --yes")
    assert [value for value in values("COPY") if not value.startswith("--from=build")] == []


def test_only_locked_packages_come_in() -> None:
    """Everything from elsewhere is installed by hash, as a wheel."""
    installs = [
        part
        for name, value in stages()[0]
        if name == "RUN"
        for part in value.split("&&")
        if "pip install" in part
    ]
    locked, own = installs
    assert "--require-hashes --only-binary :all: -r requirements.lock" in locked
    assert "--no-deps --no-build-isolation ." in own


def test_every_copied_file_is_there() -> None:
    """What the Dockerfile copies exists, and .dockerignore lets it through, but no secret or data."""
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    assert ignored[0] == "*"
    for name, value in stages()[0]:
        if name == "COPY":
            for source in value.split()[:-1]:
                assert (ROOT / source).exists()
                assert f"!{source}" in ignored
    for private in ("data", ".env", ".git", "deploy"):
        assert f"!{private}" not in ignored


def test_its_health_is_asked_where_it_is_told() -> None:
    """The health check asks the very address that the image has the bot listen at."""
    [check] = values("HEALTHCHECK")
    command = json.loads(check.partition("CMD ")[2])
    listen = re.search(r"SPRUNG_LISTEN=(\S+)", values("ENV")[0])
    assert listen
    assert f"http://{listen[1]}/healthz" in command[-1]


def test_compose_closes_what_can_be_closed(service: dict[str, Any]) -> None:
    """Read-only root, no capabilities, no new privileges, bounded memory and processes, no dumps."""
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert "no-new-privileges:true" in service["security_opt"]
    assert (service["mem_limit"], service["pids_limit"]) == ("512m", 128)
    assert service["ulimits"]["core"] == 0
    assert service["user"] == values("USER")[0]
    assert "ports" not in service


def test_only_the_data_can_be_written(service: dict[str, Any]) -> None:
    """One volume for the data folder, and a small /tmp from which nothing can be run."""
    assert service["volumes"] == ["data:/data"]
    assert "SPRUNG_DATA=/data" in values("ENV")[0]
    [tmp] = service["tmpfs"]
    assert tmp.startswith("/tmp:")
    assert "noexec" in tmp


def test_the_token_is_in_a_file_outside_git(service: dict[str, Any]) -> None:
    """Neither image nor compose file holds it."""
    assert service["env_file"] == ["sprung.env"]
    assert "environment" not in service
    assert "deploy/sprung.env" in (ROOT / ".gitignore").read_text()
    assert "TOKEN" not in (DEPLOY / "Dockerfile").read_text()
