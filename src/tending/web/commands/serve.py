import os

import click

from tending.web.commands.ready import set_up


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=int, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, type=int, help="Processes that answer.")
@click.option("--threads", default=2, show_default=True, type=int, help="Threads in each process.")
def command(host: str, port: int, workers: int, threads: int) -> None:
    """Start the site.

    Run `tending worker` beside it: the worker brings in files, notices what time alone brings about, and escalates
    what is overdue. Put a web server with TLS in front and set TENDING_HOSTS and TENDING_PROXY to its name.
    """
    set_up()
    serve(host=host, port=port, workers=workers, threads=threads)


def serve(*, host: str, port: int, workers: int, threads: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tending.web.settings")
    click.echo(f"Tending is at http://{host}:{port}/  (stop with Ctrl-C)")
    Granian(
        "tending.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        respawn_failed_workers=True,
        log_level=LogLevels.warning,
    ).serve()
