"""The tables of the page: by trigger, by severity, and timely beside late beside nobody noticed."""

from typing import Any, Protocol

from django.utils.translation import gettext as _

from tending.base.amounts import amount
from tending.show.evidence import disclosure, figures, words
from tending.show.evidence.figures import Compared, Figure, Group
from tending.show.evidence.gathering import Evidence


class Page(Protocol):
    inside: bool

    def address(self, code: str, *, name: str = ..., **more: str) -> str: ...


def group_table(evidence: Evidence, page: Page, *, by: str) -> dict[str, Any]:
    """A list of triggers (or severities); its first cell opens the signals of the row."""
    groups = figures.grouped(evidence.chains, lambda chain: str(getattr(chain.signal, by)))
    titles = evidence.titles if by == "trigger" else {code: str(word) for code, word in words.SEVERITY.items()}
    return {
        "columns": [
            {"title": _("Trigger") if by == "trigger" else _("Severity")},
            {"title": _("Signals"), "numeric": True},
            {"title": _("Reviewed in time"), "numeric": True},
            {"title": _("Half begun within"), "numeric": True},
            {"title": _("Crisis within 30 days"), "numeric": True},
        ],
        "rows": [_group_row(group, titles, page, by) for group in groups],
    }


def _group_row(group: Group, titles: dict[str, str], page: Page, by: str) -> dict[str, Any]:
    enough = page.inside or group.signals >= disclosure.MINIMUM
    title = titles.get(group.code, group.code)
    name = {"text": title, "url": page.address("all", **{by: group.code})} if enough else {"text": title}
    hours = _("%(n)s h") % {"n": group.median_hours} if group.median_hours is not None else "—"
    cells = [
        name,
        {"text": amount(group.signals) if enough else _("withheld")},
        {"text": _of(group.reviewed, inside=page.inside)},
        {"text": hours if enough else _("withheld")},
        {"text": _of(group.crisis, inside=page.inside)},
    ]
    return {"cells": cells}


def _of(figure: Figure, *, inside: bool) -> str:
    return rate((figure.counted, figure.judged) if figure.judged else None, inside=inside)


def rate(found: tuple[int, int] | None, *, inside: bool) -> str:
    """12 of 40 (30%); a dash where nothing can be said yet; withheld where it would point at somebody."""
    if found is None:
        return "—"
    yes, judged = found
    if not inside and None in disclosure.protected({"yes": yes, "no": judged - yes}).values():
        return _("withheld")
    return _("%(yes)s of %(all)s (%(percent)s%%)") % {
        "yes": amount(yes),
        "all": amount(judged),
        "percent": round(100 * yes / judged),
    }


def comparison(evidence: Evidence, within: int, *, inside: bool) -> dict[str, Any]:
    """One row a group of signals, one column an outcome; the last row is people in whom nobody noticed anything."""
    days = {"days": within}
    titles = (_("Crisis contact"), _("Unplanned stay"), _("Score better"))
    return {
        "caption": _("Within %(days)s days") % days,
        "columns": [
            {"title": _("Who")},
            {"title": _("People"), "numeric": True},
            *({"title": title, "numeric": True} for title in titles),
        ],
        "rows": [_compared_row(row, inside) for row in figures.compared(evidence, within=within)],
    }


def _compared_row(row: Compared, inside: bool) -> dict[str, Any]:
    cells = [str(words.COMPARED[row.code]), _people(row, inside=inside)]
    cells += [rate(found, inside=inside) for found in (row.crisis, row.stay, row.better)]
    return {"cells": [{"text": text} for text in cells]}


def _people(row: Compared, *, inside: bool) -> str:
    small = not inside and 0 < row.people < disclosure.MINIMUM
    return _("withheld") if small else amount(row.people)
