"""How long does the map of everything that follows everything take, for five million events?

Asked in a process of its own: opened from the files, to the last median.
"""

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.history import AS_OF, DAYS, history_tables
from benchmarks.measured import Measured, asked_alone, peak_gib, timed
from outcometables.mart import open_mart, write_mart
from outcometables.metrics.opportunities import Period
from outcometables.pathways import edges, events, pathway_map

PEER = "pm4py (AGPL, so not in this run): 31 s and 1.8 GiB, measured for the design on such a machine"


def measure(*, quick: bool) -> list[Measured]:
    with tempfile.TemporaryDirectory(prefix="tending-bench-pathways-") as folder:
        write_mart(folder, history_tables(5_000 if quick else 132_000), as_of=AS_OF)
        n = int(events(open_mart(folder), as_of=AS_OF).select("day").collect().shape[0])
        return [_figure(n, by, asked_alone("benchmarks.pathways", folder, by)) for by in ("", "programme")]


def _figure(n: int, by: str, took: dict[str, float]) -> Measured:
    beside = (
        f"{took['cpu']:.1f} s of processor, {took['peak']:.2f} GiB at most; {took['kinds']} kinds of step; {PEER}"
    )
    return Measured(
        f"map of {n:,} events{', by ' + by if by else ''}", took["seconds"], "s", "< 4 s, < 1.2 GiB", beside
    )


def asked(folder: Path, by: list[str]) -> dict[str, float]:
    period = Period(AS_OF - DAYS, AS_OF)
    with timed() as took:
        drawn = edges(pathway_map(open_mart(folder), period=period, by=by), by)
    return {"seconds": took.seconds, "cpu": took.cpu_seconds, "peak": peak_gib(), "kinds": len(drawn)}


if __name__ == "__main__":
    print(json.dumps(asked(Path(sys.argv[1]), [sys.argv[2]] if sys.argv[2] else [])))
