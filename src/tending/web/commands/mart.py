import json
import time
from pathlib import Path

import click

from tending.web.commands.ready import set_up


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
    from tending.web.mart.export import export

    say = (lambda _: None) if as_json else click.echo
    started = time.perf_counter()
    try:
        done = export((settings.HOME / "mart") if deidentified or folder is None else folder, progress=say)
        if deidentified:
            raise NotImplementedError
    except MartError as trouble:
        raise click.ClickException(str(trouble)) from trouble
    told = {
        "folder": str(done.folder),
        "as_of": done.manifest.as_of_date,
        "parts": done.parts,
        "parts_written": done.parts_written,
        "files_written": done.files_written,
        "seconds": round(time.perf_counter() - started, 2),
        "rows": {table: files.rows for table, files in done.manifest.tables.items()},
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    for table, rows in told["rows"].items():
        click.echo(f"{table:<20}{rows:>14,}")
    click.echo(
        f"{done.folder}: complete up to {done.manifest.as_of_date}; {done.parts_written} of {done.parts} parts had "
        f"changes, {done.files_written} files were written in {told['seconds']} s."
    )
