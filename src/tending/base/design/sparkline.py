"""A sparkline as coordinates, so that the drawing is one SVG path and the numbers can be tested."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 96
HEIGHT = 32
INSET = 3


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Points of the values that are known, oldest first, in a WIDTH x HEIGHT box with y downwards."""

    points: tuple[tuple[float, float], ...]
    reference: float | None = None

    @property
    def path(self) -> str:
        return " ".join(f"{'M' if place == 0 else 'L'}{x:g} {y:g}" for place, (x, y) in enumerate(self.points))

    @property
    def last(self) -> tuple[float, float] | None:
        return self.points[-1] if self.points else None


def sparkline(
    values: Sequence[float | None],
    *,
    lowest: float | None = None,
    highest: float | None = None,
    reference: float | None = None,
) -> Sparkline:
    """Place values from left to right; a missing value keeps its place and draws nothing.

    Give lowest and highest (the instrument's range) when several sparklines are read against each other;
    otherwise the line fills the box. reference is a value to draw across, such as a cut-off.

    >>> sparkline([0, 5, 10]).points
    ((3.0, 29.0), (48.0, 16.0), (93.0, 3.0))
    """
    known = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    if not known:
        return Sparkline(points=())
    heights = [value for _, value in known] + ([] if reference is None else [reference])
    bottom = min(heights) if lowest is None else lowest
    top = max(heights) if highest is None else highest

    def across(place: int) -> float:
        return round(INSET + (WIDTH - 2 * INSET) * (place / (len(values) - 1) if len(values) > 1 else 0.5), 1)

    def down(value: float) -> float:
        share = (min(max(value, bottom), top) - bottom) / (top - bottom) if top > bottom else 0.5
        return round(HEIGHT - INSET - (HEIGHT - 2 * INSET) * share, 1)

    points = tuple((across(place), down(value)) for place, value in known)
    return Sparkline(points=points, reference=None if reference is None else down(reference))
