import json
import sys
from dataclasses import asdict

import click

from tending.web.commands.ready import set_up


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON, for a monitor.")
def command(as_json: bool) -> None:
    """Is everything in order? Database, definitions, worker, crisis text, owners, files, audit trail, raw store.

    Ends with status 1 when something has failed, so that a monitor can ask it.
    """
    set_up(migrate=False)
    from tending.web.health import FAILED, findings

    found = list(findings(thorough=True))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in found], indent=1))
    else:
        for finding in found:
            click.echo(f"{finding.state:<8} {finding.what:<16} {finding.words}")
    sys.exit(any(finding.state == FAILED for finding in found))
