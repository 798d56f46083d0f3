"""Each person and day that has to be asked about: everybody on the first day, then where the answer may change."""

import narwhals.stable.v2 as nw

from outcometables.metrics.opportunities import Period
from outcometables.past.asking import evidence_at
from outcometables.past.moments import begins, each_once
from outcometables.past.question import Question
from outcometables.record.frames import Frame, Record
from outcometables.record.holding import held
from outcometables.triggers.cohort import in_cohort

ANCHOR = ["person_id", "asked", "source", "row_id", "day", "value"]


def days_to_ask(record: Record, question: Question, period: Period) -> Frame:
    """(person_id, day), each once, on which one of the question's signs may begin to be met by newer evidence."""
    found = [begins(record, sign, period) for sign in question.signs]
    standing = [_on_the_first_day(record, sign, period) for sign in question.signs]
    days = nw.concat([*found, *standing])
    return (
        within(days, period) if not question.of_people_in_care else _in_care(record, question, within(days, period))
    )


def within(days: Frame, period: Period) -> Frame:
    """The days inside the period, each once."""
    return each_once(days.filter(nw.col("day") >= period.first_day, nw.col("day") <= period.last_day))


def anchors_at(record: Record, question: Question, days: Frame) -> Frame:
    """The anchor of the question for each (person_id, day) of `days` on which it was met, as ANCHOR."""
    evidence = evidence_at(record, question, held(days, beside=record.episodes))
    return held(evidence.filter(nw.col("anchor") == 1).select(ANCHOR), beside=record.episodes)


def _on_the_first_day(record: Record, sign: Question, period: Period) -> Frame:
    """The first day, for whoever was in care then or, where that is not asked for, has a row that counts then."""
    first = nw.lit(period.first_day, nw.Int32).alias("day")
    if sign.of_people_in_care:
        return record.episodes.filter(nw.col("start_day") <= period.first_day).select("person_id", first)
    recent = nw.col("day") > period.first_day - sign.parameters["within_days"]
    return record.risk_answers.filter(nw.col("day") <= period.first_day, recent).select("person_id", first)


def _in_care(record: Record, question: Question, days: Frame) -> Frame:
    """The days on which the person was in the cohort: nobody else can meet it."""
    end = nw.col("end_day")
    care = in_cohort(record.episodes, question.cohort).select("person_id", "start_day", "end_day")
    met = days.join(care, on="person_id", how="inner")
    return each_once(met.filter(nw.col("start_day") <= nw.col("day"), end.is_null() | (end > nw.col("day"))))
