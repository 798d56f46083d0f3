"""The first weeks of an episode: do the person's own scores move, and which way? (R22)"""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days, Name, Names, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.episodes import starting_episodes
from outcometables.metrics.opportunities import Period, opportunity_rows
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame

_SERIES = ["row_id", "measure"]


def early_symptom_change(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    measure: Name,
    within_days: Days,
    first_score_days_before: WholeDays,
    first_score_within_days: WholeDays,
    at_least_days_apart: Days,
    at_least_percent: WholeDays = 0,
    above_cutoff_only: bool = False,
    in_care_before_days: WholeDays = 0,
    derived_leaves: bool = False,
    ends_that_leave: Names | None = None,
    death_leaves: bool = True,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each episode, met where the last score in the window is better than the first by enough. One measure a metric.

    The first score is the earliest from `first_score_days_before` days before the episode's first day to
    `first_score_within_days` after it; the last is the latest at least `at_least_days_apart` days after the first
    and up to `within_days` after the episode's first day. Of several on one day the first entered is the first, the
    last entered the last. Enough is the measure's reliable change, or `at_least_percent` of the first score where
    that is not 0. Because the last score decides, nothing is met before the window has closed.

    Left out by name: NO_FIRST_SCORE; BELOW_CUTOFF, a first score on the healthy side of the measure's cut-off, where
    `above_cutoff_only`; NO_RELIABLE_CHANGE, a measure nobody has published one for; others as in early_attendance.
    NO_LATER_SCORE is not met, and nothing is known.

    Value: by how much better the last is, in hundredths of a point, whichever way the measure runs; worse is below 0.
    """
    rows, why_not = starting_episodes(
        mart,
        as_of=as_of,
        period=period,
        cohort=cohort,
        closes_after=within_days,
        in_care_before_days=in_care_before_days,
        derived_leaves=derived_leaves,
        ends_that_leave=ends_that_leave or [],
        death_leaves=death_leaves,
    )
    about = mart["measures"].filter(nw.col("measure") == measure)
    about = about.select("measure", "direction", "reliable_hundredths", "cutoff_hundredths", nw.lit(1).alias("all"))
    rows = rows.with_columns(nw.lit(1).alias("all")).join(about, on="all", how="inner")
    rows = _with_scores(mart, rows, as_of, first_score_days_before, first_score_within_days, at_least_days_apart)
    better = (nw.col("first_points") - nw.col("last_points")) * nw.col("direction").cast(nw.Int64)
    closed = nw.col("closes_day") < as_of
    rows = rows.with_columns(nw.when(closed).then(better).otherwise(nw.lit(None, nw.Int64)).alias("better"))
    healthy = (nw.col("first_points") - nw.col("cutoff_hundredths")) * nw.col("direction").cast(nw.Int64) < 0
    if above_cutoff_only:
        why_not = {**why_not, "BELOW_CUTOFF": healthy}
    if not at_least_percent:
        why_not = {**why_not, "NO_RELIABLE_CHANGE": nw.col("reliable_hundredths").is_null()}
    no_first = nw.col("first_points").is_null() & (nw.col("day") + first_score_within_days < as_of)
    return opportunity_rows(
        rows,
        source="episodes",
        as_of=as_of,
        met=_by_enough(at_least_percent, nw.col("better")),
        why_not={**why_not, "NO_FIRST_SCORE": no_first},
        reasons={
            "NO_LATER_SCORE": nw.col("last_points").is_null(),
            "WORSE": _by_enough(at_least_percent, 0 - nw.col("better")),
            "NOT_BY_ENOUGH": ~nw.col("last_points").is_null(),
        },
        value="better",
        answer_row_id="answer_row_id",
    )


def _by_enough(percent: int, change: nw.Expr) -> nw.Expr:
    if percent:
        return (change * 100 >= nw.col("first_points") * percent) & (change > 0)
    return change >= nw.col("reliable_hundredths")


def _with_scores(mart: Mart, rows: Frame, as_of: int, before: int, within: int, apart: int) -> Frame:
    """The rows with the points of the first and the last score, in hundredths, and the last one's row."""
    scores = mart["scores"].filter(nw.col("day") <= as_of)
    scores = scores.select(
        "person_id",
        "measure",
        "ordinal",
        "hundredths",
        nw.col("row_id").alias("score"),
        nw.col("day").alias("scored"),
    )
    starts = rows.select("row_id", "person_id", "measure", "day", "closes_day")
    pairs = starts.join(scores, on=["person_id", "measure"], how="inner")
    early = (nw.col("scored") >= nw.col("day") - before) & (nw.col("scored") <= nw.col("day") + within)
    first = pairs.filter(early).group_by(*_SERIES).agg(nw.col("ordinal").min())
    first = pairs.join(first, on=[*_SERIES, "ordinal"], how="inner").select(
        *_SERIES, nw.col("hundredths").alias("first_points"), nw.col("scored").alias("first_day")
    )
    later = pairs.join(first, on=_SERIES, how="inner").filter(
        nw.col("scored") >= nw.col("first_day") + apart, nw.col("scored") <= nw.col("closes_day")
    )
    last = later.group_by(*_SERIES).agg(nw.col("ordinal").max())
    last = later.join(last, on=[*_SERIES, "ordinal"], how="inner").select(
        *_SERIES, nw.col("hundredths").alias("last_points"), nw.col("score").alias("answer_row_id")
    )
    return rows.join(first, on=_SERIES, how="left").join(last, on=_SERIES, how="left")
