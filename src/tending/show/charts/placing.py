"""Where do labels go so that none collides with another or leaves the picture? Plain geometry in pixels."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tending.show.charts.look import text_width

GAP = 6.0


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place: ``x`` is the left edge, the middle or the right edge, as ``align`` says; ``y`` the middle."""

    text: str
    x: float
    y: float
    align: str = "left"
    size: int = 12

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        width = text_width(self.text, self.size)
        left = self.x - {"left": 0.0, "center": width / 2, "right": width}[self.align]
        return left, self.y - self.size * 0.6, left + width, self.y + self.size * 0.6


def overlap(one: Label, other: Label) -> bool:
    """Touching is not overlapping: half a pixel is nobody's letter."""
    a, b = one.box, other.box
    return a[0] + 0.5 < b[2] and b[0] + 0.5 < a[2] and a[1] + 0.5 < b[3] and b[1] + 0.5 < a[3]


def kept_inside(label: Label, low: float, high: float) -> Label:
    """The same label, moved sideways so that it lies between the two edges as far as it fits."""
    left, _, right, _ = label.box
    shift = max(low - left, 0.0) or min(high - right, 0.0)
    return Label(label.text, label.x + shift, label.y, label.align, label.size)


def those_that_fit(wanted: Iterable[Label], *, low: float, high: float, taken: Sequence[Label] = ()) -> list[Label]:
    """The labels, most wanted first, leaving out each that would touch one already placed."""
    placed: list[Label] = []
    for label in wanted:
        label = kept_inside(label, low, high)
        if label.box[0] < low - 0.5 or label.box[2] > high + 0.5:
            continue
        if not any(overlap(_with_gap(label), other) for other in (*taken, *placed)):
            placed.append(label)
    return placed


def _with_gap(label: Label) -> Label:
    return Label(label.text + "m", label.x, label.y, label.align, label.size)


def spread(middles: Sequence[float], *, height: float, low: float, high: float) -> list[float]:
    """Moves middles of equally high labels apart, keeping their order and staying between the edges.

    ``middles`` run from top to bottom. When they cannot all fit they share the space evenly.
    """
    n = len(middles)
    if not n:
        return []
    first, last = low + height / 2, high - height / 2
    step = min(height, (last - first) / (n - 1)) if n > 1 else 0.0
    placed: list[float] = []
    for place, middle in enumerate(middles):
        earliest = placed[-1] + step if placed else first
        latest = last - step * (n - 1 - place)
        placed.append(min(max(middle, earliest), latest))
    return placed


def wrapped(text: str, *, width: float, size: int) -> list[str]:
    """The text in lines no wider than ``width``, broken between words; a long word alone keeps its line."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shortened(text: str, *, width: float, size: int) -> str:
    """The text, or its beginning and an ellipsis where it is wider than ``width``."""
    if text_width(text, size) <= width:
        return text
    letters = max(1, int(width / text_width("m", size)) - 1)
    return text[:letters].rstrip() + "…"
