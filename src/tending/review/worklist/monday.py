"""What needs you, most urgent first? A fixed number of queries, whoever asks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext as _

from tending.base import clock
from tending.base.access.permissions import may
from tending.base.access.viewer import Viewer, live_on
from tending.base.people.models import CaseloadEntry, Person
from tending.keep import person_history
from tending.measure import person_scores
from tending.notice import person_signals
from tending.notice.person_signals import SignalSeen
from tending.review.models import ActionState, DecisionState, ReviewSignal, ReviewState
from tending.review.states import LEADS
from tending.review.worklist import needs as sources
from tending.review.worklist.needs import Need, current_reviews
from tending.review.worklist.told import told

BEFORE_VISIT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Handled:
    reviews_begun: int
    actions_done: int
    decisions_taken: int


@dataclass(frozen=True, slots=True)
class DueBeforeVisit:
    person_id: int
    name: str
    next_visit: datetime
    measures: tuple[str, ...]


def needs(*, viewer: Viewer, now: datetime) -> tuple[Need, ...]:
    """What waits for this person, most urgent first: nine queries."""
    if viewer.staff_id is None or not may(viewer, "see_review"):
        return ()
    mine = viewer.staff_id
    rows = [
        *sources.reviews(current_reviews().filter(owner_id=mine), viewer),
        *sources.actions(ActionState.objects.filter(owner_id=mine), viewer),
        *sources.decisions(mine, viewer),
        *sources.look_backs(mine, viewer, now),
    ]
    owned = {need.review_id for need in rows if need.kind == "BEGIN"}
    rows += [need for need in told(mine, viewer) if need.review_id not in owned]
    return _with_signals(rows, now)


def team_needs(*, viewer: Viewer, now: datetime, but: Iterable[Need] = ()) -> tuple[Need, ...]:
    """For a lead: what others in the teams have not begun although it is urgent or late, and late actions;
    without the reviews that stand in ``but`` already, because the lead was told."""
    led = {team for role, team in viewer.teams_by_role if role in LEADS}
    if not led:
        return ()
    others = current_reviews().exclude(owner_id=viewer.staff_id).filter(state=ReviewState.State.OPENED)
    others = others.filter(Q(respond_by__lt=now) | Q(severity="URGENT"))
    actions = ActionState.objects.exclude(owner_id=viewer.staff_id).filter(due_at__lt=now)
    if None not in led:
        teams = [team for team in led if team is not None]
        others = others.filter(review__team_id__in=teams)
        actions = actions.filter(action__review__team_id__in=teams)
    told_of = {need.review_id for need in but if need.kind == "TOLD"}
    rows = [*sources.reviews(others, viewer), *sources.actions(actions, viewer)]
    others_own = [replace(need, do=_("See the review")) for need in rows if need.review_id not in told_of]
    return _with_signals(others_own, now)


def due_before_visit(*, viewer: Viewer, now: datetime) -> tuple[DueBeforeVisit, ...]:
    """People this person supports who come soon and whose regular measures are due by then: four queries."""
    day = clock.local_date(now)
    held = CaseloadEntry.objects.filter(live_on(day), staff_id=viewer.staff_id or 0)
    visits = person_history.visits(person_ids=set(held.values_list("person_id", flat=True)), as_of=now)
    soon = {
        person_id: visit.next_booked
        for person_id, visit in visits.items()
        if visit.next_booked and visit.next_booked <= now + timedelta(days=BEFORE_VISIT_DAYS)
    }
    by: dict[int, date] = {person_id: clock.local_date(at) for person_id, at in soon.items()}
    due = person_scores.measures_due(person_ids=soon, by=by)
    people = Person.objects.in_bulk(due)
    rows = [DueBeforeVisit(pk, people[pk].name, soon[pk], due[pk]) for pk in due]
    return tuple(sorted(rows, key=lambda row: (row.next_visit, row.name)))


def handled(*, viewer: Viewer, since: datetime) -> Handled:
    """What this person has finished lately, so that a full week is seen too: three queries."""
    by = {"by_id": viewer.account_id, "entered_at__gte": since}
    decided = DecisionState.objects.filter(state__in=["TAKEN", "REFUSED"], **by)
    return Handled(
        ReviewState.objects.filter(state="UNDER_WAY", **by).count(),
        ActionState.objects.filter(state="DONE", **by).count(),
        decided.exclude(decision__by_id=F("by_id")).count(),
    )


def _with_signals(rows: Iterable[Need], now: datetime) -> tuple[Need, ...]:
    """The needs with what was noticed, in order: two queries."""
    found = list(rows)
    of_review: dict[int, list[int]] = defaultdict(list)
    joined = ReviewSignal.objects.filter(review_id__in={need.review_id for need in found}).order_by("pk")
    for review_id, signal_id in joined.values_list("review_id", "signal_id"):
        of_review[review_id].append(signal_id)
    seen = person_signals.signals(ids=[pk for ids in of_review.values() for pk in ids])
    filled = [replace(need, signals=_of(of_review[need.review_id], seen)) for need in found]
    return tuple(sorted(filled, key=lambda need: (need.order(now), need.review_id, need.kind)))


def _of(ids: list[int], seen: dict[int, SignalSeen]) -> tuple[SignalSeen, ...]:
    return tuple(seen[pk] for pk in ids if pk in seen)
