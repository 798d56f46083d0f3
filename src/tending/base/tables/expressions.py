"""Days and instants as whole numbers, computed by the database, so that no cell has to be parsed."""

from typing import Any

from django.db.models import BigIntegerField, F, Func, IntegerField, TextField


class DayNumber(Func):
    """A date as days since 1970-01-01, the form frames use."""

    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # A Julian day begins at noon: 1970-01-01 is 2440587.5, and a date alone is always its midnight.
        return self.as_sql(
            compiler, connection, template="CAST(julianday(%(expressions)s) - 2440587.5 AS INTEGER)", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s - DATE '1970-01-01')", **context)


class EpochSecond(Func):
    """An instant as whole seconds since 1970-01-01 in UTC."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="CAST(strftime('%%%%s', %(expressions)s) AS INTEGER)", **context
        )

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(FLOOR(EXTRACT(EPOCH FROM %(expressions)s)) AS BIGINT)"
        return self.as_sql(compiler, connection, template=template, **context)


class JsonText(Func):
    """A JSON column as the text it was written as."""

    template = "CAST(%(expressions)s AS TEXT)"
    output_field = TextField()

    def __init__(self, column: str) -> None:
        super().__init__(F(column))


class JsonNumber(Func):
    """One member of a JSON object of numbers, as a number; empty where the object has no such member."""

    output_field = IntegerField()

    def __init__(self, column: str, key: str) -> None:
        super().__init__(F(column))
        self.key = key

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        # A quoted key is taken as it stands; a quotation mark inside would end it early.
        return f"json_extract({sql}, %s)", [*params, '$."' + self.key.replace('"', "") + '"']

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        sql, params = compiler.compile(self.source_expressions[0])
        number = (
            f"CASE WHEN jsonb_typeof({sql} -> %s) = 'number' THEN FLOOR(CAST({sql} ->> %s AS NUMERIC))::INTEGER END"
        )
        return number, [*params, self.key, *params, self.key]
