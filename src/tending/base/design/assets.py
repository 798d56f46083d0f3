"""One stylesheet and one script, joined from the components' own files (docs/decisions/0003-design-system.md)."""

import gzip
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

HERE = Path(__file__).parent
LAYERS = ("reset", "tokens", "base", "layout", "parts", "print", "util")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asset:
    """A joined file: its bytes, the same gzipped, and the digest that names it."""

    body: bytes
    gzipped: bytes
    digest: str


def stylesheet() -> Asset:
    return _asset(_joined_stylesheet)


def script() -> Asset:
    return _asset(_joined_script)


def components() -> list[str]:
    """The name of every component folder, in alphabetical order."""
    return sorted(path.parent.name for path in HERE.glob("*/component.html"))


def _asset(join: Callable[[], str]) -> Asset:
    # Somebody editing a component must see it at the next reload; in service the files cannot change.
    return _packed(join()) if settings.DEBUG else _kept(join)


@cache
def _kept(join: Callable[[], str]) -> Asset:
    return _packed(join())


def _packed(text: str) -> Asset:
    body = text.encode()
    return Asset(
        body=body,
        gzipped=gzip.compress(body, mtime=0),
        digest=hashlib.sha256(body).hexdigest()[:12],
    )


def _joined_stylesheet() -> str:
    parts = [f"@layer {', '.join(LAYERS)};"]
    for layer in LAYERS:
        if layer == "parts":
            sources = sorted(HERE.glob("*/component.css"))
        else:
            sources = [HERE / "css" / f"{layer}.css"]
        text = "\n".join(source.read_text() for source in sources)
        parts.append(f"@layer {layer} {{\n{_bare(text)}\n}}")
    return "\n".join(parts) + "\n"


def _joined_script() -> str:
    sources = sorted(HERE.glob("*/component.js"))
    return "\n".join(source.read_text().strip() for source in sources) + "\n"


def _bare(text: str) -> str:
    lines = (line.rstrip() for line in COMMENT.sub("", text).splitlines())
    return "\n".join(line for line in lines if line)
