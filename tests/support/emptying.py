"""A test that commits is emptied after; the audit trail refuses to be, so its guards step aside for just that."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

GUARDED = ("audit_auditevent", "audit_auditseal")


@pytest.fixture(scope="session", autouse=True)
def emptied_after_a_test_that_commits() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    empty = BaseDatabaseOperations.execute_sql_flush

    def without_guards(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        if connection.vendor == "postgresql":
            off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in GUARDED]
            on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in GUARDED]
        else:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN (%s, %s)", GUARDED
                )
                guards = cursor.fetchall()
            off, on = [f"DROP TRIGGER {name}" for name, _ in guards], [sql for _, sql in guards]
        empty(self, [*off, *sql_list, *on])

    patch.setattr(BaseDatabaseOperations, "execute_sql_flush", without_guards)
    yield
    patch.undo()
