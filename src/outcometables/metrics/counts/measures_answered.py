"""A questionnaire that fell due: was it answered in time? (timeliness)"""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Days, Name, WholeDays
from outcometables.mart.tables import Mart
from outcometables.metrics.opportunities import OPPORTUNITY, Period, of_cohort, opportunity_rows
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame

_SERIES = ["person_id", "measure"]
_CLOCK = ["source", "row_id", *_SERIES, "episode_id", "team_id", "end_day", "day", "answered", "answer_row_id"]


def measures_answered(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    measure: Name,
    grace_days: WholeDays,
    first_due_after_days: WholeDays,
    answered_before_days: WholeDays,
    due_every_days: Days | None = None,
    death_leaves: bool = True,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each day on which the measure fell due, met where the next answer came by then or up to `grace_days` after.

    First due `first_due_after_days` after the episode's first day; an answer up to `answered_before_days` before that
    first day answers it. From each answer in the episode it is due again after `due_every_days`, or else the
    measure's own interval; one that has neither is due once. Of several answers on a day the last entered
    starts the clock. A person in two episodes is asked once: by the one entered first.

    Left out by name: LEFT, the episode ended by the last day of grace and before an answer; DIED, likewise.

    Value: how many days after the due day the answer came (early is below 0), also where it was LATE; NOT_ANSWERED
    has none. The row is the episode or the answer that started the clock.
    """
    episodes = of_cohort(mart, mart["episodes"].filter(nw.col("start_day") <= as_of), cohort)
    about = mart["measures"].filter(nw.col("measure") == measure)
    due = nw.col("due_every_days") if due_every_days is None else nw.lit(due_every_days, nw.Int32)
    about = about.select("measure", due.alias("every"), nw.lit(1, nw.Int8).alias("all"))
    scores = mart["scores"].filter(nw.col("measure") == measure, nw.col("day") <= as_of)
    scores = scores.select(*_SERIES, "ordinal", nw.col("day").alias("scored"), nw.col("row_id").alias("score"))
    first = _first_due(episodes, about, scores, answered_before_days, first_due_after_days)
    rows = nw.concat([first, _due_again(episodes, about, scores)]).filter(period.has("day", as_of=as_of))
    rows = rows.join(mart["people"].select("person_id", "died_day"), on="person_id", how="left")
    rows = rows.with_columns(
        (nw.col("day") + grace_days).cast(nw.Int32).alias("closes_day"),
        (nw.col("answered") - nw.col("day")).cast(nw.Int64).alias("late"),
    )
    why_not = {
        "LEFT": _came_first("end_day", as_of),
        **({"DIED": _came_first("died_day", as_of)} if death_leaves else {}),
    }
    found = [
        opportunity_rows(
            rows.filter(nw.col("source") == source),
            source=source,
            as_of=as_of,
            met=nw.col("late") <= grace_days,
            why_not=why_not,
            reasons={"LATE": nw.col("late") > grace_days, "NOT_ANSWERED": nw.col("late").is_null()},
            value="late",
            answer_row_id="answer_row_id",
        )
        for source in ("episodes", "scores")
    ]
    return nw.concat(found).select(*OPPORTUNITY)


def _came_first(day: str, as_of: int) -> nw.Expr:
    """It was by the last day of grace, and before an answer."""
    before = nw.col("answered").is_null() | (nw.col(day) < nw.col("answered"))
    return (nw.col(day) <= as_of) & (nw.col(day) <= nw.col("closes_day")) & before


def _first_due(episodes: Frame, about: Frame, scores: Frame, before: int, after: int) -> Frame:
    rows = episodes.select("row_id", "person_id", "team_id", "start_day", "end_day", nw.lit(1, nw.Int8).alias("all"))
    rows = rows.join(about.select("measure", "all"), on="all", how="inner")
    found = rows.select("row_id", *_SERIES, "start_day").join(scores, on=_SERIES, how="inner")
    found = found.filter(nw.col("scored") >= nw.col("start_day") - before)
    first = found.group_by("row_id", "measure").agg(nw.col("ordinal").min())
    first = found.join(first, on=["row_id", "measure", "ordinal"], how="inner")
    first = first.select(
        "row_id", "measure", nw.col("scored").alias("answered"), nw.col("score").alias("answer_row_id")
    )
    return rows.join(first, on=["row_id", "measure"], how="left").select(
        nw.lit("episodes").alias("source"),
        "row_id",
        *_SERIES,
        nw.col("row_id").alias("episode_id"),
        "team_id",
        "end_day",
        (nw.col("start_day") + after).cast(nw.Int32).alias("day"),
        "answered",
        "answer_row_id",
    )


def _due_again(episodes: Frame, about: Frame, scores: Frame) -> Frame:
    """A clock for the last answer of each day inside an episode, with the next answer after that day."""
    following = scores.select(
        *_SERIES,
        (nw.col("ordinal") - 1).cast(nw.Int32).alias("ordinal"),
        nw.col("scored").alias("answered"),
        nw.col("score").alias("answer_row_id"),
    )
    last = scores.join(following, on=[*_SERIES, "ordinal"], how="left")
    last = last.filter(nw.col("answered").is_null() | (nw.col("answered") > nw.col("scored")))
    last = last.join(about.filter(nw.col("every") > 0), on="measure", how="inner")
    inside = last.join(
        episodes.select("person_id", nw.col("row_id").alias("episode_id"), "team_id", "start_day", "end_day"),
        on="person_id",
        how="inner",
    ).filter(
        nw.col("scored") >= nw.col("start_day"), nw.col("end_day").is_null() | (nw.col("end_day") > nw.col("scored"))
    )
    once = inside.group_by("score").agg(nw.col("episode_id").min())
    inside = inside.join(once, on=["score", "episode_id"], how="inner")
    return inside.select(
        nw.lit("scores").alias("source"),
        nw.col("score").alias("row_id"),
        *_SERIES,
        "episode_id",
        "team_id",
        "end_day",
        (nw.col("scored") + nw.col("every")).cast(nw.Int32).alias("day"),
        "answered",
        "answer_row_id",
    )
