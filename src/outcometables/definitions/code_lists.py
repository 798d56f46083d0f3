"""Lists of codes in a definition, and the form in which the mart holds codes."""

from collections.abc import Iterable
from typing import Annotated

import msgspec

Codes = Annotated[list[str], msgspec.Meta(description="codes of any system, written as the steward writes them")]
Reasoned = Annotated[
    dict[str, list[str]], msgspec.Meta(description="a named reason, and the codes of the diagnoses that are it")
]


def plain(codes: Iterable[str]) -> list[str]:
    """Codes as the mart's `plain_code` holds them: in capitals, without dots and spaces.

    >>> plain(["F32.9", "f33.0", "370143000"])
    ['F329', 'F330', '370143000']
    """
    return [code.upper().replace(".", "").replace(" ", "") for code in codes]


def capitals(codes: Iterable[str]) -> list[str]:
    """Codes of visits, stays and procedures as the mart holds them: in capitals."""
    return [code.upper() for code in codes]
