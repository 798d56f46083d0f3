"""One row for each time something should have happened: the one form every metric gives.

A row says who, where, when, whether it counts (or the named reason why not), how it ended (or that it is too early
to say), and a whole number where something was measured. A closed window and an open one are different answers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import narwhals.stable.v2 as nw

from outcometables.mart.tables import Mart
from outcometables.record.cohort import Cohort
from outcometables.record.frames import Frame
from outcometables.record.schema import ColumnType

OPPORTUNITY: Mapping[str, ColumnType] = MappingProxyType(
    {
        "source": nw.String,  # the mart's table the row stands for: referrals, stays, episodes, signals …
        "row_id": nw.Int64,  # the row in that table: with `source` the key that leads back to the record
        "person_id": nw.Int64,
        "team_id": nw.Int64,  # empty where no team is known
        "staff_id": nw.Int64,  # empty where nobody is known
        "day": nw.Int32,  # the day the clock starts
        "closes_day": nw.Int32,  # the last day on which it could still be met
        "eligible": nw.Int8,  # 1 it counts, 0 it does not
        "why_not": nw.String,  # the named reason it does not count; empty text where it counts
        "outcome": nw.String,  # MET, NOT_MET, OPEN (the window has not closed); empty text where it does not count
        "reason": nw.String,  # the named reason for NOT_MET or a missing value: NO_SCORE, LATE …; or empty
        "value": nw.Int64,  # in the metric's unit; empty where nothing was measured
        "answer_row_id": nw.Int64,  # the row that answered it (the contact, the last score); empty where none did
    }
)

MET, NOT_MET, OPEN = "MET", "NOT_MET", "OPEN"

# Reasons, in `why_not` or `reason`, that say nothing about care: what was to be counted was not written down.
MISSING = frozenset({"NO_SCORE", "NO_FIRST_SCORE", "NO_LATER_SCORE", "NOT_RECORDED", "NO_BIRTH_DATE"})

Reasons = Mapping[str, nw.Expr]  # a named reason and when it holds; of several the first is given
NO_REASONS: Reasons = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Period:
    """From which day to which day, both included, clocks start that are asked about.

    >>> Period(19_723, 20_088).last_day
    20088
    """

    first_day: int
    last_day: int

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise ValueError(
                f"last_day ({self.last_day}) is before first_day ({self.first_day}): give the earlier day first."
            )

    def has(self, column: str, *, as_of: int) -> nw.Expr:
        """The day lies in the period, and not after `as_of`."""
        return (nw.col(column) >= self.first_day) & (nw.col(column) <= min(self.last_day, as_of))


def opportunity_rows(
    rows: Frame,
    *,
    source: str,
    as_of: int,
    met: nw.Expr,
    why_not: Reasons = NO_REASONS,
    reasons: Reasons = NO_REASONS,
    team_id: str | None = "team_id",
    staff_id: str | None = None,
    value: str | None = None,
    answer_row_id: str | None = None,
) -> Frame:
    """The rows in exactly the columns of `OPPORTUNITY`, with their outcome.

    `rows` have row_id, person_id, day, closes_day and the columns named by the last four arguments; None says that
    it is not known. A row that is met is MET; one that is not is OPEN until its window has closed at the end of
    closes_day (an empty closes_day never closes), and NOT_MET from then on, with the first of `reasons` that holds.
    `why_not` leaves rows out by name. Conditions that cannot be said (an empty cell) do not hold.
    A rule about the last event of a window has to give a `met` that cannot hold before the window has closed.
    """
    may_change = nw.col("closes_day").is_null() | (nw.col("closes_day") >= as_of)
    rows = rows.with_columns(
        first_of(why_not).alias("why_not"), first_of({MET: met, OPEN: may_change}, otherwise=NOT_MET).alias("outcome")
    )
    counts = nw.col("why_not") == ""
    reason = nw.when(counts & (nw.col("outcome") == NOT_MET)).then(first_of(reasons)).otherwise(nw.lit(""))
    columns = {
        "source": nw.lit(source),
        "team_id": _known(team_id),
        "staff_id": _known(staff_id),
        "eligible": nw.when(counts).then(nw.lit(1)).otherwise(nw.lit(0)),
        "outcome": nw.when(counts).then(nw.col("outcome")).otherwise(nw.lit("")),
        "reason": reason,
        "value": nw.when(counts).then(_known(value)).otherwise(nothing()),
        "answer_row_id": _known(answer_row_id),
    }
    return rows.select(
        *[columns.get(name, nw.col(name)).cast(dtype).alias(name) for name, dtype in OPPORTUNITY.items()]
    )


def _known(column: str | None) -> nw.Expr:
    return nothing() if column is None else nw.col(column)


def first_of(reasons: Reasons, *, otherwise: str = "") -> nw.Expr:
    """The name of the first that holds; one that cannot be said (an empty cell) does not hold."""
    named = nw.lit(otherwise, nw.String)
    for name, holds in reversed(list(reasons.items())):
        named = nw.when(holds).then(nw.lit(name, nw.String)).otherwise(named)
    return named


def nothing() -> nw.Expr:
    """An empty whole number: no team, nobody, not measured."""
    return nw.lit(None, nw.Int64)


def of_cohort(mart: Mart, rows: Frame, cohort: Cohort) -> Frame:
    """The rows whose team is in the cohort; a row without a known team is in no cohort that names something."""
    if not cohort.programmes and not cohort.service_models:
        return rows
    teams = mart["teams"]
    if cohort.programmes:
        teams = teams.filter(nw.col("programme").is_in(list(cohort.programmes)))
    if cohort.service_models:
        teams = teams.filter(nw.col("service_model").is_in(list(cohort.service_models)))
    return rows.join(teams.select("team_id"), on="team_id", how="inner")
