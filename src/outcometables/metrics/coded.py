"""Who had which diagnosis, and what was done to whom? Lists of codes, as public specifications give them."""

from collections.abc import Iterable, Mapping

import narwhals.stable.v2 as nw

from outcometables.definitions.code_lists import capitals, plain
from outcometables.mart.tables import Mart
from outcometables.record.frames import Frame


def diagnosed(mart: Mart, codes: Iterable[str], *, as_of: int) -> Frame:
    """person_id, began, ended of these diagnoses, provisional ones too, known to begin by `as_of`.

    An empty `began` means: nobody wrote down from when, so it was always there. An empty `ended`: it has not. One
    that is inactive without a day on which it ended is taken to have been there only on its first day, since nobody
    knows for how long.
    """
    found = mart["diagnoses"].filter(nw.col("plain_code").is_in(plain(codes)))
    found = found.filter(nw.col("onset_day").is_null() | (nw.col("onset_day") <= as_of))
    unknown_end = (nw.col("activity") == "INACTIVE") & nw.col("end_day").is_null()
    ended = nw.when(unknown_end).then(nw.col("onset_day")).otherwise(nw.col("end_day"))
    return found.select("person_id", nw.col("onset_day").alias("began"), ended.alias("ended"))


def done(mart: Mart, codes: Iterable[str], *, as_of: int, statuses: tuple[str, ...] = ("DONE",)) -> Frame:
    """person_id, began, ended, done_row of procedures with these codes that began by `as_of`."""
    found = mart["procedures"].filter(nw.col("day") <= as_of, nw.col("status").is_in(list(statuses)))
    return found.filter(nw.col("code").is_in(capitals(codes))).select(
        "person_id",
        nw.col("day").alias("began"),
        nw.col("end_day").alias("ended"),
        nw.col("row_id").alias("done_row"),
    )


def during(first: str | int, last: str | int) -> nw.Expr:
    """What `began` and `ended` was there on a day from `first` to `last` (columns, or days)."""
    begun = nw.col("began").is_null() | (nw.col("began") <= _day(last))
    return begun & (nw.col("ended").is_null() | (nw.col("ended") >= _day(first)))


def marks(keys: Frame, spans: Mapping[str, Frame], holds: nw.Expr) -> Frame:
    """row_id and a column for each name: how many of its spans the row's person has for which `holds` is true.

    `spans` have person_id, began, ended. Rows without any of them are not in the answer: join it to the rows, and a
    number above 0 says yes.
    """
    named = [
        frame.select("person_id", "began", "ended", nw.lit(name, nw.String).alias("what"))
        for name, frame in spans.items()
    ]
    found = keys.join(nw.concat(named), on="person_id", how="inner").filter(holds)
    numbers = [(nw.col("what") == name).cast(nw.Int64).alias(name) for name in spans]
    return found.select("row_id", *numbers).group_by("row_id").agg(*[nw.col(name).sum() for name in spans])


def recorded_at_all(rows: Frame, events: Frame, name: str) -> Frame:
    """The rows with a column `name`: how many such events anybody at all has; empty where nobody has any.

    A provider that never writes something down has not failed to do it: nothing can be said.
    """
    one = nw.lit(1, nw.Int64).alias("one")
    # A column beside the literal: a frame of literals alone has one row even where there are no events.
    any_row = events.select("person_id", one).group_by("one").agg(nw.len().alias(name))
    return rows.with_columns(one).join(any_row, on="one", how="left").drop("one")


def _day(day: str | int) -> nw.Expr:
    return nw.col(day) if isinstance(day, str) else nw.lit(day, nw.Int32)
