"""Make the demonstration: generate it, take it in as any provider's files, and live through the time until today."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.conf import settings

from tending.base import clock
from tending.web import intake
from tending.web.demonstration import provider
from tending.web.demonstration.living import accounts, living
from tending.web.demonstration.living.home import Made
from tending.web.demonstration.setting import organisation
from tending.web.turn import turn

SOURCE = "riverbend"


def make(what: Made) -> None:
    """Into an empty database, with progress on the terminal."""
    with _without_collecting():
        folder = settings.HOME / "files"
        click.echo(f"Making {organisation.PROVIDER_NAME}: {what.people:,} people over two years.")
        made_up = provider.generate(people=what.people, seed=what.seed, today=clock.today())
        made_up.write(folder)
        take_in(folder)
        opened = accounts.open_accounts()
        if what.days:
            living.live(days=what.days, seed=what.seed, truth=made_up.truth, accounts=opened)
        turn()


def take_in(folder: Path) -> None:
    """Through the same door as real files."""
    size = sum(path.stat().st_size for path in folder.glob("*.csv"))
    delivery = intake.receive_folder(folder, source=SOURCE, form="CSV", by=None)
    done: dict[str, int] = {}
    with click.progressbar(length=size, label=f"{'Taking its files in':<24}") as bar:

        def moved(progress: intake.Progress) -> None:
            read = progress.bytes_read if progress.bytes_read is not None else progress.size
            bar.update(read - done.get(progress.file, 0))
            done[progress.file] = read

        intake.work_off(delivery, moved)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Half a million short-lived rows and no cycles among them: looking for some costs a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
