"""Write down what was found, and that it is gone: worked out again for everybody whose record changed."""

from collections.abc import Collection, Iterable
from itertools import chain

from django.db import transaction
from django.db.models import F, Q

from tending.base import clock
from tending.base.retold import in_english
from tending.keep.findings import identity, lifetime, support, values
from tending.keep.findings.found import Found
from tending.keep.models import DataQualityFinding, PersonHead

AT_ONCE = 500


@in_english
def find() -> int:
    """Look at everybody whose record changed since somebody last looked; how many people that were."""
    looked_at = 0
    while heads := list(PersonHead.objects.exclude(token=F("checked_token")).order_by("person_id")[:AT_ONCE]):
        _look_at(heads)
        looked_at += len(heads)
    return looked_at


@transaction.atomic
def _look_at(heads: list[PersonHead]) -> None:
    """What these people's findings should be, against what they are. A record that changes meanwhile comes again."""
    person_ids = {head.person_id for head in heads}
    _close_the_difference(person_ids, _everything(person_ids))
    _note_checked(heads)


def _note_checked(heads: list[PersonHead]) -> None:
    """One statement a token: a piece of a file gives all its people the same."""
    # In the order in which everybody takes them, so that two processes never wait for each other.
    ids = [head.person_id for head in heads]
    list(PersonHead.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    by_token: dict[str, list[int]] = {}
    for head in heads:
        by_token.setdefault(head.token, []).append(head.person_id)
    for token, person_ids in by_token.items():
        PersonHead.objects.filter(person_id__in=person_ids).update(checked_token=token)


def _everything(person_ids: Collection[int]) -> Iterable[Found]:
    return chain(
        identity.find_duplicates(person_ids),
        identity.find_nameless(person_ids),
        lifetime.find(person_ids),
        values.find(person_ids),
        support.find_overlapping_primaries(person_ids),
        support.find_overlapping_episodes(person_ids),
    )


def _close_the_difference(person_ids: Collection[int], found: Iterable[Found]) -> None:
    should = {(finding.kind, finding.key[:250]): finding for finding in found}
    there = {(row.kind, row.key): row for row in _open_findings(person_ids, should)}
    now = clock.now()
    gone = [row.pk for place, row in there.items() if place not in should or _moved(row, should[place])]
    DataQualityFinding.objects.filter(pk__in=gone).update(gone_at=now)
    DataQualityFinding.objects.bulk_create(
        [
            DataQualityFinding(person_id=finding.person_id, kind=kind, key=key, found_at=now, **_said(finding))
            for (kind, key), finding in should.items()
            if (kind, key) not in there or _moved(there[kind, key], finding)
        ],
        ignore_conflicts=True,  # another worker found the same
    )
    _say_anew([(row, should[place]) for place, row in there.items() if row.pk not in set(gone)])


def _moved(row: DataQualityFinding, finding: Found) -> bool:
    """The row of the record belongs to somebody else now."""
    return row.person_id != finding.person_id


def _said(finding: Found) -> dict[str, str]:
    return {"message": finding.message[:500], "fix": finding.fix[:500], "role": finding.role}


def _say_anew(kept: Iterable[tuple[DataQualityFinding, Found]]) -> None:
    """Still wrong, but with other dates than before: the words follow, the day it was found stays."""
    changed = []
    for row, finding in kept:
        said = _said(finding)
        if any(getattr(row, name) != text for name, text in said.items()):
            for name, text in said.items():
                setattr(row, name, text)
            changed.append(row)
    DataQualityFinding.objects.bulk_update(changed, ["message", "fix", "role"])


def _open_findings(person_ids: Collection[int], should: Collection[tuple[str, str]]) -> Iterable[DataQualityFinding]:
    """Those of these people, those about the same rows when they were somebody else's, and the pairs in which one of
    these people is the second: pairs lie with the first."""
    open_ = DataQualityFinding.objects.filter(gone_at__isnull=True)
    keys = [key for _, key in should]
    yield from open_.filter(Q(person_id__in=person_ids) | Q(key__in=keys)).exclude(kind="DUPLICATE_PERSON")
    for row in open_.filter(kind="DUPLICATE_PERSON"):
        if not {int(pk) for pk in row.key.split("-")}.isdisjoint(person_ids):
            yield row
