"""Colours, sizes and type of every chart: the design system's tokens, where a stylesheet cannot reach."""

from dataclasses import dataclass

# The page's own stack. An image has no access to the page's fonts, so it names those a device brings along.
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', Arial, sans-serif"
# A letter is at most so wide on average in the widest of these (DejaVu, Verdana), as a part of its size. Labels are
# placed by this, not by one machine's font, so that what does not collide here collides nowhere.
LETTER = 0.62


@dataclass(frozen=True, slots=True)
class Theme:
    paper: str
    line: str
    ink: str
    quiet: str
    teal: str
    zone: str
    urgent: str
    high: str
    routine: str


# The values of base/design/css/tokens.css; a test holds the two together.
LIGHT = Theme(
    paper="#f8f6f1",
    line="#e3ddd1",
    ink="#22201c",
    quiet="#5f584d",
    teal="#0d5454",
    zone="#e0edea",
    urgent="#94211a",
    high="#764700",
    routine="#27516a",
)
DARK = Theme(
    paper="#171614",
    line="#3a3630",
    ink="#f1ede5",
    quiet="#b9b1a4",
    teal="#7fcfc4",
    zone="#173432",
    urgent="#ffb4a8",
    high="#f8cf7d",
    routine="#a9d1e6",
)


@dataclass(frozen=True, slots=True)
class Variant:
    """One of the four drawings of a chart; the page's ``<picture>`` picks."""

    name: str
    theme: Theme
    width: int
    left: int
    right: int
    plot_height: int
    size: int  # of type, in pixels

    @property
    def plot_width(self) -> int:
        return self.width - self.left - self.right


VARIANTS = {
    variant.name: variant
    for variant in (
        Variant("wide", LIGHT, width=760, left=34, right=128, plot_height=230, size=12),
        Variant("wide-dark", DARK, width=760, left=34, right=128, plot_height=230, size=12),
        Variant("narrow", LIGHT, width=350, left=26, right=90, plot_height=230, size=12),
        Variant("narrow-dark", DARK, width=350, left=26, right=90, plot_height=230, size=12),
    )
}


def text_width(text: str, size: int) -> float:
    """At most so many pixels wide, in any of the fonts."""
    return len(text) * size * LETTER
