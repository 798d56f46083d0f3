"""What is drawn, read back from the picture: no label collides or is cut, whatever the record holds."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tending.show.charts import axis, drawing, lanes, rendering
from tending.show.charts.look import DARK, LIGHT, VARIANTS
from tending.show.charts.placing import Label, overlap
from tending.show.charts.score_chart import Band, Lane, Occurrence, ScoreChart, Zone

START = date(2025, 2, 11)
BANDS = (
    Band(0, 4, "Minimal"),
    Band(5, 9, "Mild"),
    Band(10, 14, "Moderate"),
    Band(15, 19, "Moderately severe"),
    Band(20, 27, "Severe"),
)


def day(n: int) -> date:
    return START + timedelta(n)


def chart(*points: tuple[int, float], **changes) -> ScoreChart:
    made = ScoreChart(
        measure="PHQ-9",
        language="en",
        low=0,
        high=27,
        sign=1,
        points=tuple((day(n), value) for n, value in points),
        as_of=day(650),
        bands=BANDS,
        cutoff=10,
        cutoff_label="range in which treatment is usually offered",
        zone=Zone(points[0][1] - 6, points[0][1] + 6),
        zone_label="within measurement error of the first score",
        worse_label="worse than the first score by more than that",
    )
    return replace(made, **changes)


def crowded_lanes() -> tuple[Lane, ...]:
    often = tuple(Occurrence(day(n), day(n)) for n in (0, 1, 2, 3, 50, 51, 90, 400, 401, 649, 650))
    stays = tuple(Occurrence(day(n), day(n + 12)) for n in (5, 30, 300, 645))
    return (
        Lane("CRISIS", "Crisis contact", "Crisis", often),
        Lane("STAY", "Hospital stay", "Stay", stays),
        Lane("MISSED", "Missed visits", "Missed", stays),
        Lane("PLAN", "Plan changed", "Plan", often),
    )


CASES = {
    "a year of scores": chart(*[(n * 30, 21 - n) for n in range(13)], lanes=crowded_lanes()),
    "one score": chart((0, 12)),
    "both ends of the scale": chart((0, 27), (14, 0), (28, 27)),
    "many on one day": chart((0, 20), *[(300, value) for value in range(3, 28)]),
    "thirty years": chart(*[(n * 300, n % 27) for n in range(37)], as_of=day(11_200)),
    "a week": chart((0, 9), (2, 8), (6, 15), as_of=day(6)),
    "no ranges, higher is better": chart(
        (0, 20), (60, 44), sign=-1, bands=(), low=15, high=75, cutoff=None, zone=Zone(10, 30), lanes=crowded_lanes()
    ),
    "narrow ranges with long names": chart(
        (0, 3), (90, 4), high=12, bands=(Band(0, 0, "None at all of it"), Band(1, 2, "Some, and then again"),
        Band(3, 3, "Right at the line"), Band(4, 12, "Considerably above the line")), cutoff=3,
    ),
    "few ranges with long names": chart(
        (0, 52), (90, 24), high=80, bands=(Band(0, 32, "Below the usual line for PTSD"),
        Band(33, 80, "At or above the usual line for PTSD")), cutoff=33,
    ),
}  # fmt: skip


def words_in(svg: bytes) -> tuple[list[Label], float, float]:
    """Every label in the picture with its place, from the SVG that is sent."""
    root = ElementTree.fromstring(svg)
    found: set[Label] = set()

    def walk(node, x: float, y: float) -> None:
        moved = re.match(r"translate\(([-\d.e]+),\s*([-\d.e]+)\)", node.get("transform", ""))
        if moved:
            x, y = x + float(moved[1]), y + float(moved[2])
        if node.tag.endswith("}text"):
            size = int(node.get("font-size").removesuffix("px"))
            align = {"start": "left", "middle": "center", "end": "right"}[node.get("text-anchor")]
            # Vega writes the baseline; placing speaks of the middle.
            found.add(Label(node.text, round(x, 2), round(y - 0.3 * size, 2), align, size))
        for child in node:
            walk(child, x, y)

    walk(root, 0.0, 0.0)
    return sorted(found, key=lambda label: label.box), float(root.get("width")), float(root.get("height"))


@pytest.mark.parametrize("variant", ["wide", "narrow"])
@pytest.mark.parametrize("case", CASES)
def test_every_label_is_whole_and_apart_from_the_others(case, variant):
    drawn = rendering.svg(drawing.specification(CASES[case], VARIANTS[variant]))
    labels, width, height = words_in(drawn)
    assert width == VARIANTS[variant].width
    for place, label in enumerate(labels):
        left, top, right, bottom = label.box
        assert left >= 0, label
        assert right <= width, label
        assert top >= 0, label
        assert bottom <= height, label
        touching = [other for other in labels[place + 1 :] if overlap(label, other)]
        assert touching == [], (label, touching)


@pytest.mark.parametrize("variant", ["wide", "narrow"])
def test_a_range_with_room_for_its_name_says_all_of_it(variant):
    drawn = rendering.svg(drawing.specification(CASES["few ranges with long names"], VARIANTS[variant]))
    assert not [label.text for label in words_in(drawn)[0] if label.text.endswith("…")]


@pytest.mark.parametrize("variant", ["wide", "narrow"])
@pytest.mark.parametrize("case", [case for case in CASES if CASES[case].lanes])
def test_a_date_in_a_lane_covers_no_mark_of_another_event(case, variant):
    given = CASES[case]
    first, last = given.days

    def px(at: date) -> float:
        return min(max((at - first) / (last - first), 0), 1) * VARIANTS[variant].plot_width

    written = 0
    for lane in lanes.placed(given, px=px, top=238, variant=VARIANTS[variant]):
        for label in lane.dates:
            left, _, right, _ = label.box
            covered = [tick for tick in lane.ticks if tick.x - 5 < right and tick.x2 + 5 > left]
            assert len(covered) <= 1, (label, covered)
            written += 1
    assert written > 0


def test_the_line_runs_through_the_last_score_of_a_day_and_the_others_stay_visible():
    several = chart((0, 20), (30, 14), (30, 9), (30, 11), (30, 9), (60, 8))
    assert several.line == [(day(0), 20), (day(30), 9), (day(60), 8)]
    assert several.also == [(day(30), 11), (day(30), 14)]


def test_worse_means_worse_in_the_measures_own_direction():
    assert chart((0, 10), (30, 16), (60, 15)).worse == [(day(30), 16)]
    better_high = chart((0, 40), (30, 30), (60, 31), (90, 60), sign=-1, high=75, zone=Zone(30, 50))
    assert better_high.worse == [(day(30), 30)]


def test_silence_after_the_last_score_is_seen_but_does_not_fill_the_picture():
    assert chart((0, 10), (100, 12), as_of=day(120)).days == (day(0), day(120))
    assert chart((0, 10), (100, 12), as_of=day(4000)).days == (day(0), day(160))


def test_a_mark_stands_where_its_score_and_day_say():
    drawn = rendering.svg(drawing.specification(chart((0, 0), (100, 27), as_of=day(100)), VARIANTS["wide"]))
    path = re.search(rb'd="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"[^>]*stroke-width="2.25"', drawn)
    assert [float(part) for part in path.groups()] == [0, 230, VARIANTS["wide"].plot_width, 0]


def test_dates_are_written_in_the_charts_language():
    spanish = drawing.specification(chart((0, 9), (200, 8), language="es"), VARIANTS["wide"])
    assert "Ene" in str(spanish) or "Abr" in str(spanish) or "Jul" in str(spanish)


@pytest.mark.parametrize("days", [5, 40, 80, 400, 2000, 15_000])
@pytest.mark.parametrize("variant", ["wide", "narrow"])
def test_the_dates_on_the_axis_are_few_enough_to_read(days, variant):
    ticks = axis.date_ticks(START, day(days), VARIANTS[variant])
    assert 1 <= len(ticks) <= 10
    assert all(START <= at <= day(days) for at, _ in ticks)


def test_the_colours_are_the_design_systems():
    tokens = Path(drawing.__file__).parents[2] / "base" / "design" / "css" / "tokens.css"
    light, dark = tokens.read_text().split("prefers-color-scheme: dark", 1)
    for text, theme in ((light, LIGHT), (dark, DARK)):
        for name in ("paper", "line", "ink", "quiet", "teal", "urgent", "high", "routine"):
            assert f"--{name}: {getattr(theme, name)};" in text
        assert f"--teal-soft: {theme.zone};" in text
