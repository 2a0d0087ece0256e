"""From a statement as SQLAlchemy describes it to the text that SQLite runs."""

from typing import Any

from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.elements import BindParameter


class _Compiler(SQLiteCompiler):
    """Writes constants into the text: only what has no value yet is bound.

    A bound constant makes SQLite plan the statement anew at every call, as it may decide whether a
    partial index fits (six times the cost of finding expired drills).
    """

    def visit_bindparam(self, bindparam: BindParameter[Any], *args: Any, **kwargs: Any) -> str:
        """Render one parameter."""
        kwargs["literal_binds"] = not bindparam.required
        rendered: str = super().visit_bindparam(bindparam, *args, **kwargs)  # type: ignore[no-untyped-call]
        return rendered


_DIALECT = sqlite.dialect(paramstyle="named")
_DIALECT.statement_compiler = _Compiler


class Statements:
    """SQL text of each statement, compiled once; statements are module constants, so this stays small."""

    def __init__(self) -> None:
        self._known: dict[ClauseElement, str] = {}

    def sql(self, statement: ClauseElement) -> str:
        """The text of a statement, with its constants written out."""
        known = self._known.get(statement)
        if known is None:
            known = self._known[statement] = str(statement.compile(dialect=_DIALECT))
        return known
