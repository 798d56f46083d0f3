"""A trigger tried on the past: how many alerts, for whom to answer, what followed them, and what they missed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from outcomestats.foresight.base_rate import days_in
from outcomestats.foresight.spans import Moments, Spans, moments, spans
from outcometables.mart.tables import Mart
from outcometables.metrics.opportunities import Period
from outcometables.past.alerts import question_of, replay
from outcometables.past.followed import EVENTS, Followed, History, Window, followed_by
from outcometables.past.quiet import Quiet
from outcometables.record.cohort import Cohort
from outcometables.triggers.cohort import in_cohort
from outcometables.triggers.evaluation import Trigger

DAYS_A_MONTH = 365.25 / 12
DAYS_TO_TELL = 30  # a clinician with fewer days of caseload has no rate of their own


class PastError(ValueError):
    """The past cannot be asked this: says what is wrong and what to give."""


@dataclass(frozen=True, slots=True)
class Clinicians:
    """Alerts as they would have come to primary practitioners; nobody is named."""

    n: int
    alerts: int  # alerts about people who had a primary practitioner that day
    a_month: float | None  # alerts a clinician and month, over all of them
    median_a_month: float | None  # of clinicians with a caseload for 30 days or more
    nine_in_ten_a_month: float | None


@dataclass(frozen=True, slots=True)
class Tried:
    """What the trigger would have done from `first_day` to `last_day`, both included.

    alerts: those that ask for an answer. repeats: inside the quiet period, shown beside one. standing: already so on
    the first day, counted apart. followed: for each kind of event and each number of days.
    """

    code: str
    condition: str
    parameters: Mapping[str, Any]
    quiet: Quiet
    first_day: int
    last_day: int
    alerts: int
    people_alerted: int
    repeats: int
    standing: int
    person_days: int
    clinicians: Clinicians
    followed: tuple[Followed, ...]

    @property
    def alerts_per_100_people_a_month(self) -> float | None:
        """Alerts for every 100 people in care for a month (365.25 / 12 days); None where nobody was in care."""
        if not self.person_days:
            return None
        return 100 * self.alerts * DAYS_A_MONTH / self.person_days


def try_on(
    mart: Mart,
    trigger: Trigger,
    *,
    period: Period,
    quiet: Quiet,
    within_days: Sequence[int] = (30, 90),
    admissions: Sequence[str] = ("PSYCHIATRIC_INPATIENT",),
) -> Tried:
    """Replay the trigger over the period and look at what followed, as far as the mart reaches (`mart.as_of`).

    An event on the day of the alert itself does not count as followed. A window that had not closed by `mart.as_of`
    is open and in no share. `admissions` are the kinds of stay that count as one.
    Raises `PastError` where the period is not in the mart, `ParameterError` as `replay` does.
    """
    _refuse(mart, period, within_days)
    alerts = replay(mart.record(), trigger, period=period, quiet=quiet)
    asks = alerts.filter(~pl.col("standing"), ~pl.col("repeat"))
    care = care_of(mart, question_of(trigger).cohort)
    history = History(care, _moments(alerts), _moments(asks), mart.as_of)
    events = events_of(mart, admissions)
    return Tried(
        code=trigger.code,
        condition=trigger.condition,
        parameters=dict(trigger.parameters),
        quiet=quiet,
        first_day=period.first_day,
        last_day=period.last_day,
        alerts=asks.height,
        people_alerted=asks["person_id"].n_unique(),
        repeats=alerts.filter(~pl.col("standing"), pl.col("repeat")).height,
        standing=alerts.filter(pl.col("standing")).height,
        person_days=days_in(care, first=period.first_day, last=period.last_day),
        clinicians=_clinicians(mart, asks, period),
        followed=tuple(
            followed_by(history, events[kind], Window(kind, days, period.first_day, period.last_day))
            for kind in EVENTS
            for days in within_days
        ),
    )


def care_of(mart: Mart, cohort: Cohort) -> Spans:
    """When each person was in the cohort: their episodes there, until they ended or the person died."""
    episodes = in_cohort(mart["episodes"], cohort).select("person_id", "start_day", "end_day")
    died = mart["people"].filter(~nw.col("died_day").is_null()).select("person_id", "died_day")
    rows = _rows(episodes.join(died, on="person_id", how="left"))
    end = pl.min_horizontal(pl.col("end_day").fill_null(mart.as_of + 1), "died_day")
    rows = rows.with_columns(end.alias("end_day"))
    return spans(*(rows[name].to_numpy() for name in ("person_id", "start_day", "end_day")))


def events_of(mart: Mart, admissions: Sequence[str]) -> dict[str, Moments]:
    """What a trigger may have warned of, by kind: each person's days of it, up to `mart.as_of`."""
    stays = mart["stays"].filter(nw.col("kind").is_in(list(admissions)))
    dropped = mart["episodes"].filter(nw.col("end_reason") == "DROPPED_OUT", ~nw.col("end_day").is_null())
    each = {
        "CRISIS": mart["crisis"].select("person_id", "day"),
        "ADMISSION": stays.select("person_id", nw.col("admit_day").alias("day")),
        "DROP_OUT": dropped.select("person_id", nw.col("end_day").alias("day")),
    }
    rows = {kind: _rows(days.filter(nw.col("day") <= mart.as_of)) for kind, days in each.items()}
    return {kind: _moments(days) for kind, days in (rows | {"ANY": pl.concat(rows.values())}).items()}


def _clinicians(mart: Mart, asks: pl.DataFrame, period: Period) -> Clinicians:
    primary = _rows(mart["caseload"].filter(nw.col("caseload_role") == "PRIMARY"))
    primary = primary.with_columns(pl.col("to_day").fill_null(period.last_day + 1).alias("to_day"))
    held = asks.join(primary, on="person_id").filter(
        pl.col("from_day") <= pl.col("day"), pl.col("day") < pl.col("to_day")
    )
    # Of two primary practitioners on one day each would have had the alert.
    alerts = dict(held.group_by("staff_id").agg(pl.len()).iter_rows())
    days: dict[int, int] = {}
    for (staff,), rows in primary.group_by("staff_id"):
        own = spans(np.zeros(rows.height, np.int64), rows["from_day"].to_numpy(), rows["to_day"].to_numpy())
        days[int(str(staff))] = days_in(own, first=period.first_day, last=period.last_day)
    there = {staff: count for staff, count in days.items() if count}
    rates = [alerts.get(staff, 0) * DAYS_A_MONTH / n for staff, n in there.items() if n >= DAYS_TO_TELL]
    total = sum(alerts.get(staff, 0) for staff in there)
    return Clinicians(
        n=len(there),
        alerts=held.select("person_id", "day").unique().height,
        a_month=total * DAYS_A_MONTH / sum(there.values()) if there else None,
        median_a_month=float(np.median(rates)) if rates else None,
        nine_in_ten_a_month=float(np.quantile(rates, 0.9)) if rates else None,
    )


def _rows(frame: Any) -> pl.DataFrame:
    rows: pl.DataFrame = nw.to_native(frame.collect(backend="polars"))
    return rows


def _moments(rows: pl.DataFrame) -> Moments:
    return moments(rows["person_id"].to_numpy(), rows["day"].to_numpy())


def _refuse(mart: Mart, period: Period, within_days: Sequence[int]) -> None:
    if period.last_day > mart.as_of:
        raise PastError(
            f"The period ends on day {period.last_day}, but the mart knows nothing after day {mart.as_of}: "
            "end it there, or export the mart again with `tending mart`."
        )
    if not within_days or min(within_days) < 1:
        raise PastError("within_days has no day to look at: give numbers of days, at least 1, such as 30 and 90.")
