import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from outcometables.mart import Mart
    from tending.web.metrics import asking

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("metrics")
@click.option("--mart", "folder", type=click.Path(path_type=Path), help="The mart. Without it: mart in TENDING_HOME.")
@click.option("--metric", "codes", multiple=True, metavar="CODE", help="Only this one; may be given several times.")
@click.option(
    "--by", multiple=True, metavar="STRATUM", help="month, team_id, payer, age_band …; several make groups."
)
@click.option("--from", "first", type=_DAY, help="The first day. Without it: twelve months before the last month.")
@click.option("--to", "last", type=_DAY, help="The last day. Without it: the mart's last.")
@click.option("--engine", help="polars (as it comes), duckdb, spark … as TENDING_ENGINE.")
@click.option("--json", "as_json", is_flag=True, help="Print every count as JSON, for a script.")
def command(
    folder: Path | None,
    codes: tuple[str, ...],
    by: tuple[str, ...],
    first: datetime | None,
    last: datetime | None,
    engine: str | None,
    as_json: bool,
) -> None:
    """Say what the metrics say: how often, how long, how sure, how complete, and what is still open.

    Figures are for use inside the provider. Before any leaves it, small numbers have to be hidden.
    """
    from django.conf import settings

    from tending.web.metrics import asking

    try:
        mart = asking.opened(folder or settings.HOME / "mart", engine)
        asked = asking.question(
            mart,
            settings.DEFINITIONS,
            codes=codes,
            by=by,
            first=first.date() if first else None,
            last=last.date() if last else None,
        )
        _tell(mart, asked, as_json=as_json, each=bool(codes))
    except ValueError as trouble:  # what a mart, a metric or a definition refuses is one, and says what to do
        raise click.ClickException(str(trouble)) from trouble


def _tell(mart: "Mart", asked: "asking.Question", *, as_json: bool, each: bool) -> None:
    from rich.console import Console

    from tending.web.metrics import asking, telling

    as_of = asking.EPOCH + timedelta(days=mart.as_of)
    found = asking.answers(mart, asked)
    if as_json:
        click.echo(json.dumps([told for answer in found for told in telling.as_data(answer, asked, as_of)]))
        return
    console = Console(highlight=False, soft_wrap=not asked.by)
    console.print(telling.heading(asked, as_of))
    if not each and not asked.by:
        console.print(telling.overview(list(found)))
        return
    for answer in found:
        console.print(f"\n[bold]{answer.metric.title}[/bold] ({answer.metric.code})\n{answer.metric.meaning}")
        if not asked.by:
            console.print("\n".join(telling.whole(answer.metric, answer.figures[0])))
        elif answer.figures:
            console.print(telling.by_group(answer))
        else:
            console.print("Nothing of that kind happened in that time.")
