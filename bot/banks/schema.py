"""The JSON Schema of a bank file, by which editors complete and check it as it is written."""

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from bot.banks.document import BankEntry


def bank_schema() -> dict[str, Any]:
    """The schema, made from the document's shape; `question_banks/bank.schema.json` is its copy."""
    shape = BankEntry.model_json_schema(schema_generator=_WithoutTitles)
    for part in shape["$defs"].values():
        del part["title"]
    dialect = "https://json-schema.org/draft/2020-12/schema"
    return {"$schema": dialect, **shape, "title": "A bank of interview questions"}


def schema_text() -> str:
    """The schema as a file holds it: the same shape always gives the same text."""
    return json.dumps(bank_schema(), indent=2, ensure_ascii=False) + "\n"


class _WithoutTitles(GenerateJsonSchema):
    """Leaves out the titles made from Python's names: editors would show them above the field's."""

    def field_title_should_be_set(self, _schema: object) -> bool:
        return False
