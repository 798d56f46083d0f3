"""Before a command works: Django is set up and the database has this version's tables."""

import click
import django
from django.core.management import call_command
from django.db import DatabaseError, connection

from tending.web.commands.troubles import in_words


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
    except DatabaseError as trouble:
        if (words := in_words(trouble)) is None:
            raise
        raise click.ClickException(words) from trouble
