"""Measure, and write down what was measured: `make bench`, or `python -m benchmarks --quick` to try the scripts.

Each question is a file with `measure(quick=…)`, asked in a process of its own, so that none warms another.
The questions about a provider's whole population share one database, in the order below. Questions about numbers
need none; each keeps a section of its own in statistics.md, written whenever it is asked.
"""

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.measured import TABLES as OPENING
from benchmarks.measured import Measured, page, put_section, table

HERE = Path(__file__).resolve().parent
QUESTIONS = ("fhir_load", "csv_contacts", "whole_turn", "pages")
NUMBERS = ("change", "overtime", "variation")
TABLES = ("mart", "past", "pathways", "metrics")
WITH_DATABASE = (*QUESTIONS, "mart")
SHARED = {"whole_turn": "provider", "pages": "provider"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "questions", nargs="*", choices=[*QUESTIONS, *NUMBERS, *TABLES, []], help="only these; all when none is named"
    )
    parser.add_argument("--quick", action="store_true", help="small amounts, to check the scripts; nothing is kept")
    parser.add_argument("--home", type=Path, help="keep the databases here, and use those that are here already")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        alone(given.questions[0], quick=given.quick)
        return
    wanted = given.questions or [*QUESTIONS, *NUMBERS, *TABLES]
    with tempfile.TemporaryDirectory(prefix="tending-bench-") as scratch:
        home = given.home or Path(scratch)
        found = [each for name in QUESTIONS if name in wanted for each in ask(name, home=home, quick=given.quick)]
        if not given.quick and set(QUESTIONS) <= set(wanted):  # one page: written when all of it was asked
            (HERE / "RESULTS.md").write_text(page(found), encoding="utf-8")
        for name in NUMBERS:
            if name in wanted:
                put_section(HERE / "statistics.md", name, ask_numbers(name, quick=given.quick), keep=not given.quick)
        for name in TABLES:
            if name in wanted:
                asked = name in WITH_DATABASE
                found = ask(name, home=home, quick=given.quick) if asked else ask_numbers(name, quick=given.quick)
                put_section(HERE / "tables.md", name, found, keep=not given.quick, opening=OPENING)


def ask(name: str, *, home: Path, quick: bool) -> list[Measured]:
    """One question in a process of its own, with a database of its own or the shared one."""
    place = home / SHARED.get(name, name)
    place.mkdir(parents=True, exist_ok=True)
    environment = {
        "TENDING_HOME": str(place),
        "TENDING_DATABASE_URL": "",
        "TENDING_INSECURE": "1",
        "DJANGO_SETTINGS_MODULE": "tending.web.settings",
    }
    return answered(
        [sys.executable, "-m", "benchmarks", name, "--alone", *(["--quick"] if quick else [])], environment
    )


def ask_numbers(name: str, *, quick: bool) -> list[Measured]:
    """One question about numbers in a process of its own, without Django or a database."""
    return answered([sys.executable, "-m", "benchmarks", name, "--alone", *(["--quick"] if quick else [])], {})


def answered(command: list[str], environment: dict[str, str]) -> list[Measured]:
    paths = os.pathsep.join([str(HERE.parent / "src"), str(HERE.parent)])
    done = subprocess.run(
        command,
        env={**os.environ, **environment, "PYTHONPATH": paths},
        cwd=HERE.parent,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found = [Measured(**each) for each in json.loads(done.stdout.splitlines()[-1])]
    print("\n".join(table(found)[2:]), flush=True)
    return found


def alone(name: str, *, quick: bool) -> None:
    if name in WITH_DATABASE:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
    found = importlib.import_module(f"benchmarks.{name}").measure(quick=quick)
    print(json.dumps([asdict(each) for each in found]))


if __name__ == "__main__":
    main()
