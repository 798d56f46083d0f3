"""Whom or what does a reference point to?

Read: ``Patient/123``, ``Patient/123/_history/2``, ``https://server/fhir/Patient/123``, ``urn:uuid:…`` within a
bundle, and conditional ``Patient?identifier=system|value`` (resolved by what the delivery holds, see survey.py).
"""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from tending.collect.fhir.datatypes import Reference


class Target(NamedTuple):
    type: str
    id: str

    def __str__(self) -> str:
        return f"{self.type}/{self.id}"


URN = ("urn:uuid:", "urn:oid:")


def target(reference: Reference | None, aliases: Mapping[str, Target]) -> Target | None:
    """What the reference points to, or None when it points to nothing we can name.

    ``aliases``: what a bundle calls its entries (fullUrl), and what identifiers the delivery knows.
    """
    if reference is None:
        return None
    text = reference.reference
    if not text:
        return _by_identifier(reference, aliases)
    if text in aliases:
        return aliases[text]
    if text.startswith(URN):
        return Target("", text)
    if "?" in text:
        return _conditional(text, aliases)
    parts = text.split("/")
    if "_history" in parts:
        parts = parts[: parts.index("_history")]
    if len(parts) < 2 or not parts[-1] or not parts[-2]:
        return None
    return Target(parts[-2], parts[-1])


def identifier_alias(kind: str, system: str | None, value: str) -> str:
    """The one form in which an identifier is looked up, whether a search or an identifier names it."""
    return f"{kind}?identifier={system or ''}|{value}"


def _conditional(text: str, aliases: Mapping[str, Target]) -> Target:
    head, _, query = text.partition("?")
    kind = head.rsplit("/", 1)[-1]
    alias = f"{kind}?{unquote(query)}"
    return aliases.get(alias, Target(kind, unquote(query)))


def _by_identifier(reference: Reference, aliases: Mapping[str, Target]) -> Target | None:
    named = reference.identifier
    if named is None or not named.value or not reference.type:
        return None
    alias = identifier_alias(reference.type, named.system, named.value)
    return aliases.get(alias, Target(reference.type, alias.partition("?")[2]))
