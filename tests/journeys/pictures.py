"""Pictures of each page for the docs: 1280 and 390 px, light and dark. Taken when TENDING_PICTURES names a folder.

They are kept small enough to live beside the text: no taller than 1700 px and in 96 colours.
"""

import os
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Page

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}
TALLEST, COLOURS = 1700, 96


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
            _keep(taken, Path(folder) / f"{name}-{width_name}-{scheme}.png")
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)


def _keep(taken: bytes, path: Path) -> None:
    """Written only when the picture differs from the one that is there, so that a commit holds what changed."""
    from PIL import Image, ImageChops

    whole = Image.open(BytesIO(taken)).convert("RGB")
    seen = whole.crop((0, 0, whole.width, min(whole.height, TALLEST)))
    small = seen.quantize(colors=COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    if path.exists():
        old = Image.open(path).convert("RGB")
        if old.size == small.size and not ImageChops.difference(old, small.convert("RGB")).getbbox():
            return
    small.save(path, optimize=True)
