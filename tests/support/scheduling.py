"""Which tests share a process when several run at once? Those that share something slow to start.

pytest-xdist reads groups from the names of tests, where pytest 9.2 no longer lets it write them: its own marker does
nothing. So the groups are told here, by name.
"""

from typing import Any

from xdist.scheduler import LoadScopeScheduling


class SharedScheduling(LoadScopeScheduling):
    """The tests of one group in one process, the largest group first; any other test wherever there is room."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid) or nodeid


def group(nodeid: str) -> str:
    """One browser and one site for the journeys, one Java for Spark; empty for every other test.

    >>> group("tests/journeys/test_every_page.py::test_links"), group("tests/spec/test_sums.py::test_all[spark]")
    ('browser', 'spark')
    """
    if nodeid.startswith("tests/journeys/"):
        return "browser"
    return "spark" if "spark" in nodeid.rpartition("::")[2] else ""


def scheduler(config: Any, log: Any) -> SharedScheduling:
    return SharedScheduling(config, log)
