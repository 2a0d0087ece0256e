"""The JSON Schema for editors: complete, the same every time, and the committed copy fresh."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.banks.schema import bank_schema, schema_text
from bot.banks.vocabulary import COMPETENCIES, KINDS, SLIPS

COMMITTED = Path(__file__).parents[2] / "question_banks" / "bank.schema.json"


def properties(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every field of every mapping in the schema."""
    for part in [schema, *schema["$defs"].values()]:
        yield from part["properties"].items()


def test_the_committed_schema_is_fresh() -> None:
    """`sprung banks schema > question_banks/bank.schema.json` renews it."""
    assert COMMITTED.read_text(encoding="utf-8") == schema_text()


def test_the_text_is_the_schema() -> None:
    """And the same shape gives the same text."""
    assert json.loads(schema_text()) == bank_schema()
    assert schema_text() == schema_text()


def test_every_field_explains_itself() -> None:
    """Completion is only a help with a description."""
    named = dict(properties(bank_schema()))
    assert len(named) > 20
    assert [name for name, field in named.items() if not field.get("description")] == []


def test_nothing_beyond_the_named_fields_is_allowed() -> None:
    """An editor underlines an unknown field, as the reader refuses it."""
    schema = bank_schema()
    assert [part["additionalProperties"] for part in [schema, *schema["$defs"].values()]] == [
        False
    ] * 5


def test_limits_and_vocabularies_are_in_it() -> None:
    """What the reader refuses, the editor underlines."""
    question = bank_schema()["$defs"]["QuestionEntry"]["properties"]
    assert (question["seconds"]["minimum"], question["seconds"]["maximum"]) == (30, 180)
    assert question["levels"]["items"] == {"type": "integer", "minimum": 1, "maximum": 5}
    assert question["rephrased"]["minItems"] == 3
    assert question["ask"]["maxLength"] == 240
    assert question["id"]["pattern"] == "^[a-z0-9-]{3,64}$"
    assert question["competency"]["items"]["enum"] == [*COMPETENCIES]
    assert question["kind"]["enum"] == [*KINDS]
    assert question["kind"]["enumDescriptions"] == [*KINDS.values()]
    risk = bank_schema()["$defs"]["ToneRiskEntry"]["properties"]
    assert risk["slip"]["enum"] == [*SLIPS]


def test_only_what_may_be_left_out_is_optional() -> None:
    """An editor asks for the rest as soon as a question begins."""
    entry = bank_schema()["$defs"]["QuestionEntry"]
    optional = set(entry["properties"]) - set(entry["required"])
    assert optional == {"jurisdiction", "distinct_from", "retired", "renamed_from"}


def test_no_titles_made_of_python_names() -> None:
    """Editors would show `Why Asked` above the description."""
    assert [name for name, field in properties(bank_schema()) if "title" in field] == []
