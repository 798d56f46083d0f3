"""Titles and sentences around a protected table: they must not say what the table hides."""

from __future__ import annotations

import re

from outcomestats.disclosure.tables import Protected

# A number on its own: not the 9 of PHQ-9, not part of a decimal or a longer word.
NUMBER = re.compile(r"(?<![\w.,\-])\d+(?:[.,]\d+)*(?![\w\-])")


def caption(template: str, protected: Protected, *, allowed: tuple[str, ...] = ()) -> str:
    """A title in which {total} is the table's total as it is shown.

    A number written into the template by hand escapes protection, so each must be in `allowed` (years, minutes: what
    is no count of people). Raises ValueError for any other number, and for a field other than {total}.

    >>> from outcomestats.disclosure.policy import Policy
    >>> from outcomestats.disclosure.tables import protect
    >>> caption("PHQ-9 of {total} people in 2025", protect([2, 1], Policy()), allowed=("2025",))
    'PHQ-9 of a hidden number of people in 2025'
    >>> caption("Outcomes of 3 people", protect([2, 1], Policy()))
    Traceback (most recent call last):
    ValueError: template holds the number 3; use {total}, or name it in allowed if it counts no people
    """
    for number in NUMBER.findall(template):
        if number not in allowed:
            raise ValueError(
                f"template holds the number {number}; use {{total}}, or name it in allowed if it counts no people"
            )
    fields = set(re.findall(r"\{([^}]*)\}", template)) - {"total"}
    if fields:
        raise ValueError(f"template holds {{{sorted(fields)[0]}}}; {{total}} is the only field")
    last = tuple(size - 1 for size in protected.shown.shape)
    told = "a hidden number of" if protected.hidden[last] else protected.text(last)
    return template.replace("{total}", told)
