"""How many rows a second of contacts.csv reach the record?"""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from benchmarks.measured import Measured, timed


def measure(*, quick: bool) -> list[Measured]:
    from tending.web import intake

    n_people, n = (500, 5_000) if quick else (5_000, 100_000)
    first, second = Path(settings.HOME) / "first", Path(settings.HOME) / "second"
    _provider(first, n_people)
    _contacts(second, n_people, n)
    intake.work_off(intake.receive_folder(first, source="bench", form="CSV", by=None))
    with timed() as floor, (second / "contacts.csv").open(newline="", encoding="utf-8") as file:
        assert sum(1 for _ in csv.reader(file)) == n + 1
    with timed() as load:
        intake.work_off(intake.receive_folder(second, source="bench", form="CSV", by=None))
    with timed() as again:
        intake.work_off(intake.receive_folder(second, source="bench", form="CSV", by=None))
    beside = f"{load.seconds / floor.seconds:.0f} × the csv module alone: {n / floor.seconds:,.0f}/s"
    return [
        Measured(
            f"CSV load of {n:,} contacts of {n_people:,} people",
            n / load.seconds,
            "rows/s",
            "",
            f"{beside}; {n / load.cpu_seconds:,.0f} per CPU second",
        ),
        Measured(
            "the same file again", n / again.seconds, "rows/s", "", f"{n / again.cpu_seconds:,.0f} per CPU second"
        ),
    ]


def _write(folder: Path, name: str, header: str, rows: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)  # type: ignore[arg-type]


def _provider(folder: Path, n_people: int) -> None:
    teams = ([f"T{n}", f"Team {n}", "Adult", "Outpatient", "Main"] for n in range(20))
    _write(folder, "teams", "team_id,name,programme,service_model,site", teams)
    staff = ([f"S{n}", "Kim", f"Staff {n}", "PRACTITIONER", f"T{n % 20}", "2020-01-01"] for n in range(100))
    _write(folder, "staff", "staff_id,given_name,family_name,role,team_id,from_date", staff)
    people = ([f"P{n}", "Given", f"Family {n}", "1980-05-17"] for n in range(n_people))
    _write(folder, "people", "person_id,given_name,family_name,birth_date", people)


def _contacts(folder: Path, n_people: int, n: int) -> None:
    rng = random.Random(5)
    start = datetime(2024, 1, 1, 9)  # noqa: DTZ001 - local time, as a record system writes it

    def rows():
        for number in range(n):
            person = rng.randrange(n_people)
            at = start + timedelta(days=rng.randrange(700), minutes=15 * rng.randrange(32))
            about = ["THERAPY", "IN_PERSON", rng.choice(("ATTENDED", "ATTENDED", "NO_SHOW"))]
            yield [f"C{number}", f"P{person}", f"S{person % 100}", f"T{person % 20}", at.isoformat(), 50, *about]

    header = "contact_id,person_id,staff_id,team_id,starts_at,minutes,kind,medium,status"
    _write(folder, "contacts", header, rows())
