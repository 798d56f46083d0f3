"""What do the shades and lines mean? The key above the plot, in as many rows as its words need."""

from dataclasses import dataclass

from tending.show.charts.look import Variant, text_width
from tending.show.charts.placing import Label, wrapped
from tending.show.charts.score_chart import ScoreChart

ROW = 18
SAMPLE = 24


@dataclass(frozen=True, slots=True)
class Swatch:
    kind: str  # zone, cutoff, worse
    x: float
    y: float
    labels: tuple[Label, ...]


def key_of(chart: ScoreChart, variant: Variant) -> tuple[list[Swatch], float]:
    """The samples with their words, above the plot (so with negative ``y``), and the height they take."""
    room = float(variant.width - 4)
    placed: list[tuple[str, float, int, list[str]]] = []
    x, row = 0.0, 0
    for kind, words in _entries(chart):
        lines = wrapped(words, width=room - SAMPLE, size=variant.size)
        width = SAMPLE + max(text_width(line, variant.size) for line in lines)
        if x and (x + width > room or len(lines) > 1):
            x, row = 0.0, row + 1
        placed.append((kind, x, row, lines))
        x += width + 18
        if len(lines) > 1:
            x, row = room, row + len(lines) - 1
    height = (row + 1) * ROW if placed else 0
    return [_swatch(*each, height=height, variant=variant) for each in placed], float(height)


def _entries(chart: ScoreChart) -> list[tuple[str, str]]:
    entries = []
    if chart.cutoff is not None:
        entries.append(("cutoff", f"{chart.cutoff:g}: {chart.cutoff_label}".removesuffix(": ")))
    if chart.zone is not None and chart.zone_label:
        entries.append(("zone", chart.zone_label))
    if chart.worse and chart.worse_label:
        entries.append(("worse", chart.worse_label))
    return entries


def _swatch(kind: str, at: float, row: int, lines: list[str], *, height: float, variant: Variant) -> Swatch:
    x, y = at - variant.left + 2, row * ROW - height - 8 + ROW / 2
    labels = (Label(line, x + SAMPLE, y + n * ROW, "left", variant.size) for n, line in enumerate(lines))
    return Swatch(kind, x, y, tuple(labels))
