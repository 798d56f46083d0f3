"""From the simulation's numbers to typed columns: days to dates, codes to words, identifiers in order."""

from collections.abc import Sequence

import numpy as np
import polars as pl


def dates(day: np.ndarray, *, missing: np.ndarray | None = None) -> pl.Series:
    """Day numbers as dates; null where `missing`."""
    series = pl.Series(day.astype(np.int32)).cast(pl.Date)
    return series if missing is None else _blank(series, missing)


def instants(day: np.ndarray, minute: np.ndarray, *, missing: np.ndarray | None = None) -> pl.Series:
    """Day numbers and minutes of the day as local instants without offset."""
    series = pl.Series((day.astype(np.int64) * 1440 + minute) * 60_000).cast(pl.Datetime("ms"))
    return series if missing is None else _blank(series, missing)


def words(code: np.ndarray, names: Sequence[str], *, missing: np.ndarray | None = None) -> pl.Series:
    """Positions in a table of names as those names (stored once each)."""
    table = pl.Series(names, dtype=pl.Enum(list(dict.fromkeys(names))))
    series = table.gather(code if missing is None else np.where(missing, 0, code))
    return series if missing is None else _blank(series, missing)


def numbers(value: np.ndarray, *, missing: np.ndarray | None = None) -> pl.Series:
    series = pl.Series(np.ascontiguousarray(value))
    return series if missing is None else _blank(series, missing)


def _blank(series: pl.Series, missing: np.ndarray) -> pl.Series:
    return pl.select(pl.when(pl.Series(~missing)).then(series)).to_series()


def numbered(frame: pl.DataFrame, column: str, *, by: Sequence[str]) -> pl.DataFrame:
    """Sort and number the rows from 1."""
    return frame.sort(by, maintain_order=True).with_row_index(column, offset=1)
