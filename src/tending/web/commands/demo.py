"""The demonstration, end to end: made when there is none of today, then shown until Ctrl-C."""

import os
import socket
from typing import Any

import click

from tending.web.commands.ready import set_up

# Real numbers, because a person in a crisis may read even a demonstration.
CRISIS_TEXT = {
    "EN": "This is a demonstration and nobody reads these answers. If you might hurt yourself, please tell somebody "
    "now: in the United States call or text 988, day or night, or call 911 in an emergency.",
    "ES": "Esto es una demostración y nadie lee estas respuestas. Si piensa en hacerse daño, por favor hable con "
    "alguien ahora: en los Estados Unidos llame al 988 y oprima 2, o envíe AYUDA al 988, de día o de noche; o "
    "llame al 911.",
}


@click.command("demo")
@click.option("--people", default=1200, show_default=True, type=click.IntRange(min=100), help="How many people.")
@click.option("--seed", default=20, show_default=True, type=int, help="Another number makes another provider.")
@click.option("--days", default=180, show_default=True, type=click.IntRange(0, 365), help="Days already lived with.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=int, help="Port to listen on.")
@click.option("--fresh", is_flag=True, help="Make it anew, whatever is there.")
@click.option("--no-serve", is_flag=True, help="Make it, and do not start the site.")
def command(people: int, seed: int, days: int, host: str, port: int, fresh: bool, no_serve: bool) -> None:
    """See Tending at work: a made-up provider, half a year into using it. Nothing touches real records.

    It is kept in its own folder and shown again at once the next time. On another day it is made anew, so that its
    Monday is today; what was tried out in it is then gone.
    """
    as_demonstration()
    if not no_serve:
        check_port(host, port)
    from django.conf import settings

    from tending.base import clock
    from tending.web.demonstration.living import home

    try:
        with home.held(settings.HOME):
            ready(home.Made(clock.today().isoformat(), people, seed, days), fresh=fresh)
            if not no_serve:
                from tending.web.demonstration.living import showing

                showing.show(host=host, port=port)
    except home.InUse as trouble:
        raise click.ClickException(
            f"Another demonstration is running from {settings.HOME}. Stop it first, or set TENDING_HOME to a "
            "folder of its own."
        ) from trouble


def as_demonstration() -> None:
    """Before the settings are read: its own home and database, plain HTTP on this machine, a crisis text."""
    os.environ["TENDING_DEMONSTRATION"] = "1"
    os.environ.setdefault("TENDING_INSECURE", "1")
    for language, text in CRISIS_TEXT.items():
        os.environ.setdefault(f"TENDING_CRISIS_TEXT_{language}", text)


def check_port(host: str, port: int) -> None:
    """Say that the port is taken before making anything, not after."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as trouble:
            raise click.ClickException(
                f"Port {port} on {host} is taken. Stop it, or give another: tending demo --port {port + 1}"
            ) from trouble


def ready(wanted: Any, *, fresh: bool) -> None:
    """Make the demonstration, unless it is there, whole, of today and made of the same."""
    from django.conf import settings

    from tending.web.demonstration.living import home

    there = home.made(settings.HOME)
    if there == wanted and not fresh:
        set_up()
        click.echo("The demonstration of today is there. For a new one: tending demo --fresh")
        return
    if there and there.on != wanted.on and not fresh:
        click.echo(f"The demonstration is of {there.on}; making it anew, so that its Monday is today.")
    home.clear(settings.HOME)
    set_up()
    from tending.web.demonstration.living import making

    making.make(wanted)
    home.note(settings.HOME, wanted)
