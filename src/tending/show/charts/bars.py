"""How many of each: lying bars with their words at the left and their numbers at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from tending.show.charts.look import FONT, Variant, text_width
from tending.show.charts.placing import shortened

ROW = 26
TOP = 6


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars from top to bottom: (words, number). ``marked`` are drawn hollow, because they are not finished yet."""

    rows: tuple[tuple[str, int], ...]
    marked: frozenset[str] = frozenset()


def specification(bars: Bars, variant: Variant) -> dict[str, Any]:
    words = min(max(text_width(label, variant.size) for label, _number in bars.rows) + 12, variant.width * 0.5)
    room = variant.width - words - 60
    most = max(1, *(number for _label, number in bars.rows))
    rows = [
        {
            "label": shortened(label, width=words - 8, size=variant.size),
            "number": str(number),
            "y": TOP + place * ROW,
            "y2": TOP + place * ROW + ROW - 8,
            "middle": TOP + place * ROW + (ROW - 8) / 2,
            "x": words,
            "x2": words + max(room * number / most, 1.5 if number else 0),
            "after": words + room * number / most + 8,
            "open": label in bars.marked,
        }
        for place, (label, number) in enumerate(bars.rows)
    ]
    whole = alt.layer(*_layers(rows, variant)).properties(
        width=variant.width,
        height=TOP + len(rows) * ROW,
        padding=0,
        autosize=alt.AutoSizeParams(type="none"),
        background="transparent",
    )
    drawn: dict[str, Any] = whole.configure(font=FONT).configure_view(stroke=None).to_dict(validate=False)
    return drawn


def _layers(rows: Sequence[dict[str, Any]], variant: Variant) -> list[Any]:
    theme = variant.theme

    def at(channel: Any, name: str) -> Any:
        return channel(f"{name}:Q", scale=None, axis=None)

    def data(of: Sequence[dict[str, Any]]) -> alt.Chart:
        return alt.Chart(alt.Data(values=list(of)))  # type: ignore[no-untyped-call]

    place = {"x": at(alt.X, "x"), "x2": "x2", "y": at(alt.Y, "y"), "y2": "y2"}
    text: dict[str, Any] = {"baseline": "middle", "fontSize": variant.size}
    return [
        data([row for row in rows if not row["open"]])
        .mark_rect(color=theme.teal, opacity=1, cornerRadius=2)
        .encode(**place),
        data([row for row in rows if row["open"]])
        .mark_rect(filled=False, stroke=theme.teal, strokeWidth=1.5, strokeDash=[4, 3], opacity=1, cornerRadius=2)
        .encode(**place),
        data([{**row, "x": row["x"] - 8} for row in rows])
        .mark_text(align="right", color=theme.ink, **text)
        .encode(x=at(alt.X, "x"), y=at(alt.Y, "middle"), text="label:N"),
        data(rows)
        .mark_text(align="left", color=theme.ink, fontWeight=600, **text)
        .encode(x=at(alt.X, "after"), y=at(alt.Y, "middle"), text="number:N"),
    ]
