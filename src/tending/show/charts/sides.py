"""The names of the score ranges, to the right of the plot."""

from collections.abc import Callable

from tending.show.charts.look import Variant
from tending.show.charts.placing import Label, shortened, spread, wrapped
from tending.show.charts.score_chart import ScoreChart


def band_labels(chart: ScoreChart, variant: Variant, *, py: Callable[[float], float]) -> list[Label]:
    """Each range's name at its middle, in as many lines as there is room for, moved apart otherwise."""
    if not chart.bands:
        return []
    line = variant.size * 1.2
    bands = sorted(chart.bands, key=lambda band: -band.high)
    ends = [min((other.low for other in bands if other.low > band.low), default=chart.high) for band in bands]
    tops = [py(min(end, chart.high)) for end in ends]
    bottoms = [py(max(band.low, chart.low)) for band in bands]
    blocks = [
        _lines(band.label, variant, most=max(1, int((bottom - top) / line)))
        for band, top, bottom in zip(bands, tops, bottoms, strict=True)
    ]
    flat = [text for block in blocks for text in block]
    middles = [
        (top + bottom) / 2 + (place - (len(block) - 1) / 2) * line
        for block, top, bottom in zip(blocks, tops, bottoms, strict=True)
        for place in range(len(block))
    ]
    x = float(variant.plot_width + 10)
    height = variant.plot_height
    placed = spread(middles, height=line, low=0, high=height)
    return [Label(text, x, y, "left", variant.size) for text, y in zip(flat, placed, strict=True)]


def _lines(words: str, variant: Variant, *, most: int) -> list[str]:
    room = variant.right - 12
    lines = wrapped(words, width=room, size=variant.size)
    kept = lines[:most]
    if len(lines) > len(kept):
        kept[-1] += "…"
    return [shortened(line, width=room, size=variant.size) for line in kept]
