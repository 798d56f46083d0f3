"""People as their current versions describe them."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from tending.base.people.models import Person, PersonIdentifier
from tending.base.tables.rows import update_rows
from tending.collect.mapped import Mapped
from tending.keep.models import PersonVersion
from tending.keep.precedence import order_of
from tending.keep.references import OWN_SOURCE, found

_TEXTS = ("given_name", "family_name", "phone", "email")
_DATES = ("birth_date", "death_date")
_FOR_EQUITY = ("sex", "gender_identity", "race_ethnicity", "language", "payer", "deprivation_quintile")


def make_known(rows: Iterable[Mapped], *, source: str) -> dict[str, int]:
    """The person behind each row's identifier; one that is not known yet becomes a new person."""
    identifiers = list(dict.fromkeys(row.key for row in rows))
    held = found("people", identifiers, source=source)
    missing = [identifier for identifier in identifiers if identifier not in held]
    if missing:
        taken = set(Person.objects.filter(code__in=missing).values_list("code", flat=True))
        people = Person.objects.bulk_create(
            [Person(code=f"{source}:{code}" if code in taken else code) for code in missing]
        )
        if source != OWN_SOURCE:
            PersonIdentifier.objects.bulk_create(
                [
                    PersonIdentifier(person=person, source=source, value=identifier)
                    for person, identifier in zip(people, missing, strict=True)
                ]
            )
        held.update({identifier: person.pk for person, identifier in zip(people, missing, strict=True)})
    return held


def project(person_ids: Collection[int]) -> None:
    """Bring these people's details up to date with the latest thing any source said."""
    if not person_ids:
        return
    latest: dict[int, Any] = {}
    current = PersonVersion.objects.filter(person_id__in=person_ids, superseded_by__isnull=True, withdrawn=False)
    for version in sorted(current, key=order_of):
        latest[version.person_id] = version.details
    update_rows(
        Person, [*_TEXTS, *_DATES, *_FOR_EQUITY], [(pk, _described(details)) for pk, details in latest.items()]
    )


def _described(details: dict[str, Any]) -> list[Any]:
    dates = [date.fromisoformat(details[name]) if details.get(name) else None for name in _DATES]
    return [
        *(details.get(name, "") for name in _TEXTS),
        *dates,
        *(details.get(name, "NOT_ASKED") for name in _FOR_EQUITY),
    ]
