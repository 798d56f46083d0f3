"""What was not known yet on an earlier day: rows that came later are left out, ends that came later are no ends."""

from collections.abc import Mapping

import polars as pl

# The day a row begins to be there; a table without one is about nobody's days.
BEGINS: Mapping[str, str] = {
    "episodes": "start_day",
    "stays": "admit_day",
    "caseload": "from_day",
    "diagnoses": "onset_day",
    "consents": "given_day",
    **dict.fromkeys(
        (
            "contacts",
            "scores",
            "risk_answers",
            "crisis",
            "housing",
            "goal_ratings",
            "care_plan_events",
            "referrals",
            "goals",
            "procedures",
            "signals",
            "reviews",
            "looks",
        ),
        "day",
    ),
    "review_actions": "assigned_day",
}
# An end that had not come yet, what came with it, and what is said instead.
_ENDS: Mapping[str, tuple[tuple[str, Mapping[str, str | None]], ...]] = {
    "people": (("died_day", {}),),
    "episodes": (("end_day", {"end_reason": ""}),),
    "stays": (("discharge_day", {"discharge_minute": None, "notified_minute": None, "destination": ""}),),
    "caseload": (("to_day", {}),),
    "diagnoses": (("end_day", {}),),
    "consents": (("revoked_day", {}),),
    "referrals": (("closed_day", {"status": ""}),),
    "goals": (("closed_day", {"status": "ACTIVE"}),),
    "reviews": (
        ("looked_back_day", {"looked_back_minute": None, "state": "CLOSED"}),
        ("closed_day", {"closed_minute": None, "state": "UNDER_WAY", "decided": "0", "person_took_part": "0"}),
        ("begun_day", {"begun_minute": None, "state": "OPENED"}),
    ),
    "review_actions": (("ended_day", {"ended_minute": None, "state": "OPEN"}),),
}


def as_it_was(table: str, rows: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """The table's rows as somebody would have found them at the end of the day `as_of`.

    >>> stays = pl.DataFrame({"admit_day": [5, 30], "discharge_day": [12, 31]})
    >>> stays = stays.with_columns(discharge_minute=pl.lit(9), notified_minute=pl.lit(9), destination=pl.lit("HOME"))
    >>> as_it_was("stays", stays, 10).select("admit_day", "discharge_day", "destination").rows()
    [(5, None, '')]
    """
    if table in BEGINS:
        begins = pl.col(BEGINS[table])
        rows = rows.filter(begins.is_null() | (begins <= as_of))
    for end, with_it in _ENDS.get(table, ()):
        later = pl.col(end) > as_of
        changed = [
            pl.when(later).then(pl.lit(instead).cast(rows.schema[name])).otherwise(pl.col(name)).alias(name)
            for name, instead in with_it.items()
        ]
        rows = rows.with_columns(*changed, pl.when(later).then(None).otherwise(pl.col(end)).alias(end))
    return rows
