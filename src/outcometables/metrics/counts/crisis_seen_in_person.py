"""A person called in a crisis: how long until somebody was with them? In minutes (I-SERV, third rate)."""

import narwhals.stable.v2 as nw

from outcometables.definitions.parameters import Count, Names
from outcometables.mart.tables import Mart
from outcometables.metrics.at_the_time import age_reasons, team_then, with_age
from outcometables.metrics.opportunities import Period, of_cohort, opportunity_rows
from outcometables.metrics.places import place_from_first
from outcometables.metrics.visits import attended_contacts
from outcometables.record.cohort import EVERYONE, Cohort
from outcometables.record.frames import Frame


def crisis_seen_in_person(
    mart: Mart,
    *,
    as_of: int,
    period: Period,
    kinds: Names,
    seen_kinds: Names,
    seen_media: Names,
    within_minutes: Count,
    look_for_minutes: Count = 4320,
    least_age: int | None = None,
    cohort: Cohort = EVERYONE,
) -> Frame:
    """Each crisis contact of `kinds`, met where somebody was with the person within `within_minutes` of it.

    With the person is a crisis contact of `seen_kinds`, or an attended contact by one of `seen_media`, at the same
    minute or later; nothing is looked for after `look_for_minutes`. Minutes are those of Greenwich, so a night in
    which the clocks change is as long as it was. A call that nobody was with in time is OPEN to the end of the next
    day. Value: the minutes it took, also where that was too long (LATE). NOT_SEEN has none.
    """
    calls = mart["crisis"].filter(nw.col("kind").is_in(kinds), period.has("day", as_of=as_of))
    keys = calls.select(
        "row_id", "person_id", "day", "minute", (nw.col("day") + 1).cast(nw.Int32).alias("closes_day")
    )
    with_person = mart["crisis"].filter(nw.col("day") <= as_of, nw.col("kind").is_in(seen_kinds))
    contacts = attended_contacts(mart, as_of=as_of, media=seen_media)
    columns = [nw.col("person_id"), nw.col("minute").alias("seen_minute"), nw.col("row_id").alias("answer_row_id")]
    seen = nw.concat([with_person.select(*columns), contacts.select(*columns)])
    pairs = keys.join(seen, on="person_id", how="inner").filter(
        nw.col("seen_minute") >= nw.col("minute"), nw.col("seen_minute") <= nw.col("minute") + look_for_minutes
    )
    first = place_from_first(pairs, "seen_minute", "answer_row_id").filter(nw.col("place") == 1)
    waited = (nw.col("seen_minute") - nw.col("minute")).alias("waited")
    rows = keys.join(first.select("row_id", "answer_row_id", waited), on="row_id", how="left")
    rows = of_cohort(mart, rows.join(team_then(mart, keys), on="row_id", how="left"), cohort)
    return opportunity_rows(
        with_age(mart, rows),
        source="crisis",
        as_of=as_of,
        met=nw.col("waited") <= within_minutes,
        why_not=age_reasons(least=least_age, most=None),
        reasons={"LATE": nw.col("waited") > within_minutes, "NOT_SEEN": nw.col("waited").is_null()},
        value="waited",
        answer_row_id="answer_row_id",
    )
