"""Words that too few people share, withheld."""

from collections.abc import Sequence

import polars as pl

WITHHELD, OTHER = "WITHHELD", "OTHER"
# In the order in which they are given up where a combination of them is rare.
DESCRIBED = ("deprivation_quintile", "gender_identity", "payer", "language", "race_ethnicity", "sex")


def withhold(people: pl.DataFrame, *, band: str, least: int) -> pl.DataFrame:
    """The people with rare words withheld; `band` is the column with each one's ten years of age.

    Afterwards every combination of the words of `DESCRIBED` and `band` is shared by at least `least` people, or all
    of a person's words are withheld and the band is empty.

    >>> people = pl.DataFrame({name: ["A", "A", "B"] for name in DESCRIBED} | {"band": [3, 3, 3]})
    >>> withhold(people, band="band", least=2)["sex"].to_list()
    ['A', 'A', 'WITHHELD']
    """
    for name in DESCRIBED:
        alone = pl.len().over(name) < least
        people = people.with_columns(pl.when(alone).then(pl.lit(WITHHELD)).otherwise(pl.col(name)).alias(name))
    together = pl.len().over(*DESCRIBED, band) < least
    for name in DESCRIBED:
        people = people.with_columns(pl.when(together).then(pl.lit(WITHHELD)).otherwise(pl.col(name)).alias(name))
    return people.with_columns(pl.when(together).then(None).otherwise(pl.col(band)).alias(band))


def common(rows: pl.DataFrame, columns: Sequence[str], *, least: int) -> dict[str, list[str]]:
    """For each column the values that at least `least` people have; empty text is one of them always.

    >>> rows = pl.DataFrame({"person_id": [1, 2, 2, 3], "code": ["F32", "F32", "F32", "F99"]})
    >>> common(rows, ["code"], least=2)
    {'code': ['', 'F32']}
    """
    found = {}
    for name in columns:
        counted = rows.group_by(name).agg(pl.col("person_id").n_unique().alias("people"))
        found[name] = sorted({"", *counted.filter(pl.col("people") >= least)[name]})
    return found


def rare_to_other(column: str, common_values: Sequence[str]) -> pl.Expr:
    """The column with every other value as OTHER."""
    kept = pl.col(column).is_in(list(common_values))
    return pl.when(kept).then(pl.col(column)).otherwise(pl.lit(OTHER)).alias(column)
