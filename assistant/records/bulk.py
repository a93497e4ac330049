"""Many rows at once, within a session's transaction."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import ColumnElement, Text, any_, literal
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute, Session

from assistant.records.models import Base


def among(column: InstrumentedAttribute[str], ids: Sequence[str]) -> ColumnElement[bool]:
    """Return whether the column is one of these, however many, given to the database as one parameter."""
    return column == any_(literal(list(ids), ARRAY(Text)))


def copy(db: Session, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Copy rows, all with the same columns, into the model's table; the column defaults of Python do not apply.

    Raises:
        psycopg.Error: one of them breaks a constraint; the transaction cannot go on.
    """
    if not rows:
        return
    connection: Any = db.connection().connection.driver_connection
    names = list(rows[0])
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model.__tablename__), sql.SQL(", ").join(sql.Identifier(name) for name in names)
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copying:
        for row in rows:
            copying.write_row([_wrapped(row[name]) for name in names])


def _wrapped(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, (dict, list)) else value
