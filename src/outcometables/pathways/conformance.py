"""How many keep to the expected path, and where is it left, for what?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import narwhals.stable.v2 as nw
import polars as pl

from outcometables.mart.tables import Mart
from outcometables.metrics.opportunities import Period
from outcometables.pathways.events import events
from outcometables.record.frames import Frame
from outcometables.record.holding import held

NOTHING = "NOTHING"


class StepLike(Protocol):
    """One step of a definition."""

    @property
    def code(self) -> str: ...
    @property
    def events(self) -> Sequence[str]: ...
    @property
    def within_days(self) -> int: ...
    @property
    def same_day_counts(self) -> bool: ...


class PathwayLike(Protocol):
    """What the definition of a path has to offer."""

    @property
    def begins(self) -> str: ...
    @property
    def steps(self) -> Sequence[StepLike]: ...


@dataclass(frozen=True, slots=True)
class Step:
    """Of those who came as far as the step before: how many took this one in time, left the path, or may still.

    left_for: (event, how many): the first thing that happened instead inside the window; NOTHING where none did.
    """

    code: str
    came: int
    taken: int
    left: int
    still_open: int
    days: tuple[tuple[int, int], ...]
    left_for: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Course:
    """Everybody who began the path in the period, and what became of them. A person may begin more than once."""

    began: int
    kept: int
    steps: tuple[Step, ...]


def conformance(mart: Mart, pathway: PathwayLike, *, period: Period, as_of: int | None = None) -> Course:
    """Follow everybody who began in the period along the path.

    A step is taken by the first of its events within its days of the step before; on the same day it counts if the
    step says so and it did not come earlier that day. Where the window of a step has not closed by `as_of` and it has
    not been taken, it is still open.
    """
    day = mart.as_of if as_of is None else as_of
    beside = mart["people"]
    table = held(events(mart, as_of=day), beside=beside)
    began = table.filter(nw.col("event") == pathway.begins)
    began = began.filter(nw.col("day") >= period.first_day, nw.col("day") <= period.last_day)
    here = held(began.select("person_id", nw.col("row_id").alias("began"), "day", "moment"), beside=beside)
    steps, came = [], _count(here)
    total = came
    for step in pathway.steps:
        after = _after(here, table, step.within_days, same_day=True)
        wanted = _after(here, table.filter(nw.col("event").is_in(list(step.events))), step.within_days,
                        same_day=step.same_day_counts)  # fmt: skip
        taken = held(_first(wanted), beside=beside)
        missing = _without(here, taken)
        closed = held(missing.filter(nw.col("day") + step.within_days < day), beside=beside)
        n_taken, n_left = _count(taken), _count(closed)
        steps.append(
            Step(step.code, came, n_taken, n_left, came - n_taken - n_left, _days(taken), _left_for(closed, after))
        )
        here = taken.select(
            "person_id", "began", nw.col("next_day").alias("day"), nw.col("next_moment").alias("moment")
        )
        came = n_taken
    return Course(total, came, tuple(steps))


def _after(here: Frame, table: Frame, within_days: int, *, same_day: bool) -> Frame:
    """Each of those who are here with what happened to them within so many days, later than the step before."""
    following = table.select(
        "person_id",
        nw.col("day").alias("next_day"),
        nw.col("moment").alias("next_moment"),
        nw.col("event").alias("next_event"),
    )
    pairs = here.join(following, on="person_id", how="inner").filter(
        nw.col("next_moment") > nw.col("moment"), nw.col("next_day") <= nw.col("day") + within_days
    )
    return pairs if same_day else pairs.filter(nw.col("next_day") > nw.col("day"))


def _first(pairs: Frame) -> Frame:
    """The first of each, with the events of that moment as one."""
    key = ["person_id", "began", "day", "moment"]
    return pairs.group_by(*key).agg(nw.col("next_day").min(), nw.col("next_moment").min())


def _without(here: Frame, taken: Frame) -> Frame:
    found = taken.select("person_id", "began", nw.col("next_day").alias("found"))
    left = here.join(found, on=["person_id", "began"], how="left")
    return left.filter(nw.col("found").is_null()).select("person_id", "began", "day", "moment")


def _count(rows: Frame) -> int:
    return int(_rows(rows.select(nw.len().alias("n")))["n"][0])


def _days(taken: Frame) -> tuple[tuple[int, int], ...]:
    days = taken.select((nw.col("next_day") - nw.col("day")).alias("days"))
    counted = _rows(days.group_by("days").agg(nw.len().alias("n"))).sort("days")
    return tuple((int(day), int(n)) for day, n in counted.iter_rows())


def _left_for(closed: Frame, after: Frame) -> tuple[tuple[str, int], ...]:
    """What happened first to those who left, most frequent first."""
    key = ["person_id", "began"]
    theirs = after.join(closed.select(*key), on=key, how="inner")
    first = theirs.group_by(*key).agg(nw.col("next_moment").min())
    theirs = theirs.join(first, on=[*key, "next_moment"], how="inner")
    instead = theirs.group_by(*key).agg(nw.col("next_event").min())
    counted = _rows(instead.group_by("next_event").agg(nw.len().alias("n"))).sort(
        "n", "next_event", descending=[True, False]
    )
    told = [(str(event), int(n)) for event, n in counted.iter_rows()]
    nothing = _count(closed) - sum(n for _, n in told)
    return tuple([*told, (NOTHING, nothing)] if nothing else told)


def _rows(frame: Frame) -> pl.DataFrame:
    rows: pl.DataFrame = nw.to_native(frame.collect(backend="polars"))
    return rows
