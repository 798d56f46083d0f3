"""Pictures of each page for the docs: 1280 and 390 px, light and dark. Taken when TENDING_PICTURES names a folder."""

import os
from pathlib import Path

from playwright.sync_api import Page

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}


def take_pictures(page: Page, name: str) -> None:
    """Four pictures of the page as it stands, or nothing when nobody asked for pictures."""
    folder = os.environ.get("TENDING_PICTURES")
    if not folder:
        return
    before = page.viewport_size
    Path(folder).mkdir(parents=True, exist_ok=True)
    for width_name, (width, height) in WIDTHS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.reload(wait_until="networkidle")  # so that the charts come in the scheme's own colours
            page.screenshot(
                path=Path(folder) / f"{name}-{width_name}-{scheme}.png", full_page=width_name == "desktop"
            )
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)
