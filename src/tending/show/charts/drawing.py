"""From a chart's data to a Vega-Lite specification, one layer a thing that is seen.

Scores and days go through Vega's own scales, so a mark's place can be read back as a number. Words are placed by
charts/placing.py in pixels of the same area, because Vega knows nothing of labels that collide.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import altair as alt
from django.utils import translation

from tending.measure.words import number
from tending.show.charts import axis, lanes
from tending.show.charts.key import Swatch, key_of
from tending.show.charts.look import FONT, Variant
from tending.show.charts.placing import Label, those_that_fit
from tending.show.charts.score_chart import ScoreChart
from tending.show.charts.sides import band_labels

Layers = list[Any]
DATE_ROOM = 26


class _Area:
    """The plot's own coordinates: days and scores as Vega's quantities, and as pixels for the words."""

    def __init__(self, chart: ScoreChart, variant: Variant) -> None:
        self.chart, self.variant = chart, variant
        self.first, self.last = chart.days
        self.width, self.height = variant.plot_width, variant.plot_height
        self.x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, self.days], nice=False, zero=False, padding=0))
        self.y = alt.Y(
            "y:Q", axis=None, scale=alt.Scale(domain=[chart.low, chart.high], nice=False, zero=False, padding=0)
        )

    @property
    def days(self) -> int:
        return (self.last - self.first).days

    def day(self, day: date) -> int:
        return min(max((day - self.first).days, 0), self.days)

    def px(self, day: date) -> float:
        return self.day(day) / self.days * self.width

    def py(self, value: float) -> float:
        return (self.chart.high - value) / (self.chart.high - self.chart.low) * self.height


def specification(chart: ScoreChart, variant: Variant) -> dict[str, Any]:
    """The whole picture in Vega-Lite, in the chart's own language."""
    with translation.override(chart.language):
        area = _Area(chart, variant)
        swatches, key_height = key_of(chart, variant)
        drawn_lanes = lanes.placed(chart, px=area.px, top=area.height + 8, variant=variant)
        bottom = area.height + 8 + len(drawn_lanes) * lanes.HEIGHT
        layers = [
            *_ground(area, bottom),
            *_key(area, swatches),
            *_lanes(area, drawn_lanes),
            *_scores(area),
            *_words(area, _axis_labels(area, bottom), colour=variant.theme.quiet),
            *_words(area, band_labels(chart, variant, py=area.py), colour=variant.theme.quiet),
        ]
    padding = {
        "left": variant.left,
        "right": variant.right,
        "top": key_height + 8,
        "bottom": bottom - area.height + DATE_ROOM,
    }
    whole = alt.layer(*layers).properties(
        width=area.width,
        height=area.height,
        padding=padding,
        autosize=alt.AutoSizeParams(type="none"),
        background="transparent",
    )
    drawn: dict[str, Any] = whole.configure(font=FONT).configure_view(stroke=None).to_dict(validate=False)
    return drawn


def _data(rows: Sequence[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=list(rows)))  # type: ignore[no-untyped-call]


def _pixel(channel: Any, name: str) -> Any:
    return channel(f"{name}:Q", scale=None, axis=None)


def _ground(area: _Area, bottom: float) -> Layers:
    """The zone, the bands' lines, the cut-off line and a fine line for each date on the axis."""
    theme, chart = area.variant.theme, area.chart
    layers: Layers = []
    if chart.zone is not None:
        low, high = max(chart.zone.low, chart.low), min(chart.zone.high, chart.high)
        zone = _data([{"x": 0, "x2": area.days, "y": low, "y2": high}])
        layers.append(zone.mark_rect(color=theme.zone, opacity=1).encode(x=area.x, x2="x2", y=area.y, y2="y2"))
    dates = [{"px": area.px(day), "py": 0, "py2": bottom} for day, _ in _dates(area)]
    layers.append(_rule(dates, colour=theme.line, opacity=0.55))
    edges = [{"y": value, "x": 0, "x2": area.days} for value in axis.score_ticks(chart)]
    layers.append(_data(edges).mark_rule(color=theme.line).encode(x=area.x, x2="x2", y=area.y))
    if chart.cutoff is not None:
        line = _data([{"y": chart.cutoff, "x": 0, "x2": area.days}])
        layers.append(
            line.mark_rule(color=theme.quiet, strokeDash=[5, 4], strokeWidth=1.25).encode(x=area.x, x2="x2", y=area.y)
        )
    return layers


def _rule(rows: Sequence[dict[str, Any]], *, colour: str, opacity: float = 1, dash: Sequence[int] = ()) -> Any:
    return (
        _data(rows)
        .mark_rule(color=colour, opacity=opacity, strokeDash=list(dash))
        .encode(x=_pixel(alt.X, "px"), y=_pixel(alt.Y, "py"), y2="py2")
    )


def _scores(area: _Area) -> Layers:
    theme, chart = area.variant.theme, area.chart
    line = [{"x": area.day(day), "y": value} for day, value in chart.line]
    worse = [{"x": area.day(day), "y": value} for day, value in chart.worse]
    plain = [row for row in line if row not in worse]
    also = [{"x": area.day(day), "y": value} for day, value in chart.also]
    size = 42 if len(line) <= 40 else 24
    place = {"x": area.x, "y": area.y}
    outline: dict[str, Any] = {"stroke": theme.paper, "strokeWidth": 1.5, "opacity": 1, "filled": True}
    layers = [
        _data(line).mark_line(color=theme.teal, strokeWidth=2.25, strokeJoin="round").encode(**place),
        _data(also).mark_point(shape="circle", size=18, filled=False, stroke=theme.quiet, opacity=1).encode(**place),
        _data(plain).mark_point(shape="circle", size=size, fill=theme.teal, **outline).encode(**place),
        _data(worse).mark_point(shape="triangle-up", size=size * 2.2, fill=theme.urgent, **outline).encode(**place),
    ]
    return [*layers, *_words(area, _values(area), colour=theme.ink, weight=600, halo=True)]


def _values(area: _Area) -> list[Label]:
    """The first and the last score in figures, above their points or, near the top, below."""
    line = area.chart.line
    wanted = []
    for day, value in (line[-1], line[0]) if len(line) > 1 else line:
        above = area.py(value) > 24
        wanted.append(Label(number(value), area.px(day), area.py(value) + (-14 if above else 18), "center", 13))
    return those_that_fit(wanted, low=-3, high=area.width + 8)


def _lanes(area: _Area, drawn: Sequence[lanes.DrawnLane]) -> Layers:
    theme = area.variant.theme
    layers: Layers = []
    for lane in drawn:
        colour = getattr(theme, lane.colour)
        thin = [{"px": tick.x, "py": 0, "py2": lane.y - 5} for tick in lane.ticks if lane.through]
        layers.append(_rule(thin, colour=colour, opacity=0.35, dash=[2, 3]))
        bars = [{"px": t.x, "px2": t.x2, "py": lane.y - 4, "py2": lane.y + 4} for t in lane.ticks if t.x2 > t.x]
        layers.append(
            _data(bars)
            .mark_rect(color=colour, cornerRadius=2, opacity=1)
            .encode(x=_pixel(alt.X, "px"), x2="px2", y=_pixel(alt.Y, "py"), y2="py2")
        )
        marks = [{"px": tick.x, "py": lane.y} for tick in lane.ticks if tick.x2 <= tick.x]
        layers.append(
            _data(marks)
            .mark_point(shape=lane.shape, size=58, filled=True, fill=colour, stroke=colour, opacity=1)
            .encode(x=_pixel(alt.X, "px"), y=_pixel(alt.Y, "py"))
        )
        layers += _words(area, lane.dates, colour=theme.quiet)
        layers += _words(area, [lane.name], colour=theme.ink)
    return layers


def _key(area: _Area, swatches: Sequence[Swatch]) -> Layers:
    """A line above the plot that says what the shades and lines are, each word beside its own sample."""
    theme = area.variant.theme
    layers: Layers = []
    for swatch in swatches:
        row = [{"px": swatch.x, "px2": swatch.x + 18, "py": swatch.y - 5, "py2": swatch.y + 5, "my": swatch.y}]
        x, x2 = _pixel(alt.X, "px"), "px2"
        if swatch.kind == "zone":
            mark = _data(row).mark_rect(color=theme.zone, stroke=theme.line, opacity=1)
            layers.append(mark.encode(x=x, x2=x2, y=_pixel(alt.Y, "py"), y2="py2"))
        elif swatch.kind == "cutoff":
            dashed = _data(row).mark_rule(color=theme.quiet, strokeDash=[5, 4], strokeWidth=1.25)
            layers.append(dashed.encode(x=x, x2=x2, y=_pixel(alt.Y, "my")))
        else:
            row[0]["px"] = swatch.x + 9
            triangle = _data(row).mark_point(shape="triangle-up", size=80, filled=True, fill=theme.urgent, opacity=1)
            layers.append(triangle.encode(x=x, y=_pixel(alt.Y, "my")))
    return layers + _words(area, [label for swatch in swatches for label in swatch.labels], colour=theme.quiet)


def _axis_labels(area: _Area, bottom: float) -> list[Label]:
    size, chart = area.variant.size, area.chart
    dates = [Label(words, area.px(day), bottom + 12, "center", size) for day, words in _dates(area)]
    ticks = axis.with_room(axis.score_ticks(chart), chart=chart, height=area.height, size=size)
    scores = [Label(f"{value:g}", -8, area.py(value), "right", size) for value in ticks]
    return [*those_that_fit(dates, low=-area.variant.left, high=area.width + area.variant.right), *scores]


def _dates(area: _Area) -> list[tuple[date, str]]:
    return axis.date_ticks(area.first, area.last, area.variant)


def _words(area: _Area, labels: Sequence[Label], *, colour: str, weight: int = 400, halo: bool = False) -> Layers:
    """The labels as text marks, one layer for each alignment and size."""
    layers: Layers = []
    for align, size in sorted({(label.align, label.size) for label in labels}):
        rows = [
            {"px": label.x, "py": label.y, "words": label.text}
            for label in labels
            if (label.align, label.size) == (align, size)
        ]
        options: dict[str, Any] = {"align": align, "baseline": "middle", "fontSize": size, "fontWeight": weight}
        place = {"x": _pixel(alt.X, "px"), "y": _pixel(alt.Y, "py"), "text": alt.Text("words:N")}
        if halo:
            behind = _data(rows).mark_text(color=area.variant.theme.paper, strokeWidth=4, **options)
            layers.append(behind.encode(**place, stroke=alt.value(area.variant.theme.paper)))
        layers.append(_data(rows).mark_text(color=colour, **options).encode(**place))
    return layers
