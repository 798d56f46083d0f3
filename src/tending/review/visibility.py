"""Which reviews may they see now? Those of people they may see, and those they were asked to act on."""

from django.db.models import Q, QuerySet
from django.http import Http404

from tending.base.access.permissions import may
from tending.base.access.viewer import Viewer
from tending.base.access.visibility import care_team_ids, people_visible
from tending.review.models import ActionState, DecisionState, Escalation, Review, ReviewState


def reviews_visible(viewer: Viewer) -> QuerySet[Review]:
    """Nobody's without the permission. A manager has no access to records, and sees a review's clock and duties
    only when it came to them; ``may_see_record`` tells the page which of the two it is."""
    if not may(viewer, "see_review"):
        return Review.objects.none()
    if may(viewer, "see_person") and care_team_ids(viewer) is None:
        return Review.objects.all()
    return Review.objects.filter(Q(person_id__in=people_visible(viewer).values("pk")) | Q(pk__in=_involved(viewer)))


def review_or_404(viewer: Viewer, review_id: int) -> Review:
    review = reviews_visible(viewer).select_related("person", "team").filter(pk=review_id).first()
    if review is None:
        raise Http404("No such review among those you work on.")
    return review


def may_see_record(viewer: Viewer) -> bool:
    return may(viewer, "see_person")


def _involved(viewer: Viewer) -> QuerySet[ReviewState, tuple[int]]:
    """Reviews that came to this person: as owner, by an action, by a decision to take or up the ladder."""
    mine = viewer.staff_id
    owned = ReviewState.objects.filter(left_at__isnull=True, owner_id=mine).order_by().values_list("review_id")
    actions = ActionState.objects.filter(left_at__isnull=True, owner_id=mine).order_by()
    decisions = DecisionState.objects.filter(left_at__isnull=True, with_staff_id=mine).order_by()
    told = Escalation.objects.filter(to_id=mine).order_by()
    return owned.union(
        actions.values_list("action__review_id"),
        decisions.values_list("decision__review_id"),
        told.values_list("review_id"),
    )
