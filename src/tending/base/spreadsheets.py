"""How is text handed to a spreadsheet without becoming a formula there?

A name may begin with an equals sign: it is kept as it is. In a file that somebody opens in a spreadsheet the same
text would be calculated, so whatever is exported goes through here.
"""

from collections.abc import Iterable

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(value: object) -> object:
    """The value as it may stand in a CSV or spreadsheet cell: text that a spreadsheet would calculate gets a ' first.

    >>> cell("=HYPERLINK(1)"), cell("-12.5"), cell(-12.5), cell("Ana")
    ("'=HYPERLINK(1)", "'-12.5", -12.5, 'Ana')
    """
    if isinstance(value, str) and value.lstrip(" ").startswith(_BEGINS_A_FORMULA):
        return f"'{value}"
    return value


def row(values: Iterable[object]) -> list[object]:
    """A whole row of cells."""
    return [cell(value) for value in values]
