import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click


def _pairs(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    pairs = dict(each.partition("=")[::2] for each in given)
    for name, value in pairs.items():
        if not name or not value:
            raise click.BadParameter("write it as NAME=VALUE, such as within_days=21")
    return pairs


@click.command("past")
@click.option("--trigger", "code", required=True, help="The trigger's code, such as repeated-missed-visits.")
@click.option(
    "--set", "changes", multiple=True, callback=_pairs, help="Another value: within_days=21. May be repeated."
)
@click.option(
    "--compare", "others", multiple=True, callback=_pairs, help="A second setting beside it. May be repeated."
)
@click.option(
    "--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="From this day on. 24 months back without it."
)
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="Up to this day. The mart's last without it.")
@click.option("--mart", "folder", type=click.Path(path_type=Path), help="The mart; in TENDING_HOME without it.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for a script.")
def command(
    code: str,
    changes: Mapping[str, str],
    others: Mapping[str, str],
    first: datetime | None,
    last: datetime | None,
    folder: Path | None,
    as_json: bool,
) -> None:
    """Try a trigger on the past: how many alerts, what followed them, and what came without one.

    Every day is looked at as it was then, with the quiet period as it is kept today. Nothing is changed. Run
    `tending mart` first; then, for example

    \b
    tending past --trigger repeated-missed-visits
    tending past --trigger repeated-missed-visits --compare within_days=21 --compare at_least=3
    """
    from outcometables.definitions.definition import DefinitionError
    from outcometables.definitions.parameters import ParameterError
    from outcometables.mart.tables import MartError
    from outcometables.past import PastError
    from tending.web.past import telling, trying

    try:
        trigger, tries = trying.tried(
            code,
            {_name(each): each for each in (changes, others) if each or each is changes},
            days=(None if first is None else first.date(), None if last is None else last.date()),
            folder=folder,
        )
    except (DefinitionError, MartError, ParameterError, PastError) as trouble:
        raise click.ClickException(str(trouble)) from trouble
    if as_json:
        click.echo(json.dumps(telling.as_json(trigger, tries), indent=1))
    else:
        click.echo("\n".join(telling.told(trigger, tries)))


def _name(changes: Mapping[str, str]) -> str:
    return " ".join(f"{name}={value}" for name, value in changes.items()) or "as it is"
