import json
from datetime import datetime
from pathlib import Path

import click

_DAY = click.DateTime(["%Y-%m-%d"])


@click.group("sums")
def command() -> None:
    """Compare with other providers by exchanging sums: no person's row leaves, small cells are merged before."""


@command.command("export")
@click.option(
    "--provider", required=True, help="The code the others know this provider by: letters, digits, hyphens."
)
@click.option("--measure", required=True, help="The measure, such as PHQ-9.")
@click.option("--from", "first", required=True, type=_DAY, help="First scores from this day on …")
@click.option("--until", "last", required=True, type=_DAY, help="… up to this one.")
@click.option("--covariates", default="first_score,age,female", show_default=True, help="What to adjust for.")
@click.option("--minimum", default=5, show_default=True, help="The fewest people in anything that leaves.")
@click.option("--mart", "folder", type=click.Path(path_type=Path), help="The mart; in TENDING_HOME without it.")
@click.option("--to", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
def export(
    provider: str,
    measure: str,
    first: datetime,
    last: datetime,
    covariates: str,
    minimum: int,
    folder: Path | None,
    to: Path,
) -> None:
    """Write this provider's sums: change from the first to the last score, by clinician in team, under numbers.

    Look at the file before you send it: it is short, and holds whole numbers only.
    """
    from outcometables.exchange import ExchangeError
    from outcometables.mart.tables import MartError
    from tending.web.sums import comparing

    try:
        sums = comparing.exported(
            to,
            provider=provider,
            measure=measure,
            days=(first.date(), last.date()),
            covariates=[name.strip() for name in covariates.split(",") if name.strip()],
            minimum=minimum,
            folder=folder,
        )
    except (ExchangeError, MartError, ValueError) as trouble:
        raise click.ClickException(str(trouble)) from trouble
    click.echo(f"{to}: {sums.n_rows:,} people in {len(sums.groups)} groups of clinicians.")
    click.echo(
        f"{sums.merged_groups} small groups were merged with others: fewer than {sums.minimum} people in a cell."
    )
    for reason, count in sums.left_out.items():
        click.echo(f"Left out, {reason.lower().replace('_', ' ')}: {count}")


@command.command("merge")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the fit as JSON, for a script.")
def merge(files: tuple[Path, ...], as_json: bool) -> None:
    """Fit several providers' sums as one table: the same numbers as if their rows had been pooled."""
    from outcometables.exchange import ExchangeError, read
    from tending.web.sums import comparing

    try:
        _, told = comparing.merged([read(path) for path in files])
    except ExchangeError as trouble:
        raise click.ClickException(str(trouble)) from trouble
    if as_json:
        click.echo(json.dumps(told, indent=1))
        return
    for code, part in told["providers"].items():
        click.echo(f"{code:<22}{part['people']:>10,} people {part['groups']:>6} groups")
    click.echo(f"\nChange in {told['measure']} points (later minus earlier), {told['people']:,} people:")
    for name, row in told["coefficients"].items():
        click.echo(f"  {name:<20}{row['points']:>10.3f}  (standard error {row['standard_error']:.3f})")
    for level, spread in told["standard_deviations"].items():
        share = 100 * told["shares"][level]
        click.echo(f"  between {level}s: {spread:.2f} points (standard deviation), {share:.1f} % of the variance")
    click.echo(f"  within: {told['within']:.2f} points\n{told['verdict']}")
