"""From a specification to the SVG that is sent. The first drawing of a process takes a second: it is warmed up."""

import threading
from importlib import import_module
from typing import Any

VEGA_LITE = "6.4"  # named, so that an update of the library draws nothing differently unnoticed


def svg(specification: dict[str, Any]) -> bytes:
    # Imported late: a management command that draws nothing should not pay for an engine.
    import vl_convert

    drawn: str = vl_convert.vegalite_to_svg(specification, vl_version=VEGA_LITE)
    return drawn.encode()


def warm_up() -> None:
    """Start the engine, so that nobody waits a second for the first chart of a process."""
    import_module("tending.show.charts.drawing")
    svg({"mark": "point", "data": {"values": [{}]}, "width": 10, "height": 10})


def warm_up_beside() -> None:
    """The same without keeping the server from starting."""
    threading.Thread(target=warm_up, name="charts", daemon=True).start()
