"""What becomes of one review: who does what, and when. Drawn when it is opened, lived day by day."""

import random
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from tending.base import clock
from tending.base.access.models import Account
from tending.review.case_review.at_once import acts
from tending.review.owners import Ladder, Place
from tending.review.templates import case_review_template, decision_rights
from tending.web.demonstration.living import phrases
from tending.web.demonstration.living.timeliness import Opened, Timeliness
from tending.web.demonstration.living.working_time import days_on, moved_on, office

KINDS = {  # by what the review is about: the kinds of action that fit, the first ones first
    phrases.SCORE: ("CARE_PLAN", "OTHER", "CARE_PLAN"),
    phrases.MISSED: ("SAME_DAY_OUTREACH", "CARE_PLAN", "OTHER"),
    phrases.CRISIS: ("SAFETY_PLAN", "PARTNER", "CARE_PLAN"),
    phrases.HOUSING: ("PARTNER", "OTHER", "CARE_PLAN"),
    phrases.RISK: ("SAME_DAY_OUTREACH", "SAFETY_PLAN", "CARE_PLAN"),
    phrases.DISCHARGE: ("SAME_DAY_OUTREACH", "PARTNER", "CARE_PLAN"),
    phrases.SILENCE: ("SAME_DAY_OUTREACH", "OTHER"),
    phrases.MEASURE: ("OTHER",),
    phrases.GOALS: ("CARE_PLAN", "OTHER"),
}
PARTNERS = {  # by what it is about: kind of organisation, and which of the phrases fits
    phrases.CRISIS: ("CRISIS_LINE", 2),
    phrases.HOUSING: ("HOUSING", 1),
    phrases.DISCHARGE: ("HOSPITAL", 0),
}
ASKED = {  # by what it is about: the decision that may be asked for, and how often it is
    phrases.SCORE: ("PEER_SUPPORT", 0.2),
    phrases.MISSED: ("PEER_SUPPORT", 0.4),
    phrases.CRISIS: ("STEP_UP", 0.5),
    phrases.RISK: ("STEP_UP", 0.3),
    phrases.SILENCE: ("PEER_SUPPORT", 0.4),
    phrases.GOALS: ("CHANGE_OF_TEAM", 0.3),
    phrases.HOUSING: ("PEER_SUPPORT", 0.4),
}
BY_PEER = {"OTHER": 0.7, "SAME_DAY_OUTREACH": 0.3}
FITTING = 0.75
ASKED_LATELY = 0.9
TRIES = 10
DONE_IN_TIME, NOT_DONE, AGREED, DECIDED_IN_TIME = 0.85, 0.07, 0.85, 0.8


@dataclass(frozen=True, slots=True)
class Provider:
    """Whom a review can involve."""

    accounts: Mapping[int, Account]  # by staff number
    organisations: Mapping[str, int]  # by kind
    timeliness: Timeliness
    lately: datetime  # since when owners ask oftener, so that a decision waits for somebody this Monday


@dataclass(slots=True)
class Life:
    """What is still to come in one review."""

    opened: Opened
    rng: random.Random
    to_do: list[acts.Act] = field(default_factory=list)
    tries: Counter[type[acts.Act]] = field(default_factory=Counter)

    def due(self, until: datetime) -> list[acts.Act]:
        """What is done before ``until``, in order; it is then no longer to do."""
        now = [act for act in self.to_do if act.at < until]
        self.to_do = [act for act in self.to_do if act.at >= until]
        return now

    def later(self, act: acts.Act, days: float) -> None:
        """Somebody could not do it yet, and tries again; what never comes to pass is let go."""
        self.tries[type(act)] += 1
        if self.tries[type(act)] <= TRIES:
            self.to_do.append(replace(act, at=days_on(act.at, days, self.rng)))

    def begin_again(self, opened: Opened, provider: Provider) -> None:
        """A more pressing signal joined: whoever owns it now begins anew, and the rest moves to after that."""
        first = begin(opened, provider, self.rng)
        rest = sorted((act for act in self.to_do if not isinstance(act, acts.Begin)), key=lambda act: act.at)
        moved = max(first.at + timedelta(minutes=20) - rest[0].at, timedelta()) if rest else timedelta()
        before = provider.accounts[self.opened.owner_id]
        self.opened, self.to_do = opened, [first]
        for act in rest:
            owners = act.by == before and not isinstance(act, acts.Answer | acts.Decide)
            self.to_do.append(replace(act, at=moved_on(act.at, moved), by=first.by if owners else act.by))


def life(opened: Opened, provider: Provider, ladder: Ladder, rng: random.Random) -> Life:
    """Everything from beginning to closing; looking back is drawn when it has closed."""
    found = Life(opened, rng)
    found.to_do.append(begin(opened, provider, rng))
    start = found.to_do[0].at
    by = provider.accounts[opened.owner_id]
    met = days_on(start, rng.choice((0.05, 0.1, 1, 2)), rng)
    found.to_do += _written(opened, by, start, met, rng)
    found.to_do += _seats(opened, by, met, rng)
    acted = _actions(opened, provider, ladder, met, rng)
    found.to_do += acted
    decided = _decision(opened, provider, ladder, met, rng)
    found.to_do += decided
    ends = max(act.at for act in (*acted, *decided, found.to_do[-1]))
    closes = days_on(ends, rng.choice((0.1, 0.5, 1, 2, 4)), rng)
    found.to_do.append(acts.Close(review_id=opened.review_id, at=closes, by=by, why=rng.choice(phrases.CLOSED)))
    return found


def begin(opened: Opened, provider: Provider, rng: random.Random) -> acts.Begin:
    by = provider.accounts[opened.owner_id]
    return acts.Begin(review_id=opened.review_id, at=provider.timeliness.begins(opened, rng), by=by)


def about_joined(opened: Opened, provider: Provider, at: datetime, rng: random.Random) -> acts.Write:
    """A signal joined while they were at it: somebody says what it means."""
    when = office(at + timedelta(hours=1 + 20 * rng.random()), rng)
    by = provider.accounts[opened.owner_id]
    text = rng.choice(phrases.JOINED)
    return acts.Write(review_id=opened.review_id, at=when, by=by, section="UNCERTAIN", text=text)


def _written(opened: Opened, by: Account, start: datetime, met: datetime, rng: random.Random) -> list[acts.Act]:
    found: list[acts.Act] = []
    for place, section in enumerate(case_review_template().sections):
        at = start + timedelta(minutes=6 * place + rng.randint(2, 6))
        if section.code in ("PERSON", "UNCERTAIN"):
            at = met + timedelta(minutes=5 + 4 * place)
        mine = phrases.ABOUT.get((section.code, opened.themes[0]))
        text = rng.choice(mine if mine and rng.random() < FITTING else phrases.SECTIONS[section.code])
        found.append(acts.Write(review_id=opened.review_id, at=at, by=by, section=section.code, text=text))
    return found


def _seats(opened: Opened, by: Account, met: datetime, rng: random.Random) -> list[acts.Act]:
    found: list[acts.Act] = []
    for place, (role, staff_id) in enumerate(opened.seats.items()):
        about = {"review_id": opened.review_id, "at": met + timedelta(minutes=40 + place), "by": by, "role": role}
        if staff_id is None:
            found.append(acts.Excuse(**about, why=phrases.NOBODY))  # type: ignore[arg-type]
        elif staff_id != opened.owner_id and rng.random() < 0.12:
            found.append(acts.Excuse(**about, why=rng.choice(phrases.EXCUSED)))  # type: ignore[arg-type]
        else:
            found.append(acts.TookPart(**about))  # type: ignore[arg-type]
    if rng.random() < 0.55:
        at = met + timedelta(minutes=50)
        found.append(acts.TookPart(review_id=opened.review_id, at=at, by=by, role="PERSON"))
    return found


def _actions(opened: Opened, provider: Provider, ladder: Ladder, met: datetime, rng: random.Random) -> list[acts.Act]:
    """One to three that fit, each done in time, late, or declined with a reason."""
    kinds = KINDS[opened.themes[0]]
    found: list[acts.Act] = []
    for place, kind in enumerate(kinds[: rng.randint(1, len(kinds))]):
        defined = case_review_template().action_kind(kind)
        assert defined is not None
        what, came_of_it, organisation_id = _what(kind, opened, provider, rng)
        owner_id = _who(kind, defined.owner_role, opened, ladder, rng)
        token = f"{opened.review_id}-action-{place}"
        at = met + timedelta(minutes=55 + 3 * place)
        found.append(
            acts.Assign(
                review_id=opened.review_id,
                at=at,
                by=provider.accounts[opened.owner_id],
                token=token,
                kind=kind,
                what=what,
                owner_id=owner_id,
                organisation_id=organisation_id,
            )
        )
        done = rng.random() >= NOT_DONE
        found.append(
            acts.Answer(
                review_id=opened.review_id,
                at=_answered(at, defined.due_days, rng),
                by=provider.accounts[owner_id],
                token=token,
                done=done,
                why=came_of_it if done else rng.choice(phrases.DECLINED),
            )
        )
    return found


def _who(kind: str, role: str, opened: Opened, ladder: Ladder, rng: random.Random) -> int:
    """Whoever holds the kind's role for the person; some things a peer worker does best."""
    place = Place(opened.person_id, opened.team_id)
    peer = ladder.named("PEER_WORKER", place)
    if peer is not None and rng.random() < BY_PEER.get(kind, 0):
        return peer
    return ladder.owner(role, place) or opened.owner_id


def _what(kind: str, opened: Opened, provider: Provider, rng: random.Random) -> tuple[str, str, int | None]:
    if kind != "PARTNER":
        return *rng.choice(phrases.ACTIONS[kind]), None
    organisation, place = PARTNERS.get(opened.themes[0], ("PRIMARY_CARE", 3))
    return *phrases.ACTIONS[kind][place], provider.organisations[organisation]


def _answered(assigned: datetime, due_days: int, rng: random.Random) -> datetime:
    last = clock.at(clock.local_date(assigned) + timedelta(days=due_days), 17, 30)
    if last <= assigned:  # a late meeting about something for the same day
        return assigned + timedelta(minutes=rng.randint(20, 90))
    if rng.random() < DONE_IN_TIME:
        soon = assigned + (last - assigned) * (0.2 + 0.75 * rng.random())
        return soon if due_days == 0 else min(office(soon, rng), last + timedelta(minutes=rng.randint(0, 25)))
    return days_on(last, rng.choice((1, 1, 1, 2, 3)), rng)


def _decision(
    opened: Opened, provider: Provider, ladder: Ladder, met: datetime, rng: random.Random
) -> list[acts.Act]:
    """What the owner asks of somebody with the right; taken at once where the owner has it."""
    asked = ASKED.get(opened.themes[0])
    if asked is None or rng.random() >= (asked[1] if opened.at < provider.lately else ASKED_LATELY):
        return []
    kind = asked[0]
    what, reason, agreed, not_agreed = phrases.DECISIONS[kind]
    defined = decision_rights().kind(kind)
    assert defined is not None
    decider = ladder.decider(defined.roles, Place(opened.person_id, opened.team_id))
    if decider is None or _decides_alone(opened, defined.roles, ladder):
        return []
    token, at = f"{opened.review_id}-decision", met + timedelta(minutes=70)
    by = provider.accounts[opened.owner_id]
    proposed = acts.Propose(
        review_id=opened.review_id, at=at, by=by, token=token, kind=kind, what=what, reason=reason
    )
    days = defined.days_to_decide * rng.random() * 0.8
    if rng.random() >= DECIDED_IN_TIME:
        days = defined.days_to_decide + rng.choice((1, 2, 3))
    yes = rng.random() < AGREED
    decided = acts.Decide(
        review_id=opened.review_id,
        at=days_on(at + timedelta(hours=1), days, rng),
        by=provider.accounts[decider],
        token=token,
        agreed=yes,
        why=agreed if yes else not_agreed,
    )
    return [proposed, decided]


def _decides_alone(opened: Opened, roles: Collection[str], ladder: Ladder) -> bool:
    """Whoever has the right need not ask, and changes the plan without more words."""
    mine = [
        each for each in ladder.held if each.staff_id == opened.owner_id and each.team_id in (None, opened.team_id)
    ]
    return any(each.role in roles for each in mine)
