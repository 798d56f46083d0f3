"""The map: how often each step was taken and how many days it took, over any grouping, in sums that merge."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import narwhals.stable.v2 as nw
import polars as pl

from outcometables.mart.tables import Mart
from outcometables.metrics.opportunities import Period
from outcometables.metrics.strata import NUMBERS, OF_PERSON, OF_TEAM, UNKNOWN
from outcometables.pathways.events import events
from outcometables.pathways.following import directly_followed, with_lost
from outcometables.record.frames import Frame

STRATA = ("team_id", *OF_TEAM, *OF_PERSON, "organisation_id")


class PathwayError(ValueError):
    """A question about pathways that cannot be asked; the message says what can be."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One step: from one event to the next, how often, and in how many days half and nine in ten of them had come."""

    group: tuple[object, ...]
    from_event: str
    to_event: str
    n: int
    days: int  # all of them together
    median: int
    nine_in_ten: int

    @property
    def mean(self) -> float:
        return self.days / self.n


def pathway_map(
    mart: Mart,
    *,
    period: Period,
    as_of: int | None = None,
    by: Sequence[str] = (),
    lost_after: int = 60,
    with_missed: bool = False,
) -> pl.DataFrame:
    """How often each event was directly followed by which, by days between them: the steps that begin in the period.

    Columns: those of `by` (some of STRATA; a person's as the mart knows them now, a team's of the event the step
    begins with, the partner of either end), from_event, to_event, days, n. Maps of two marts merge by adding n.
    LOST is nothing for `lost_after` days while an episode was open. Raises `PathwayError` for a stratum there is none
    of, and for fewer than 1 day.
    """
    if unknown := [name for name in by if name not in STRATA]:
        raise PathwayError(f"A map cannot be broken down by {unknown[0]}: use some of {', '.join(STRATA)}.")
    if lost_after < 1:
        raise PathwayError(f"lost_after is {lost_after}: give a number of days, at least 1.")
    day = mart.as_of if as_of is None else as_of
    pairs = directly_followed(events(mart, as_of=day, with_missed=with_missed))
    pairs = pairs.filter(nw.col("day") >= period.first_day, nw.col("day") <= period.last_day)
    steps = _with_strata(mart, with_lost(pairs, mart["episodes"], as_of=day, lost_after=lost_after), by)
    columns = [*by, "from_event", "to_event", "days"]
    counted = steps.group_by(*columns).agg(nw.len().cast(nw.Int64).alias("n"))
    rows: pl.DataFrame = nw.to_native(counted.collect(backend="polars"))
    return rows.sort(columns)


def edges(steps: pl.DataFrame, by: Sequence[str] = ()) -> list[Edge]:
    """The steps of a map as edges, most frequent first, within each group of `by`.

    >>> steps = pl.DataFrame({"from_event": ["A"] * 3, "to_event": ["B"] * 3, "days": [1, 2, 9], "n": [2, 1, 1]})
    >>> edges(steps)
    [Edge(group=(), from_event='A', to_event='B', n=4, days=13, median=1, nine_in_ten=9)]
    """
    key = [*by, "from_event", "to_event"]
    found = []
    for group, rows in steps.group_by(*key, maintain_order=True):
        counted = rows.group_by("days").agg(pl.col("n").sum()).sort("days")
        days, n = counted["days"].to_list(), counted["n"].to_list()
        total = sum(n)
        *values, start, end = group
        found.append(
            Edge(
                group=tuple(values),
                from_event=str(start),
                to_event=str(end),
                n=total,
                days=sum(each * count for each, count in zip(days, n, strict=True)),
                median=next(_reached(days, n, total / 2)),
                nine_in_ten=next(_reached(days, n, total * 0.9)),
            )
        )
    return sorted(found, key=lambda edge: (tuple(map(str, edge.group)), -edge.n, edge.from_event, edge.to_event))


def _reached(days: Sequence[int], n: Sequence[int], needed: float) -> Iterator[int]:
    had = 0
    for day, count in zip(days, n, strict=True):
        had += count
        if had >= needed:
            yield day


def _with_strata(mart: Mart, steps: Frame, by: Sequence[str]) -> Frame:
    person = [name for name in by if name in OF_PERSON]
    team = [name for name in by if name in OF_TEAM]
    if person:
        steps = steps.join(mart["people"].select("person_id", *person), on="person_id", how="left")
    if team:
        steps = steps.join(mart["teams"].select("team_id", *team), on="team_id", how="left")
    named = [
        nw.when(nw.col(name).is_null() | (nw.col(name) == ""))
        .then(nw.lit(UNKNOWN, nw.String))
        .otherwise(nw.col(name))
        .alias(name)
        for name in by
        if name not in NUMBERS
    ]
    return steps.with_columns(*named) if named else steps
