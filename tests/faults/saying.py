"""What does a database say, by natural keys? Two that say the same are the same to everybody who works with them."""

from collections import Counter
from typing import Any

from tending.base.people.models import CaseloadEntry
from tending.collect.models import Delivery
from tending.keep.models import SourcedRow
from tending.measure.models import Score, Standing
from tending.notice.models import Signal, SignalEvidence
from tending.review.models import Escalation, Review, ReviewSignal, ReviewState
from tending.web.digests import digests, record_models


def said() -> dict[str, Any]:
    """By table: how many rows and their digest; and the reviews in full, whose numbers do not count."""
    found: dict[str, Any] = {
        name: (digest.rows, digest.digest) for name, digest in digests().items() if name != "ReviewSignal"
    }
    return found | reviews() | {"unfinished": Delivery.objects.filter(finished_at__isnull=True).count()}


def meant() -> dict[str, Any]:
    """What a database says whatever the order in which it heard it: without submissions, lines and instants."""
    found: dict[str, Any] = {
        model.__name__: sorted(model.objects.current().values_list("source_key", "content"))
        for model in record_models()
    }
    found["scores"] = sorted(
        Score.objects.filter(superseded_at=None).values_list("measure", "source_key", "value", "band"), key=str
    )
    found["standings"] = sorted(
        Standing.objects.values_list("person__code", "measure", "n_scores", "best_value", "last_value", "recent"),
        key=str,
    )
    found["caseload"] = sorted(
        CaseloadEntry.objects.values_list("person__code", "staff__code", "caseload_role", "from_date", "to_date"),
        key=str,
    )
    found["signals"] = sorted(Signal.objects.values_list("person__code", "trigger", "evidence_key", "team__code"))
    evidence = SignalEvidence.objects.values_list("signal__evidence_key", "role", "source_key", "value")
    found["evidence"] = sorted(evidence, key=str)
    return found | reviews()


def reviews() -> dict[str, Any]:
    states = ReviewState.objects.values_list(
        "review__person__code", "state", "owner__code", "severity", "respond_by", "entered_at", "left_at"
    )
    answered = ReviewSignal.objects.values_list("review__person__code", "signal__trigger", "signal__evidence_key")
    told = Escalation.objects.values_list("review__person__code", "step", "to__code", "deadline")
    return {
        "reviews": sorted(Review.objects.values_list("person__code", "team__code", "opened_at")),
        "states": sorted(states, key=str),
        "answered": sorted(answered),
        "told": sorted(told, key=str),
    }


def doubled() -> list[tuple[str, str]]:
    """Source keys with more than one current row: the database should not even allow it."""
    found = []
    for model in record_models():
        found += [(model.__name__, key) for key, n in _current_keys(model).items() if n > 1]
    return found


def _current_keys(model: type[SourcedRow]) -> Counter[str]:
    rows: Any = model._default_manager.filter(superseded_by__isnull=True)
    return Counter(rows.values_list("source_key", flat=True))
