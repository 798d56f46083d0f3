"""What would have been noticed on each of many mornings, from the record as it was the evening before?

Asking about one day costs much the same for three hundred people as for one, so many days are asked about in one run:
for each of them the people in care are put beside the others as people of their own, with all their days moved by as
much as that day lies before the last one. Conditions compare days only with one another and with the day asked about,
so they say of each the same as they would have said then; a test compares the two.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from outcometables.record import Record
from outcometables.triggers import evaluate
from tending.notice.definitions import Triggers
from tending.notice.evidence import KEY, with_keys

AT_ONCE = 30
SPREAD = 1_000  # more than are asked about at once: number * SPREAD + place is another number
NUMBERS = ("person_id", "row_id", "goal_id")
OPENS = {"episodes": "start_day", "stays": "admit_day"}  # the day that says when a row is known, where not `day`
UNDATED = ("people", "measures")

Tables = Mapping[str, pl.DataFrame]


def evidence_of_days(tables: Tables, triggers: Triggers, days: Sequence[int]) -> Iterator[tuple[int, pl.DataFrame]]:
    """For each day its evidence, as ``notice.evidence.evidence_for`` would have found it at the end of that day."""
    plain = {name: table.drop(KEY, strict=False) for name, table in tables.items()}
    parts = [days[start : start + AT_ONCE] for start in range(0, len(days), AT_ONCE)]

    def found_in(asked: Sequence[int]) -> Mapping[str, pl.DataFrame]:
        record = Record.from_polars(_side_by_side(plain, asked))
        return evaluate(record, list(triggers.by_code.values()), as_of=asked[-1])

    with ThreadPoolExecutor(1) as beside:  # the next days are looked into while these are lived
        coming = [beside.submit(found_in, parts[0])] if parts else []
        for place, asked in enumerate(parts):
            found = coming.pop().result()
            coming += [beside.submit(found_in, following) for following in parts[place + 1 : place + 2]]
            for number, day in enumerate(asked):
                own = {code: _taken_back(frame, number, asked[-1] - day) for code, frame in found.items()}
                yield day, with_keys(own, tables)


def _side_by_side(tables: Tables, days: Sequence[int]) -> dict[str, pl.DataFrame]:
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in tables}
    for place, day in enumerate(days):
        who = _in_care(tables["episodes"], day)
        for name, table in tables.items():
            if name != "measures":
                parts[name].append(_moved(_known(name, table, day, who), place, days[-1] - day))
    return {name: tables[name] if name == "measures" else pl.concat(found) for name, found in parts.items()}


def _in_care(episodes: pl.DataFrame, day: int) -> pl.Series:
    """Nobody else can meet a trigger."""
    ends = pl.col("end_day")
    return episodes.filter(pl.col("start_day") <= day, ends.is_null() | (ends > day))["person_id"].unique()


def _known(name: str, table: pl.DataFrame, day: int, who: pl.Series) -> pl.DataFrame:
    """These people's rows, but nothing that began later."""
    rows = table.filter(pl.col("person_id").is_in(who.implode()))
    return rows if name in UNDATED else rows.filter(pl.col(OPENS.get(name, "day")) <= day)


def _moved(table: pl.DataFrame, place: int, by: int) -> pl.DataFrame:
    days = [name for name in table.columns if name == "day" or name.endswith("_day")]
    numbers = [name for name in NUMBERS if name in table.columns]
    return table.with_columns(pl.col(days) + by, pl.col(numbers) * SPREAD + place)


def _taken_back(found: pl.DataFrame, place: int, by: int) -> pl.DataFrame:
    mine = found.filter(pl.col("person_id") % SPREAD == place)
    return mine.with_columns(pl.col("person_id", "row_id") // SPREAD, pl.col("day") - by)
