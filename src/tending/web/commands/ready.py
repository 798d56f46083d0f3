"""Before a command works: Django is set up and the database has this version's tables."""

import click
import django
from django.core.management import call_command
from django.db import OperationalError, connection


def set_up(*, migrate: bool = True) -> None:
    """Set Django up; bring the database to this version. One clear message when it cannot be reached."""
    django.setup()
    from django.conf import settings

    settings.HOME.mkdir(parents=True, exist_ok=True)
    try:
        if migrate:
            call_command("migrate", verbosity=0, interactive=False)
        else:
            connection.ensure_connection()
    except OperationalError as trouble:
        where = settings.DATABASES["default"]["NAME"]
        raise click.ClickException(
            f"The database {where} cannot be opened: {str(trouble).strip()}. "
            "Check TENDING_DATABASE_URL and TENDING_HOME, and that the disk is not full."
        ) from trouble
