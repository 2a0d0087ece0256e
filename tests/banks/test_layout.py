"""One way to write a bank: the same values, every comment, and nothing left to do the second time."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.banks.document import BankEntry
from bot.banks.layout import SHORT, TYPED, laid_out, scalar
from bot.banks.problem import UnreadableError
from bot.banks.reader import MAX_BYTES, parsed
from bot.banks.schema import bank_schema
from bot.settings import shipped_banks
from tests.banks.examples import Fields, bank, banks, question, yaml_of

STYLES = st.fixed_dictionaries(
    {
        "default_style": st.sampled_from([None, None, "'", '"', "|", ">"]),
        "default_flow_style": st.sampled_from([False, False, None, True]),
        "width": st.sampled_from([30, 90, 100_000]),
        "indent": st.sampled_from([2, 4, 7]),
        "sort_keys": st.booleans(),
        "allow_unicode": st.booleans(),
    }
)
INSERTIONS = st.lists(
    st.tuples(st.integers(0, 10**6), st.integers(-1, 9), st.booleans()), max_size=12
)


def set_in(text: str) -> BankEntry | None:
    """The values of a file; None if it has errors."""
    try:
        return parsed(text.encode())[2]
    except UnreadableError:
        return None


def _as_texts(value: Any) -> Any:
    """The same with numbers as texts: forced into quotes, YAML would write them with a tag."""
    if isinstance(value, dict):
        return {name: _as_texts(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_as_texts(inner) for inner in value]
    return str(value).lower() if isinstance(value, int) else value


def commented(text: str, insertions: list[tuple[int, int, bool]]) -> tuple[str, list[str]]:
    """The text with comments beside lines or between them, and which of them there are.

    One that would end up inside a value, or break the file, is left out.
    """
    good, kept = set_in(text), list[str]()
    for number, (place, column, gap) in enumerate(insertions):
        lines, comment = text.split("\n"), f"#{' ' * (number % 2)}note {number}: [x], 'y' # z"
        at = place % len(lines)
        if column < 0:
            lines[at] += f"  {comment}"
        else:
            lines[at:at] = [*([""] if gap else []), " " * column + comment]
        changed = "\n".join(lines)
        if set_in(changed) == good:
            text, kept = changed, [*kept, comment]
    return text, kept


@given(fields=banks(), style=STYLES, insertions=INSERTIONS)
@settings(max_examples=60, deadline=None, phases=[Phase.generate])
def test_any_bank_keeps_its_values_and_comments(
    fields: Fields, style: dict[str, Any], insertions: list[tuple[int, int, bool]]
) -> None:
    """However it was written: the reader finds the same set, each comment is there, once is enough."""
    plain = yaml.dump(_as_texts(fields), Dumper=yaml.SafeDumper, **style)
    text, kept = commented(plain, insertions)
    after = laid_out(text.encode())
    assert set_in(after) == set_in(plain) is not None
    assert [after.count(comment) for comment in kept] == [1] * len(kept)
    assert laid_out(after.encode()) == after


@given(fields=banks())
@settings(max_examples=30, deadline=None)
def test_other_programs_read_the_same_texts(fields: Fields) -> None:
    """A text that YAML might take for a number, a date or `no` has quotes: nobody need know better."""
    after = yaml.safe_load(laid_out(yaml_of(fields).encode()))
    assert after == json.loads(json.dumps(fields))


@pytest.mark.parametrize("path", sorted(shipped_banks().glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_sets_stay_what_they_are(path: Path) -> None:
    """Every set keeps its values, and once laid out is laid out."""
    after = laid_out(path.read_bytes())
    assert set_in(after) == set_in(path.read_text(encoding="utf-8"))
    assert laid_out(after.encode()) == after


def test_fields_have_one_order() -> None:
    """That of the shape, at every depth; questions keep theirs, for the first one opens the set."""
    first, second = question(2), question(1)
    backwards = {name: first[name] for name in reversed(first)} | {
        "follow_ups": dict(reversed(first["follow_ups"].items())),
        "retired": True,
    }
    fields = bank(questions=[backwards, second])
    shuffled = {name: fields[name] for name in reversed(fields)}
    assert laid_out(yaml_of(shuffled).encode()) == laid_out(
        yaml_of(bank(questions=[first | {"retired": True}, second])).encode()
    )


def test_a_value_is_one_line_and_an_edit_changes_no_other() -> None:
    """However long it is: text that wraps would flow on into the next lines."""
    fields = bank(about="A word. " * 40)
    before = laid_out(yaml_of(fields).encode()).split("\n")
    after = laid_out(yaml_of(fields | {"about": "Another word. " + "A word. " * 40}).encode())
    changed = [new for old, new in zip(before, after.split("\n"), strict=True) if old != new]
    assert len(changed) == 1


def test_short_lists_stand_in_one_line_while_they_fit() -> None:
    """Competencies, levels, sources, references; a long one, or one with comments, has a line for each."""
    after = laid_out(yaml_of(bank(questions=[question(1, distinct_from=["a-b", "c-d"])])).encode())
    for line in ("competency: [diary, gatekeep]", "levels: [2, 3]", "distinct_from: [a-b, c-d]"):
        assert f"    {line}\n" in after
    long = [f"An Act about something, number {number}" for number in range(3)]
    after = laid_out(yaml_of(bank(questions=[question(1, sources=long)])).encode())
    assert f"    sources:\n      - {long[0]}\n" in after


def test_comments_stay_with_what_they_are_about() -> None:
    """Above a field, beside it, at the end of a question, above the next one, at the end of the file."""
    text = yaml_of(bank(questions=[question(1, sources=["One"]), question(2)]))
    text = text.replace("  seconds: 90\n", "  # a minute and a half\n  seconds: 90 # spoken\n", 1)
    text = text.replace("  - gatekeep\n", "  - gatekeep  # the door\n", 1)
    text = text.replace(
        "  - One\n", "  - One\n  # jurisdiction: later\n\n# The second\n# question\n", 1
    )
    text = text.replace("title:", "# What learners see\ntitle:") + "# the end\n"
    after = laid_out(text.encode())
    for part in (
        "# What learners see\ntitle: A good set\n",
        "    # a minute and a half\n    seconds: 90  # spoken\n",
        "    competency:\n      - diary\n      - gatekeep  # the door\n",
        "    sources: [One]\n    # jurisdiction: later\n\n  # The second\n  # question\n  - id: question-2\n",
        "\n# the end\n",
    ):
        assert part in after
    assert laid_out(after.encode()) == after


def test_files_of_windows_become_like_all_others() -> None:
    """No byte order mark, no carriage returns."""
    text = yaml_of(bank())
    windows = "\ufeff" + text.replace("\n", "\r\n")
    assert laid_out(windows.encode()) == laid_out(text.encode())


def test_a_file_with_errors_is_refused() -> None:
    """Nobody knows what it should be."""
    for raw in (b"set: x\n", b"\xff", yaml_of(bank(title="x")).encode(), b"a: *b\n"):
        with pytest.raises(UnreadableError):
            laid_out(raw)


def test_a_file_that_would_become_too_large_is_refused() -> None:
    """What the reader would not take any more is not written."""
    text = json.dumps(bank(questions=[question(n) for n in range(200)]))
    text += "#" * (MAX_BYTES - len(text.encode()))
    with pytest.raises(UnreadableError, match="larger than 256 KiB"):
        laid_out(text.encode())


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("It's five to five.", "It's five to five."),
        ("no", '"no"'),
        ("12:30", '"12:30"'),
        ("2026-02-30", '"2026-02-30"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("C#", "C#"),
        ('"x", she said', "'\"x\", she said'"),
        ("one, two", "one, two"),
    ],
)
def test_quotes_are_there_where_they_are_needed(text: str, written: str) -> None:
    """And nowhere else: the same text is always written the same way."""
    assert scalar(text) == written


def test_a_comma_needs_quotes_within_a_list() -> None:
    """There it would begin another entry."""
    assert scalar("one, two", in_list=True) == '"one, two"'


def test_what_is_a_number_or_a_list_is_what_the_shape_says() -> None:
    """Which fields take no quotes, and which lists are short, agrees with the schema."""
    schema = bank_schema()
    fields = schema["properties"] | schema["$defs"]["QuestionEntry"]["properties"]
    typed = {
        name
        for name, field in fields.items()
        if {field.get("type"), field.get("items", {}).get("type")} & {"integer", "boolean"}
    }
    assert typed == TYPED
    assert {name for name in SHORT if fields[name]["type"] == "array"} == SHORT
