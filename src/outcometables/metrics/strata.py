"""By what may a figure be broken down? What its row, its person, its team and its day are."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import narwhals.stable.v2 as nw

from outcometables.mart.tables import Mart
from outcometables.record.frames import Frame

OWN = ("team_id", "staff_id")
OF_TEAM = ("programme", "service_model", "site")
OF_PERSON = ("sex", "gender_identity", "race_ethnicity", "language", "payer", "deprivation_quintile")
# The tables whose rows an opportunity may stand for, by the column of theirs that groups it.
OF_ROW: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "organisation_id": ("referrals", "stays", "crisis"),
        "urgency": ("referrals",),
        "kind": ("contacts", "stays", "crisis"),
        "medium": ("contacts",),
    }
)
NUMBERS = frozenset({"team_id", "staff_id", "organisation_id", "month"})
STRATA: tuple[str, ...] = ("month", *OWN, *OF_TEAM, *OF_PERSON, "age_band", *OF_ROW)

# The oldest age of each band but the last. 12, 18 and 65 are where the public measures divide people.
AGE_BANDS = (11, 17, 25, 44, 64)
UNKNOWN = "UNKNOWN"


def with_strata(mart: Mart, rows: Frame, by: Sequence[str]) -> Frame:
    """Opportunities with a column for each stratum of `by`, one of `STRATA`; words that are not known are UNKNOWN.

    Strata that a person has are as the mart knows them now; the age is that on the opportunity's day, in completed
    years (somebody born on 29 February is a year older from 1 March of a year without one).
    """
    if "month" in by:
        rows = rows.join(mart["calendar"].select("day", "month"), on="day", how="left")
    if "age_band" in by:
        rows = _with_age_band(mart, rows)
    rows = _joined(rows, mart["teams"], "team_id", [name for name in by if name in OF_TEAM])
    rows = _joined(rows, mart["people"], "person_id", [name for name in by if name in OF_PERSON])
    for name, tables in OF_ROW.items():
        if name in by:
            of = [mart[table].select(nw.lit(table).alias("source"), "row_id", name) for table in tables]
            rows = rows.join(nw.concat(of), on=["source", "row_id"], how="left")
    words = [_named(name) for name in by if name not in NUMBERS]
    return rows.with_columns(*words) if words else rows


def _joined(rows: Frame, table: Frame, key: str, columns: list[str]) -> Frame:
    return rows.join(table.select(key, *columns), on=key, how="left") if columns else rows


def _named(name: str) -> nw.Expr:
    unknown = nw.col(name).is_null() | (nw.col(name) == "")
    return nw.when(unknown).then(nw.lit(UNKNOWN, nw.String)).otherwise(nw.col(name)).alias(name)


def _with_age_band(mart: Mart, rows: Frame) -> Frame:
    rows = rows.join(mart["people"].select("person_id", "birth_ymd"), on="person_id", how="left")
    rows = rows.join(mart["calendar"].select("day", "ymd"), on="day", how="left")
    lived = nw.col("ymd") - nw.col("birth_ymd")  # 10,000 for each completed year
    band = nw.lit(f"{AGE_BANDS[-1] + 1}+", nw.String)
    youngest = [0, *[oldest + 1 for oldest in AGE_BANDS]]
    for first, oldest in reversed(list(zip(youngest, AGE_BANDS, strict=False))):
        name = nw.lit(f"{first:02}-{oldest:02}", nw.String)
        band = nw.when(lived < (oldest + 1) * 10_000).then(name).otherwise(band)
    unknown = lived.is_null() | (lived < 0)
    return rows.with_columns(nw.when(unknown).then(nw.lit(UNKNOWN, nw.String)).otherwise(band).alias("age_band"))
