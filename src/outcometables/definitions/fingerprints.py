"""Which exact definition made this? A stable hash of what a definition says."""

from __future__ import annotations

import hashlib

import msgspec

from outcometables.definitions.definition import Part


def fingerprint(definition: Part) -> str:
    """Sixteen hexadecimal digits that change when, and only when, what the definition says changes.

    Comments, the order of keys and the layout of the file do not matter: 3 and 3.0 in a range are the same,
    and a key that repeats its default is the same as leaving it out. So scores need not be made again
    because a file was tidied, and always are when a rule changed.

    >>> from outcometables.definitions.definition import Text
    >>> fingerprint(Text(en="Interest", es="Interés")) == fingerprint(Text(es="Interés", en="Interest"))
    True
    >>> len(fingerprint(Text(en="Interest", es="Interés")))
    16
    """
    said = msgspec.json.encode(definition, order="deterministic")
    return hashlib.sha256(said).hexdigest()[:16]
