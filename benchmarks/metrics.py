"""How long does each metric take over a million people, and how much memory does it hold?

Each metric is asked in a process of its own: opened from the files, by month and team, to the last figure.
"""

import json
import shutil
import sys
from pathlib import Path

from benchmarks.mart_data import AS_OF, mart_folder
from benchmarks.measured import Measured, asked_alone, peak_gib, timed
from outcometables.definitions.loading import load_metrics
from outcometables.mart import open_mart
from outcometables.metrics import Period, figures, sums

DEFINITIONS = Path(__file__).resolve().parent.parent / "definitions"
YEAR = Period(AS_OF - 364, AS_OF)
BY = ("month", "team_id")
# One of each kind of join: asked again on four times the people and on the other engines.
SOME = ("referral-to-first-contact", "months-in-touch", "measure-coverage", "early-change-phq-9")


def measure(*, quick: bool) -> list[Measured]:
    people = 20_000 if quick else 1_000_000
    found = []
    for code in SOME if quick else load_metrics(DEFINITIONS):
        took = of_people(code, people)
        beside = f"{took['cpu']:.1f} s of processor, {took['peak']:.2f} GiB at most; {took['rows']:,} opportunities"
        found.append(Measured(f"{code}, {people:,} people", took["seconds"], "s", "< 5 s, < 2 GiB", beside))
    for code in SOME:
        once, more = of_people(code, people), of_people(code, 4 * people)
        times, peaks = more["cpu"] / once["cpu"], f"{once['peak']:.2f} and {more['peak']:.2f} GiB"
        what = f"{code}, {4 * people:,} people"
        found.append(Measured(what, more["seconds"], "s", "4 times", f"{times:.1f} times the processor; {peaks}"))
    for engine in ("duckdb", *(["spark"] if shutil.which("java") and not quick else [])):
        found += _on_another(engine, people)
    return found


def _on_another(engine: str, people: int) -> list[Measured]:
    found = []
    for code in SOME[:2]:
        polars, took = of_people(code, people), of_people(code, people, engine)
        beside = (
            f"{took['seconds'] / polars['seconds']:.1f} times Polars, its start of {took['opened']:.1f} s included"
        )
        found.append(Measured(f"{code}, {people:,} people, on {engine}", took["seconds"], "s", "", beside))
    return found


def of_people(code: str, people: int, engine: str = "polars") -> dict[str, float]:
    return asked_alone("benchmarks.metrics", code, str(mart_folder(people)), engine)


def asked(code: str, folder: Path, engine: str) -> dict[str, float]:
    metric = load_metrics(DEFINITIONS)[code]
    with timed() as whole:
        with timed() as opening:
            mart = open_mart(folder, engine=engine)
        found = sums(mart, [metric], period=YEAR, by=BY)[code]
        figures(found, metric)
    rows = int(found.cells["n"].sum())
    return {
        "seconds": whole.seconds,
        "cpu": whole.cpu_seconds,
        "opened": opening.seconds,
        "peak": peak_gib(),
        "rows": rows,
    }


if __name__ == "__main__":
    print(json.dumps(asked(sys.argv[1], Path(sys.argv[2]), sys.argv[3])))
