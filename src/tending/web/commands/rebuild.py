import json
import sys
from dataclasses import asdict

import click

from tending.web.commands.ready import set_up


@click.command("rebuild")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON, for a script.")
@click.option("--keep-differences", is_flag=True, help="Keep the new rows even where they differ.")
def command(as_json: bool, keep_differences: bool) -> None:
    """Make the record, scores and standings anew from what arrived, and prove that they are the same rows.

    Reviews and signals are never dropped. Where anything differs, everything stays as it was, the tables that differ
    are named, and the command ends with status 1.
    """
    set_up()
    from tending.web.rebuild import rebuild

    rebuilt = rebuild(
        keep_differences=keep_differences, say=(lambda _: None) if as_json else lambda words: click.echo(f"{words} …")
    )
    if as_json:
        click.echo(json.dumps({**asdict(rebuilt), "same": rebuilt.same}, indent=1))
    else:
        click.echo(f"\n{'table':<22}{'before':>12}{'after':>12}   digest")
        for each in rebuilt.tables:
            word = each.after.digest[:16] if each.same else "DIFFERENT"
            click.echo(f"{each.table:<22}{each.before.rows:>12,}{each.after.rows:>12,}   {word}")
        click.echo("\nThe same rows." if rebuilt.same else "\nNot the same rows.")
        if not rebuilt.same and not rebuilt.kept:
            click.echo("Everything is as it was. To keep the new rows: tending rebuild --keep-differences")
    sys.exit(not rebuilt.same)
