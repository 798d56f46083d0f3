"""Which signals rest on one row of the record? The way from a line of a file up to what it set in motion."""

from tending.base.access.viewer import Viewer
from tending.notice.models import SignalEvidence
from tending.notice.queries import SignalOfPerson, signals_of_person


def signals_resting_on(*, viewer: Viewer, person_id: int, source_key: str) -> tuple[SignalOfPerson, ...]:
    """One visible person's signals with this row in their evidence, newest first. Raises Http404 otherwise."""
    resting = SignalEvidence.objects.filter(signal__person_id=person_id, source_key=source_key)
    ids = set(resting.values_list("signal_id", flat=True))
    return tuple(each for each in signals_of_person(viewer=viewer, person_id=person_id) if each.id in ids)
