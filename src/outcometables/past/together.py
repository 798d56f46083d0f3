"""On which days can several signs together have become an alert?

Together they are met only while enough of them have a recent anchor. When that may be is found first, by asking each
sign alone where it may begin; only then, and only there, the days on which a sign may also cease are asked about.
"""

import narwhals.stable.v2 as nw

from outcometables.metrics.opportunities import Period
from outcometables.past.days import anchors_at, days_to_ask, within
from outcometables.past.moments import ceases, inside
from outcometables.past.question import Question
from outcometables.record.frames import Frame, Record
from outcometables.record.holding import held


def days_to_ask_together(record: Record, question: Question, period: Period) -> Frame:
    """The (person_id, day) to ask a combination about, each once."""
    recent = question.parameters["within_days"]
    begun = [held(days_to_ask(record, sign, period), beside=record.episodes) for sign in question.signs]
    spans = [
        held(_spans(anchors_at(record, sign, days), recent, number), beside=record.episodes)
        for number, (sign, days) in enumerate(zip(question.signs, begun, strict=True))
    ]
    windows = held(_covered(nw.concat(spans), at_least=question.parameters["at_least"]), beside=record.episodes)
    ceased = [ceases(record, sign, period) for sign in question.signs]
    aged = [span.select("person_id", nw.col("to_day").alias("day")) for span in spans]
    days = within(nw.concat([*begun, *ceased, *aged]), period)
    return inside(days, windows)


def _spans(anchors: Frame, within_days: int, number: int) -> Frame:
    """From the day a sign had this anchor until the day the anchor is too old, with the sign's number."""
    spans = anchors.select(
        "person_id",
        nw.lit(number, nw.Int64).alias("sign"),
        nw.col("asked").alias("from_day"),
        (nw.col("day") + within_days).cast(nw.Int32).alias("to_day"),
    )
    return spans.filter(nw.col("from_day") < nw.col("to_day"))


def _covered(spans: Frame, *, at_least: int) -> Frame:
    """person_id, from_day, to_day of the times at which at least so many signs have a span."""
    each_sign = _overlaps(spans, ["person_id", "sign"], at_least=1)
    return _overlaps(each_sign.select("person_id", "from_day", "to_day"), ["person_id"], at_least=at_least)


def _overlaps(spans: Frame, of: list[str], *, at_least: int) -> Frame:
    """The times, per `of`, at which at least so many of the spans overlap, as spans themselves.

    Where one span ends on the day another begins, the two are counted together: the level does not fall.
    """
    up = spans.select(*of, nw.col("from_day").alias("day"), nw.lit(1, nw.Int64).alias("step"))
    down = spans.select(*of, nw.col("to_day").alias("day"), nw.lit(-1, nw.Int64).alias("step"))
    steps = nw.concat([up, down]).group_by(*of, "day").agg(nw.col("step").sum())
    steps = steps.with_columns(nw.col("step").cum_sum().over(of, order_by="day").alias("level"))
    after, before = nw.col("level") >= at_least, nw.col("level") - nw.col("step") >= at_least
    edges = steps.filter((after & ~before) | (before & ~after)).with_columns(nw.lit(1, nw.Int64).alias("one"))
    edges = edges.with_columns(nw.col("one").cum_sum().over(of, order_by="day").alias("place"))
    # Edges go up and down in turn, up first: an odd one opens what the next one closes.
    opens = edges.filter(nw.col("place") % 2 == 1).select(*of, "place", nw.col("day").alias("from_day"))
    closes = edges.filter(nw.col("place") % 2 == 0)
    closes = closes.select(*of, (nw.col("place") - 1).alias("place"), nw.col("day").alias("to_day"))
    return opens.join(closes, on=[*of, "place"], how="inner").select(*of, "from_day", "to_day")
