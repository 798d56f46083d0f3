import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from tending.web.commands.ready import set_up


@click.group("load")
def command() -> None:
    """Bring in files: a FHIR export, CSV files, or the official wording of a questionnaire.

    What cannot be understood is set aside with the reason and the way to mend it; the rest goes on. The same file
    twice changes nothing, a corrected file supersedes, and a load that was stopped goes on where it was.
    """


def _options(function: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(
        (
            click.argument("path", type=click.Path(exists=True, path_type=Path)),
            click.option(
                "--source",
                default="ehr",
                show_default=True,
                help="A short name for the system the files come from. Its own ids are unique within it.",
            ),
            click.option("--dry-run", is_flag=True, help="Say what would happen, and write nothing."),
            click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON, for a script."),
        )
    ):
        function = option(function)
    return function


@command.command("fhir")
@_options
def fhir(path: Path, source: str, dry_run: bool, as_json: bool) -> None:
    """A FHIR R4 bulk export (a folder of NDJSON files, with or without manifest.json) or Bundles."""
    _load("FHIR", path, source=source, mapping=None, dry_run=dry_run, as_json=as_json)


@command.command("csv")
@_options
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A YAML file that says which of your columns, dates and codes are which of ours.",
)
def csv(path: Path, source: str, dry_run: bool, as_json: bool, mapping: Path | None) -> None:
    """A folder of CSV files made from the templates (`tending load templates FOLDER` writes empty ones)."""
    _load("CSV", path, source=source, mapping=mapping, dry_run=dry_run, as_json=as_json)


@command.command("templates")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def templates(folder: Path) -> None:
    """Write the empty CSV templates into FOLDER, to be filled by your record system."""
    import django

    django.setup()
    from tending.collect.templates import TEMPLATES

    folder.mkdir(parents=True, exist_ok=True)
    for template in TEMPLATES.values():
        place = folder / f"{template.kind}.csv"
        if place.exists():
            raise click.ClickException(f"{place} exists already and was left as it is. Choose an empty folder.")
        place.write_text(",".join(column.name for column in template.columns) + "\r\n", encoding="utf-8")
        click.echo(f"{place}: {template.meaning}")


@command.command("questionnaire")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def questionnaire(path: Path) -> None:
    """The official wording of an instrument, as a FHIR Questionnaire your provider is licensed to use."""
    set_up()
    from tending.collect.wording.actions import load_wording
    from tending.collect.wording.questionnaire import WordingRefused

    try:
        loaded = load_wording(by=None, path=path)
    except WordingRefused as trouble:
        raise click.ClickException(str(trouble)) from trouble
    click.echo(str(loaded))


def _load(form: str, path: Path, *, source: str, mapping: Path | None, dry_run: bool, as_json: bool) -> None:
    set_up()
    from tending.collect.arrivals import Refused
    from tending.collect.csv_files.mapping import MappingError

    try:
        if dry_run:
            _rehearse(form, path, source=source, mapping=mapping, as_json=as_json)
        else:
            _bring_in(form, path, source=source, mapping=mapping, as_json=as_json)
    except (Refused, MappingError) as trouble:
        raise click.ClickException(str(trouble)) from trouble


@contextmanager
def _bar(shown: bool) -> Iterator[Callable[[Any], None] | None]:
    """A progress bar a file, by bytes where the reader counts them; nothing for a script."""
    if not shown:
        yield None
        return
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    with Progress(
        TextColumn("{task.description:<24}"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
    ) as bars:
        tasks: dict[str, TaskID] = {}

        def report(at: Any) -> None:
            if at.file not in tasks:
                tasks[at.file] = bars.add_task(at.file[:24], total=at.size or None, said="")
            said = f"{at.lines_read:>9,} lines  {at.quarantined:>5,} set aside"
            bars.update(tasks[at.file], completed=at.bytes_read or 0, said=said)

        yield report


def _rehearse(form: str, path: Path, *, source: str, mapping: Path | None, as_json: bool) -> None:
    from tending.web import intake

    with _bar(not as_json) as report:
        found = intake.dry_run(path, source=source, form=form, mapping=mapping, progress=report)
    if as_json:
        click.echo(json.dumps(asdict(found), default=str, indent=1))
        return
    click.echo("\nNothing was written. This is what would happen:\n")
    click.echo(f"{'kind':<22}{'new':>10}{'same':>10}{'corrected':>11}{'set aside':>11}")
    for kind, counts in sorted(found.counts.items()):
        click.echo(f"{kind:<22}{counts.new:>10,}{counts.same:>10,}{counts.changed:>11,}{counts.not_understood:>11,}")
    for fault in found.faults:
        first = fault.examples[0]
        click.echo(f"\n{fault.n:,} times in {fault.file}, first in line {first.line}: {first.message} {first.fix}")
    for kind, missing in found.missing.items():
        if missing:
            click.echo(
                f"\n{len(missing)} {kind} are referred to and described nowhere, such as {next(iter(missing))}."
            )
    for name, why in found.not_read.items():
        click.echo(f"\n{name} would not be read: {why}")
    for what, fix in found.disagreements:
        click.echo(f"\n{what} {fix}")
    _say_noticed(found.noticed)


def _say_noticed(noticed: dict[str, int]) -> None:
    from tending.collect.fhir.notes import in_words

    for line in in_words(noticed):
        click.echo(f"  {line}")


def _bring_in(form: str, path: Path, *, source: str, mapping: Path | None, as_json: bool) -> None:
    from tending.collect import queries
    from tending.web import intake

    delivery_id = intake.receive_folder(path, source=source, form=form, mapping=mapping, by=None)
    with _bar(not as_json) as report:
        intake.work_off(delivery_id, report)
    shown = queries.delivery(delivery_id)
    if as_json:
        click.echo(json.dumps(asdict(shown), default=str, indent=1))
        return
    outcomes = ("new", "same", "corrected", "quarantined")
    totals = {name: sum(getattr(item, name) for item in shown.items) for name in outcomes}
    click.echo(
        f"\n{totals['new']:,} rows new, {totals['same']:,} the same as before, {totals['corrected']:,} corrected, "
        f"{totals['quarantined']:,} set aside with a reason (see Data quality)."
    )
    _say_noticed(dict(sum((Counter(of_file) for of_file in shown.notes.get("noticed", {}).values()), Counter())))
    click.echo("Now `tending turn` scores them and notices what needs somebody; a running worker does so by itself.")
