"""From days to gaps: who has no first score, whose measure is due again, what was written down late, and how
complete the measures are. Only calculation: frames of whole days in, frames out, ``as_of`` told.

Day rules. A person counts for every team with which they have an open episode (``start <= day < end``). A first score
counts from two weeks before the episode began until 30 days after. A score is recent for 60 days. A visit is written
down late when it first came to us as attended more than seven days after it took place; visits from before a
source's first delivery are history, and are not counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

BASELINE_AFTER = 14  # days of an open episode after which a first score is missed
BEFORE_START = 14
FIRST_WITHIN = 30
RECENT = 60
LATE_AFTER = 7
VISITS_OF = 30  # days of visits that are looked at for lateness
MOST = 0.5  # the share of a team that makes a measure its custom
FEWEST_PEERS = 5


@dataclass(frozen=True, slots=True)
class Gaps:
    """Every frame: person_id, team_id (null: no team) and what it is about."""

    missing: pl.DataFrame  # measure, days (since the episode began)
    overdue: pl.DataFrame  # measure, days (since it was due)
    late: pl.DataFrame  # day, days (until it was written down)
    disagreeing: pl.DataFrame  # measure, days (since the total was sent)
    visits: pl.DataFrame  # team_id, n: visits looked at
    people: pl.DataFrame  # team_id, n: people with an open episode


def gaps(
    *,
    episodes: pl.DataFrame,
    first_and_last: pl.DataFrame,
    visits: pl.DataFrame,
    disagreeing: pl.DataFrame,
    first_delivery: Mapping[str, int],
    due_every: Mapping[str, int | None],
    as_of: int,
) -> Gaps:
    open_ = open_on(episodes, as_of)
    late, looked_at = late_visits(visits, first_delivery=first_delivery, as_of=as_of)
    return Gaps(
        missing=missing_baselines(open_, first_and_last, measures=list(due_every), as_of=as_of),
        overdue=overdue(open_, first_and_last, due_every=due_every, as_of=as_of),
        late=late,
        disagreeing=with_teams(disagreeing, open_, as_of=as_of),
        visits=looked_at,
        people=open_.group_by("team_id").agg(pl.col("person_id").n_unique().alias("n")),
    )


def open_on(episodes: pl.DataFrame, day: int) -> pl.DataFrame:
    """One row a person and team: the earliest of the episodes that are open on the day."""
    held = episodes.filter((pl.col("start_day") <= day) & (pl.col("end_day").is_null() | (pl.col("end_day") > day)))
    return held.group_by("person_id", "team_id").agg(pl.col("start_day").min())


def missing_baselines(
    open_: pl.DataFrame, first_and_last: pl.DataFrame, *, measures: Sequence[str], as_of: int
) -> pl.DataFrame:
    """People with an episode open for more than two weeks who have no score of a measure most of their team have."""
    due = open_.filter(as_of - pl.col("start_day") > BASELINE_AFTER)
    has = first_and_last.filter(pl.col("measure").is_in(list(measures))).select("person_id", "measure")
    peers = due.group_by("team_id").agg(pl.len().alias("peers"))
    customary = (
        due.join(has, on="person_id")
        .group_by("team_id", "measure")
        .agg(pl.len().alias("having"))
        .join(peers, on="team_id", nulls_equal=True)
        .filter((pl.col("having") >= MOST * pl.col("peers")) & (pl.col("peers") >= FEWEST_PEERS))
        .select("team_id", "measure")
    )
    return (
        due.join(customary, on="team_id", nulls_equal=True)
        .join(has, on=["person_id", "measure"], how="anti")
        .select("person_id", "team_id", "measure", (as_of - pl.col("start_day")).alias("days"))
    )


def overdue(
    open_: pl.DataFrame, first_and_last: pl.DataFrame, *, due_every: Mapping[str, int | None], as_of: int
) -> pl.DataFrame:
    """People whose last score is older than the time after which the measure is due again."""
    rhythm = pl.DataFrame(
        [(measure, days) for measure, days in due_every.items() if days],
        schema={"measure": pl.String, "every": pl.Int32},
        orient="row",
    )
    return (
        open_.join(first_and_last, on="person_id")
        .join(rhythm, on="measure")
        .with_columns((as_of - pl.col("last_day") - pl.col("every")).alias("days"))
        .filter(pl.col("days") > 0)
        .select("person_id", "team_id", "measure", "days")
    )


def with_teams(disagreeing: pl.DataFrame, open_: pl.DataFrame, *, as_of: int) -> pl.DataFrame:
    """Once for each team that supports the person now; whom no team supports stands there without one."""
    return disagreeing.join(open_.select("person_id", "team_id"), on="person_id", how="left").select(
        "person_id", "team_id", "measure", (as_of - pl.col("day")).alias("days")
    )


def late_visits(
    visits: pl.DataFrame, *, first_delivery: Mapping[str, int], as_of: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Visits that came late, and by team how many were looked at. ``recorded_day`` is the provider's own day."""
    began = pl.DataFrame(list(first_delivery.items()), schema={"source": pl.String, "began": pl.Int32}, orient="row")
    first = (
        visits.filter(pl.col("day") <= as_of)
        .group_by("source_key")
        .agg(
            pl.col("recorded_day").min(),
            pl.col("day").last(),
            pl.col("person_id").last(),
            pl.col("team_id").last(),
        )
        .with_columns(pl.col("source_key").str.split(":").list.first().alias("source"))
        .join(began, on="source")
        .filter(pl.col("day") >= pl.col("began"))
        .with_columns((pl.col("recorded_day") - pl.col("day")).alias("days"))
    )
    late = first.filter(pl.col("days") > LATE_AFTER).select("person_id", "team_id", "day", "days")
    return late, first.group_by("team_id").agg(pl.len().alias("n"))


def completeness(*, episodes: pl.DataFrame, scored: pl.DataFrame, days: Sequence[int]) -> pl.DataFrame:
    """By team and day. Columns: team_id, day, people (with an open episode), recent (of them, with a score in the
    last 60 days), settled (of them, whose first 30 days are over), first (of those, with a first score in time).
    """
    looked = pl.concat(
        [open_on(episodes, day).with_columns(pl.lit(day, dtype=pl.Int32).alias("day")) for day in days]
        or [pl.DataFrame(schema={"person_id": pl.Int64, "team_id": pl.Int64, "start_day": pl.Int32, "day": pl.Int32})]
    )
    recent = pl.concat(
        [
            scored.filter((pl.col("day") > day - RECENT) & (pl.col("day") <= day))
            .select("person_id")
            .unique()
            .with_columns(pl.lit(day, dtype=pl.Int32).alias("day"), pl.lit(True).alias("is_recent"))
            for day in days
        ]
        or [pl.DataFrame(schema={"person_id": pl.Int64, "day": pl.Int32, "is_recent": pl.Boolean})]
    )
    first = _first_in_time(looked.select("person_id", "start_day").unique(), scored)
    settled = pl.col("start_day") + FIRST_WITHIN <= pl.col("day")
    return (
        looked.join(recent, on=["person_id", "day"], how="left")
        .join(first, on=["person_id", "start_day"], how="left")
        .group_by("team_id", "day")
        .agg(
            pl.len().alias("people"),
            pl.col("is_recent").fill_null(value=False).sum().alias("recent"),
            settled.sum().alias("settled"),
            (settled & pl.col("is_first").fill_null(value=False)).sum().alias("first"),
        )
        .sort("team_id", "day", nulls_last=True)
    )


def _first_in_time(starts: pl.DataFrame, scored: pl.DataFrame) -> pl.DataFrame:
    near = starts.join(scored, on="person_id").filter(
        (pl.col("day") >= pl.col("start_day") - BEFORE_START) & (pl.col("day") <= pl.col("start_day") + FIRST_WITHIN)
    )
    return near.select("person_id", "start_day").unique().with_columns(pl.lit(True).alias("is_first"))
