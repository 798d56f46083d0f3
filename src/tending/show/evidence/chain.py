"""One signal from the lines it rests on to what followed; de-identified for those outside care."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import Http404

from tending.base.access.viewer import Viewer
from tending.base.access.visibility import care_team_ids, people_visible
from tending.notice import evidence_queries as noticed
from tending.notice.evidence_queries import SignalRow
from tending.notice.queries import EvidenceRow, evidence_of
from tending.review import evidence_queries as answered
from tending.review.story_queries import ReviewSeen, review_of_signal
from tending.show.evidence import gathering
from tending.show.evidence.judging import Chain
from tending.show.evidence.queries import reference


@dataclass(frozen=True, slots=True)
class ChainShown:
    """``person`` is empty outside care; then no day, no name and no free text may be shown either."""

    reference: str
    title: str
    person: str
    person_id: int | None
    chain: Chain
    evidence: tuple[EvidenceRow, ...]
    review: ReviewSeen | None

    @property
    def inside(self) -> bool:
        return self.person_id is not None


def chain_of(*, viewer: Viewer, signal_id: int, now: datetime, person_id: int | None = None) -> ChainShown:
    """Raises Http404 for a signal outside the teams whose evidence the viewer sees.

    With ``person_id`` the viewer comes from that person's story, and must support them.
    """
    signal = noticed.signal(signal_id=signal_id)
    if signal is None or (person_id is not None and signal.person_id != person_id):
        raise Http404("There is no such signal.")
    person = people_visible(viewer).filter(pk=signal.person_id).first()
    if person is None and (person_id is not None or not _may_count(viewer, signal)):
        raise Http404("There is no such signal.")
    moment = {"team_ids": None, "since": signal.noticed_at, "until": signal.noticed_at + timedelta(microseconds=1)}
    answer = answered.answers(**moment).get(signal.id)  # type: ignore[arg-type]
    anchor = noticed.anchor_scores(**moment).get(signal.id)  # type: ignore[arg-type]
    return ChainShown(
        reference=reference(signal.id),
        title=noticed.titles(versions={signal.version}).get(signal.version, signal.trigger),
        person=person.name if person else "",
        person_id=person.pk if person else None,
        chain=gathering.one(signal, answer=answer, anchor=anchor, now=now),
        evidence=evidence_of(signal.id, noticed_at=signal.noticed_at),
        review=review_of_signal(signal_id=signal.repeat_of or signal.id),
    )


def _may_count(viewer: Viewer, signal: SignalRow) -> bool:
    allowed = care_team_ids(viewer, "see_evidence")
    return allowed is None or signal.team_id in allowed
