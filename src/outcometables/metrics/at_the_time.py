"""How old was the person on that day, and with which team and whom? What a row knows of the day its clock starts."""

import narwhals.stable.v2 as nw

from outcometables.mart.tables import Mart
from outcometables.metrics.places import place_from_last
from outcometables.record.frames import Frame

A_YEAR = 10_000  # of ymd: year * 10000 + month * 100 + day


def with_age(mart: Mart, rows: Frame, *, on: str = "day") -> Frame:
    """The rows with `age_ymd`: years of age on that day times 10000 and a rest; empty where the birth is not known.

    Somebody born on 29 February is a year older on 1 March of a year without that day. Compare with
    `age * A_YEAR`: a birthday counts from its own day, and no year has 365.25 days.
    """
    days = mart["calendar"].select(nw.col("day").alias(on), nw.col("ymd").alias("ymd_then"))
    born = mart["people"].select("person_id", "birth_ymd")
    rows = rows.join(days, on=on, how="left").join(born, on="person_id", how="left")
    return rows.with_columns((nw.col("ymd_then") - nw.col("birth_ymd")).alias("age_ymd")).drop(
        "ymd_then", "birth_ymd"
    )


def age_reasons(*, least: int | None, most: int | None) -> dict[str, nw.Expr]:
    """Why somebody of no known age, or not of this one, does not count. No reason where any age will do."""
    if least is None and most is None:
        return {}
    too_young = nw.lit(False) if least is None else nw.col("age_ymd") < least * A_YEAR
    too_old = nw.lit(False) if most is None else nw.col("age_ymd") >= (most + 1) * A_YEAR
    return {"NO_BIRTH_DATE": nw.col("age_ymd").is_null(), "AGE": too_young | too_old}


def with_death(mart: Mart, rows: Frame, *, as_of: int) -> Frame:
    """The rows with `died_day`, if the person was known to have died by `as_of`."""
    died = mart["people"].filter(nw.col("died_day") <= as_of).select("person_id", "died_day")
    return rows.join(died, on="person_id", how="left")


def team_then(mart: Mart, keys: Frame, *, on: str = "day") -> Frame:
    """row_id, team_id: the team of the episode open on that day, of several the one that began last.

    `keys` have row_id (one row each), person_id and the day. Join the answer to the rows: an engine that repeats a
    frame each time it is named would otherwise work out the rows twice for everything added to them.
    """
    episodes = mart["episodes"].select(
        "person_id", "team_id", nw.col("start_day").alias("began"), nw.col("end_day").alias("ended"), _held_row()
    )
    pairs = keys.select("row_id", "person_id", nw.col(on).alias("on_day")).join(episodes, on="person_id", how="inner")
    return _latest(pairs).select("row_id", "team_id")


def practitioner_then(mart: Mart, keys: Frame, *, on: str = "day") -> Frame:
    """row_id, staff_id: the person's primary practitioner on that day, of several the latest. `keys` as above."""
    primary = mart["caseload"].filter(nw.col("caseload_role") == "PRIMARY")
    primary = primary.select(
        "person_id", "staff_id", nw.col("from_day").alias("began"), nw.col("to_day").alias("ended"), _held_row()
    )
    pairs = keys.select("row_id", "person_id", nw.col(on).alias("on_day")).join(primary, on="person_id", how="inner")
    return _latest(pairs).select("row_id", "staff_id")


def _held_row() -> nw.Expr:
    return nw.col("row_id").alias("held_row")


def _latest(pairs: Frame) -> Frame:
    """Of what was held on the day, whichever began last; of several that day the one entered last."""
    then = nw.col("ended").is_null() | (nw.col("ended") >= nw.col("on_day"))
    held = pairs.filter(nw.col("began") <= nw.col("on_day"), then)
    return place_from_last(held, "began", "held_row").filter(nw.col("place") == 1)
