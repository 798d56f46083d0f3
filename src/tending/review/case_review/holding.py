"""May this person do this to this review now? Asked once, with the review held, before anything is written."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from tending.base import clock
from tending.base.access.models import Account
from tending.base.access.permissions import check_may
from tending.base.access.policies import StateRefuses, Transition, check_transition
from tending.base.access.viewer import Viewer, viewer_of
from tending.base.audit import actions as audit
from tending.base.people import queries as people
from tending.base.people.models import Staff
from tending.review.models import Review, ReviewState
from tending.review.states import REVIEW, open_verbs, roles_towards
from tending.review.visibility import reviews_visible


class Incomplete(ValueError):
    """Something the act needs is not given; the message names it."""


@dataclass(frozen=True, slots=True)
class Held:
    """One review, held until the transaction ends, and what the person may do with it."""

    review: Review
    state: ReviewState
    viewer: Viewer
    by: Account

    def check(
        self,
        table: tuple[Transition, ...],
        verb: str,
        source: str,
        *,
        owner_id: int | None = None,
        may_decide: tuple[str, ...] = (),
    ) -> Transition:
        """The transition, when the state is open to it and the person may; StateRefuses with words otherwise."""
        transition = check_transition(table, verb=verb, source=source)
        roles = roles_towards(
            self.viewer,
            team_id=self.review.team_id,
            owner_id=self.state.owner_id if table is REVIEW else owner_id,
            review_owner_id=self.state.owner_id,
            may_decide=may_decide,
        )
        if verb not in open_verbs(table, source=source, roles=roles):
            raise StateRefuses(_("This is for somebody else to do. Ask the owner, or a lead of the team."))
        return transition

    def check_under_way(self) -> None:
        """Work happens between beginning and closing."""
        if self.state.state == ReviewState.State.OPENED:
            raise StateRefuses(_("Begin the review first: then everybody sees that somebody is on it."))
        self.check_open()

    def check_open(self) -> None:
        """What was taken on before is finished even when a more pressing signal asks to begin again."""
        if self.state.state in (ReviewState.State.CLOSED, ReviewState.State.LOOKED_BACK):
            raise StateRefuses(_("This review is closed. A new signal opens a new one."))

    def wrote(self, what: str, why: str = "") -> None:
        audit.wrote(
            by=self.by, what=what, person_id=self.review.person_id, subject=f"review {self.review.pk}", why=why
        )


def hold(*, review_id: int, by: Account) -> Held:
    """Hold the review so that two people who write at once take turns; Http404 when it is not theirs to see."""
    viewer = viewer_of(by)
    check_may(viewer, "work_on_review")
    if not reviews_visible(viewer).filter(pk=review_id).exists():
        raise Http404("No such review among those you work on.")
    review = Review.objects.select_for_update().get(pk=review_id)
    state = ReviewState.objects.get(review=review, left_at__isnull=True)
    return Held(review, state, viewer, by)


def sent_before(rows: Any, *, token: str, **content: Any) -> Any:
    """The row an earlier sending of the same form made; None when this is new. A form sent again with other
    words, after going back in the browser, is new: nothing written is lost."""
    found = rows.filter(token=token).first()
    if found is not None and all(getattr(found, name) == value for name, value in content.items()):
        return found
    return None


def fresh(rows: Any, token: str, *, now: Any) -> str:
    """The token, or one made from it when it is used already with other words."""
    return token if not rows.filter(token=token).exists() else f"{token[:36]}:{now.timestamp():.6f}"


def words(text: str, message: str) -> str:
    """The text without the space around it; Incomplete with the message when nothing is left."""
    text = text.strip()
    if not text:
        raise Incomplete(message)
    return text


def staff_here(staff_id: int, *, held: Held, roles: tuple[str, ...] | None = None) -> Staff:
    """A staff member with a live role that reaches this review's team; Incomplete with words otherwise."""
    reach = (None, held.review.team_id)
    live = [
        each
        for each in people.roles_held(on=clock.today())
        if each.staff_id == staff_id
        and (held.review.team_id is None or each.team_id in reach)
        and (roles is None or each.role in roles)
    ]
    supports = any(
        each.staff_id == staff_id for each in people.caseloads(person_ids=[held.review.person_id], on=clock.today())
    )
    if not live and not (supports and roles is None):
        raise Incomplete(_("Choose somebody who works with this team today."))
    return Staff.objects.get(pk=staff_id)
