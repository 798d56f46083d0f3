"""On which days can the answer to a question have become another? Only those need to be asked about.

An answer about a person changes only when a row enters or leaves one of the windows it looks at, when the clock of
a row runs out, or when an episode begins or ends. For each condition these days are listed twice: those on which it
may begin to be met or be met by newer evidence (`begins`), and those on which it may cease to be (`ceases`), which
matter only where several signs are put together. Each list may hold too many days, never too few: the tests compare
with asking about every day.
"""

from collections.abc import Callable, Mapping
from typing import Any

import narwhals.stable.v2 as nw

from outcomestats.change.rules import TOLERANCE
from outcometables.metrics.opportunities import Period
from outcometables.past.question import Question
from outcometables.record.frames import Frame, Record

Moments = Callable[[Record, Mapping[str, Any], Period], list[Frame]]


def days_of(rows: Frame, column: str = "day", *, after: int = 0) -> Frame:
    """person_id and day of each row, that many days after the day in the column."""
    return rows.select("person_id", (nw.col(column) + after).cast(nw.Int32).alias("day"))


def changes_of_care(record: Record) -> list[Frame]:
    """The days on which somebody's care began or ended."""
    ended = record.episodes.filter(~nw.col("end_day").is_null())
    return [days_of(record.episodes, "start_day"), days_of(ended, "end_day")]


def each_once(days: Frame) -> Frame:
    """Every (person_id, day) once."""
    return days.group_by("person_id", "day").agg(nw.len().alias("n")).select("person_id", "day")


def inside(days: Frame, windows: Frame) -> Frame:
    """The days that lie in one of the person's windows, from `from_day` until the day before `to_day`, each once."""
    met = days.join(windows, on="person_id", how="inner")
    return each_once(met.filter(nw.col("day") >= nw.col("from_day"), nw.col("day") < nw.col("to_day")))


def begins(record: Record, question: Question, period: Period) -> Frame:
    """(person_id, day) on which one of the signs may begin to be met or be met by newer evidence."""
    return nw.concat(_BEGINS[question.name](record, question.parameters, period))


def ceases(record: Record, question: Question, period: Period) -> Frame:
    """(person_id, day) on which one of the signs may cease to be met."""
    return nw.concat(_CEASES[question.name](record, question.parameters, period))


def _scores(record: Record, given: Mapping[str, Any]) -> Frame:
    return record.scores.filter(nw.col("measure").is_in(given["measures"]))


def _worsening_begins(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    """While a score that is worse than an earlier one is recent: any score may take the place of another."""
    scores = _scores(record, given)
    kinds = record.measures.select("measure", "direction", "reliable_change")
    recent = scores.filter(
        nw.col("day") > period.first_day - given["within_days"], nw.col("day") <= period.last_day
    ).join(kinds, on="measure", how="inner")
    earlier = scores.select("person_id", "measure", nw.col("day").alias("earlier"), nw.col("value").alias("was"))
    pairs = recent.join(earlier, on=["person_id", "measure"], how="inner").filter(nw.col("earlier") < nw.col("day"))
    worse_by = (nw.col("value") - nw.col("was")) * nw.col("direction").cast(nw.Float64)
    times = given.get("times_reliable_change", 1.0)
    pairs = pairs.filter(worse_by >= nw.col("reliable_change") * times - TOLERANCE)
    worse = each_once(pairs.select("person_id", "day"))
    windows = worse.select(
        "person_id", nw.col("day").alias("from_day"), (nw.col("day") + given["within_days"]).alias("to_day")
    )
    also = [*changes_of_care(record), *([days_of(scores)] if len(given["measures"]) > 1 else [])]
    return [worse, inside(nw.concat(also), windows)]


def _worsening_ceases(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    scores = _scores(record, given)
    return [days_of(scores), days_of(scores, after=given["within_days"])]


def _missed(record: Record, given: Mapping[str, Any]) -> Frame:
    statuses = ["NO_SHOW", "CANCELLED_BY_PERSON"] if given.get("count_cancellations") else ["NO_SHOW"]
    return record.contacts.filter(nw.col("status").is_in(statuses))


def _attended(record: Record) -> Frame:
    return record.contacts.filter(nw.col("status") == "ATTENDED")


def _missed_begins(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    return [days_of(_missed(record, given)), *changes_of_care(record)]


def _missed_ceases(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    attended = [days_of(_attended(record))] if given["consecutive"] else []
    return [*attended, days_of(_missed(record, given), after=given["within_days"])]


def _crisis(record: Record, given: Mapping[str, Any]) -> Frame:
    kinds = given.get("kinds")
    return record.crisis if kinds is None else record.crisis.filter(nw.col("kind").is_in(kinds))


def _crisis_begins(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    """With `rising` also when a contact leaves the period before: then there are fewer to compare with."""
    crisis = _crisis(record, given)
    left = [days_of(crisis, after=2 * given["within_days"])] if given.get("rising") else []
    return [days_of(crisis), *left, *changes_of_care(record)]


def _crisis_ceases(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    return [days_of(_crisis(record, given), after=given["within_days"])]


def _housing_begins(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    return [days_of(record.housing), *changes_of_care(record)]


def _housing_ceases(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    return [days_of(record.housing, after=given["within_days"])]


def _risk_begins(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    return [days_of(record.risk_answers), *changes_of_care(record)]


def _risk_ceases(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    return [days_of(record.risk_answers, after=given["within_days"])]


def _unseen_begins(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    """When the days after a discharge are over, and when somebody who was back in a bed leaves it."""
    left = record.stays.filter(~nw.col("discharge_day").is_null())
    over = days_of(left, "discharge_day", after=given["days"] + 1)
    return [days_of(left, "discharge_day"), over, *changes_of_care(record)]


def _unseen_ceases(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    left = record.stays.filter(~nw.col("discharge_day").is_null())
    old = days_of(left, "discharge_day", after=given.get("discharged_within_days", 60))
    return [days_of(record.stays, "admit_day"), old, days_of(_attended(record))]


def _silence_begins(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    """When a contact is that long ago and no later one has come, and when care is that old."""
    seen = each_once(_attended(record).select("person_id", "day")).with_columns(nw.lit(1, nw.Int64).alias("one"))
    seen = seen.with_columns(nw.col("one").cum_sum().over("person_id", order_by="day").alias("place"))
    following = seen.select("person_id", (nw.col("place") - 1).alias("place"), nw.col("day").alias("next_day"))
    pairs = seen.join(following, on=["person_id", "place"], how="left")
    last = pairs.filter(nw.col("next_day").is_null() | (nw.col("next_day") > nw.col("day") + given["days"]))
    started = days_of(record.episodes, "start_day", after=given["days"])
    return [days_of(last, after=given["days"]), started, *changes_of_care(record)]


def _silence_ceases(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    return [days_of(_attended(record))]


def _overdue_begins(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    """When the interval of a score or of the first day of care is over; with several measures also any score then."""
    interval = given.get("due_every_days")
    due = nw.col("due_every_days") if interval is None else nw.lit(interval, nw.Int32)
    kinds = record.measures.filter(nw.col("measure").is_in(given["measures"]))
    kinds = kinds.select("measure", due.alias("due"), nw.lit(1, nw.Int8).alias("all")).filter(nw.col("due") > 0)
    scored = _scores(record, given).group_by("person_id", "measure", "day").agg(nw.len().alias("n"))
    scored = scored.with_columns(nw.lit(1, nw.Int64).alias("one"))
    waits = nw.concat([_waits_since_scores(scored), _waits_since_starts(record, scored, kinds)])
    over = nw.col("from_day") + nw.col("due") + (given["grace_days"] + 1)
    far = nw.lit(period.last_day + 1, nw.Int32)
    until = nw.when(nw.col("to_day").is_null()).then(far).otherwise(nw.col("to_day"))
    waits = waits.join(kinds, on="measure", how="inner").select(
        "person_id", over.cast(nw.Int32).alias("from_day"), until.alias("to_day")
    )
    waits = waits.filter(nw.col("from_day") < nw.col("to_day"))
    also = [*changes_of_care(record), *([days_of(scored)] if len(given["measures"]) > 1 else [])]
    return [days_of(waits, "from_day"), inside(nw.concat(also), waits)]


def _waits_since_scores(scored: Frame) -> Frame:
    """From each day with a score of a measure to the next one."""
    series = ["person_id", "measure"]
    placed = scored.with_columns(nw.col("one").cum_sum().over(series, order_by="day").alias("place"))
    following = placed.select(*series, (nw.col("place") - 1).alias("place"), nw.col("day").alias("to_day"))
    waits = placed.join(following, on=[*series, "place"], how="left")
    return waits.select(*series, nw.col("day").alias("from_day"), "to_day")


def _waits_since_starts(record: Record, scored: Frame, kinds: Frame) -> Frame:
    """From the first day of each episode to the first score of each measure since then."""
    series = ["person_id", "measure"]
    starts = record.episodes.select(
        "person_id", nw.col("start_day").alias("from_day"), nw.lit(1, nw.Int8).alias("all")
    )
    starts = starts.join(kinds.select("measure", "all"), on="all", how="inner")
    since = starts.join(scored, on=series, how="inner").filter(nw.col("day") >= nw.col("from_day"))
    first = since.group_by(*series, "from_day").agg(nw.col("day").min().alias("to_day"))
    return starts.join(first, on=[*series, "from_day"], how="left").select(*series, "from_day", "to_day")


def _overdue_ceases(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    return [days_of(_scores(record, given))]


def _goals_begin(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    """When a goal is rated, and when a rating is too old to compare with: another goal may then be the newest."""
    ratings = record.goal_ratings.filter(nw.col("rated_by") == given.get("rated_by", "PERSON"))
    left = days_of(ratings, after=given.get("look_back_days", 180))
    return [days_of(ratings), left, *changes_of_care(record)]


def _goals_cease(record: Record, given: Mapping[str, Any], period: Period) -> list[Frame]:
    return [days_of(record.goal_ratings, after=given["within_days"])]


_BEGINS: Mapping[str, Moments] = {
    "score_worsening": _worsening_begins,
    "missed_visits": _missed_begins,
    "crisis_contacts": _crisis_begins,
    "housing_instability": _housing_begins,
    "risk_answer": _risk_begins,
    "not_seen_after_discharge": _unseen_begins,
    "no_contact": _silence_begins,
    "measure_overdue": _overdue_begins,
    "goal_ratings_falling": _goals_begin,
}
_CEASES: Mapping[str, Moments] = {
    "score_worsening": _worsening_ceases,
    "missed_visits": _missed_ceases,
    "crisis_contacts": _crisis_ceases,
    "housing_instability": _housing_ceases,
    "risk_answer": _risk_ceases,
    "not_seen_after_discharge": _unseen_ceases,
    "no_contact": _silence_ceases,
    "measure_overdue": _overdue_ceases,
    "goal_ratings_falling": _goals_cease,
}
