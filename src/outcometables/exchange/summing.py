"""All that is needed of the rows, in one pass over them."""

from collections.abc import Sequence

import narwhals.stable.v2 as nw
import polars as pl

from outcometables.exchange.cells import Cells
from outcometables.exchange.changes import COVARIATES, NUMBERS, YES_OR_NO
from outcometables.record.frames import Frame


def cells_of(rows: Frame, covariates: Sequence[str]) -> Cells:
    """The sums of rows in one pass: by clinician in team and by every pattern of the yes-or-no covariates.

    Raises ValueError for a covariate there is none of.
    """
    unknown = [name for name in covariates if name not in COVARIATES]
    if unknown:
        raise ValueError(f"There is no covariate {unknown[0]}: use some of {', '.join(COVARIATES)}.")
    numbers = [*(name for name in covariates if name in NUMBERS), "change"]
    marks = [name for name in covariates if name in YES_OR_NO]
    products = [
        (nw.col(one) * nw.col(two)).sum().alias(f"{one}*{two}")
        for place, one in enumerate(numbers)
        for two in numbers[place:]
    ]
    whole = nw.lit(1, nw.Int64)
    if "age" in numbers:
        whole = nw.when(nw.col("age") < 0).then(nw.lit(0, nw.Int64)).otherwise(whole)
    by = ["team_id", "staff_id", "has_age", *marks]
    table = rows.with_columns(whole.alias("has_age")).group_by(by)
    summed = table.agg(nw.len().alias("n"), *(nw.col(name).sum() for name in numbers), *products)
    found: pl.DataFrame = nw.to_native(summed.collect(backend="polars"))
    return Cells.of(found, tuple(numbers), tuple(marks))
