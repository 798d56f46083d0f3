"""Which dates and which scores are written on the axes?"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.formats import date_format

from tending.show.charts.look import Variant, text_width
from tending.show.charts.score_chart import ScoreChart

MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
SHORT_DAYS = 75  # under so many days the axis names days, not months


def date_ticks(first: date, last: date, variant: Variant) -> list[tuple[date, str]]:
    """Days to write on the axis with their words, few enough that the words have room."""
    room = variant.plot_width
    if (last - first).days <= SHORT_DAYS:
        most = max(1, int(room / (text_width("30 Mmm", variant.size) + 10)))
        step = 7 * max(1, -(-((last - first).days // 7 + 1) // most))
        days = [first + timedelta(n) for n in range(0, (last - first).days + 1, step)]
        return [(day, date_format(day, "j M")) for day in days]
    most = max(1, int(room / (text_width("Mmm 0000", variant.size) + 10)))
    for step in MONTH_STEPS:
        days = _months(first, last, step)
        if len(days) <= most:
            return [(day, date_format(day, "Y" if step >= 12 else "M Y")) for day in days]
    return [(first, date_format(first, "Y"))]


def _months(first: date, last: date, step: int) -> list[date]:
    """First days of months between the two, every ``step`` months counted from a January."""
    number = first.year * 12 + first.month - (1 if first.day == 1 else 0)
    number += -number % step
    days = []
    while (day := date(number // 12, number % 12 + 1, 1)) <= last:
        days.append(day)
        number += step
    return days


def score_ticks(chart: ScoreChart) -> list[float]:
    """Where bands begin, and both ends of the scale; without bands four even steps."""
    if chart.bands:
        return sorted({chart.low, *(band.low for band in chart.bands), chart.high})
    return [chart.low + (chart.high - chart.low) * part / 4 for part in range(5)]


def with_room(ticks: Sequence[float], *, chart: ScoreChart, height: float, size: int) -> list[float]:
    """The ticks whose numbers have room one above the other; both ends of the scale always do."""
    each = height / (chart.high - chart.low)
    kept = [chart.low, chart.high]
    for tick in ticks:
        if all(abs(tick - other) * each >= size * 1.2 for other in kept):
            kept.append(tick)
    return sorted(kept)
