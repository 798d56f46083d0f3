"""What does a Bundle hold, and what do its entries call one another?"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import msgspec

from tending.collect.fhir.datatypes import Element
from tending.collect.fhir.references import URN, Target


class Request(Element):
    method: str | None = None
    url: str | None = None


class Entry(Element):
    full_url: str | None = None
    resource: msgspec.Raw = msgspec.Raw(b"")
    request: Request | None = None


class Bundle(Element):
    resource_type: str
    type: str | None = None
    entry: tuple[Entry, ...] = ()


class Head(Element):
    """The little that is read of a resource before it is known what it is."""

    resource_type: str | None = None
    id: str | None = None


class Held(NamedTuple):
    """One entry: the resource's JSON, the id it has here, and what it was asked to be (DELETE)."""

    text: bytes
    id: str | None
    deleted: Target | None


_bundles = msgspec.json.Decoder(Bundle)
_heads = msgspec.json.Decoder(Head)


def head(text: bytes) -> Head | None:
    """Type and id, or None when this is no JSON object with a resourceType."""
    try:
        found = _heads.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return found if found.resource_type else None


def is_bundle(text: bytes) -> bool:
    if b'"Bundle"' not in text:
        return False
    found = head(text)
    return found is not None and found.resource_type == "Bundle"


def decode(text: bytes) -> Bundle:
    """Raises msgspec.MsgspecError."""
    return _bundles.decode(text)


def held(bundle: Bundle) -> tuple[list[Held], dict[str, Target]]:
    """The entries, and what their fullUrls stand for."""
    found: list[Held] = []
    aliases: dict[str, Target] = {}
    for entry in bundle.entry:
        text = bytes(entry.resource)
        request = entry.request or Request()
        if request.method == "DELETE" and request.url:
            found.append(Held(b"", None, _target_of(request.url)))
            continue
        about = head(text) if text else None
        key = (about.id if about else None) or _id_of(entry, request)
        if about and about.resource_type and key and entry.full_url:
            aliases[entry.full_url] = Target(about.resource_type, key)
        found.append(Held(text, key, None))
    return found, aliases


def _id_of(entry: Entry, request: Request) -> str | None:
    """An entry without an id: the id it is to be put under, else the urn the bundle gives it."""
    if request.method == "PUT" and request.url and (found := _target_of(request.url)):
        return found.id
    if entry.full_url:
        return (
            entry.full_url.rsplit(":", 1)[-1] if entry.full_url.startswith(URN) else entry.full_url.rsplit("/", 1)[-1]
        )
    return None


def _target_of(url: str) -> Target | None:
    parts = url.partition("?")[0].rstrip("/").split("/")
    return Target(parts[-2], parts[-1]) if len(parts) > 1 and "?" not in url else None


def each(text: bytes) -> Iterator[tuple[bytes, str | None, Mapping[str, Target]]]:
    """The resources of one line: itself, or the entries of the bundle it is. What cannot be read is left out."""
    if not is_bundle(text):
        yield text, None, {}
        return
    try:
        entries, aliases = held(decode(text))
    except (msgspec.MsgspecError, RecursionError):
        return
    for entry in entries:
        if entry.text:
            yield entry.text, entry.id, aliases
