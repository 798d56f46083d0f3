import json
import sys
from dataclasses import asdict

import click

from tending.web.commands.ready import set_up


@click.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON, for a script.")
def command(as_json: bool) -> None:
    """Make the record, scores and signals anew from what arrived, and prove that they are the same.

    Stop the site and the worker first. Reviews, actions and decisions are people's own work and are not touched.
    Ends with status 1 when a table differs, and says which.
    """
    set_up()
    from tending.web.rebuild import rebuild

    compared = rebuild(progress=None if as_json else click.echo)
    if as_json:
        click.echo(json.dumps([asdict(table) for table in compared], indent=1))
    else:
        for table in compared:
            said = "same" if table.same else "DIFFERENT"
            click.echo(f"{said:<10} {table.name:<22}{table.rows_before:>10,}{table.rows_after:>10,}")
    sys.exit(not all(table.same for table in compared))
