"""How are the people I support, and who needs a look? One row a person, a fixed number of queries a page."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from tending.base import clock
from tending.base.access.viewer import Viewer, live_on
from tending.base.access.visibility import care_team_ids, people_visible
from tending.base.people.models import CaseloadEntry, Person, TeamMembership
from tending.keep import person_history
from tending.keep.person_history import Visits
from tending.measure import person_scores
from tending.measure import queries as measure
from tending.measure.queries import StandingNow
from tending.notice import person_signals
from tending.notice.person_signals import SignalSeen
from tending.review.clocks import RANK
from tending.review.models import Review, ReviewSignal, ReviewState
from tending.review.opening import OPEN_STATES
from tending.review.states import LEADS

PAGE_SIZE = 25
MINE, TEAM = "mine", "team"
URGENCY = Case(*(When(severity=name, then=Value(rank)) for name, rank in RANK.items()), output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class Filters:
    """What the URL says."""

    words: str = ""
    whose: str = MINE
    needs_a_look: bool = False
    trigger: str = ""
    programme: str = ""


@dataclass(frozen=True, slots=True)
class OpenReview:
    review_id: int
    state: str
    severity: str
    due_at: datetime
    signals: tuple[SignalSeen, ...]


@dataclass(frozen=True, slots=True)
class CaseloadRow:
    person_id: int
    name: str
    code: str
    review: OpenReview | None
    measure: StandingNow | None
    visits: Visits
    due: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseloadPage:
    rows: tuple[CaseloadRow, ...]
    page: "Page[int]"
    n_looking: int


def caseload(*, viewer: Viewer, filters: Filters, number: int | str, now: datetime) -> CaseloadPage:
    """One page: those with an open review by urgency, then everybody else by name."""
    asked = _asked(viewer, filters, now)
    ids = _LookingFirst(asked, _open_rows(filters), only_looking=filters.needs_a_look or bool(filters.trigger))
    page: Page[int] = Paginator(ids, PAGE_SIZE).get_page(number)  # type: ignore[arg-type]
    rows = _rows(list(page.object_list), now)
    return CaseloadPage(rows, page, ids.n_looking)


def usual(viewer: Viewer) -> str:
    """Whoever leads sees the teams first; whoever supports people sees those first."""
    return TEAM if viewer.holds(*LEADS) else MINE


class _LookingFirst(Sequence[int]):
    """Ids of people in the order of the page, read a slice at a time: a page of 25 out of 100,000 reads 25."""

    def __init__(self, asked: "_Asked", looking: "QuerySet[ReviewState]", *, only_looking: bool) -> None:
        people = asked.people
        self.looking = _of_few(looking, people) if asked.few else _of_everybody(looking, people)
        open_: Any = self.looking if isinstance(self.looking, list) else looking.values("review__person_id")
        self.others = people.none() if only_looking else people.exclude(pk__in=open_)
        self.n_looking = len(self.looking) if isinstance(self.looking, list) else self.looking.count()
        # One person has one open review at most, so a count of everybody is enough.
        self.n_others = 0 if only_looking else asked.counted.count() - self.n_looking

    def __len__(self) -> int:
        return self.n_looking + self.n_others

    def __getitem__(self, part: slice) -> list[int]:  # type: ignore[override]
        start, stop = part.start or 0, min(part.stop or len(self), len(self))
        found: list[int] = []
        if start < self.n_looking:
            found += self.looking[start : min(stop, self.n_looking)]
        if stop > self.n_looking:
            first = max(0, start - self.n_looking)
            others = self.others.order_by("family_name", "given_name", "pk").values_list("pk", flat=True)
            found += others[first : stop - self.n_looking]
        return found

    def __iter__(self) -> Iterator[int]:
        return iter(self[0 : len(self)])


def _of_few(looking: "QuerySet[ReviewState]", people: "QuerySet[Person]") -> list[int]:
    """From the people to their reviews: a caseload or a team has dozens, whatever the provider has."""
    theirs = Review.objects.filter(person_id__in=people.order_by().values("pk")).values_list("pk", flat=True)
    rows = looking.filter(review_id__in=list(theirs))
    order = ("severity", "respond_by", "pk", "review__person_id")
    found = sorted((-RANK[severity], due, pk, person) for severity, due, pk, person in rows.values_list(*order))
    return [person for _rank, _due, _pk, person in found]


def _of_everybody(looking: "QuerySet[ReviewState]", people: "QuerySet[Person]") -> "QuerySet[ReviewState, int]":
    """Asked of each open review, never of everybody: there are thousands of the one and 100,000 of the other."""
    theirs = people.order_by().filter(pk=OuterRef("review__person_id"))
    rows = looking.filter(Exists(theirs)).order_by(URGENCY.desc(), "respond_by", "pk")
    return rows.values_list("review__person_id", flat=True)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whom the page is about, and the cheapest way to count them."""

    people: "QuerySet[Person]"
    counted: "QuerySet[Any, Any]"
    few: bool  # one caseload or some teams, not the whole provider


def _asked(viewer: Viewer, filters: Filters, now: datetime) -> _Asked:
    live = live_on(clock.local_date(now))
    members = TeamMembership.objects.filter(live)
    if filters.programme:
        members = members.filter(team__programme__code=filters.programme)
    everybody = filters.whose == TEAM and care_team_ids(viewer) is None
    people = people_visible(viewer)
    if filters.whose == MINE:
        held = CaseloadEntry.objects.filter(live, staff_id=viewer.staff_id or 0).values("person_id")
        people = people.filter(pk__in=held)
    if everybody or filters.programme:  # whoever may see everybody sees here those supported today
        people = people.filter(Exists(members.filter(person_id=OuterRef("pk"))))
    for word in filters.words.split():
        named = Q(family_name__istartswith=word) | Q(given_name__istartswith=word) | Q(code__iexact=word)
        people = people.filter(named)
    if everybody and not filters.words:
        return _Asked(people, members.order_by().values("person_id").distinct(), few=False)
    return _Asked(people, people.order_by(), few=not everybody)


def _open_rows(filters: Filters) -> "QuerySet[ReviewState]":
    rows = ReviewState.objects.filter(left_at__isnull=True, state__in=OPEN_STATES)
    if filters.trigger:
        met = ReviewSignal.objects.filter(signal__trigger=filters.trigger).values("review_id")
        rows = rows.filter(review_id__in=met)
    return rows


def _rows(ids: list[int], now: datetime) -> tuple[CaseloadRow, ...]:
    today: date = clock.local_date(now)
    people = Person.objects.in_bulk(ids)
    reviews = _reviews(ids)
    standings = measure.main_standings(ids)
    visits = person_history.visits(person_ids=ids, as_of=now)
    by = {pk: clock.local_date(v.next_booked) if v.next_booked else today for pk, v in visits.items()}
    due = person_scores.measures_due(person_ids=ids, by={pk: by.get(pk, today) for pk in ids})
    return tuple(
        CaseloadRow(
            person_id=pk,
            name=people[pk].name,
            code=people[pk].code,
            review=reviews.get(pk),
            measure=standings.get(pk),
            visits=visits.get(pk, Visits()),
            due=due.get(pk, ()),
        )
        for pk in ids
    )


def _reviews(person_ids: list[int]) -> dict[int, OpenReview]:
    rows = ReviewState.objects.filter(
        left_at__isnull=True, state__in=OPEN_STATES, review__person_id__in=person_ids
    ).select_related("review")
    states = {row.review_id: row for row in rows}
    of_review: dict[int, list[int]] = defaultdict(list)
    joined = ReviewSignal.objects.filter(review_id__in=states).order_by("pk")
    for review_id, signal_id in joined.values_list("review_id", "signal_id"):
        of_review[review_id].append(signal_id)
    seen = person_signals.signals(ids=[pk for ids in of_review.values() for pk in ids])
    return {
        row.review.person_id: OpenReview(
            review_id=row.review_id,
            state=row.state,
            severity=row.severity,
            due_at=row.respond_by if row.state == ReviewState.State.OPENED else row.close_by,
            signals=tuple(seen[pk] for pk in of_review[row.review_id] if pk in seen),
        )
        for row in states.values()
    }
