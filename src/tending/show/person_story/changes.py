"""What changed since somebody last looked properly? Plain sentences over rows already read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tending.keep.timeline_queries import Happening
from tending.measure.queries import Series
from tending.measure.words import number
from tending.show.person_story import words


@dataclass(frozen=True, slots=True)
class Change:
    text: str
    severity: str = ""


def since(
    day: date, *, rows: Iterable[Happening], series: Iterable[Series], signals: int, as_of: date
) -> tuple[Change, ...]:
    """What happened after ``day`` up to ``as_of``, what presses first."""
    new = [row for row in rows if day < row.day <= as_of]
    return tuple(
        [
            *_crises(new),
            *_stays(new),
            *_visits(new),
            *_scores(series, day, as_of),
            *_housing(new),
            *_ratings(new),
            *_plans(new),
            *_signals(signals),
        ]
    )


def _crises(new: Sequence[Happening]) -> list[Change]:
    days = [row.day for row in new if row.frame == "crisis"]
    text = ngettext(
        "%(n)s crisis contact, the latest on %(day)s", "%(n)s crisis contacts, the latest on %(day)s", len(days)
    )
    return [Change(text % {"n": len(days), "day": _day(days[-1])}, "urgent")] if days else []


def _stays(new: Sequence[Happening]) -> list[Change]:
    days = [row.day for row in new if row.frame == "stays"]
    text = ngettext("%(n)s stay began, the latest on %(day)s", "%(n)s stays began, the latest on %(day)s", len(days))
    return [Change(text % {"n": len(days), "day": _day(days[-1])}, "high")] if days else []


def _visits(new: Sequence[Happening]) -> list[Change]:
    visits = [row for row in new if row.frame == "contacts"]
    missed = sum(1 for row in visits if row.state == "NO_SHOW")
    came = sum(1 for row in visits if row.state == "ATTENDED")
    if not missed and not came:
        return []
    said = {"came": came, "all": came + missed}
    text = ngettext("Came to %(came)s of %(all)s visit", "Came to %(came)s of %(all)s visits", said["all"]) % said
    return [Change(text, "high" if missed > 1 else "")]


def _scores(series: Iterable[Series], day: date, as_of: date) -> list[Change]:
    made = []
    for each in series:
        scored = [point for point in each.points if point.value is not None]
        before = [point for point in scored if point.date <= day]
        after = [point for point in scored if day < point.date <= as_of]
        if not after or after[-1].value is None:
            continue
        last = after[-1].value
        if not before or before[-1].value is None:
            said = {"measure": each.measure, "last": number(last)}
            made.append(Change(_("%(measure)s %(last)s, the first score of all") % said))
            continue
        earlier = before[-1].value
        said = {"measure": each.measure, "earlier": number(earlier), "last": number(last)}
        severity = _judged(last - earlier, each)
        if last == earlier:
            made.append(Change(_("%(measure)s unchanged at %(last)s") % said))
        elif (last > earlier) == each.higher_is_worse:
            made.append(Change(_("%(measure)s worse, from %(earlier)s to %(last)s") % said, severity))
        else:
            made.append(Change(_("%(measure)s better, from %(earlier)s to %(last)s") % said, severity))
    return made


def _judged(change: float, series: Series) -> str:
    """A colour only for what is more than chance explains."""
    if series.reliable_change is None or abs(change) < series.reliable_change - 1e-9:
        return ""
    return "high" if (change > 0) == series.higher_is_worse else "good"


def _housing(new: Sequence[Happening]) -> list[Change]:
    found = [row for row in new if row.frame == "housing"]
    if not found:
        return []
    last = found[-1]
    text = f"{words.HOUSING.get(last.state, last.state)}, {_('since %(day)s') % {'day': _day(last.day)}}"
    return [Change(text, "high" if last.state in words.UNSETTLED else "")]


def _ratings(new: Sequence[Happening]) -> list[Change]:
    found = [row for row in new if row.frame == "goal_ratings" and row.state == "PERSON"]
    if not found:
        return []
    n = len({row.about for row in found})
    return [Change(ngettext("%(n)s goal rated by the person", "%(n)s goals rated by the person", n) % {"n": n})]


def _plans(new: Sequence[Happening]) -> list[Change]:
    found = [row for row in new if row.frame == "care_plan_events"]
    return [Change(f"{words.PLAN_KINDS.get(row.kind, row.kind)}, {_day(row.day)}") for row in found[-3:]]


def _signals(signals: int) -> list[Change]:
    if not signals:
        return []
    return [Change(ngettext("%(n)s signal noticed", "%(n)s signals noticed", signals) % {"n": signals}, "routine")]


def _day(day: date) -> str:
    return str(date_format(day, "j M Y"))
