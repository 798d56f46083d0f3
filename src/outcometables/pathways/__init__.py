"""What comes after what, how long does it take, and where is the expected path left?"""

from outcometables.pathways.conformance import Course, Step, conformance
from outcometables.pathways.events import EVENT, LOST, events
from outcometables.pathways.map import Edge, PathwayError, edges, pathway_map

__all__ = [
    "EVENT",
    "LOST",
    "Course",
    "Edge",
    "PathwayError",
    "Step",
    "conformance",
    "edges",
    "events",
    "pathway_map",
]
