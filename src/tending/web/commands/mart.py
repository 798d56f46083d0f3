import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tending.web.commands.ready import set_up

if TYPE_CHECKING:
    from outcometables.mart.manifest import Manifest

Say = Callable[[str], None]


@click.command("mart")
@click.option(
    "--to",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to. Without it: mart, or mart-deidentified, in TENDING_HOME.",
)
@click.option("--deidentified", is_flag=True, help="The variant without the people's own numbers, dates and words.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON, for a script.")
def command(folder: Path | None, deidentified: bool, as_json: bool) -> None:
    """Export the record for analysis: Parquet files that Polars, DuckDB and Spark read.

    Only what has changed since the last export is written. Whoever reads the folder meanwhile sees the mart as it
    was; the new one takes its place in one step. The files hold people's records: keep them as you keep the database.
    """
    set_up()
    from django.conf import settings

    from outcometables.mart.tables import MartError

    say: Say = (lambda _: None) if as_json else click.echo
    started = time.perf_counter()
    try:
        if deidentified:
            told = _deidentified(folder or settings.HOME / "mart-deidentified", settings.HOME / "mart", say)
        else:
            told = _exported(folder or settings.HOME / "mart", say)
    except MartError as trouble:
        raise click.ClickException(str(trouble)) from trouble
    told["seconds"] = round(time.perf_counter() - started, 2)
    if as_json:
        click.echo(json.dumps(told))
        return
    for table, rows in told["rows"].items():
        click.echo(f"{table:<20}{rows:>14,}")
    click.echo(told["words"])


def _exported(folder: Path, say: Say) -> dict[str, Any]:
    from tending.web.mart.export import export

    done = export(folder, progress=say)
    words = f"{done.parts_written} of {done.parts} parts had changes, {done.files_written} files were written."
    counts = {"parts": done.parts, "parts_written": done.parts_written, "files_written": done.files_written}
    return {**_of(folder, done.manifest, words), **counts}


def _deidentified(folder: Path, mart: Path, say: Say) -> dict[str, Any]:
    """From the provider's own mart, which is brought up to date first."""
    from tending.web.mart.export import export, leave_without_identifiers

    export(mart, progress=say)
    manifest = leave_without_identifiers(mart, folder)
    words = "It lowers the risk that somebody is recognised; it makes nobody anonymous. See docs/how-to."
    return _of(folder, manifest, words)


def _of(folder: Path, manifest: "Manifest", words: str) -> dict[str, Any]:
    return {
        "folder": str(folder),
        "as_of": manifest.as_of_date,
        "deidentified": manifest.deidentified,
        "rows": {table: files.rows for table, files in manifest.tables.items()},
        "words": f"{folder}: complete up to {manifest.as_of_date}. {words}",
    }
