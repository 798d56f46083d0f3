"""What a link leads to, and the links a person has been given."""

from dataclasses import dataclass
from datetime import datetime

from tending.base import clock
from tending.base.access.viewer import Viewer
from tending.base.access.visibility import person_or_404
from tending.collect.answer.actions import digest
from tending.collect.models import Ask


@dataclass(frozen=True, slots=True)
class OpenAsk:
    id: int
    person_id: int
    instrument: str
    language: str
    state: str  # OPEN, ANSWERED, EXPIRED, WITHDRAWN


@dataclass(frozen=True, slots=True)
class AskLine:
    id: int
    instrument: str
    asked_at: datetime
    expires_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class PersonAsked:
    id: int
    name: str
    language: str
    asks: list[AskLine]


def _state(one: Ask) -> str:
    if one.answered_at:
        return "ANSWERED"
    if one.withdrawn_at:
        return "WITHDRAWN"
    return "OPEN" if one.expires_at > clock.now() else "EXPIRED"


def by_token(token: str) -> OpenAsk | None:
    """The request behind a token, or None: one indexed look-up of its digest."""
    one = Ask.objects.filter(token_digest=digest(token=token)).first()
    if one is None:
        return None
    return OpenAsk(one.pk, one.person_id, one.instrument, one.language, _state(one))


def person_asked(*, viewer: Viewer, person_id: int) -> PersonAsked:
    """A person and the links they were given, the newest first. Raises Http404 for one the viewer may not see."""
    person = person_or_404(viewer, person_id)
    asks = Ask.objects.filter(person_id=person_id).order_by("-asked_at")[:20]
    lines = [AskLine(one.pk, one.instrument, one.asked_at, one.expires_at, _state(one)) for one in asks]
    return PersonAsked(person.pk, person.name, person.language, lines)
