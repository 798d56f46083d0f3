import json
from dataclasses import asdict

import click

from tending.web.commands.ready import set_up


@click.command("turn")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON, for a script.")
def command(as_json: bool) -> None:
    """Turn the loop once for everybody: keep what arrived, score, notice, open reviews, escalate.

    Turning twice changes nothing more than turning once.
    """
    set_up()
    from tending.web import intake
    from tending.web.turn import turn

    intake.work_off_all()
    turned = asdict(turn())
    if as_json:
        click.echo(json.dumps(turned))
        return
    for what, count in turned.items():
        click.echo(f"{what.replace('_', ' '):<28}{count:>10,}")
