"""What else happened, under the scores on the same time line: one lane a kind, one mark an event."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format

from tending.show.charts.look import Variant, text_width
from tending.show.charts.placing import Label, shortened, those_that_fit
from tending.show.charts.score_chart import Occurrence, ScoreChart

HEIGHT = 22
# kind: shape, colour (of the theme), whether a fine line leads up through the scores
LOOKS = {
    "CRISIS": ("triangle-down", "urgent", True),
    "STAY": ("square", "routine", True),
    "MISSED": ("cross", "high", False),
    "PLAN": ("diamond", "teal", True),
}


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    x2: float


@dataclass(frozen=True, slots=True)
class DrawnLane:
    y: float
    shape: str
    colour: str
    through: bool
    ticks: tuple[Tick, ...]
    dates: list[Label]
    name: Label


def placed(chart: ScoreChart, *, px: Callable[[date], float], top: float, variant: Variant) -> list[DrawnLane]:
    """The lanes with something inside the picture's time, from top to bottom."""
    first, last = chart.days
    drawn: list[DrawnLane] = []
    for lane in chart.lanes:
        shown = [each for each in lane.occurrences if each.last >= first and each.first <= last]
        if not shown:
            continue
        y = top + HEIGHT * (len(drawn) + 0.5)
        ticks = tuple(_tick(px(each.first), px(each.last)) for each in shown)
        room = variant.right - 12
        words = lane.label if text_width(lane.label, variant.size) <= room else lane.short
        words = shortened(words, width=room, size=variant.size)
        name = Label(words, variant.plot_width + 10.0, y, "left", variant.size)
        drawn.append(DrawnLane(y, *LOOKS[lane.kind], ticks, _dates(shown, ticks, y, variant), name))
    return drawn


def _tick(x: float, x2: float) -> Tick:
    """A stay of a day or two is still wide enough to see; at the edge it stays inside."""
    return Tick(x, x) if x2 - x < 5 else Tick(x, x2)


def _dates(shown: list[Occurrence], ticks: tuple[Tick, ...], y: float, variant: Variant) -> list[Label]:
    """The date beside each mark that has room for it, the latest first; the other marks are in the way too."""
    size = variant.size - 1
    placed: list[Label] = []
    for each, tick in reversed(list(zip(shown, ticks, strict=True))):
        label = Label(date_format(each.first, "j M"), tick.x2 + 8, y, "left", size)
        left, _, right, _ = label.box
        free = not any(other is not tick and other.x - 7 < right and other.x2 + 7 > left for other in ticks)
        if free and right <= variant.plot_width:
            placed += those_that_fit([label], low=0, high=variant.plot_width, taken=placed)
    return placed
