"""How long does the map of everything that follows everything take, for five million events?"""

import resource

from benchmarks.history import AS_OF, DAYS, history
from benchmarks.measured import Measured, timed
from outcometables.metrics.opportunities import Period
from outcometables.pathways import edges, events, pathway_map


def measure(*, quick: bool) -> list[Measured]:
    mart = history(5_000 if quick else 132_000)
    period = Period(AS_OF - DAYS, AS_OF)
    n = int(events(mart, as_of=AS_OF).select("day").collect().shape[0])
    found = []
    for by in ([], ["programme"]):
        with timed() as took:
            drawn = edges(pathway_map(mart, period=period, by=by), by)
        beside = f"{took.cpu_seconds:.1f} s of processor; {len(drawn)} kinds of step"
        what = f"map of {n:,} events{', by ' + by[0] if by else ''}"
        found.append(Measured(what, took.seconds, "s", "< 4 s", beside))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    return [*found, Measured("most memory held, the made-up mart included", peak, "GiB")]
