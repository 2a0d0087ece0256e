"""Journeys need Chromium; without it they are left out and say so."""

import os

import pytest

from tests.journeys.rehearsal import CHROMIUM

LEFT_OUT = (
    f"left out: journeys need Chromium at {CHROMIUM} (Debian: apt install chromium); "
    "SPRUNG_TEST_ALL=1 makes this a failure"
)


@pytest.fixture(autouse=True)
def chromium() -> None:
    """Leave the test out, or fail it where everything must be included."""
    if CHROMIUM.exists():
        return
    if os.environ.get("SPRUNG_TEST_ALL"):
        pytest.fail(LEFT_OUT)
    pytest.skip(LEFT_OUT)
