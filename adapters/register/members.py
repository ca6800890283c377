"""Members of JSON that the database reads out by itself, in each database's own spelling: of stored words, of lists.

Only for contents that are JSON objects; what else is stored under a hash must not come near these.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement


class _Member(FunctionElement[str]):
    name = "json_member"
    type = sa.Text()
    inherit_cache = True


class _LastMember(FunctionElement[str]):
    name = "json_last_member"
    type = sa.Text()
    inherit_cache = True


def member(data: ColumnElement[Any], name: str) -> ColumnElement[str]:
    """A text member of a JSON object kept as UTF-8 bytes; NULL where there is none."""
    return _Member(data, sa.literal_column(f"'{name}'"))


def last_member(column: ColumnElement[Any], listed: str, name: str) -> ColumnElement[str]:
    """A member of the last item of the list `listed` in a JSON column; NULL where the list is empty or missing."""
    return _LastMember(column, sa.literal_column(f"'{listed}'"), sa.literal_column(f"'{name}'"))


@compiles(_Member, "sqlite")
def _member_sqlite(element: _Member, compiler: Any, **kw: Any) -> str:
    data, name = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"json_extract(CAST({data} AS TEXT), '$.' || {name})"


@compiles(_Member, "postgresql")
def _member_postgresql(element: _Member, compiler: Any, **kw: Any) -> str:
    data, name = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(convert_from({data}, 'UTF8')::json ->> {name})"


@compiles(_LastMember, "sqlite")
def _last_sqlite(element: _LastMember, compiler: Any, **kw: Any) -> str:
    column, listed, name = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"json_extract({column}, '$.' || {listed} || '[#-1].' || {name})"


@compiles(_LastMember, "postgresql")
def _last_postgresql(element: _LastMember, compiler: Any, **kw: Any) -> str:
    column, listed, name = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} -> {listed} -> -1 ->> {name})"
