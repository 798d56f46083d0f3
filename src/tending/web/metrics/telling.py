"""Figures in words a manager reads at a terminal, and as data for a script."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.table import Table

from outcometables.definitions.metrics import Metric, Unit
from outcometables.metrics import Figure
from tending.web.metrics.asking import Answer, Question


def heading(asked: Question, as_of: date) -> str:
    return (
        f"Clocks that started from {_day(asked.first)} to {_day(asked.last)}, as known at the end of {_day(as_of)}."
    )


def overview(answers: Sequence[Answer]) -> Table:
    """One line a metric."""
    table = _table("metric")
    for answer in answers:
        table.add_row(f"{answer.metric.title} ({answer.metric.code})", *_cells(answer.metric, answer.figures[0]))
    return table


def by_group(answer: Answer) -> Table:
    """One line a group."""
    table = _table(*(stratum.removesuffix("_id").replace("_", " ") for stratum in answer.groups[0]))
    for group, figure in zip(answer.groups, answer.figures, strict=True):
        table.add_row(*group.values(), *_cells(answer.metric, figure))
    return table


def whole(metric: Metric, figure: Figure) -> list[str]:
    """All there is to say of one figure, line by line."""
    lines = [_share(figure, of=True)]
    if figure.values.n:
        lines.append(
            f"Middle: {_percentile(metric, figure, 50)}; mean of those known {_value(metric, figure.values.mean)}."
        )
        parts = {25: "A quarter", 75: "three quarters", 90: "nine tenths"}
        told = [f"{words} at most: {_percentile(metric, figure, percent)}" for percent, words in parts.items()]
        lines.append(f"{'; '.join(told)}.")
    if figure.reasons:
        lines.append(f"Not met: {_reasons(figure.reasons)}.")
    if figure.left_out:
        lines.append(f"Left out: {_reasons(figure.left_out)}.")
    lines.append(f"Complete: {_percent(figure.complete)}. Still open: {figure.open_windows:,}.")
    if figure.provisional:
        lines.append("Provisional: windows are open, or data for those that closed may still be on its way.")
    return lines


def as_data(answer: Answer, asked: Question, as_of: date) -> list[dict[str, Any]]:
    """One object a group, with every count."""
    return [
        {
            "metric": answer.metric.code,
            "version": answer.metric.version,
            "title": str(answer.metric.title),
            "unit": str(answer.metric.unit),
            "from": asked.first.isoformat(),
            "to": asked.last.isoformat(),
            "as_of": as_of.isoformat(),
            "group": group,
            "n": figure.n,
            "counted": figure.counted,
            "left_out": figure.left_out,
            "open_windows": figure.open_windows,
            "met": figure.met,
            "not_met": figure.not_met,
            "reasons": figure.reasons,
            "share": figure.share,
            "lower": figure.lower,
            "upper": figure.upper,
            "values": figure.values.n,
            "beyond": figure.values.beyond,
            "mean": figure.values.mean,
            **{f"percentile_{percent}": figure.values.percentile(percent) for percent in (25, 50, 75, 90)},
            "complete": figure.complete,
            "provisional": figure.provisional,
        }
        for group, figure in zip(answer.groups, answer.figures, strict=True)
    ]


def _table(*first: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in first:
        table.add_column(name, overflow="fold")
    for name in ("met", "of", "middle", "complete", "open", ""):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _cells(metric: Metric, figure: Figure) -> list[str]:
    middle = _percentile(metric, figure, 50) if figure.values.n else ""
    return [
        _share(figure, of=False),
        f"{figure.met + figure.not_met:,}",
        middle,
        _percent(figure.complete),
        f"{figure.open_windows:,}",
        "provisional" if figure.provisional else "",
    ]


def _share(figure: Figure, *, of: bool) -> str:
    if figure.share is None or figure.lower is None or figure.upper is None:
        return "Nothing to say yet: no window has closed." if of else "–"
    limits = f"{100 * figure.share:.0f} % ({100 * figure.lower:.0f} to {100 * figure.upper:.0f})"
    return f"{limits} met: {figure.met:,} of {figure.met + figure.not_met:,}." if of else limits


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f} %"


def _percentile(metric: Metric, figure: Figure, percent: int) -> str:
    found = figure.values.percentile(percent)
    return "not reached" if found is None else _value(metric, found)


def _value(metric: Metric, value: float | None) -> str:
    if value is None:
        return "–"
    if metric.unit == Unit.MINUTES:
        return f"{value / 60:.1f} hours" if abs(value) < 2_880 else f"{value / 1440:.1f} days"
    if metric.unit == Unit.HUNDREDTHS:
        return f"{value / 100:.1f} points"
    words = {Unit.DAYS: " days", Unit.BUSINESS_DAYS: " business days"}.get(metric.unit, "")
    return f"{value:.1f}".removesuffix(".0") + words


def _reasons(reasons: dict[str, int]) -> str:
    return ", ".join(f"{name.replace('_', ' ').lower()} {n:,}" for name, n in reasons.items())


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"
