"""What a trigger would have done, in lines that a clinical lead can read: one column for each setting tried."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from outcomestats.foresight.shares import Share, TimesAsOften
from outcometables.definitions.triggers import Trigger
from outcometables.past import Followed, Tried
from outcometables.past.trying import DAYS_A_MONTH

EVENTS = {
    "CRISIS": ("a crisis contact", "Crisis contacts"),
    "ADMISSION": ("an admission", "Admissions"),
    "DROP_OUT": ("losing touch", "Times touch was lost"),
    "ANY": ("any of these", "All of these"),
}
_LABEL, _COLUMN = 44, 26


def told(trigger: Trigger, tries: Mapping[str, Tried]) -> list[str]:
    """The trigger, the settings tried side by side, and one sentence for each about whether it looks ahead."""
    found = list(tries.values())
    first, last = _day(found[0].first_day), _day(found[0].last_day)
    lines = [
        f"{trigger.title} ({trigger.code}, version {trigger.version})",
        str(trigger.meaning),
        f"Tried on every day from {first} to {last}: {_whole(found[0].person_days / DAYS_A_MONTH)} months of care.",
        "",
        _row("", list(tries)),
        *_amounts(found),
    ]
    for place in range(len(found[0].followed)):
        lines += ["", *_followed([each.followed[place] for each in found])]
    return [*lines, "", *(_sentence(name, each) for name, each in tries.items()), "", *_NOTES]


_NOTES = [
    "Others: people in the same programmes on the same days, without an alert in as many days before.",
    "An event on the day of the alert does not count. In brackets: 95 % intervals that know how many people it was.",
    "An alert that is answered may prevent what it warned of: what followed then is what followed with today's care.",
]


def as_json(trigger: Trigger, tries: Mapping[str, Tried]) -> dict[str, Any]:
    """The same for a script: days as dates, shares as numbers."""
    return {
        "trigger": trigger.code,
        "version": trigger.version,
        "tried": {name: _plain(each) for name, each in tries.items()},
    }


def _plain(tried: Tried) -> dict[str, Any]:
    plain = asdict(tried)
    plain["first_day"], plain["last_day"] = str(_day(tried.first_day)), str(_day(tried.last_day))
    plain["alerts_per_100_people_a_month"] = tried.alerts_per_100_people_a_month
    for row, each in zip(plain["followed"], tried.followed, strict=True):
        row["lead_days"] = {"median": each.lead_days(), "first_quarter": each.lead_days(0.25)}
        row["missed"] = each.missed
    return plain


def _amounts(found: Sequence[Tried]) -> list[str]:
    clinicians = [each.clinicians for each in found]
    return [
        _row("Alerts that ask for an answer", [_whole(each.alerts) for each in found]),
        _row("  for every 100 people a month", [_number(each.alerts_per_100_people_a_month) for each in found]),
        _row("  people they were about", [_whole(each.people_alerted) for each in found]),
        _row("  a clinician a month", [_number(each.a_month) for each in clinicians]),
        _row("  nine clinicians in ten have at most", [_number(each.nine_in_ten_a_month) for each in clinicians]),
        _row("Repeats in the quiet period", [_whole(each.repeats) for each in found]),
        _row("Already so on the first day", [_whole(each.standing) for each in found]),
    ]


def _followed(found: Sequence[Followed]) -> list[str]:
    event, events = EVENTS[found[0].kind]
    days = found[0].within_days
    lead = [each.lead_days() for each in found]
    return [
        _row(f"Followed by {event} within {days} days", [_share(each.share) for each in found]),
        _row("  others", [_share(each.anyway) for each in found]),
        _row("  times as often", [_times(each.times) for each in found]),
        _row("  days before it, median", ["-" if each is None else str(each) for each in lead]),
        _row(f"{events} without an alert before", [_missed(each) for each in found]),
        *(
            [_row("  too early to say", [_whole(each.n_open) for each in found])]
            if any(e.n_open for e in found)
            else []
        ),
    ]


def _sentence(name: str, tried: Tried) -> str:
    """Whether it looks ahead, by its interval; about the shortest window of all events together."""
    each = next(row for row in tried.followed if row.kind == "ANY")
    what = f"{name}: within {each.within_days} days a crisis, an admission or losing touch"
    times = each.times
    if times.times is None or times.lower is None or times.upper is None:
        return f"{what} followed too seldom to compare."
    if times.lower > 1:
        return f"{what} followed its alerts {_times(times)} times as often as for others."
    if times.upper < 1:
        return f"{what} followed its alerts less often than for others: {_times(times)} times."
    return f"{what} did not clearly follow its alerts more often than for others: {_times(times)} times."


def _row(label: str, cells: Sequence[str]) -> str:
    return (label.ljust(_LABEL) + "".join(cell.rjust(_COLUMN) for cell in cells)).rstrip()


def _share(found: Share) -> str:
    if found.share is None or found.lower is None or found.upper is None:
        return "-"
    return f"{100 * found.share:.1f} % ({100 * found.lower:.1f} to {100 * found.upper:.1f})"


def _times(found: TimesAsOften) -> str:
    if found.times is None:
        return "-"
    return f"{found.times:.1f} ({found.lower:.1f} to {found.upper:.1f})"


def _missed(found: Followed) -> str:
    if found.missed is None:
        return "-"
    return f"{found.n_missed:,} of {found.n_events:,} ({100 * found.missed:.0f} %)"


def _whole(number: float) -> str:
    return f"{number:,.0f}"


def _number(number: float | None) -> str:
    return "-" if number is None else f"{number:,.2f}"


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)
