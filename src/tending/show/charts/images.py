"""Charts as images: drawn once, kept on disk under the digest of what they show, addressed by it.

The digest is keyed with the site's secret, so an address cannot be worked out by somebody who has not been shown the
page. It is part of a ``scope`` (one person, or one provider's evidence), and the view that serves it asks who may see
that scope: a digest of one person's chart leads nowhere under another person's address.
"""

import hashlib
import hmac
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

from tending.base import clock
from tending.show.charts import rendering
from tending.show.charts.look import VARIANTS

MOST_FILES = 20_000
KEPT_DAYS = 30
WRITES_A_PRUNE = 500

_writes = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Any chart: its data, and which module of this package makes a specification of it."""

    scope: str  # "person-12", "evidence-3"
    data: Any  # a frozen dataclass; its repr says everything that is seen
    by: str = "drawing"

    def digest(self, variant: str) -> str:
        said = f"{_code()}|{self.scope}|{variant}|{self.by}|{self.data!r}"
        return hmac.new(settings.SECRET_KEY.encode(), said.encode(), hashlib.sha256).hexdigest()[:40]


@cache
def _code() -> str:
    """Changes with the code that draws, so that an update never shows yesterday's drawing."""
    together = hashlib.sha256()
    for file in sorted(Path(__file__).parent.parent.rglob("*.py")):
        if not file.name.startswith("test_"):
            together.update(file.read_bytes())
    return together.hexdigest()[:16]


def kept(scope: str, digest: str) -> bytes | None:
    """The image with this digest, if it has been drawn in this scope."""
    path = _path(scope, digest)
    try:
        body = path.read_bytes()
    except OSError:
        return None
    return body or None


def image(drawing: Drawing, variant: str) -> bytes:
    """The image, drawn now unless it is kept."""
    digest = drawing.digest(variant)
    found = kept(drawing.scope, digest)
    if found is not None:
        return found
    # Imported late: altair takes half a second, and only a process that draws should pay for it.
    specification = import_module(f"tending.show.charts.{drawing.by}").specification
    body = rendering.svg(specification(drawing.data, VARIANTS[variant]))
    _keep(_path(drawing.scope, digest), body)
    return body


def _folder() -> Path:
    return Path(settings.HOME) / "cache" / "charts"


def _path(scope: str, digest: str) -> Path:
    return _folder() / digest[:2] / f"{scope}-{digest}.svg"


def _keep(path: Path, body: bytes) -> None:
    """Complete or absent: written beside its place and renamed."""
    global _writes
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".drawing-")
    with os.fdopen(handle, "wb") as file:
        file.write(body)
    Path(name).replace(path)
    _writes += 1
    if _writes % WRITES_A_PRUNE == 0:
        prune()


def prune(*, most: int = MOST_FILES, days: int = KEPT_DAYS) -> int:
    """Forget drawings that are old, and the oldest when there are too many; they can all be drawn again."""
    files = [(path.stat().st_mtime, path) for path in _folder().glob("??/*.svg")]
    oldest = clock.now().timestamp() - days * 86_400
    newest_first = sorted(files, reverse=True)
    gone = [path for place, (made, path) in enumerate(newest_first) if place >= most or made < oldest]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
