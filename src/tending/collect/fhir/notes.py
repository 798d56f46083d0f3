"""What was noticed while reading, in words: what is not read, who is absent, what was read with a doubt.

While a file is read, notes are counted under short keys ("NOT_READ Location"); here they become lines for a reader.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MOST = 400  # different notes a file; what is beyond is counted together
EXAMPLES = 3


def noted(notes: Counter[str], code: str, about: str) -> None:
    """Count one; an export with a thousand different codes does not make a thousand notes."""
    key = f"{code} {about}".rstrip()
    if key not in notes and len(notes) >= MOST:
        key = f"{code} {_('(others)')}"
    notes[key] += 1


def in_words(notes: Mapping[str, int]) -> list[str]:
    """One line for each thing noticed, the most frequent first; those absent with a few of their identifiers."""
    lines: list[tuple[int, str]] = []
    absent: dict[str, list[str]] = defaultdict(list)
    for key, count in notes.items():
        code, _space, about = key.partition(" ")
        kind, slash, _id = about.partition("/")
        if code == "ABSENT" and slash:
            absent[kind].append(about)
        elif code != "ABSENT":
            lines.append((count, _line(code, about, count)))
    lines += [(notes.get(f"ABSENT {kind}", 0), _absent(kind, who, notes)) for kind, who in absent.items()]
    return [line for _count, line in sorted(lines, key=lambda one: (-one[0], one[1]))]


def _line(code: str, about: str, count: int) -> str:
    words = {
        "NOT_READ": _("Not read: %(about)s (%(count)s)."),
        "NOT_WHOLE": _("%(about)s: a total that is not a whole number, kept as it was sent (%(count)s)."),
        "PARTIAL_DATE": _("%(about)s: only the year or the month is known, so it was left empty (%(count)s)."),
        "SINCE_UNKNOWN": _("%(about)s: since when is not said, so it holds from the beginning (%(count)s)."),
        "CLASS_NOT_KNOWN": _("%(about)s: a class FHIR does not know, read by what it is like (%(count)s)."),
    }
    known = words.get(code)
    return (known or "%(about)s (%(count)s)") % {
        "about": about if known else f"{code} {about}",
        "count": f"{count:,}",
    }


def _absent(kind: str, who: list[str], notes: Mapping[str, int]) -> str:
    said = ngettext(
        "%(n)s %(kind)s is referred to %(count)s times and is not in the export: %(names)s.",
        "%(n)s %(kind)ss are referred to %(count)s times and are not in the export, such as %(names)s.",
        len(who),
    )
    count = notes.get(f"ABSENT {kind}", 0)
    return said % {"n": len(who), "kind": kind, "count": f"{count:,}", "names": ", ".join(who[:EXAMPLES])}
