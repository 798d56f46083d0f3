"""Which contacts are a visit, as a public specification means it?"""

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from outcometables.definitions.code_lists import capitals
from outcometables.mart.tables import Mart
from outcometables.metrics.opportunities import Period
from outcometables.metrics.places import place_from_first
from outcometables.record.frames import Frame


def attended_contacts(
    mart: Mart, *, as_of: int, kinds: Sequence[str] | None = None, media: Sequence[str] | None = None
) -> Frame:
    """The contacts that were kept up to `as_of`, of these kinds, by these media; what is not given asks nothing."""
    kept = mart["contacts"].filter(nw.col("status") == "ATTENDED", nw.col("day") <= as_of)
    if kinds is not None:
        kept = kept.filter(nw.col("kind").is_in(list(kinds)))
    return kept if media is None else kept.filter(nw.col("medium").is_in(list(media)))


def visits(mart: Mart, *, as_of: int, codes: Sequence[str] | None, kinds: Sequence[str] | None) -> Frame:
    """person_id, visit_row, visit_day, visit_until, team_id, staff_id of contacts that were kept and are a visit.

    A contact with a code is one where the code is among `codes`; one without a code where its kind is among `kinds`.
    So a provider whose system writes codes is held to them, and one without is not left out. A list that is not
    given asks nothing.
    """
    kept = attended_contacts(mart, as_of=as_of)
    coded = nw.col("code") != ""
    by_code = coded if codes is None else coded & nw.col("code").is_in(capitals(codes))
    by_kind = ~coded if kinds is None else ~coded & nw.col("kind").is_in(list(kinds))
    return kept.filter(by_code | by_kind).select(
        "person_id",
        nw.col("row_id").alias("visit_row"),
        nw.col("day").alias("visit_day"),
        nw.col("end_day").alias("visit_until"),
        "team_id",
        "staff_id",
    )


def visited(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    codes: Sequence[str] | None,
    kinds: Sequence[str] | None,
    closes_after: int,
) -> Frame:
    """One row for each person with a visit in the period: row_id, day, team_id and staff_id of the first one,
    last_visit_day, n_visits; closes_day, `closes_after` days after the period's last day."""
    known = visits(mart, as_of=as_of, codes=codes, kinds=kinds).filter(period.has("visit_day", as_of=as_of))
    numbers = known.group_by("person_id").agg(
        nw.len().alias("n_visits"), nw.col("visit_day").max().alias("last_visit_day")
    )
    first = place_from_first(known, "visit_day", "visit_row", of="person_id").filter(nw.col("place") == 1)
    first = first.select(
        nw.col("visit_row").alias("row_id"),
        "person_id",
        nw.col("visit_day").alias("day"),
        "team_id",
        "staff_id",
        nw.lit(period.last_day + closes_after, nw.Int32).alias("closes_day"),
    )
    return first.join(numbers, on="person_id", how="inner")
