"""Whom and what does a row mean? The source's identifiers, looked up for a whole piece of a file at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _

from tending.base.people.models import Organisation, Person, PersonIdentifier, Staff, Team
from tending.collect.mapped import Fault, Mapped
from tending.keep.kinds import KINDS
from tending.keep.models import Goal

OWN_SOURCE = "tending"  # what Tending itself collects; there a person's identifier is their code
_NAMED = {"teams": Team, "staff": Staff, "organisations": Organisation}
REASONS = {
    "people": "UNKNOWN_PERSON",
    "teams": "UNKNOWN_TEAM",
    "staff": "UNKNOWN_STAFF",
    "organisations": "UNKNOWN_ORGANISATION",
    "goals": "UNKNOWN_GOAL",
}
ROW = "UNKNOWN_ROW"  # something to withdraw that has not arrived

Known = Mapping[str, Mapping[str, int]]  # kind: {the source's identifier: the row it means}


def known(rows: Iterable[Mapped], *, source: str) -> Known:
    """Everything these rows refer to that is known: one query a kind."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for column, kind in KINDS[row.kind].references.items():
            if identifier := row.fields.get(column):
                wanted[kind].add(str(identifier))
    return {kind: found(kind, identifiers, source=source) for kind, identifiers in wanted.items()}


def found(kind: str, identifiers: Collection[str], *, source: str) -> dict[str, int]:
    """Which of these identifiers are known, and the rows they mean."""
    if kind == "people" and source == OWN_SOURCE:
        return dict(Person.objects.filter(code__in=identifiers).values_list("code", "id"))
    if kind == "people":
        held = PersonIdentifier.objects.filter(source=source, value__in=identifiers)
        return dict(held.values_list("value", "person_id"))
    if kind == "goals":
        prefix = f"{source}:goals:"
        keys = [prefix + identifier for identifier in identifiers]
        goals = Goal.objects.filter(superseded_by__isnull=True, source_key__in=keys)
        return {key.removeprefix(prefix): pk for key, pk in goals.values_list("source_key", "id")}
    return dict(_NAMED[kind]._default_manager.filter(code__in=identifiers).values_list("code", "id"))


def keys_of(row: Mapped, known: Known) -> dict[str, int] | Fault:
    """The rows that one row refers to; a fault names the first that is not known yet."""
    keys: dict[str, int] = {}
    for column, kind in KINDS[row.kind].references.items():
        identifier = row.fields.get(column)
        if not identifier:
            continue
        key = known.get(kind, {}).get(str(identifier))
        if key is None:
            return _unknown(row, column, kind, str(identifier))
        keys[column] = key
    return keys


def nothing_to_withdraw(row: Mapped) -> Fault:
    message = _("Line %(line)d of %(rows)s withdraws “%(key)s”, which is not known.") % {
        "line": row.line,
        "rows": row.kind,
        "key": row.key[:80],
    }
    fix = _("If it was never sent, set this row aside. When it arrives, it is withdrawn by itself.")
    return Fault(row.line, row.kind, "", ROW, message[:500], fix, reference=row.key[:200])


def _unknown(row: Mapped, column: str, kind: str, identifier: str) -> Fault:
    message = _("Line %(line)d of %(rows)s, column %(column)s: “%(identifier)s” is not known in %(kind)s.") % {
        "line": row.line,
        "rows": row.kind,
        "column": column,
        "identifier": identifier[:80],
        "kind": kind,
    }
    fix = _("Send the row of %(kind)s that describes it: this row is then kept by itself.") % {"kind": kind}
    return Fault(row.line, row.kind, column, REASONS[kind], message[:500], fix, reference=identifier[:200])
