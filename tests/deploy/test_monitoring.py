"""Alerts and dashboard: what they ask for is on the page of metrics; checked by parser, not by a server."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.house import Street
from tests.telemetry.test_metrics import page

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES: list[dict[str, Any]] = yaml.safe_load((DEPLOY / "alerts.yml").read_text())["groups"][0][
    "rules"
]
DASHBOARD: dict[str, Any] = json.loads((DEPLOY / "dashboard.json").read_text())


def expressions() -> Iterator[str]:
    """Every expression of both files."""
    yield from (rule["expr"] for rule in RULES)
    yield from (target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"])


async def test_each_name_is_on_the_page(town: Street) -> None:
    """An alert on a number that nobody counts would never ring."""
    await town.enrol()
    known = {name for name, _ in await page(town)}
    asked = {name for each in expressions() for name in re.findall(r"sprung_\w+", each)}
    assert asked <= known
    assert len(asked) >= 9


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_an_alert_says_what_to_do(rule: dict[str, Any]) -> None:
    """Each alert has a summary, a thing to do, whether it pages, and brackets that close."""
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"].keys() == {"summary", "do"}
    assert rule["expr"].count("(") == rule["expr"].count(")")
    assert re.fullmatch(r"\d+[mh]", rule.get("for", "1m"))


def test_the_two_that_wake_somebody() -> None:
    """Late surprises and replies that wait page; so does a bot that is down or red, and nothing else."""
    paging = {rule["alert"] for rule in RULES if rule["labels"]["severity"] == "page"}
    assert paging == {"SprungDown", "SprungDrillsLate", "SprungRepliesWait", "SprungProblems"}


def test_panels_do_not_overlap() -> None:
    """Every panel has an id, a title and a place of its own."""
    panels = DASHBOARD["panels"]
    places = {(panel["gridPos"]["x"], panel["gridPos"]["y"]) for panel in panels}
    assert len(places) == len({panel["id"] for panel in panels}) == len(panels)
    assert all(panel["title"] and panel["targets"] for panel in panels)
