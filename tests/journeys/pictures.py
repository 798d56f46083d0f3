"""Pictures of each page for the docs: 1280 and 390 px, light and dark. Taken when TENDING_PICTURES names a folder.

They are small enough to live beside the text: no taller than 1400 px, and in few colours, the most frequent of which
are kept exactly, so that paper keeps its colour.
"""

import os
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Page

if TYPE_CHECKING:
    from PIL import Image

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
TALLEST, EXACT, OTHERS = 1400, 24, 16


def take_pictures(page: Page, name: str, *, reload: bool = True) -> None:
    """Four pictures of the page as it stands, or nothing when nobody asked for pictures.

    reload: so that charts come in the scheme's own colours; not for a page that answers a form.
    """
    folder = os.environ.get("TENDING_PICTURES")
    if not folder:
        return
    before = page.viewport_size
    Path(folder).mkdir(parents=True, exist_ok=True)
    for width_name, (width, height) in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            if reload:
                page.reload(wait_until="networkidle")
            taken = page.screenshot(full_page=width_name == "desktop")
            _keep(taken, Path(folder) / f"{name}-{width_name}-{scheme}.webp")
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)


def _keep(taken: bytes, path: Path) -> None:
    """Written only when the picture differs from the one that is there, so that a commit holds what changed."""
    from PIL import Image, ImageChops

    whole = Image.open(BytesIO(taken)).convert("RGB")
    seen = whole.crop((0, 0, whole.width, min(whole.height, TALLEST)))
    small = seen.quantize(palette=_palette(seen), dither=Image.Dither.NONE).convert("RGB")
    if path.exists():
        old = Image.open(path).convert("RGB")
        if old.size == small.size and not ImageChops.difference(old, small).getbbox():
            return
    small.save(path, lossless=True, quality=90, method=4)


def _palette(seen: "Image.Image") -> "Image.Image":
    from PIL import Image

    frequent = [colour for _, colour in sorted(seen.getcolors(seen.width * seen.height), reverse=True)[:EXACT]]
    others = seen.quantize(OTHERS, method=Image.Quantize.MEDIANCUT).getpalette()[: OTHERS * 3]
    colours = [part for colour in frequent for part in colour] + others
    palette = Image.new("P", (1, 1))
    palette.putpalette(colours + colours[:3] * (256 - len(colours) // 3))
    return palette
