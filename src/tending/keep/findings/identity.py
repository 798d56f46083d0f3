"""Is one person in the record twice, or in it without a name?"""

from collections import defaultdict
from collections.abc import Collection, Iterator

from django.utils.translation import gettext as _

from tending.base.people.models import Person
from tending.keep.findings.found import Found

Same = tuple[str, str, object]


def find_duplicates(person_ids: Collection[int]) -> Iterator[Found]:
    """Pairs with the same name and date of birth, of whom at least one is asked about."""
    people = Person.objects.filter(pk__in=person_ids, birth_date__isnull=False)
    births = set(people.values_list("birth_date", flat=True))
    groups: dict[Same, list[tuple[int, str]]] = defaultdict(list)
    rows = Person.objects.filter(birth_date__in=births).values_list(
        "id", "code", "given_name", "family_name", "birth_date"
    )
    for pk, code, given, family, birth in rows.order_by("id"):
        if given.strip() and family.strip():
            groups[(given.strip().casefold(), family.strip().casefold(), birth)].append((pk, code))
    asked = set(person_ids)
    for group in groups.values():
        for first, second in ((a, b) for a in group for b in group if a[0] < b[0]):
            if first[0] in asked or second[0] in asked:
                yield _pair(first, second)


def find_nameless(person_ids: Collection[int]) -> Iterator[Found]:
    """People of whom neither a name nor a date of birth is known: referred to, never described."""
    nameless = Person.objects.filter(pk__in=person_ids, given_name="", family_name="", birth_date__isnull=True)
    for pk, code in nameless.values_list("id", "code"):
        message = _("%(code)s has neither a name nor a date of birth.") % {"code": code}
        fix = _("Send this person's row of people.csv, or their Patient resource, with name and date of birth.")
        yield Found(pk, "NOT_DESCRIBED", str(pk), message, fix)


def _pair(first: tuple[int, str], second: tuple[int, str]) -> Found:
    message = _("%(one)s and %(other)s have the same name and date of birth: they may be one person.") % {
        "one": first[1],
        "other": second[1],
    }
    fix = _(
        "If they are one person, merge them in the record system and send both again; if not, "
        "note there that they are two."
    )
    return Found(first[0], "DUPLICATE_PERSON", f"{first[0]}-{second[0]}", message, fix)
