"""A test's database may forget everything in a power cut: nothing waits for the disk, as on the PostgreSQL of tests.

What a process has written stays when that process is killed, so this takes nothing from the tests that kill them.
"""

from django.conf import settings


def wait_for_no_disk() -> None:
    """Before the first connection is opened."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
