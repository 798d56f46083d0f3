"""What was measured, and the page it is written down on."""

import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter, process_time

PACKAGES = ("django", "granian", "polars", "msgspec", "numpy")


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure. ``ratio`` compares with the least that would have to be done anyway, named beside it."""

    what: str
    figure: float
    unit: str
    aim: str = ""
    ratio: str = ""
    load: float = field(default_factory=lambda: os.getloadavg()[0])  # how busy the machine was

    @property
    def figure_in_words(self) -> str:
        return f"{self.figure:,.0f}" if self.figure >= 100 else f"{self.figure:,.1f}"


@dataclass(slots=True)
class Timer:
    seconds: float = 0.0
    cpu_seconds: float = 0.0  # of this process: what it would take on a machine with nothing else to do


@contextmanager
def timed() -> Iterator[Timer]:
    found = Timer()
    began, cpu_began = perf_counter(), process_time()
    yield found
    found.seconds, found.cpu_seconds = perf_counter() - began, process_time() - cpu_began


def peak_gib() -> float:
    """The most memory this process has held, in GiB. Linux counts its parent's in what getrusage gives."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 2**20


def asked_alone(module: str, *arguments: str) -> dict[str, float]:
    """What a module of the benchmarks prints as JSON in a process of its own: its memory is then its own, too."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def table(found: Sequence[Measured]) -> list[str]:
    lines = ["| question | figure | | aim | beside | load |", "|---|---:|---|---|---|---:|"]
    lines += [
        f"| {each.what} | {each.figure_in_words} | {each.unit} | {each.aim} | {each.ratio} | {each.load:.1f} |"
        for each in found
    ]
    return lines


def page(found: Sequence[Measured]) -> str:
    return "\n".join(
        [
            "# What was measured",
            "",
            "Made by `make bench`. Never asserted in tests: machines differ. `load` is the machine's one-minute load",
            "average when the figure was taken: above the number of cores, it had other work to do as well.",
            "What was made lighter, and by how much: [before and after](before_and_after.md).",
            "",
            *(f"- {fact}" for fact in machine()),
            "",
            *table(found),
            "",
        ]
    )


TABLES = """# What the tables cost

Made by `python -m benchmarks NAME`, one section a question. Never asserted in tests. `load` is the machine's
one-minute load average when the figure was taken: above the number of cores, it had other work to do as well.
"""
STATISTICS = """# What the numbers cost

Made by `python -m benchmarks NAME`, one section a question, each beside another program where one can be had. Never
asserted in tests. Times are processor time of every thread, ours and theirs, so that other work changes no ratio.
`load` is the machine's one-minute load average when the figure was taken. The pathway map is with the
[tables](tables.md), which it reads.
"""


def put_section(path: Path, name: str, found: Sequence[Measured], *, keep: bool, opening: str = STATISTICS) -> None:
    """One question's section of such a page, in place of the one that was there; others stay."""
    if not keep:
        return
    before = path.read_text(encoding="utf-8") if path.exists() else opening
    head, *sections = before.split("\n## ")
    others = {each.partition("\n")[0]: each.partition("\n")[2].strip() for each in sections}
    others[name] = "\n".join([*(f"- {fact}" for fact in [*machine(), others_at_hand()]), "", *table(found)])
    parts = [head.strip(), *(f"## {title}\n\n{others[title]}" for title in sorted(others))]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def machine() -> list[str]:
    return [
        f"{date.today():%Y-%m-%d}",
        f"{os.cpu_count()} cores ({_processor()}), {_memory()} GiB memory, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES),
    ]


MODULES = {"scipy": "scipy", "mixedlm": "mixedlm", "clinical-qikit": "qikit"}


def others_at_hand() -> str:
    """Which other programs numbers could be put beside, with their versions."""
    found = [f"{name} {version(name)}" for name, module in MODULES.items() if find_spec(module)]
    if shutil.which("Rscript"):
        ask = 'cat("R", as.character(getRversion()), "with lme4", as.character(packageVersion("lme4")))'
        told = subprocess.run(["Rscript", "-e", ask], capture_output=True, text=True, check=False)
        found += [told.stdout] if told.returncode == 0 else []
    return "beside: " + ", ".join(found)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine()
    )


def _memory() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)
