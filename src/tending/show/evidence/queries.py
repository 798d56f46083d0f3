"""What the evidence pages show, for whoever may see it: counted for all, named only to those who give the care."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.http import Http404

from tending.base import clock
from tending.base.access.permissions import check_may
from tending.base.access.viewer import Viewer
from tending.base.access.visibility import care_team_ids, people_visible
from tending.base.people.models import Team
from tending.base.people.queries import Choice
from tending.review.evidence_queries import ActionRow
from tending.show.evidence import disclosure, judging
from tending.show.evidence.figures import RULES
from tending.show.evidence.gathering import Asked, Evidence, gather
from tending.show.evidence.judging import Chain, Done


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked for in the address."""

    team_id: int | None
    first: date
    last: date
    code: str = "all"
    trigger: str = ""
    severity: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """``inside``: the viewer gives or oversees care in every team asked about, so nothing is withheld."""

    evidence: Evidence
    inside: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """One signal of a list. Outside care: no name, no day, no address that says who it is."""

    reference: str
    chain: Chain
    title: str
    person: str
    person_id: int | None
    noticed: date


@dataclass(frozen=True, slots=True)
class ListOfSignals:
    evidence: Evidence
    inside: bool
    chains: tuple[Chain, ...]
    withheld: bool


@dataclass(frozen=True, slots=True)
class ListOfActions:
    evidence: Evidence
    inside: bool
    actions: tuple[ActionRow, ...]
    withheld: bool


def reference(signal_id: int) -> str:
    """What a signal is called outside care: always the same, and leading back only inside the provider."""
    digest = hmac.new(settings.SECRET_KEY.encode(), f"signal {signal_id}".encode(), hashlib.sha256).hexdigest()
    return f"S-{digest[:8].upper()}"


def team_choices(*, viewer: Viewer) -> tuple[Choice, ...]:
    """The teams whose evidence the viewer may see."""
    allowed = care_team_ids(viewer, "see_evidence")
    rows = Team.objects.order_by("name").values_list("pk", "name")
    return tuple(Choice(str(pk), name) for pk, name in rows if allowed is None or pk in allowed)


def asked(*, viewer: Viewer, question: Question, now: datetime) -> Asked:
    """Raises Http404 for a team the viewer may not see."""
    check_may(viewer, "see_evidence")
    allowed = care_team_ids(viewer, "see_evidence")
    if question.team_id is None:
        return Asked(allowed, question.first, question.last, now)
    if allowed is not None and question.team_id not in allowed:
        raise Http404("There is no such team among those whose evidence you see.")
    return Asked(frozenset({question.team_id}), question.first, question.last, now)


def shown(*, viewer: Viewer, question: Question, now: datetime) -> Shown:
    wanted = asked(viewer=viewer, question=question, now=now)
    return Shown(gather(wanted), inside=is_inside(viewer, wanted.team_ids))


def is_inside(viewer: Viewer, team_ids: frozenset[int] | None) -> bool:
    care = care_team_ids(viewer, "see_person")
    return care is None or (team_ids is not None and team_ids <= care)


def signals_listed(*, viewer: Viewer, question: Question, now: datetime) -> ListOfSignals:
    """The signals a figure counts, by the figure's own rule. Raises Http404 for a figure that does not exist."""
    rule = RULES.get(question.code)
    if rule is None:
        raise Http404("There is no such figure.")
    found = shown(viewer=viewer, question=question, now=now)
    chains = tuple(
        chain
        for chain in found.evidence.chains
        if rule(chain)
        and question.trigger in ("", chain.signal.trigger)
        and question.severity in ("", chain.signal.severity)
    )
    withheld = not found.inside and not disclosure.may_list(len(chains))
    return ListOfSignals(found.evidence, found.inside, () if withheld else chains, withheld)


def actions_listed(*, viewer: Viewer, question: Question, now: datetime) -> ListOfActions:
    state = question.code.removeprefix("action-")
    if state not in {*Done, "all"}:
        raise Http404("There is no such figure.")
    found = shown(viewer=viewer, question=question, now=now)
    rows = tuple(a for a in found.evidence.actions if state == "all" or judging.done(a, now=now) == state)
    withheld = not found.inside and not disclosure.may_list(len(rows))
    return ListOfActions(found.evidence, found.inside, () if withheld else rows, withheld)


def named(*, viewer: Viewer, chains: Iterable[Chain], titles: dict[str, str]) -> list[Listed]:
    """These signals for a page: names only of people whose record the viewer may open. One query."""
    chains = list(chains)
    people = people_visible(viewer).filter(pk__in={chain.signal.person_id for chain in chains})
    names = {person.pk: person.name for person in people}
    return [
        Listed(
            reference=reference(chain.signal.id),
            chain=chain,
            title=titles.get(chain.signal.trigger, chain.signal.trigger),
            person=names.get(chain.signal.person_id, ""),
            person_id=chain.signal.person_id if chain.signal.person_id in names else None,
            noticed=clock.local_date(chain.signal.noticed_at),
        )
        for chain in chains
    ]
