"""Whom a trigger is about: alive, in an open episode, in the programmes and service models it names."""

import narwhals.stable.v2 as nw

from outcometables.record.cohort import Cohort
from outcometables.record.frames import Frame, Record


def died(record: Record, *, as_of: int) -> Frame:
    """person_id of everybody known to have died by `as_of`; of whom the people table has no row, nothing is known."""
    return record.shared(
        ("died", as_of), lambda: record.people.filter(nw.col("died_day") <= as_of).select("person_id")
    )


def in_care(record: Record, *, as_of: int, cohort: Cohort) -> Frame:
    """person_id and start_day of everybody in the cohort: the earliest of the person's open episodes there.

    An episode is open from its first day until the day before it ends: whoever left today has left.
    """
    return starts_of_care(record, as_of=as_of, cohort=cohort).select("person_id", "start_day")


def starts_of_care(record: Record, *, as_of: int, cohort: Cohort) -> Frame:
    """As `in_care`, with the row_id of the episode that started then: the lowest, if several did."""
    return record.shared(("starts of care", as_of, cohort), lambda: _starts_of_care(record, as_of, cohort))


def in_cohort(episodes: Frame, cohort: Cohort) -> Frame:
    """The episodes in the programmes and service models of the cohort."""
    if cohort.programmes:
        episodes = episodes.filter(nw.col("programme").is_in(list(cohort.programmes)))
    if cohort.service_models:
        episodes = episodes.filter(nw.col("service_model").is_in(list(cohort.service_models)))
    return episodes


def except_people(rows: Frame, people: Frame) -> Frame:
    """The rows of everybody who has no row in `people`."""
    found = people.group_by("person_id").agg(nw.len().alias("found"))
    left = rows.join(found, on="person_id", how="left").filter(nw.col("found").is_null())
    return left.drop("found")


def _starts_of_care(record: Record, as_of: int, cohort: Cohort) -> Frame:
    end = nw.col("end_day")
    episodes = in_cohort(record.episodes, cohort).filter(nw.col("start_day") <= as_of, end.is_null() | (end > as_of))
    starts = episodes.group_by("person_id").agg(nw.col("start_day").min())
    rows = episodes.group_by("person_id", "start_day").agg(nw.col("row_id").min())
    earliest = rows.join(starts, on=["person_id", "start_day"], how="inner")
    return except_people(earliest, died(record, as_of=as_of)).select("person_id", "start_day", "row_id")
