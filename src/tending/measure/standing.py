"""Where does everybody stand? The last score against the first, the best earlier and the previous one.

The same answers as outcomestats.change.courses gives for one person (a test holds the two together), for whole
populations at once.
"""

import numpy as np
import polars as pl

from outcomestats.change.classes import CLASSES, classify_changes
from outcomestats.change.courses import NoCourseReason
from tending.measure.definitions import Instruments, Measure

NOT_JUDGED = "NOT_JUDGED"  # no figure for reliable change: change is shown, not judged
ONE_SCORE_ONLY = NoCourseReason.ONE_SCORE_ONLY.value
RECENT = 12  # scores in a sparkline
_SERIES = ["person_id", "measure"]


def natural_order(scores: pl.DataFrame) -> pl.DataFrame:
    """Scores by person and measure in the order they were answered, whatever the order they arrived in."""
    return scores.sort([*_SERIES, "day", "instant", "source_key"], nulls_last=False)


def standings(scores: pl.DataFrame, instruments: Instruments) -> pl.DataFrame:
    """One row a person and measure, in the columns of the table, from their current scores."""
    known = scores.filter(pl.col("value").is_not_null(), pl.col("measure").is_in(list(instruments.measures)))
    parts = [
        _of_one_measure(frame, instruments.measures[str(name)])
        for (name,), frame in natural_order(known).partition_by("measure", as_dict=True).items()
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema={"person_id": pl.Int64, "measure": pl.String})


def _of_one_measure(scores: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    rows = scores.with_columns(
        (pl.col("value") * measure.scale.direction).alias("burden"),
        pl.int_range(pl.len()).over("person_id").alias("place"),
        pl.len().over("person_id").alias("n"),
    )
    # Best of the earlier scores, the latest of equally good ones; a single score is its own best.
    earlier = rows.filter((pl.col("place") < pl.col("n") - 1) | (pl.col("n") == 1))
    best = earlier.sort(["person_id", "burden", "place"], descending=[False, False, True]).unique(
        "person_id", keep="first", maintain_order=True
    )
    several = pl.col("n") > 1
    ends = rows.group_by("person_id", maintain_order=True).agg(
        pl.col("measure").first(),
        pl.len().cast(pl.Int32).alias("n_scores"),
        pl.col("n").first(),
        *_ends("first", pl.first),
        *_ends("last", pl.last),
        pl.col("value").get(-2, null_on_oob=True).alias("previous_value"),
        pl.col("day").get(-2, null_on_oob=True).cast(pl.Date).alias("previous_date"),
        pl.col("band").last().alias("last_band"),
        _sparkline().alias("recent"),
    )
    joined = ends.join(
        best.select("person_id", best_value="value", best_date=pl.col("day").cast(pl.Date)), on="person_id"
    )
    judged = [
        pl.when(several)
        .then(_classes(joined, earlier=f"{which}_value", measure=measure))
        .otherwise(pl.lit(ONE_SCORE_ONLY))
        .alias(f"since_{which}")
        for which in ("first", "best", "previous")
    ]
    return joined.with_columns(judged).drop("n")


def _ends(name: str, take: object) -> list[pl.Expr]:
    return [
        take("value").alias(f"{name}_value"),  # type: ignore[operator]
        take("day").cast(pl.Date).alias(f"{name}_date"),  # type: ignore[operator]
    ]


def _sparkline() -> pl.Expr:
    """The last scores as the JSON of [[day, value], …]."""
    pairs = pl.format("[{}, {}]", pl.col("day"), pl.col("value")).tail(RECENT)
    return pl.format("[{}]", pairs.str.join(", "))


def _classes(joined: pl.DataFrame, *, earlier: str, measure: Measure) -> pl.Series:
    if measure.change is None:
        return pl.Series([NOT_JUDGED] * joined.height, dtype=pl.String)
    before = joined[earlier].fill_null(joined["last_value"])
    judged = classify_changes(before.to_numpy(), joined["last_value"].to_numpy(), measure.change)
    return pl.Series(np.array([each.value for each in CLASSES])[judged.classes], dtype=pl.String)
