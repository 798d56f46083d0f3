"""One review as the people who work on it see it: a fixed number of queries, whatever happened in it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tending.base.access.viewer import Viewer
from tending.notice import person_signals
from tending.notice.person_signals import SignalSeen
from tending.review import reasons
from tending.review.case_review import closing
from tending.review.case_review.brief import Brief, Line, brief
from tending.review.models import (
    ActionState,
    DecisionState,
    Entry,
    Escalation,
    LookBack,
    ParticipantState,
    Review,
    ReviewSignal,
    ReviewState,
)
from tending.review.seats import seat_words
from tending.review.states import ACTION, DECISION, PARTICIPANT, REVIEW, open_verbs, roles_towards
from tending.review.templates import CaseReviewTemplate, case_review_template, decision_rights, spoken
from tending.review.visibility import may_see_record, review_or_404

WORKING = ("UNDER_WAY", "ACTING")


@dataclass(frozen=True, slots=True)
class Joined:
    signal: SignalSeen
    joined_at: datetime
    later: bool  # joined after the review was opened
    repeats: int


@dataclass(frozen=True, slots=True)
class Written:
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SectionSeen:
    code: str
    title: str
    prompt: str
    lines: tuple[Line, ...]
    written: tuple[Written, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A seat, an action or a decision: how it stands, and which verbs are open to the viewer."""

    pk: int
    leaves: int  # the state row a form on the page leaves
    title: str
    what: str
    note: str
    holder: str
    holder_id: int | None
    state: str
    state_words: str
    why: str
    required: bool
    due_at: datetime | None
    done_at: datetime | None
    verbs: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    pk: int
    subject: str
    step: int
    to: str
    mine: bool
    deadline: datetime
    at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    review_id: int
    person_id: int
    team_id: int | None
    who: str
    team: str
    state: str
    state_words: str
    severity: str
    owner: str
    owner_id: int
    opened_at: datetime
    begun_at: datetime | None
    respond_by: datetime
    close_by: datetime
    leaves: int
    verbs: frozenset[str]
    sees_record: bool
    signals: tuple[Joined, ...]
    brief: Brief | None
    sections: tuple[SectionSeen, ...]
    seats: tuple[Part, ...]
    actions: tuple[Part, ...]
    decisions: tuple[Part, ...]
    told: tuple[Told, ...]
    look_back: LookBack | None
    missing: tuple[str, ...]  # what still keeps it open

    @property
    def working(self) -> bool:
        return self.state in WORKING


def review_page(*, viewer: Viewer, review_id: int, now: datetime) -> ReviewPage:
    """Raises Http404 for a review of somebody the viewer may not see."""
    review = review_or_404(viewer, review_id)
    template = case_review_template()
    sees = may_see_record(viewer)
    states = list(ReviewState.objects.filter(review=review).select_related("owner").order_by("pk"))
    current = states[-1]
    towards: dict[str, Any] = {"team_id": review.team_id, "review_owner_id": current.owner_id}
    mine = roles_towards(viewer, owner_id=current.owner_id, **towards)
    prepared = brief(person_id=review.person_id, as_of=now) if sees else None
    working = current.state in WORKING
    return ReviewPage(
        review_id=review.pk,
        person_id=review.person_id if sees else 0,
        team_id=review.team_id,
        who=review.person.name if sees else "",
        team=review.team.name if review.team else "",
        state=current.state,
        state_words=str(current.get_state_display()),
        severity=current.severity,
        owner=current.owner.name,
        owner_id=current.owner_id,
        opened_at=review.opened_at,
        begun_at=next((row.entered_at for row in states if row.state == "UNDER_WAY"), None),
        respond_by=current.respond_by,
        close_by=current.close_by,
        leaves=current.pk,
        verbs=open_verbs(REVIEW, source=current.state, roles=mine),
        sees_record=sees,
        signals=_signals(review) if sees else (),
        brief=prepared,
        sections=_sections(review, template, prepared) if prepared else (),
        seats=_seats(review, viewer, towards, working),
        actions=_actions(review, viewer, towards, template, working or current.state == "OPENED", sees),
        decisions=_decisions(review, viewer, towards, sees),
        told=_told(review, viewer),
        look_back=LookBack.objects.filter(review=review).select_related("by").first(),
        missing=closing.still_missing(closing.facts_of(review.pk, template)) if working and sees else (),
    )


def _signals(review: Review) -> tuple[Joined, ...]:
    joined = list(ReviewSignal.objects.filter(review=review).order_by("joined_at", "pk"))
    ids = [row.signal_id for row in joined]
    seen = person_signals.signals(ids=ids, with_evidence=True)
    repeats = person_signals.repeats_of(ids=ids)
    return tuple(
        Joined(seen[row.signal_id], row.joined_at, row.joined_at > review.opened_at, repeats.get(row.signal_id, 0))
        for row in joined
    )


def _sections(review: Review, template: CaseReviewTemplate, prepared: Brief) -> tuple[SectionSeen, ...]:
    written: dict[str, list[Written]] = defaultdict(list)
    for entry in Entry.objects.filter(review=review).select_related("by__staff").order_by("at", "pk"):
        written[entry.section].append(Written(entry.text, name_of(entry.by), entry.at))
    return tuple(
        SectionSeen(
            code=section.code,
            title=spoken(section.title),
            prompt=spoken(section.prompt),
            lines=prepared.part(section.brief),
            written=tuple(written[section.code]),
        )
        for section in template.sections
    )


def _seats(review: Review, viewer: Viewer, towards: dict[str, Any], working: bool) -> tuple[Part, ...]:
    rows = ParticipantState.objects.filter(participant__review=review, left_at__isnull=True)
    rows = rows.select_related("participant", "staff").order_by("-participant__required", "participant_id")
    roles = roles_towards(viewer, **towards)
    return tuple(
        _part(
            row,
            row.participant_id,
            title=seat_words(row.participant.role),
            holder=row.staff,
            required=row.participant.required,
            verbs=open_verbs(PARTICIPANT, source=row.state, roles=roles) if working else frozenset(),
        )
        for row in rows
    )


def _actions(
    review: Review,
    viewer: Viewer,
    towards: dict[str, Any],
    template: CaseReviewTemplate,
    working: bool,
    sees: bool,
) -> tuple[Part, ...]:
    rows = ActionState.objects.filter(action__review=review, left_at__isnull=True)
    rows = rows.select_related("action__organisation", "owner").order_by("action_id")
    found = []
    for row in rows:
        kind = template.action_kind(row.action.kind)
        roles = roles_towards(viewer, owner_id=row.owner_id, **towards)
        part = _part(
            row,
            row.action_id,
            title=spoken(kind.title) if kind else row.action.kind,
            what=row.action.what if sees else "",
            note=row.action.organisation.name if row.action.organisation else "",
            holder=row.owner,
            verbs=open_verbs(ACTION, source=row.state, roles=roles) if working else frozenset(),
        )
        found.append(part)
    return tuple(sorted(found, key=lambda part: (part.state != "OPEN", part.due_at)))


def _decisions(review: Review, viewer: Viewer, towards: dict[str, Any], sees: bool) -> tuple[Part, ...]:
    rows = DecisionState.objects.filter(decision__review=review, left_at__isnull=True)
    rows = rows.select_related("decision__by__staff", "with_staff").order_by("decision_id")
    rights = decision_rights()
    found = []
    for row in rows:
        kind = rights.kind(row.decision.kind)
        roles = roles_towards(viewer, may_decide=tuple(row.decision.may_decide), **towards)
        part = _part(
            row,
            row.decision_id,
            title=spoken(kind.title) if kind else row.decision.kind,
            what=row.decision.what if sees else "",
            note=f"{row.decision.reason} ({name_of(row.decision.by)})" if sees else "",
            holder=row.with_staff,
            verbs=open_verbs(DECISION, source=row.state, roles=roles),
        )
        found.append(part)
    return tuple(found)


def _part(row: Any, pk: int, *, title: str, holder: Any, verbs: frozenset[str], **more: Any) -> Part:
    return Part(
        pk=pk,
        leaves=row.pk,
        title=title,
        what=more.get("what", ""),
        note=more.get("note", ""),
        holder=holder.name if holder else "",
        holder_id=holder.pk if holder else None,
        state=row.state,
        state_words=str(row.get_state_display()),
        why=reasons.in_words(row.why, {}),
        required=more.get("required", False),
        due_at=getattr(row, "due_at", None),
        done_at=None if row.state in ("OPEN", "PROPOSED", "INVITED") else row.entered_at,
        verbs=verbs,
    )


def _told(review: Review, viewer: Viewer) -> tuple[Told, ...]:
    rows = Escalation.objects.filter(review=review).select_related("to").order_by("at", "step")
    return tuple(
        Told(r.pk, r.subject, r.step, r.to.name, r.to_id == viewer.staff_id, r.deadline, r.at, r.seen_at)
        for r in rows
    )


def name_of(account: Any) -> str:
    """The staff member behind an account; the address where there is none."""
    if account is None:
        return ""
    staff = getattr(account, "staff", None)
    return staff.name if staff else str(account.email)
