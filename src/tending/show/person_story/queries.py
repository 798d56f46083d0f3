"""One person's story, whole, for a page: a constant number of queries however long the history."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from tending.base import clock
from tending.base.access.viewer import Viewer, live_on
from tending.base.access.visibility import person_or_404
from tending.base.audit.queries import Look, looks_at
from tending.base.people.models import CaseloadEntry, Person, TeamMembership
from tending.keep.timeline_queries import Happening, happenings
from tending.measure.queries import Series, series_of
from tending.notice.queries import SignalOfPerson, signals_of_person
from tending.review.story_queries import ReviewSeen, reviews_of_person
from tending.show.charts.images import Drawing
from tending.show.person_story import answering, entries, measures
from tending.show.person_story.changes import Change, since
from tending.show.person_story.timeline import Page, page_of

LOOKS = 100
CLEAR_DAYS = 30  # with neither a review nor an earlier visit to go back to


@dataclass(frozen=True, slots=True)
class Who:
    """The person, and who supports them now."""

    id: int
    name: str
    code: str
    birth_date: date | None
    teams: tuple[str, ...]
    since: date | None
    primary: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasureShown:
    measure: str
    title: str
    finding: str
    completeness: str
    drawing: Drawing | None
    rows: list[list[str]]


@dataclass(frozen=True, slots=True)
class GoalShown:
    words: str
    stated: date
    closed: date | None
    state: str
    ratings: tuple[tuple[date, int, str], ...]  # day, rating, by whom


@dataclass(frozen=True, slots=True)
class ConsentShown:
    kind: str
    given: date
    until: date | None
    live: bool


@dataclass(frozen=True, slots=True)
class Story:
    who: Who
    open_signals: tuple[SignalOfPerson, ...]
    open_review: int | None
    next_visit: datetime | None
    last_visit: date | None
    since: date
    since_what: str
    changes: tuple[Change, ...]
    measures: tuple[MeasureShown, ...]
    timeline: Page
    goals: tuple[GoalShown, ...]
    consents: tuple[ConsentShown, ...]
    looks: tuple[Look, ...]


def story(*, viewer: Viewer, person_id: int, now: datetime, show: str = "", before: date | None = None) -> Story:
    """Raises Http404 for a person the viewer does not support."""
    person = person_or_404(viewer, person_id)
    today = clock.local_date(now)
    rows = happenings(person_id=person.pk)
    series = series_of(person.pk)
    signals = signals_of_person(viewer=viewer, person_id=person.pk)
    reviews = reviews_of_person(person_id=person.pk)
    every = [
        *entries.of_record(rows, person_id=person.pk),
        *entries.of_scores(series, person_id=person.pk),
        *answering.of_signals(signals),
        *answering.of_reviews(reviews),
    ]
    start, what = _looked_last(rows, reviews, today)
    noticed = sum(1 for signal in signals if clock.local_date(signal.noticed_at) > start and not signal.repeat_of)
    visits = [row for row in rows if row.frame == "contacts"]
    return Story(
        who=_who(person, rows, today),
        open_signals=tuple(answering.open_signals(signals, reviews)),
        open_review=next((review.id for review in reviews if review.open), None),
        next_visit=min((row.at for row in visits if row.at and row.at > now and row.state == "BOOKED"), default=None),
        last_visit=max((row.day for row in visits if row.day <= today and row.state == "ATTENDED"), default=None),
        since=start,
        since_what=what,
        changes=since(start, rows=rows, series=series, signals=noticed, as_of=today),
        measures=measures_shown(series, rows, person_id=person.pk, today=today),
        timeline=page_of(every, show=show, before=before),
        goals=_goals(rows),
        consents=_consents(rows, today),
        looks=tuple(looks_at(viewer=viewer, person_id=person.pk, limit=LOOKS)),
    )


def measures_shown(
    series: tuple[Series, ...], rows: tuple[Happening, ...], *, person_id: int, today: date
) -> tuple[MeasureShown, ...]:
    """The measures, the one scored last first; whole questionnaires before their parts."""
    lanes = measures.lanes(rows, as_of=today)
    care = measures.last_care(rows, as_of=today)
    shown = []
    for each in sorted(series, key=_order):
        data = measures.chart(each, lanes=lanes, as_of=today)
        shown.append(
            MeasureShown(
                measure=each.measure,
                title=f"{each.title}" if each.measure in each.title else f"{each.title} ({each.measure})",
                finding=measures.finding(each),
                completeness=measures.completeness(each, care=care),
                drawing=measures.drawing(data, person_id=person_id) if data else None,
                rows=measures.table(each.points),
            )
        )
    return tuple(shown)


def drawing_of(*, viewer: Viewer, person_id: int, measure: str, now: datetime) -> Drawing | None:
    """The chart of one measure as it is now, for an image asked for by an older address."""
    person = person_or_404(viewer, person_id)
    series = tuple(each for each in series_of(person.pk) if each.measure == measure)
    rows = happenings(person_id=person.pk)
    shown = measures_shown(series, rows, person_id=person.pk, today=clock.local_date(now))
    return shown[0].drawing if shown else None


def _order(series: Series) -> tuple[bool, int, str]:
    last = series.points[-1].date.toordinal() if series.points else 0
    return ("/" in series.measure, -last, series.measure)


def _looked_last(rows: tuple[Happening, ...], reviews: tuple[ReviewSeen, ...], today: date) -> tuple[date, str]:
    """The day to compare with: the last review somebody worked on, else the visit before the last one."""
    review = answering.last_review(reviews, as_of=today)
    if review and review.begun_at:
        return clock.local_date(review.begun_at), _("the last review")
    came = sorted(
        {row.day for row in rows if row.frame == "contacts" and row.state == "ATTENDED" and row.day <= today}
    )
    if len(came) > 1:
        return came[-2], _("the visit before the last")
    return today - timedelta(CLEAR_DAYS), _("thirty days ago")


def _who(person: Person, rows: tuple[Happening, ...], today: date) -> Who:
    teams = list(
        TeamMembership.objects.filter(live_on(today), person=person)
        .order_by("from_date", "pk")
        .values_list("team__name", "from_date")
    )
    entries_now = CaseloadEntry.objects.filter(live_on(today), person=person).select_related("staff")
    held = list(entries_now.order_by("from_date", "pk"))
    primary = [entry.staff.name for entry in held if entry.caseload_role == "PRIMARY"]
    beside = [entry for entry in held if entry.caseload_role != "PRIMARY"]
    others = [f"{entry.staff.name} ({entry.get_caseload_role_display()})" for entry in beside]
    return Who(
        id=person.pk,
        name=person.name,
        code=person.code,
        birth_date=person.birth_date,
        teams=tuple(name for name, _since in teams),
        since=min((start for _name, start in teams), default=None),
        primary=primary[-1] if primary else "",
        others=tuple(others),
    )


def _goals(rows: tuple[Happening, ...]) -> tuple[GoalShown, ...]:
    ratings: dict[str, list[tuple[date, int, str]]] = {}
    for row in rows:
        if row.frame == "goal_ratings" and row.value is not None:
            ratings.setdefault(row.about, []).append((row.day, row.value, row.state))
    goals = [
        GoalShown(row.words, row.day, row.until, row.state, tuple(ratings.get(row.key, ())))
        for row in rows
        if row.frame == "goals"
    ]
    return tuple(sorted(goals, key=lambda goal: (goal.state != "ACTIVE", -goal.stated.toordinal())))


def _consents(rows: tuple[Happening, ...], today: date) -> tuple[ConsentShown, ...]:
    shown = []
    for row in rows:
        if row.frame == "consents":
            ends = [day for day in (row.until, date.fromisoformat(row.state) if row.state else None) if day]
            until = min(ends, default=None)
            live = row.day <= today and (until is None or until > today)
            shown.append(ConsentShown(row.kind, row.day, until, live))
    return tuple(sorted(shown, key=lambda consent: (not consent.live, consent.given)))
