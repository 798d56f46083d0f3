"""The picture of how fast reviews began. Its address carries its numbers, signed: what it shows was on the page."""

from typing import Any

from django.core import signing
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tending.base.amounts import amount
from tending.show.charts import images
from tending.show.charts.bars import Bars
from tending.show.charts.look import VARIANTS
from tending.show.evidence import disclosure
from tending.show.evidence.figures import hours
from tending.show.evidence.gathering import Evidence
from tending.show.evidence.judging import Response

SALT = "evidence picture"
EDGES = (4, 24, 48, 72, 168)  # hours


def hours_chart(evidence: Evidence, *, inside: bool) -> dict[str, Any]:
    """Addresses for the figure component and the numbers as a table; neither, where a bar would be too small."""
    rows = _rows(evidence)
    if not inside and any(0 < number < disclosure.MINIMUM for _label, number in rows):
        return {"columns": [], "rows": []}
    bars = Bars(tuple(rows), marked=frozenset({rows[-1][0]}))
    said = signing.dumps({"rows": rows, "language": get_language()}, salt=SALT, compress=True)
    return {
        **{v.replace("-", "_"): reverse("evidence_picture", args=[said, v]) for v in VARIANTS},
        "columns": [{"title": _("Hours until somebody began")}, {"title": _("Signals"), "numeric": True}],
        "rows": [[label, amount(number)] for label, number in bars.rows],
    }


def picture(*, said: str, variant: str) -> bytes:
    """Raises Http404 for an address this site did not make."""
    try:
        given = signing.loads(said, salt=SALT)
    except signing.BadSignature as wrong:
        raise Http404("There is no such drawing.") from wrong
    if variant not in VARIANTS:
        raise Http404("There is no such drawing.")
    rows = tuple((str(label), int(number)) for label, number in given["rows"])
    bars = Bars(rows, marked=frozenset({rows[-1][0]}))
    return images.image(images.Drawing(scope="evidence", data=bars, by="bars"), variant)


def _rows(evidence: Evidence) -> list[tuple[str, int]]:
    counts = hours(evidence.chains)
    labels = (
        _("within 4 hours"),
        _("within a day"),
        _("within 2 days"),
        _("within 3 days"),
        _("within a week"),
    )
    rows, reached = [], -1
    for label, edge in zip(labels, EDGES, strict=True):
        rows.append((label, sum(n for hour, n in counts.items() if reached < hour <= edge)))
        reached = edge
    rows.append((_("later"), sum(n for hour, n in counts.items() if hour > reached)))
    waiting = sum(1 for chain in evidence.chains if chain.response in (Response.OVERDUE, Response.WAITING))
    return [*rows, (_("not begun"), waiting)]
