"""How many? A whole number, in groups of three as the reader's language writes it.

In a template a number is written so by itself (``USE_THOUSAND_SEPARATOR``); where it is part of an address or field,
``unlocalize`` leaves it plain.
"""

from django.utils.formats import number_format


def amount(n: int) -> str:
    """1,104 for 1104."""
    return str(number_format(n, force_grouping=True))
