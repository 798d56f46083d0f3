"""What do the records say? One record; triggers and metrics written once, run on any engine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outcometables.mart.tables import Mart


def open(path: str | os.PathLike[str], *, engine: str | None = None, whole: bool = False) -> Mart:
    """The mart in the folder `path`: see `outcometables.mart.opening.open_mart`, which this is a short name for."""
    from outcometables.mart.opening import open_mart  # only now: other uses of this package need not wait for Polars

    return open_mart(path, engine=engine, whole=whole)
