"""What systemd is told, over a real datagram socket."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.telemetry.systemd import Systemd


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """A service manager that listens."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        listener.settimeout(60)
        yield listener


def test_told(manager: socket.socket) -> None:
    """Several assignments arrive as the lines of one datagram."""
    Systemd({"NOTIFY_SOCKET": manager.getsockname()}).tell("READY=1", "STATUS=at work")
    assert manager.recv(4096) == b"READY=1\nSTATUS=at work"


def test_abstract() -> None:
    """An address that begins with @ is one without a file."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind("\0sprung-test-notify")
        listener.settimeout(60)
        Systemd({"NOTIFY_SOCKET": "@sprung-test-notify"}).tell("STOPPING=1")
        assert listener.recv(4096) == b"STOPPING=1"


@pytest.mark.parametrize(
    "environ", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "/nowhere/at/all"}]
)
def test_nobody(environ: dict[str, str]) -> None:
    """Without a service manager, or with one that does not listen, nothing happens."""
    Systemd(environ).tell("READY=1")
