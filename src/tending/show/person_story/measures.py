"""Each measure of one person: the finding in a sentence, the chart, the numbers, and how complete they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tending.keep.timeline_queries import Happening
from tending.measure.queries import Point, Series, in_force
from tending.measure.words import in_a_sentence, number
from tending.show.charts.images import Drawing
from tending.show.charts.score_chart import Band, Lane, Occurrence, ScoreChart, Zone
from tending.show.person_story import words

CHANGES_OF_PLAN = {"PLAN_AGREED", "PLAN_UPDATED", "SAFETY_PLAN_AGREED", "SAFETY_PLAN_UPDATED", "MEDICATION_CHANGED"}


@dataclass(frozen=True, slots=True)
class Expected:
    """How many of the times this measure fell due were used. A period not yet over counts once it has a score."""

    due: int
    answered: int


def expected(days: Sequence[date], *, every: int, until: date) -> Expected:
    """From the first score on, one score is due in each period of ``every`` days."""
    first = min(days)
    used = {(day - first).days // every for day in days if first <= day <= until}
    over = max((until - first).days, 0) // every  # periods that have ended
    return Expected(due=len(used | set(range(over))), answered=len(used))


def last_care(rows: Iterable[Happening], *, as_of: date) -> tuple[date, date] | None:
    """The first and last day of the period of care that began last; None when no period is on record."""
    begun = [row for row in rows if row.frame == "episodes" and row.day <= as_of]
    if not begun:
        return None
    last = max(begun, key=lambda row: (row.day, row.until is None))
    return last.day, min(last.until or as_of, as_of)


def finding(series: Series) -> str:
    """What the chart shows: the latest, and what became of the first. The measure's own verdict, in words."""
    standing = series.standing
    if standing is None:
        return _("%(title)s has been answered, but too incompletely for a score.") % {"title": series.title}
    said = {
        "last": number(standing.last_value),
        "day": date_format(standing.last_date, "j M Y"),
        "band": in_a_sentence(standing.last_band),
        "first_day": date_format(standing.first_date, "j M Y"),
        "verdict": standing.verdict,
    }
    latest = _("Latest %(last)s on %(day)s, %(band)s.") if said["band"] else _("Latest %(last)s on %(day)s.")
    if standing.n_scores == 1:
        return latest % said
    return f"{latest % said} " + _("Since the first, on %(first_day)s: %(verdict)s") % said


def completeness(series: Series, *, care: tuple[date, date] | None) -> str:
    """How much of what should be there is there, and what could not be scored. Outside care nothing falls due."""
    scored = [point.date for point in series.points if point.value is not None]
    inside = [day for day in scored if care and care[0] <= day <= care[1]]
    parts = []
    if care and inside and series.due_every_days:
        found = expected(inside, every=series.due_every_days, until=care[1])
        said = {"answered": found.answered, "due": found.due, "days": series.due_every_days}
        parts.append(_("in this period of care answered in %(answered)s of %(due)s times %(days)s days") % said)
    unscored = sum(1 for point in series.points if point.value is None)
    if unscored:
        text = ngettext(
            "%(n)s questionnaire too incomplete to score", "%(n)s questionnaires too incomplete to score", unscored
        )
        parts.append(text % {"n": unscored})
    if series.superseded:
        n = len(series.superseded)
        text = ngettext("%(n)s score replaced by a correction", "%(n)s scores replaced by corrections", n)
        parts.append(text % {"n": n})
    return "; ".join(parts) + "." if parts else ""


def chart(series: Series, *, lanes: tuple[Lane, ...], as_of: date) -> ScoreChart | None:
    points = tuple((point.date, point.value) for point in series.points if point.value is not None)
    if not points:
        return None
    language = get_language() or "en"
    scale = in_force().measures[series.measure].scale
    needed = series.reliable_change
    first = points[0][1]
    return ScoreChart(
        measure=series.measure,
        language=language,
        low=series.lowest,
        high=series.highest,
        sign=1 if series.higher_is_worse else -1,
        points=points,
        as_of=as_of,
        bands=tuple(Band(band.lowest, band.highest, band.label.in_language(language)) for band in scale.bands),
        cutoff=series.cutoff,
        cutoff_label=in_a_sentence(scale.cutoff.label.in_language(language)) if scale.cutoff else "",
        zone=Zone(first - needed, first + needed) if needed else None,
        zone_label=_("may be chance: less than %(points)s from the first score") % {"points": f"{needed:.3g}"}
        if needed
        else "",
        worse_label=_("worse than the first by more than chance explains"),
        lanes=lanes,
    )


def drawing(data: ScoreChart, *, person_id: int) -> Drawing:
    return Drawing(scope=f"person-{person_id}", data=data)


def lanes(rows: Iterable[Happening], *, as_of: date) -> tuple[Lane, ...]:
    """What else happened up to a day: crises, stays, visits missed one after another, changes of the plan."""
    rows = [row for row in rows if row.day <= as_of]
    return (
        Lane("CRISIS", _("Crisis contact"), _("Crisis"), _days(row for row in rows if row.frame == "crisis")),
        Lane(
            "STAY",
            _("Hospital stay"),
            _("Stay"),
            tuple(Occurrence(row.day, min(row.until or as_of, as_of)) for row in rows if row.frame == "stays"),
        ),
        Lane("MISSED", _("Missed visits"), _("Missed"), missed_runs(rows)),
        Lane(
            "PLAN",
            _("Plan changed"),
            _("Plan"),
            _days(row for row in rows if row.frame == "care_plan_events" and row.kind in CHANGES_OF_PLAN),
        ),
    )


def _days(rows: Iterable[Happening]) -> tuple[Occurrence, ...]:
    return tuple(Occurrence(day, day) for day in sorted({row.day for row in rows}))


def missed_runs(rows: Iterable[Happening]) -> tuple[Occurrence, ...]:
    """Visits missed one after another, with none attended between; what was cancelled or only booked ends no run."""
    visits = [row for row in rows if row.frame == "contacts" and row.state in {"ATTENDED", "NO_SHOW"}]
    visits.sort(key=lambda row: (row.day, row.at is not None, row.at, row.key))
    runs = []
    for missed, run in groupby(visits, key=lambda row: row.state == "NO_SHOW"):
        days = [row.day for row in run]
        if missed:
            runs.append(Occurrence(days[0], days[-1]))
    return tuple(runs)


def table(points: Iterable[Point], *, newest_first: bool = True) -> list[list[str]]:
    """The numbers beside the chart: day, score, range, how many answers, and the version that scored it."""
    rows = [
        [
            date_format(point.date, "j M Y"),
            number(point.value) if point.value is not None else str(words.MISSING.get(point.missing_reason, "")),
            point.band,
            _("%(n)s of %(all)s answers") % {"n": point.n_answered, "all": point.n_items}
            if point.n_answered is not None
            else _("sent as a total"),
            str(point.instrument_version),
        ]
        for point in points
    ]
    return rows[::-1] if newest_first else rows


def columns() -> list[dict[str, object]]:
    return [
        {"title": _("Day")},
        {"title": _("Score"), "numeric": True},
        {"title": _("Range")},
        {"title": _("Made from")},
        {"title": _("Definition version"), "numeric": True},
    ]
