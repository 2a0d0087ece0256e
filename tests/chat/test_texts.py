"""The catalogue: every text that the code names exists, none is left over, and each renders."""

import ast
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from fluent.syntax.visitor import Visitor
from hypothesis import given
from hypothesis import strategies as st

from bot import chat
from bot.banks.vocabulary import SLIPS
from bot.chat import menu, odds
from bot.chat.texts import LOCALES, Html, Texts
from bot.drill.tone import Mode
from bot.practice import DeedKind, TakeKind, retain
from bot.sandbox.entities import read_html

CATALOGUES = sorted(LOCALES.glob("*.ftl"))
VALUES: list[object] = [0, 1, 2, 1234, "yes", "no", '<i>x</i> & "y" {z}']


class Variables(Visitor):
    """Collects the names of the values that a text takes."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: fluent.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)


def messages(path: Path) -> dict[str, set[str]]:
    """Each text id of a catalogue, with the values it takes."""
    found = {}
    for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
        if isinstance(entry, fluent.Message):
            collected = Variables()
            collected.visit(entry)
            found[entry.id.name] = collected.names
    return found


def trees() -> Iterator[ast.Module]:
    """The modules of the chat."""
    for path in sorted(Path(chat.__file__).parent.glob("*.py")):
        yield ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> str:
    """The last name of what is called, if this is a call with arguments."""
    if not isinstance(node, ast.Call) or not node.args:
        return ""
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def looked_up(within: Iterable[ast.AST]) -> Iterator[ast.expr]:
    """The first argument of every look-up: `texts(…)`, `turn.texts(…)`, `texts.plain(…)`."""
    for tree in within:
        for node in ast.walk(tree):
            if called(node) in ("texts", "plain") and isinstance(node, ast.Call):
                yield node.args[0]


def literal(node: ast.expr) -> Iterator[str]:
    """The ids that an expression may be, as far as they stand in it."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from literal(node.body)
        yield from literal(node.orelse)


def families() -> set[str]:
    """The beginnings of ids that are put together: `tone` of f"tone-{…}"."""
    starts = {
        str(node.values[0].value)
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    }
    return {start[:-1] for start in starts if re.fullmatch("[a-z]+-", start)} - {"sprung"}


def constants() -> set[str]:
    """Every text in the code, wherever it stands."""
    return {
        node.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


ENGLISH = messages(LOCALES / "en.ftl")


def test_every_text_in_the_code_exists() -> None:
    """Whatever id is looked up, directly or by a choice of two, is in the catalogue."""
    named = {text_id for node in looked_up(trees()) for text_id in literal(node)}
    assert len(named) > 100
    assert named - set(ENGLISH) == set()


def test_every_family_of_texts_is_complete() -> None:
    """Ids that are put together from a number or a name exist for each that can occur."""
    wanted = {
        "tone": range(1, 6),
        "feel": range(1, 6),
        "weekday": range(7),
        "short": range(7),
        "month": range(1, 13),
        "command": {*menu.COMMANDS, *odds.KNOWN},
        "slip": SLIPS,
        "remedy": SLIPS,
        "set": ("pace", "cap", "hours", "zone", "interview", "expiry", "level", "data", "digest"),
        "level": range(6),
        "days": retain.CHOICES,
        "kind": [kind.value for kind in TakeKind],
        "mode": [mode.value for mode in Mode],
        "over": [kind.value for kind in DeedKind],
        "given": range(1, 4),
        "give": range(1, 4),
        "when": ("now", "week"),
        "upload": (
            *("new", "changed", "retired", "removed", "too-large", "gone", "trouble"),
            *("undone-version", "undone-shipped", "undone-gone"),
        ),
    }
    ids = {f"{family}-{member}" for family, members in wanted.items() for member in members}
    assert ids - set(ENGLISH) == set()
    assert families() == set(wanted)


def test_no_text_is_left_over() -> None:
    """Each id of the catalogue is named somewhere in the code."""
    used = constants()
    put_together = tuple(f"{family}-" for family in families())
    unused = {text_id for text_id in ENGLISH if text_id not in used}
    assert {text_id for text_id in unused if not text_id.startswith(put_together)} == set()


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_catalogue_has_the_same_texts_and_values(path: Path) -> None:
    """A translation leaves nothing out, adds nothing, and takes the same values."""
    assert messages(path) == ENGLISH


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_has_no_text_twice_and_no_junk(path: Path) -> None:
    """What the parser does not understand, or a second text of one id, is found here and not at night."""
    body = FluentParser().parse(path.read_text(encoding="utf-8")).body
    assert [entry for entry in body if isinstance(entry, fluent.Junk)] == []
    names = [entry.id.name for entry in body if isinstance(entry, fluent.Message)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("value", VALUES)
def test_each_text_renders_as_telegrams_html(value: object) -> None:
    """With numbers and with awkward words: no error, no brace left, tags that Telegram accepts."""
    texts = Texts()
    for text_id, names in ENGLISH.items():
        rendered = texts(text_id, **dict.fromkeys(names, value))
        assert read_html(rendered), text_id
        assert rendered.strip() == rendered, text_id
        assert "{ $" not in rendered, text_id
        assert not re.search(r" [.,;:!?](\s|$)|\n\n\n", rendered), text_id


@pytest.mark.parametrize(("function", "limit"), [("toast", 200), ("button", 32)])
def test_what_is_said_in_passing_is_short(function: str, limit: int) -> None:
    """Toasts fit Telegram's 200 characters, labels of buttons fit a phone."""
    texts = Texts()
    calls = [n for tree in trees() for n in ast.walk(tree) if called(n) == function]
    shown = {text_id for node in looked_up(calls) for text_id in literal(node)}
    assert shown
    for text_id in shown:
        rendered = texts.plain(text_id, **dict.fromkeys(ENGLISH[text_id], "x" * 8))
        assert len(rendered) <= limit


@given(st.text())
def test_a_value_comes_out_as_it_went_in(words: str) -> None:
    """Whatever a learner or a bank writes, Telegram shows it letter for letter."""
    rendered = Texts()("drill-expired", question=words)
    assert "<" not in rendered.replace("<b>", "").replace("</b>", "")
    shown = rendered.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert words in shown


def test_html_of_the_house_is_not_escaped_again() -> None:
    """Only what `Texts` made itself passes as HTML; plain texts carry no escapes at all."""
    texts = Texts()
    assert "<b>x</b>" in texts("drill-snoozed", when=Html("<b>x</b>"))
    assert "&lt;b&gt;" in texts("drill-snoozed", when="<b>")
    assert texts.plain("set-switched", set="R&D <b>") == "Now practising: R&D <b>"


@pytest.mark.parametrize(("text_id", "values"), [("no-such-text", {}), ("rated", {})])
def test_a_missing_text_or_value_is_an_error(text_id: str, values: dict[str, object]) -> None:
    """A mistake in the code is loud; the learner never reads a placeholder."""
    with pytest.raises(LookupError):
        Texts()(text_id, **values)


@given(st.integers(0, 3000))
def test_every_day_has_a_date_in_words(days: int) -> None:
    """Day, month and year, without commas in the year."""
    day = date(2026, 1, 1) + timedelta(days=days)
    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ \d{4}", Texts().long_date(day))
