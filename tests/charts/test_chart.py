"""What a chart may be: it crosses as JSON unchanged, and what is no chart is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.charts.chart import Chart, Dot, Undrawable, decode, encode, key
from tests.charts import examples

CHARTS = [examples.practised(), examples.begun(dark=True), examples.interview()]


@pytest.mark.parametrize("chart", CHARTS)
def test_there_and_back(chart: Chart) -> None:
    """What comes out is what went in, down to the type."""
    assert decode(encode(chart)) == chart


def test_same_key() -> None:
    """The same figures have the same key; one other answer, or the other colours, another."""
    same, dark = examples.practised(), examples.practised(dark=True)
    more = replace(same, days=(7, *same.days[1:]))
    assert key(encode(same)) == key(encode(examples.practised()))
    assert len({key(encode(one)) for one in (same, dark, more)}) == 3


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"{}",
        b'{"kind": "pie"}',
        b'{"kind": []}',
        b'{"kind": "progress"}',
        b"\xff\xfe",
        b"[" * 100_000,
        b"1" * 300_000,
    ],
)
def test_no_chart(raw: bytes) -> None:
    """What is no chart is refused in one way."""
    with pytest.raises(Undrawable):
        decode(raw)


def _dots(found: dict[str, Any], **change: Any) -> None:
    found["panels"][0]["dots"] = [{"at": 0.5, "tone": 3, "mark": "late", **change}]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda found: found["panels"][0].update(dots=found["panels"][0]["dots"][:1] * 10_000),
        lambda found: found.update(panels=found["panels"] * 2),
        lambda found: found.update(days=[1] * 85),
        lambda found: found.update(days=[10_001]),
        lambda found: found.update(days=[True]),
        lambda found: found.update(title="x" * 301),
        lambda found: found.update(title=7),
        lambda found: found.update(dark=1),
        lambda found: found["words"].update(tones=["Bitter"]),
        lambda found: found["levels"][0].update(tone=float("nan")),
        lambda found: found["badges"].update(share=float("inf")),
        lambda found: found["badges"].update(share=1.01),
        lambda found: found["badges"].update(share=True),
        lambda found: _dots(found, tone=6),
        lambda found: _dots(found, tone=2.5),
        lambda found: _dots(found, at=-0.1),
        lambda found: _dots(found, at="0.5"),
        lambda found: _dots(found, mark="pie"),
        lambda found: found.pop("forecast"),
    ],
)
def test_beyond_its_bounds(spoil: Callable[[dict[str, Any]], object]) -> None:
    """Too much of anything, what is no number and what is missing is refused, not drawn."""
    found = json.loads(encode(examples.practised()))
    spoil(found)
    with pytest.raises(Undrawable):
        decode(json.dumps(found).encode())


def test_made_beyond_its_bounds() -> None:
    """Nor is such a chart handed to the child in the first place."""
    with pytest.raises(Undrawable):
        encode(replace(examples.practised(), panels=(_crowded(),)))


def _crowded() -> Any:
    return replace(examples.practised().panels[0], dots=(Dot(0.5, 3, "late"),) * 61)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(where=st.sampled_from(sorted(json.loads(encode(examples.practised())))), what=JSON)
def test_whatever_comes(where: str, what: Any) -> None:
    """Whatever stands in any place, the answer is a chart within its bounds, or a refusal."""
    found = {**json.loads(encode(examples.practised())), where: what}
    try:
        chart = decode(json.dumps(found).encode())
    except Undrawable:
        return
    assert decode(encode(chart)) == chart
