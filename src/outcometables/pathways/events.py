"""Everything that happened to each person, in one table, in the order in which it happened."""

from collections.abc import Mapping
from types import MappingProxyType

import narwhals.stable.v2 as nw

from outcometables.mart.tables import Mart
from outcometables.metrics.visits import attended_contacts
from outcometables.record.frames import Frame

EVENT: Mapping[str, type[nw.dtypes.DType]] = MappingProxyType(
    {
        "person_id": nw.Int64,
        "day": nw.Int32,
        "event": nw.String,  # REFERRAL, EPISODE_START, FIRST_CONTACT, EVALUATION, THERAPY …, MISSED, CRISIS …
        "team_id": nw.Int64,  # where it happened; empty where no team is known
        "organisation_id": nw.Int64,  # the partner it happened at or with; empty where there is none
        "moment": nw.Int64,  # grows with the day and the time of day; of equal ones the lower row_id comes first
        "row_id": nw.Int64,  # the row it comes from
    }
)
LOST = "LOST"

_MINUTES = 2**11  # more than a day has
_KINDS = 2**5

# What has no time of day comes before what has, but the end of an episode after all.
_FIRST, _TIMED, _LAST = 0, 1, _MINUTES - 1


def events(mart: Mart, *, as_of: int, with_missed: bool = False) -> Frame:
    """Every event up to `as_of`, in the columns of EVENT.

    A person's first attended contact is FIRST_CONTACT, another ASSESSMENT is EVALUATION, any other attended contact
    has the name of its kind; `with_missed` adds MISSED for no-shows. Stays of whatever kind are ADMISSION and
    DISCHARGE, those to an emergency department EMERGENCY. An episode ends as ENDED_ and its reason.
    """
    parts = [_referrals(mart), *_episodes(mart), _contacts(mart, as_of), _crises(mart), *_stays(mart)]
    if with_missed:
        missed = mart["contacts"].filter(nw.col("status") == "NO_SHOW")
        parts.append(_event(missed, nw.lit("MISSED", nw.String), kind=9, team=True, minute="minute"))
    return nw.concat([part.filter(nw.col("day") <= as_of) for part in parts])


def _referrals(mart: Mart) -> Frame:
    return _event(mart["referrals"], nw.lit("REFERRAL", nw.String), kind=0, team=True, organisation=True)


def _episodes(mart: Mart) -> list[Frame]:
    episodes = mart["episodes"]
    started = _event(episodes, nw.lit("EPISODE_START", nw.String), kind=1, day="start_day", team=True)
    ended = episodes.filter(~nw.col("end_day").is_null())
    name = nw.lit("ENDED_OTHER", nw.String)
    for reason in ("COMPLETED", "DROPPED_OUT", "MOVED", "TRANSFERRED", "DIED"):
        name = nw.when(nw.col("end_reason") == reason).then(nw.lit(f"ENDED_{reason}", nw.String)).otherwise(name)
    return [started, _event(ended, name, kind=8, day="end_day", team=True, last=True)]


def _contacts(mart: Mart, as_of: int) -> Frame:
    """Attended contacts; a person's first is found by its moment, of two at one moment the lower row."""
    attended = attended_contacts(mart, as_of=as_of)
    earliest = attended.group_by("person_id").agg(nw.col("minute").min())
    firsts = attended.join(earliest, on=["person_id", "minute"], how="inner")
    firsts = firsts.group_by("person_id").agg(nw.col("row_id").min().alias("first_row"))
    attended = attended.join(firsts, on="person_id", how="left")
    evaluation = nw.when(nw.col("kind") == "ASSESSMENT").then(nw.lit("EVALUATION", nw.String))
    first = nw.when(nw.col("row_id") == nw.col("first_row")).then(nw.lit("FIRST_CONTACT", nw.String))
    name = first.otherwise(evaluation.otherwise(nw.col("kind")))
    return _event(attended, name, kind=3, team=True, minute="minute")


def _crises(mart: Mart) -> Frame:
    return _event(mart["crisis"], nw.lit("CRISIS", nw.String), kind=4, organisation=True, minute="minute")


def _stays(mart: Mart) -> list[Frame]:
    beds = mart["stays"].filter(nw.col("kind") != "EMERGENCY_DEPARTMENT")
    visits = mart["stays"].filter(nw.col("kind") == "EMERGENCY_DEPARTMENT")
    left = beds.filter(~nw.col("discharge_day").is_null())
    return [
        _event(
            beds, nw.lit("ADMISSION", nw.String), kind=5, day="admit_day", minute="admit_minute", organisation=True
        ),
        _event(
            left, nw.lit("DISCHARGE", nw.String), kind=6, day="discharge_day", minute="discharge_minute",
            organisation=True,
        ),
        _event(
            visits, nw.lit("EMERGENCY", nw.String), kind=7, day="admit_day", minute="admit_minute", organisation=True
        ),
    ]  # fmt: skip


def _event(
    rows: Frame,
    name: nw.Expr,
    *,
    kind: int,
    day: str = "day",
    minute: str = "",
    team: bool = False,
    organisation: bool = False,
    last: bool = False,
) -> Frame:
    """`minute` is one since 1970 in UTC: what matters is its order within a day, modulo a day of minutes."""
    nobody = nw.lit(None, nw.Int64)
    time = nw.lit(_LAST if last else _FIRST, nw.Int64)
    if minute:
        time = nw.col(minute) - (nw.col(minute) // 1440) * 1440 + _TIMED
    on = nw.col(day).cast(nw.Int64)
    return rows.select(
        nw.col("person_id"),
        nw.col(day).cast(nw.Int32).alias("day"),
        name.alias("event"),
        (nw.col("team_id") if team else nobody).alias("team_id"),
        (nw.col("organisation_id") if organisation else nobody).alias("organisation_id"),
        ((on * _MINUTES + time) * _KINDS + kind).alias("moment"),
        nw.col("row_id"),
    )
