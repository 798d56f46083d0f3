"""A mart without the people's own numbers and days, and without what few share: for work that need not know anybody.

It lowers the risk that somebody is recognised; it makes nobody anonymous. What it protects against and what not is in
docs/how-to/analyse-the-mart.md, and why it is done like this in docs/decisions.
"""

import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from outcometables.mart.cut import as_it_was
from outcometables.mart.manifest import Manifest, check_files, read_manifest
from outcometables.mart.schema import MART, ROWS_A_PERSON
from outcometables.mart.surrogates import replaced, shifts, surrogates
from outcometables.mart.tables import MartError, mart_schema
from outcometables.mart.withheld import common, rare_to_other, withhold
from outcometables.mart.writing import writing

WEEKS = 26  # how far back a person's days may be moved; the newest weeks, as many, are left out
LEAST = 11  # how many people have to share what is said: the smallest cell CMS lets be published
OLDEST = 90  # from this age on, everybody has it (45 CFR 164.514(b)(2)(i)(C))

_ABOUT_PEOPLE = tuple(
    table for table, columns in MART.items() if any(column.name == "person_id" for column in columns)
)
_RARE: Mapping[str, tuple[str, ...]] = {
    "contacts": ("code",),
    "stays": ("code",),
    "diagnoses": ("code", "plain_code"),
    "procedures": ("code",),
    "goals": ("domain",),
}
_OWN_NUMBERS = {"signals": "signal_id", "reviews": "review_id", "review_actions": "action_id"}
_TO_THE_HOUR = {"contacts", "crisis", "stays"}
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class _Rules:
    """What stands for what in one export."""

    moved: pl.DataFrame  # person_id, new_person, shift
    numbers: Mapping[str, dict[int, int]]  # by column: staff_id, team_id, …
    common: Mapping[str, Mapping[str, list[str]]]  # by table and column: what enough people have
    as_of: int


def deidentify(
    source: str | os.PathLike[str],
    to: str | os.PathLike[str],
    *,
    exported_at: datetime | None = None,
    secret: bytes | None = None,
) -> Manifest:
    """Write the de-identified variant of the mart in `source` to the folder `to`.

    `secret` is for tests: without it one is drawn, used and forgotten, so that nobody can work back from a number,
    and two exports cannot be laid over each other. Raises `MartError` where `source` is no whole
    mart, or is de-identified already.
    """
    folder = Path(source)
    before = read_manifest(folder)
    check_files(folder, before)
    if before.deidentified:
        raise MartError(f"The mart in {folder} is de-identified already: give the provider's own.")
    if Path(to).resolve() == folder.resolve():
        raise MartError(f"{to} would replace the provider's own mart: give another folder.")
    rules = _rules(folder, before, secret or secrets.token_bytes(32))
    with writing(to) as mart, tempfile.TemporaryDirectory(prefix=".sorting-", dir=to) as scratch:
        rows = {}
        for table in MART:
            if table not in _ABOUT_PEOPLE:
                frame = _about_nobody(table, _read(folder, before, table), rules)
                rows[table] = frame.height
                mart.add(table, frame)
                continue
            pieces = (_changed(table, piece, rules) for piece in _pieces(folder, before, table))
            rows[table] = 0
            for first, part in _sorted(table, pieces, before.people_a_part or ROWS_A_PERSON, Path(scratch)):
                rows[table] += part.height
                mart.add(table, part, people=range(first, first + (before.people_a_part or ROWS_A_PERSON)))
        return mart.finish(
            as_of=rules.as_of,
            rows_in_record=rows,
            zone=before.zone,
            exported_at=exported_at,
            deidentified=True,
            people_a_part=before.people_a_part,
        )


def _rules(folder: Path, before: Manifest, secret: bytes) -> _Rules:
    people = _read(folder, before, "people")["person_id"].to_list()
    shift, number = shifts(secret, people, WEEKS), surrogates(secret, "person", people)
    moved = pl.DataFrame(
        {
            "person_id": people,
            "new_person": [number[each] for each in people],
            "shift": [shift[each] for each in people],
        },
        schema={"person_id": pl.Int64, "new_person": pl.Int64, "shift": pl.Int32},
    )
    columns = {column.name for table in MART.values() for column in table}
    own = [name for name in ("staff_id", "team_id", "organisation_id", *_OWN_NUMBERS.values()) if name in columns]
    numbers = {name: surrogates(secret, name, _all(folder, before, name)) for name in own}
    rare = {
        table: common(_read(folder, before, table, ["person_id", *names]), names, least=LEAST)
        for table, names in _RARE.items()
    }
    held = _read(folder, before, "episodes", ["person_id", "programme", "service_model"])
    shared = common(held, ["programme", "service_model"], least=LEAST)
    return _Rules(moved, numbers, {**rare, "episodes": shared, "teams": shared}, before.as_of - 7 * WEEKS)


def _all(folder: Path, before: Manifest, name: str) -> set[int]:
    """Every number in any column of that name."""
    found: set[int] = set()
    for table, columns in MART.items():
        if name in {column.name for column in columns}:
            found |= set(_read(folder, before, table, [name])[name].drop_nulls().unique())
    return found


def _changed(table: str, rows: pl.DataFrame, rules: _Rules) -> pl.DataFrame:
    """One piece of a table about people, moved, cut and with other numbers."""
    rows = rows.join(rules.moved, on="person_id", how="inner")
    days = [name for name in rows.columns if name == "day" or (name.endswith("_day") and name != "birth_day")]
    minutes = [name for name in rows.columns if name == "minute" or name.endswith("_minute")]
    hour = 60 if table in _TO_THE_HOUR else 1
    rows = rows.with_columns(
        *(pl.col(name) - pl.col("shift") for name in days),
        *((pl.col(name) - pl.col("shift").cast(pl.Int64) * 1440) // hour * hour for name in minutes),
    )
    rows = as_it_was(table, rows, rules.as_of)
    rows = rows.with_columns(
        *(replaced(name, rules.numbers[name]) for name in rules.numbers if name in rows.columns),
        *(_same_place(name) for name in ("row_id", "goal_id", "referral_id") if name in rows.columns),
        *(rare_to_other(name, values) for name, values in rules.common.get(table, {}).items()),
    )
    if "arrived_day" in rows.columns:  # a day on which everybody's rows arrived would tell how far each was moved
        rows = rows.with_columns(pl.lit(None, dtype=pl.Int32).alias("arrived_day"))
    rows = rows.with_columns(pl.col("new_person").alias("person_id"))
    if table == "people":
        rows = _described(rows, rules.as_of)
    return rows.select(*mart_schema(table))


def _same_place(name: str) -> pl.Expr:
    """A row's number as the new person's: its place among the person's rows stays."""
    return (pl.col("new_person") * ROWS_A_PERSON + pl.col(name) % ROWS_A_PERSON).alias(name)


def _described(people: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """The year of birth alone, nobody older than `OLDEST`, and no words that few share.

    A birth is said as the first of July of its year: the day that is wrong by least.
    """
    year_now = (_EPOCH + timedelta(days=as_of)).year
    year = pl.max_horizontal(pl.col("birth_ymd") // 10_000, pl.lit(year_now - OLDEST))
    people = people.with_columns(pl.when(pl.col("birth_ymd").is_not_null()).then(year).alias("year"))
    people = people.with_columns(((year_now - pl.col("year")) // 10).alias("band"))
    known = pl.col("birth_ymd").is_not_null()
    people = withhold(people, band="band", least=LEAST)
    year = pl.when(known & pl.col("band").is_not_null()).then(pl.col("year"))
    return people.with_columns(
        birth_ymd=(year * 10_000 + 701).cast(pl.Int32),
        birth_day=pl.date(year, 7, 1).cast(pl.Int32),
    )


def _about_nobody(table: str, rows: pl.DataFrame, rules: _Rules) -> pl.DataFrame:
    """Teams and partners by their new numbers alone; the calendar and the measures as they are."""
    if table == "teams":
        sites = {name: f"Site {place}" for place, name in enumerate(sorted(set(rows["site"])), start=1)}
        rows = rows.with_columns(
            replaced("team_id", rules.numbers["team_id"]),
            pl.col("site").replace(sites),
            *(rare_to_other(name, values) for name, values in rules.common["teams"].items()),
        ).with_columns(name=pl.format("Team {}", "team_id"))
        return rows.select(*mart_schema(table)).sort("team_id")
    if table == "organisations":
        rows = rows.with_columns(replaced("organisation_id", rules.numbers["organisation_id"]))
        return rows.with_columns(name=pl.format("Partner {}", "organisation_id")).sort("organisation_id")
    return rows


def _sorted(
    table: str, pieces: Iterator[pl.DataFrame], width: int, scratch: Path
) -> Iterator[tuple[int, pl.DataFrame]]:
    """The rows in parts of the new numbers, in the order of their own: the order they were in tells nothing."""
    files: dict[int, list[Path]] = {}
    for number, piece in enumerate(pieces):
        placed = piece.with_columns((pl.col("person_id") // width).alias("part"))
        for (part,), rows in placed.partition_by("part", as_dict=True).items():
            path = scratch / f"{table}-{part}-{number}"
            rows.drop("part").write_ipc(path, compression="lz4")
            files.setdefault(int(str(part)) * width, []).append(path)
    for first in sorted(files):
        rows = pl.concat([pl.read_ipc(path) for path in files[first]])
        yield first, rows.sort(_OWN_NUMBERS.get(table, "person_id" if table == "people" else "row_id"))
        for path in files[first]:
            path.unlink()


def _pieces(folder: Path, manifest: Manifest, table: str) -> Iterator[pl.DataFrame]:
    if table == "people":  # who shares what is a question about everybody
        yield _read(folder, manifest, table)
        return
    for file in manifest.tables[table].files:
        yield pl.read_parquet(folder / file.path).select(*mart_schema(table))


def _read(folder: Path, manifest: Manifest, table: str, columns: list[str] | None = None) -> pl.DataFrame:
    paths = [folder / file.path for file in manifest.tables[table].files]
    return pl.scan_parquet(paths).select(columns or list(mart_schema(table))).collect()
