"""What would have been noticed on each of many mornings, from the record as it was the evening before?

Asking about one day costs much the same for three hundred people as for one, so many days are asked about in one run,
as the past is asked (outcometables.past): everybody in care on a day is a person of its own, on that day. A test
compares with asking about one day alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import narwhals.stable.v2 as nw
import polars as pl

from outcometables.past.asking import SPREAD, as_of_each
from outcometables.record import SCHEMA, Record
from outcometables.triggers import evaluate
from tending.notice.definitions import Triggers
from tending.notice.evidence import KEY, with_keys

AT_ONCE = 30

Tables = Mapping[str, pl.DataFrame]


def evidence_of_days(tables: Tables, triggers: Triggers, days: Sequence[int]) -> Iterator[tuple[int, pl.DataFrame]]:
    """For each day its evidence, as ``notice.evidence.evidence_for`` would have found it at the end of that day."""
    record = Record.from_polars({name: table.drop(KEY, strict=False) for name, table in tables.items()})
    parts = [days[start : start + AT_ONCE] for start in range(0, len(days), AT_ONCE)]

    def found_in(asked: Sequence[int]) -> Mapping[str, pl.DataFrame]:
        who = pl.concat([_in_care(tables["episodes"], day) for day in asked])
        then = as_of_each(record, nw.from_native(who.lazy()), dict.fromkeys(SCHEMA))
        return evaluate(then, list(triggers.by_code.values()), as_of=0)

    with ThreadPoolExecutor(1) as beside:  # the next days are looked into while these are lived
        coming = [beside.submit(found_in, parts[0])] if parts else []
        for place, asked in enumerate(parts):
            found = coming.pop().result()
            coming += [beside.submit(found_in, following) for following in parts[place + 1 : place + 2]]
            for day in asked:
                own = {code: _of(frame, day) for code, frame in found.items()}
                yield day, with_keys(own, tables)


def _in_care(episodes: pl.DataFrame, day: int) -> pl.DataFrame:
    """Nobody else can meet a trigger that needs an episode, and the demonstration has no others."""
    ends = pl.col("end_day")
    there = episodes.filter(pl.col("start_day") <= day, ends.is_null() | (ends > day))
    return there.select("person_id").unique().with_columns(pl.lit(day, pl.Int32).alias("day"))


def _of(found: pl.DataFrame, day: int) -> pl.DataFrame:
    mine = found.filter(pl.col("person_id") % SPREAD == day)
    return mine.with_columns(pl.col("person_id") // SPREAD, pl.col("day") + day)
