"""Which duties have nobody who can see them? For health and for the administrator's Monday.

What was done about signals is read in evidence_queries, one person's reviews in story_queries.
"""

from tending.base.people import queries as people
from tending.review.models import ReviewState, UnownedSignal


def signals_nobody_owns() -> tuple[int, ...]:
    """Signals for which nobody in the provider could be named; health and the administrator's Monday show them."""
    rows = UnownedSignal.objects.filter(resolved_at__isnull=True).order_by("since", "pk")
    return tuple(rows.values_list("signal_id", flat=True))


def owners_who_cannot_sign_in() -> dict[int, str]:
    """Staff who own an open review and have no way to see it: an administrator gives them an account."""
    owners = ReviewState.objects.filter(left_at__isnull=True).exclude(state=ReviewState.State.LOOKED_BACK)
    return people.staff_who_cannot_sign_in(staff_ids=set(owners.values_list("owner_id", flat=True)))
