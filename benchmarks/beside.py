"""How long and how large, ours and others', so that other work on the machine changes no ratio.

All times are processor time, of every thread. Peak memory is what was allocated at most beyond the columns; of R what
its garbage collector saw at most, and of packages that allocate outside Python by how much the process grew.
"""

import os
import shutil
import subprocess
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Took:
    """Processor seconds of the quickest run, MiB at most, and what the work gave beside its result."""

    seconds: float
    mebibytes: float
    criterion: float = float("nan")

    def beside(self, name: str, ours: float) -> str:
        # Where the process had been larger before, nothing is known of this peak.
        peak = f", peak {self.mebibytes:,.0f} MiB" if self.mebibytes >= 1 else ""
        return f"{name} {in_words(self.seconds)}, {self.seconds / ours:,.0f} × as long{peak}"


def in_words(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{1000 * seconds:.3g} ms"


def timed_best(times: int, work: Callable[[], object]) -> Took:
    """Of so many runs the quickest; memory in one more."""
    took = []
    for _ in range(times):
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    tracemalloc.start()
    work()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Took(min(took), peak / 2**20)


def timed_once(work: Callable[[], float]) -> Took:
    """One run of somebody else's, which returns its criterion; memory by how much the process grew."""
    before, start = _largest(), time.process_time()
    criterion = work()
    return Took(time.process_time() - start, _largest() - before, criterion)


def _largest() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


# Before each script: the columns as d. After it: time of `m`, its criterion, and the most memory there was.
HEAD = """
suppressMessages(library(lme4))
file <- file("{path}", "rb"); columns <- matrix(readBin(file, "double", {rows} * {columns}), {rows}); close(file)
d <- as.data.frame(columns); names(d) <- c({names}); rm(columns); invisible(gc(reset = TRUE))
took <- system.time({work})
cat(sprintf("%.17g %.17g %.0f", took[["user.self"]] + took[["sys.self"]], {criterion}, sum(gc()[, 6])), "\\n")
"""


def in_r(work: str, criterion: str, columns: dict[str, ArrayLike]) -> Took | None:
    """One run in R, or None where R or lme4 is missing. work makes m of d; criterion is read off m."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    table = [np.asarray(column, dtype=np.float64) for column in columns.values()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "columns"
        np.stack(table).tofile(path)
        script = HEAD.format(
            path=path,
            rows=table[0].size,
            columns=len(table),
            names=", ".join(f'"{name}"' for name in columns),
            work=work,
            criterion=criterion,
        )
        done = subprocess.run([rscript, "-e", script], capture_output=True, text=True, check=False, env=os.environ)
    if done.returncode:
        return None
    seconds, found, mebibytes = map(float, done.stdout.split())
    return Took(seconds, mebibytes, found)


def all_beside(ours: float, others: dict[str, Took | None]) -> str:
    """Every other that could be had, in one cell."""
    told = [took.beside(name, ours) for name, took in others.items() if took is not None]
    missing = [name for name, took in others.items() if took is None]
    return "; ".join([*told, *(f"{name} is not here" for name in missing)])


def apart(criterion: float, others: Sequence[Took | None]) -> str:
    """How far our criterion lies above theirs; below 0 is better."""
    known = [f"{criterion - took.criterion:+.1g}" for took in others if took is not None]
    return f"criterion less theirs {' and '.join(known)}" if known else ""
