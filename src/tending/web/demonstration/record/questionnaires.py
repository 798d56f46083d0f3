"""Answers item by item, and totals where the record system sends no items."""

import numpy as np
import polars as pl

from tending.web.demonstration import planted
from tending.web.demonstration.course import measures
from tending.web.demonstration.course.state import State
from tending.web.demonstration.record.columns import dates, numbered, numbers, words

CODES = tuple(measure.code for measure in measures.MEASURES)
TRUTH = planted.PLANTED
SKIPPED_ITEMS = 0.003  # left blank now and then, never the item about self-harm


def _arrived(state: State, rows: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rows in the record today: since it opened, and without the paper not yet entered."""
    rng = np.random.default_rng([state.people.n, len(rows["day"])])
    day, today = rows["day"], state.calendar.today
    late = (state.kind[rows["person"]] == TRUTH.paper_team) & (day > today - TRUTH.paper_lag_days)
    lost = late & (rng.random(len(day)) < TRUTH.paper_lag_missing)
    this_morning = (day == today - 1) & (rng.random(len(day)) < 0.15)
    kept = (day >= state.calendar.opens) & (day <= today) & ~lost
    return {
        **{name: column[kept] for name, column in rows.items()},
        "day": np.where(this_morning, today, day)[kept],
    }


def answers_table(state: State) -> pl.DataFrame:
    """One row an item. Responses are numbered by day, then person."""
    frames = []
    for number, measure in enumerate(measures.MEASURES):
        if not measure.n_items:
            continue
        rows = _arrived(state, state.ledger.columns(measure.code))
        frames.append(
            pl.DataFrame(
                {
                    "person_id": numbers((rows["person"] + 1).astype(np.uint32)),
                    "instrument": words(np.full(len(rows["person"]), number), CODES),
                    "answered_date": dates(rows["day"]),
                    "values": pl.Series(rows["items"], dtype=pl.Array(pl.Int8, measure.n_items)).cast(
                        pl.List(pl.Int8)
                    ),
                }
            )
        )
    responses = numbered(pl.concat(frames), "response_id", by=["answered_date", "person_id", "instrument"])
    names = pl.Enum([str(number) for number in range(1, 16)])
    item = pl.int_ranges(0, pl.col("values").list.len()).alias("item")
    long = responses.with_columns(item).explode("item", "values")
    table = pl.Series(names.categories, dtype=names)
    skipped = np.random.default_rng([state.people.n, long.height]).random(long.height) < SKIPPED_ITEMS
    value = pl.when(pl.Series(~skipped) | (pl.col("item") == 8)).then("values")
    long = long.with_columns(value=value, item=table.gather(long["item"]))
    return long.select("response_id", "person_id", "instrument", "answered_date", "item", "value")


def scores_table(state: State) -> pl.DataFrame:
    rows = _arrived(state, state.ledger.columns("totals"))
    frame = pl.DataFrame(
        {
            "person_id": numbers((rows["person"] + 1).astype(np.uint32)),
            "instrument": words(rows["measure"], CODES),
            "scale": pl.Series([None] * len(rows["day"]), dtype=pl.String),
            "scored_date": dates(rows["day"]),
            "value": numbers(rows["value"]),
        }
    )
    return numbered(frame, "score_id", by=["scored_date", "person_id", "instrument"])
