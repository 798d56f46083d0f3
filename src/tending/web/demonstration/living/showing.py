"""Show the demonstration: the site and the worker as processes of their own, and who can sign in."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence

import click
from django.db import connections

from tending.web.demonstration import sign_ins

START_SECONDS = 30.0
END_SECONDS = 10.0


def show(*, host: str, port: int) -> None:
    """Until Ctrl-C, or until the site ends by itself. Both processes have ended when this returns."""
    connections.close_all()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _interrupt)
    started = [_start("serve", "--host", host, "--port", str(port)), _start("worker")]
    try:
        address = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/"  # noqa: S104 - compared, not bound
        _wait_for(address, started[0])
        click.echo(table(address))
        started[0].wait()
        raise click.ClickException("The site has ended by itself. Start it again: tending demo")
    except KeyboardInterrupt:
        click.echo("\nStopped. The same demonstration again: tending demo")
    finally:
        _end(started)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _start(*arguments: str) -> "subprocess.Popen[bytes]":
    """A fresh process: one that had used many threads before must not be forked."""
    code = "from tending.web.cli import main; main()"
    environment = dict(os.environ, PYTHONPATH=os.pathsep.join(path for path in sys.path if path))
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-c", code, *arguments], env=environment, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL
    )


def _wait_for(address: str, site: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if site.poll() is not None:
            raise click.ClickException("The site could not be started; the reason stands above.")
        try:
            with urllib.request.urlopen(f"{address}account/sign-in/", timeout=2):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise click.ClickException(f"The site did not answer at {address} within {START_SECONDS:.0f} seconds.")


def _end(processes: "Sequence[subprocess.Popen[bytes]]") -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def table(address: str) -> str:
    """The address, and the cast to sign in as."""
    cast = sign_ins.sign_ins()
    widths = [max(len(getattr(one, column)) for one in cast) for column in ("name", "role", "email")]
    lines = [
        f"{one.name:<{widths[0]}}  {one.role:<{widths[1]}}  {one.email:<{widths[2]}}  {one.story}" for one in cast
    ]
    return "\n".join(
        [
            "",
            f"Tending is at {address}   (stop with Ctrl-C)",
            "",
            f"Sign in as one of these; everybody's password is {sign_ins.PASSWORD}",
            "",
            *lines,
            "",
        ]
    )
