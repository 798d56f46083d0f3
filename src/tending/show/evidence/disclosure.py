"""Which counts may somebody outside the care of these people read? Plain arithmetic over parts of a whole."""

from collections.abc import Mapping

MINIMUM = 11  # the cell size below which the Medicare programme's policy lets no count be published


def protected(parts: Mapping[str, int], *, minimum: int = MINIMUM) -> dict[str, int | None]:
    """The parts of a whole that is itself shown; None is withheld.

    A part from 1 to below ``minimum`` is withheld, and as many others, the smallest first, as it takes that what is
    withheld together cannot be told from the whole: at least two parts, at least ``minimum`` in sum. A whole below
    ``minimum`` is withheld altogether. 0 is shown only as long as it need not hide another.
    """
    if sum(parts.values()) < minimum:
        return dict.fromkeys(parts, None)
    hidden = {name for name, number in parts.items() if 0 < number < minimum}
    rest = sorted((number, name) for name, number in parts.items() if name not in hidden)
    while hidden and rest and (len(hidden) < 2 or sum(parts[name] for name in hidden) < minimum):
        hidden.add(rest.pop(0)[1])
    return {name: None if name in hidden else number for name, number in parts.items()}


def may_list(number: int, *, minimum: int = MINIMUM) -> bool:
    """May the (de-identified) records behind a count be listed one by one?"""
    return number >= minimum
