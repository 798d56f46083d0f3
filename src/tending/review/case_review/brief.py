"""What does the record show, prepared before anybody meets? Each line with its date; what is missing is said."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tending.base import clock
from tending.keep import person_history
from tending.keep.person_history import ContactSeen
from tending.measure import person_scores
from tending.measure import queries as measure
from tending.measure.words import in_a_sentence, number
from tending.notice import person_signals
from tending.review.case_review import words
from tending.review.templates import spoken

LOOK_AT = 10  # visits
CRISIS_DAYS, STAY_DAYS, SIGNAL_DAYS, RISK_DAYS = 90, 180, 90, 180
LONG_AGO_DAYS = 30
SAFETY_PLAN_DAYS, CARE_PLAN_DAYS = 180, 180  # older is said to be old


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: what, how it is, and how old; ``pressing`` asks for a look, ``missing`` says nothing is known."""

    label: str
    value: str
    note: str = ""
    pressing: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Brief:
    engagement: tuple[Line, ...]
    adherence: tuple[Line, ...]
    risk: tuple[Line, ...]
    contacts: tuple[Line, ...]
    scores: tuple[Line, ...]
    goals: tuple[Line, ...]
    as_of: datetime

    def part(self, name: str) -> tuple[Line, ...]:
        """The part that stands beside a section of the template; empty for a section without one."""
        parts = {
            "ENGAGEMENT": self.engagement,
            "ADHERENCE": self.adherence,
            "RISK": self.risk,
            "CONTACTS": self.contacts,
        }
        return parts.get(name, ())


def brief(*, person_id: int, as_of: datetime) -> Brief:
    """The whole summary: a fixed number of queries. The caller has asked who may see the person."""
    day = clock.local_date(as_of)
    past = person_history.past_contacts(person_id=person_id, before=as_of, limit=40)
    visits = person_history.visits(person_ids=[person_id], as_of=as_of).get(person_id, person_history.Visits())
    return Brief(
        engagement=_engagement(past, visits, day),
        adherence=_adherence(past, person_history.plan_events(person_id=person_id, as_of=day), day),
        risk=_risk(person_id, day, as_of),
        contacts=_contacts(past, visits),
        scores=_scores(person_id),
        goals=_goals(person_id, day),
        as_of=as_of,
    )


def as_stored(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """What the record showed when somebody wrote: kept beside the entry."""
    return [asdict(line) for line in lines]


def _engagement(past: Sequence[ContactSeen], visits: person_history.Visits, day: date) -> tuple[Line, ...]:
    lines = [_attended(_("Last ten visits"), past[:LOOK_AT])]
    in_a_row = next((n for n, contact in enumerate(past) if not contact.missed), len(past))
    if in_a_row > 1:
        text = ngettext("%(n)d in a row", "%(n)d in a row", in_a_row) % {"n": in_a_row}
        lines.append(Line(_("Missed without notice"), text, note=_when(past[0].date, day), pressing=True))
    last = next((contact for contact in past if contact.attended), None)
    if last is None:
        lines.append(Line(_("Last attended"), _("No attended visit in the record"), missing=True))
    else:
        long_ago = (day - last.date).days > LONG_AGO_DAYS
        lines.append(Line(_("Last attended"), _when(last.date, day), note=_contact_words(last), pressing=long_ago))
    lines.append(_next(visits))
    return tuple(lines)


def _contact_words(contact: ContactSeen) -> str:
    said = [words.contact_kind(contact.kind), words.medium(contact.medium), contact.staff]
    return ", ".join(word for word in said if word)


def _attended(label: str, contacts: Sequence[ContactSeen]) -> Line:
    """Attended out of those that could have been; visits the provider cancelled are counted apart."""
    ours = sum(contact.status == "CANCELLED_BY_PROVIDER" for contact in contacts)
    counted = [contact for contact in contacts if contact.status != "CANCELLED_BY_PROVIDER"]
    if not counted:
        return Line(label, _("None in the record"), missing=True)
    came, missed = sum(c.attended for c in counted), sum(c.missed for c in counted)
    value = _("%(came)d of %(all)d attended, %(missed)d missed without notice") % {
        "came": came,
        "all": len(counted),
        "missed": missed,
    }
    note = ngettext("%(n)d more cancelled by us", "%(n)d more cancelled by us", ours) % {"n": ours} if ours else ""
    return Line(label, value, note=note, pressing=missed >= 2)


def _next(visits: person_history.Visits) -> Line:
    if visits.next_booked is None:
        return Line(_("Next visit"), _("None booked"), pressing=True)
    at = visits.next_booked.astimezone(clock.zone())
    return Line(_("Next visit"), date_format(at, pgettext("date format", "l j F, H:i")))


def _adherence(past: Sequence[ContactSeen], events: dict[str, date], day: date) -> tuple[Line, ...]:
    therapy = [contact for contact in past if contact.kind in ("THERAPY", "GROUP")][:LOOK_AT]
    medication = [contact for contact in past if contact.kind == "MEDICATION"][:LOOK_AT]
    changed = events.get("MEDICATION_CHANGED")
    plan = max((events[kind] for kind in events if kind.startswith("PLAN_")), default=None)
    safety = max((events[kind] for kind in events if kind.startswith("SAFETY_PLAN_")), default=None)
    return (
        _attended(_("Therapy visits"), therapy),
        _attended(_("Medication visits"), medication),
        _dated(_("Medication last changed"), changed, day, absent=_("No change in the record")),
        _dated(_("Care plan last agreed or reviewed"), plan, day, absent=_("None in the record"), old=CARE_PLAN_DAYS),
        _dated(_("Safety plan last agreed"), safety, day, absent=_("None in the record"), old=SAFETY_PLAN_DAYS),
    )


def _dated(label: str, at: date | None, day: date, *, absent: str, old: int | None = None) -> Line:
    if at is None:
        return Line(label, absent, missing=True)
    return Line(label, _when(at, day), pressing=old is not None and (day - at).days > old)


def _risk(person_id: int, day: date, as_of: datetime) -> tuple[Line, ...]:
    signals = person_signals.signals_since(person_id=person_id, since=as_of - timedelta(days=SIGNAL_DAYS))
    answers = person_scores.risk_answers(person_id=person_id, since=day - timedelta(days=RISK_DAYS), until=day)
    crises = person_history.crises(person_id=person_id, since=day - timedelta(days=CRISIS_DAYS), until=day)
    stays = person_history.stays(person_id=person_id, since=day - timedelta(days=STAY_DAYS), until=day)
    return (
        _risk_answers(answers, day),
        _counted(
            _("Crisis contacts, last 90 days"),
            [f"{words.crisis_kind(crisis.kind)}, {_when(crisis.date, day)}" for crisis in crises],
        ),
        _counted(_("Stays, last 180 days"), [words.stay(stay, day) for stay in stays]),
        _housing(person_id, day),
        Line(
            _("Warning signs, last 90 days"),
            str(len(signals)) if signals else _("None"),
            note="; ".join(f"{s.title}, {_when(clock.local_date(s.noticed_at), day)}" for s in signals[:4]),
        ),
    )


def _risk_answers(answers: Sequence[person_scores.RiskAnswer], day: date) -> Line:
    label = _("Answers about self-harm, last 180 days")
    if not answers:
        return Line(label, _("None above zero in the record; that is no proof of safety"))
    latest = answers[0]
    said = spoken(latest.answer) if latest.answer else str(latest.value)
    value = f"{spoken(latest.label)}: {said} ({_when(latest.date, day)})"
    more = len(answers) - 1
    note = ngettext("%(n)d earlier", "%(n)d earlier", more) % {"n": more} if more else ""
    return Line(label, value, note=", ".join(filter(None, [latest.instrument, note])), pressing=True)


def _counted(label: str, rows: Sequence[str]) -> Line:
    if not rows:
        return Line(label, _("None in the record"))
    return Line(label, str(len(rows)), note="; ".join(rows[:4]), pressing=True)


def _housing(person_id: int, day: date) -> Line:
    seen = person_history.housing(person_id=person_id, as_of=day)
    if seen is None or seen.state == "UNKNOWN":
        return Line(_("Housing"), _("Not known"), missing=True)
    since = _("since %(day)s") % {"day": _when(seen.since, day)}
    return Line(_("Housing"), words.housing(seen.state), note=since, pressing=seen.state != "STABLE")


def _contacts(past: Sequence[ContactSeen], visits: person_history.Visits) -> tuple[Line, ...]:
    lines = [
        Line(
            date_format(contact.date, "j M Y"),
            words.contact_status(contact.status),
            note=_contact_words(contact),
            pressing=contact.missed,
        )
        for contact in past[:5]
    ]
    if not lines:
        lines = [Line(_("Contacts"), _("None in the record"), missing=True)]
    return (*lines, _next(visits))


def _scores(person_id: int) -> tuple[Line, ...]:
    rows = measure.standings([person_id]).get(person_id, [])
    whole = [row for row in rows if "/" not in row.measure] or rows
    if not whole:
        return (Line(_("Measures"), _("No score in the record yet"), missing=True),)
    return tuple(
        Line(
            row.title,
            number(row.last_value) + (f", {in_a_sentence(row.last_band)}" if row.last_band else ""),
            note=f"{date_format(row.last_date, 'j M Y')}. {row.verdict}",
            pressing=row.since_first == "RELIABLE_DETERIORATION" or row.since_best == "RELIABLE_DETERIORATION",
        )
        for row in whole
    )


def _goals(person_id: int, day: date) -> tuple[Line, ...]:
    goals = person_history.active_goals(person_id=person_id, as_of=day)
    if not goals:
        return (Line(_("Goals"), _("No goal in the person's words yet"), missing=True),)
    return tuple(_goal(goal, day) for goal in goals)


def _goal(goal: person_history.GoalSeen, day: date) -> Line:
    if goal.rating is None or goal.rated is None:
        return Line(goal.words, _("Not rated yet"), missing=True)
    before = _("%(n)d before") % {"n": goal.earlier_rating} if goal.earlier_rating is not None else _("first rating")
    who = _("by the person") if goal.rated_by == "PERSON" else _("by staff")
    falling = goal.earlier_rating is not None and goal.rating < goal.earlier_rating
    value = _("%(n)d of 10") % {"n": goal.rating}
    return Line(goal.words, value, note=f"{before}; {who}, {_when(goal.rated, day)}", pressing=falling)


def _when(at: date, day: date) -> str:
    """The date and how long ago: both are asked for in the room."""
    days = (day - at).days
    ago = _("today") if days == 0 else ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    return f"{date_format(at, 'j M Y')} ({ago})"
