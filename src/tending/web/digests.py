"""Do two states of the database say the same? One digest a table, over what its rows say, not how they are numbered.

A row's own number and the instants at which this system did its work are left out; a reference counts as what it
points to (a person's code, a submission's content). The order of rows does not matter.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import BooleanField, Field, ForeignKey, Model, Q, QuerySet
from django.db.models.expressions import ExpressionWrapper

from tending.base.people import models as people
from tending.collect.models import QuarantinedRow
from tending.keep.derived_support import IS_DERIVED
from tending.keep.models import DataQualityFinding, SourcedRow
from tending.measure.models import Score, Standing
from tending.notice.models import Signal, SignalEvidence
from tending.review.models import ReviewSignal

SIZE = 16

# What stands for a row that is referred to.
_NATURAL = {
    "people.person": ("code",),
    "people.team": ("code",),
    "people.staff": ("code",),
    "people.organisation": ("code",),
    "people.programme": ("code",),
    "people.servicemodel": ("code",),
    "people.site": ("code",),
    "collect.submission": ("source", "kind", "sha256"),
    "measure.instrumentversion": ("code", "fingerprint"),
    "notice.triggerversion": ("code", "fingerprint"),
    "notice.signal": ("trigger", "person__code", "evidence_key", "trigger_version__fingerprint"),
    "review.review": ("id",),
}
# When this system did something, or who asked for it: not what the record says.
_OURS = {"scored_at", "quarantined_at", "resolved_at", "resolved_by", "found_at", "gone_at", "joined_at", "account"}


@dataclass(frozen=True, slots=True)
class Digest:
    rows: int
    digest: str


def digests() -> dict[str, Digest]:
    """By table, in the order of the loop."""
    return {name: digest_of(query) for name, query in tables().items()}


def tables() -> Mapping[str, "QuerySet[Any, Any]"]:
    """What a rebuild makes anew or leaves alone, and must not change: the words shown and the rows meant."""
    found: dict[str, QuerySet[Any, Any]] = {
        model.__name__: model._default_manager.all()
        for model in (
            people.Organisation,
            people.Team,
            people.Staff,
            people.StaffRole,
            people.Person,
            people.PersonIdentifier,
            people.CaseloadEntry,
            people.TeamMembership,
        )
    }
    found |= {model.__name__: model._default_manager.all() for model in record_models()}
    # What was derived and holds no longer is kept for whoever was shown it, and is made from nothing that is left.
    found["Episode"] = found["Episode"].exclude(derived=True, withdrawn=True)
    found["CaseloadVersion"] = found["CaseloadVersion"].exclude(IS_DERIVED, withdrawn=True)
    found["QuarantinedRow"] = QuarantinedRow.objects.filter(resolved_at__isnull=True)
    found["DataQualityFinding"] = DataQualityFinding.objects.filter(gone_at__isnull=True)
    found["Score"] = Score.objects.filter(superseded_at__isnull=True)
    found["Standing"] = Standing.objects.all()
    found |= {model.__name__: model._default_manager.all() for model in (Signal, SignalEvidence, ReviewSignal)}
    return found


def record_models() -> list[type[SourcedRow]]:
    """Every table of the record, earlier versions included."""
    return [model for model in apps.get_app_config("keep").get_models() if issubclass(model, SourcedRow)]


def digest_of(query: "QuerySet[Any, Any]") -> Digest:
    """The sum of the rows' hashes: the same for any order, different when a row differs, is gone or comes twice."""
    total, count = 0, 0
    for row in query.order_by().values_list(*_columns(query.model)).iterator(chunk_size=5000):
        said = json.dumps(row, default=str, sort_keys=True, ensure_ascii=False)
        total += int.from_bytes(hashlib.blake2b(said.encode(), digest_size=SIZE).digest())
        count += 1
    return Digest(count, f"{total % 2 ** (8 * SIZE):0{2 * SIZE}x}")


def _columns(model: type[Model]) -> list[Any]:
    return [column for field in model._meta.concrete_fields for column in _column(field)]


def _column(field: "Field[Any, Any]") -> Iterator[Any]:
    if field.name == "superseded_by":
        yield ExpressionWrapper(Q(superseded_by__isnull=True), BooleanField())
    elif field.primary_key or field.name in _OURS:
        return
    elif isinstance(field, ForeignKey):
        natural = _natural(field.related_model)
        yield from (f"{field.name}__{each}" for each in natural)
    else:
        yield field.name


def _natural(model: Any) -> tuple[str, ...]:
    return _NATURAL[model._meta.label_lower]
