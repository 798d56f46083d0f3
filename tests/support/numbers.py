"""In tests no two tables number their rows alike: who takes a number of one for a number of another finds nothing.

Where everything begins at 1, the first person, the first review and the first signal are all 1, and a mistaken number
finds the right row by chance. And numbers are beyond a thousand, as they soon are at a provider: in groups of three
they would be written with a comma.
"""

from django.apps import apps
from django.db import connection, models

FIRST, APART = 1_000, 500


def spread() -> None:
    """Each table of the test database goes on from another number than any other; called once, when it is made."""
    with connection.cursor() as cursor:
        for place, model in enumerate(apps.get_models(include_auto_created=True)):
            if isinstance(model._meta.pk, models.AutoField):
                number, table = FIRST + APART * place, model._meta.db_table
                if connection.vendor == "postgresql":
                    cursor.execute(
                        "SELECT setval(pg_get_serial_sequence(%s, %s), %s)",
                        [f'"{table}"', model._meta.pk.column, number],
                    )
                else:
                    cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                    cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number])
