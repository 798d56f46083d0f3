"""The one console script. Each command is a file in commands/, read only when it is asked for."""

import importlib
import os
import sys

import click

# In the order a newcomer meets them.
COMMANDS = (
    "demo",
    "serve",
    "worker",
    "load",
    "turn",
    "past",
    "metrics",
    "mart",
    "sums",
    "rebuild",
    "backup",
    "restore",
    "check",
    "account",
)


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"tending.web.commands.{name}").command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="tending")
def tending() -> None:
    """Tending turns outcomes into Monday morning's work, and shows what followed.

    \b
    First time here:     tending demo
    Your own files:      tending load csv FOLDER   or   tending load fhir FOLDER
    Every day:           tending serve   and, beside it,   tending worker

    Everything is kept in one folder (TENDING_HOME) and one database (TENDING_DATABASE_URL).
    """


def main() -> None:
    """Set Django up, run the command, and say every foreseen trouble in one line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tending.web.settings")
    try:
        tending()
    except Exception as trouble:
        if (words := _in_words(trouble)) is None:
            raise
        click.echo(f"Error: {words}", err=True)
        sys.exit(1)


def _in_words(trouble: Exception) -> str | None:
    """Read only when it is needed: `tending --help` answers without Django."""
    from django.conf import settings

    if not settings.configured:
        return None
    from tending.web.commands.troubles import in_words

    return in_words(trouble)
