"""The joined stylesheet and script: whole, layered, compressed and kept for ever under their own name."""

import gzip
import re

import pytest
from django.test import Client
from django.urls import reverse

from tending.base.design import assets


def test_the_stylesheet_holds_every_source_in_its_layer():
    text = assets.stylesheet().body.decode()
    assert text.startswith(f"@layer {', '.join(assets.LAYERS)};")
    for source in [*assets.HERE.glob("css/*.css"), *assets.HERE.glob("*/component.css")]:
        for selector in re.findall(r"^\s*(\.[a-z][\w-]*)", source.read_text(), re.MULTILINE):
            assert selector in text, source
    assert text.count("{") == text.count("}")
    assert "/*" not in text


def test_every_stylesheet_belongs_to_a_layer():
    assert {path.stem for path in assets.HERE.glob("css/*.css")} == set(assets.LAYERS) - {"parts"}


def test_components_use_logical_sides_and_the_tokens_colours():
    physical = re.compile(r"(?:margin|padding|border|inset)-(?:left|right|top|bottom)\b|text-align: (?:left|right)")
    for source in assets.HERE.glob("*/component.css"):
        assert not physical.search(source.read_text()), source
        colours = re.findall(r"#[0-9a-f]{3,8}\b", source.read_text())
        assert set(colours) <= {"#fffefb"}, source  # a chart without a dark version keeps its paper


@pytest.mark.parametrize(("name", "kind"), [("stylesheet", "text/css"), ("script", "text/javascript")])
def test_it_is_served_to_anybody_compressed_and_kept(client: Client, name: str, kind: str):
    asset = getattr(assets, name)()
    plain = client.get(reverse(f"design:{name}", args=[asset.digest]))
    packed = client.get(reverse(f"design:{name}", args=[asset.digest]), headers={"accept-encoding": "gzip"})
    assert plain.status_code == packed.status_code == 200
    assert plain["Content-Type"] == f"{kind}; charset=utf-8"
    assert "immutable" in plain["Cache-Control"]
    assert plain.content == gzip.decompress(packed.content) == asset.body
    assert "Accept-Encoding" in packed["Vary"]


def test_another_release_s_name_is_answered_but_not_kept(client: Client):
    answer = client.get(reverse("design:stylesheet", args=["0123456789ab"]))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"


def test_only_reading_is_possible(client: Client):
    assert client.post(reverse("design:gallery")).status_code == 405


# The pairs that carry words or edges: (ground, ink, least contrast).
PAIRS = [
    ("paper", "ink", 7),
    ("surface", "ink", 7),
    ("paper", "quiet", 4.5),
    ("surface", "quiet", 4.5),
    ("sunken", "quiet", 4.5),
    ("paper", "teal", 4.5),
    ("surface", "teal", 4.5),
    ("teal-soft", "teal-deep", 4.5),
    ("teal-soft", "ink", 4.5),
    ("teal", "on-teal", 4.5),
    ("teal-deep", "on-teal", 4.5),
    ("paper", "edge", 3),
    ("surface", "edge", 3),
    ("paper", "focus", 3),
    *[(f"{severity}-soft", severity, 4.5) for severity in ("urgent", "high", "routine", "good")],
    *[(ground, severity, 4.5) for severity in ("urgent", "high", "good") for ground in ("paper", "surface")],
]


def themes() -> dict[str, dict[str, str]]:
    light, dark = (assets.HERE / "css" / "tokens.css").read_text().split("@media screen", 1)
    return {
        name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text))
        for name, text in (("light", light), ("dark", dark))
    }


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ground", "ink", "least"), PAIRS)
def test_contrast(theme: str, ground: str, ink: str, least: float):
    colours = themes()[theme]
    lighter, darker = sorted((luminance(colours[ground]), luminance(colours[ink])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least
