"""What the database knows of how its tables are filled, which decides how it finds rows.

PostgreSQL keeps it by itself. SQLite has to be asked, and guesses until then: measured at 100,000 people, a caseload
looked at every open review of the provider instead of those of its own people. Asking costs 30 ms.
"""

from django.db import connection

ROWS_AN_INDEX = 400


def refresh() -> None:
    """Connections that are open already go by the old figures until they are opened anew."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={ROWS_AN_INDEX}")
        cursor.execute("ANALYZE")
