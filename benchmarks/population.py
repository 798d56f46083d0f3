"""A synthetic population straight into the record's tables: for timing the turn of the loop, not for showing.

    python benchmarks/population.py --people 100000 --contacts 50 --answers 8 --totals 4

Rows are inserted in order of their dates, as a provider's history arrives, so that one person's rows lie far apart.
"""

import argparse
import json
import os
import random
import time
from datetime import date, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tending.web.settings")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from tending.base import clock  # noqa: E402
from tending.base.people.models import Person, Programme, Team, TeamMembership  # noqa: E402
from tending.collect.models import Submission  # noqa: E402
from tending.keep import models as keep  # noqa: E402

DAYS = 730
STATUSES = ["ATTENDED"] * 16 + ["NO_SHOW"] * 3 + ["CANCELLED_BY_PERSON"]
KINDS = ["THERAPY", "MEDICATION", "CARE_COORDINATION", "OUTREACH", "ASSESSMENT"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("people", 1000), ("contacts", 50), ("answers", 8), ("totals", 4)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    call_command("migrate", verbosity=0)
    started = time.perf_counter()
    make(given.people, given.contacts, given.answers, given.totals)
    print(f"{given.people} people in {time.perf_counter() - started:.0f} s")


def make(n_people: int, contacts: int, answers: int, totals: int) -> None:
    rng = random.Random(7)
    today = clock.today()
    first = today - timedelta(days=DAYS)
    submission = Submission.objects.create(
        sha256="0" * 64, source="bench", kind="bench", media_type="text/csv", size=0, received_at=clock.now()
    )
    teams = _teams(20)
    with transaction.atomic():
        Person.objects.bulk_create(
            (Person(code=f"P{n}", family_name=f"Person {n}", birth_date=date(1980, 1, 1)) for n in range(n_people)),
            batch_size=5000,
        )
    people = list(Person.objects.order_by("pk").values_list("pk", flat=True))
    base = (submission.pk, clock.now().isoformat(" "))
    with transaction.atomic():
        TeamMembership.objects.bulk_create(
            (TeamMembership(person_id=p, team_id=teams[p % 20], from_date=first) for p in people), batch_size=5000
        )
        keep.PersonHead.objects.bulk_create(
            (keep.PersonHead(person_id=p, token=f"{p:040d}") for p in people), batch_size=5000
        )
        _insert(
            keep.Episode,
            base,
            ("team_id", "start_date", "referral_key", "end_reason", "derived"),
            ((p, teams[p % 20], first.isoformat(), "", "", False) for p in people),
        )

    def days(n: int) -> list[tuple[int, str, int]]:
        rows = [(rng.randrange(DAYS), p) for p in people for _ in range(n)]
        rows.sort()
        dates = [(first + timedelta(days=d)).isoformat() for d in range(DAYS)]
        return [(p, dates[d], d) for d, p in rows]

    with transaction.atomic():
        _insert(
            keep.Contact,
            base,
            ("team_id", "starts_at", "date", "kind", "medium", "status", "code"),
            (
                (p, teams[p % 20], f"{day} 15:00:00", day, rng.choice(KINDS), "IN_PERSON", rng.choice(STATUSES), "")
                for p, day, _ in days(contacts)
            ),
        )
    with transaction.atomic():
        _insert(
            keep.Response,
            base,
            ("instrument", "date", "items"),
            (
                (p, "PHQ-9", day, json.dumps({str(i): min(3, int(rng.random() ** 2 * 4)) for i in range(1, 10)}))
                for p, day, _ in days(answers)
            ),
        )
        _insert(
            keep.ScoreReceived,
            base,
            ("instrument", "scale", "date", "value"),
            ((p, "GAD-7", "TOTAL", day, float(rng.randrange(22))) for p, day, _ in days(totals)),
        )
        _insert(
            keep.CrisisContact,
            base,
            ("at", "date", "kind", "outcome"),
            ((p, f"{day} 03:00:00", day, "CRISIS_LINE", "") for p, day, _ in days(1) if p % 10 == 0),
        )
        _insert(
            keep.HousingState,
            base,
            ("from_date", "state"),
            ((p, day, rng.choice(["STABLE", "STABLE", "AT_RISK", "SHELTER"])) for p, day, _ in days(2)),
        )


def _teams(n: int) -> list[int]:
    programme = Programme.objects.create(code="bench", name="Bench")
    return [Team.objects.create(code=f"T{i}", name=f"Team {i}", programme=programme).pk for i in range(n)]


def _insert(model: type[keep.RecordRow], base: tuple[object, ...], columns: tuple[str, ...], rows: object) -> None:
    names = ("source_key", "content", "submission_id", "recorded_at", "line", "withdrawn", "person_id", *columns)
    marks = ", ".join(["%s"] * len(names))
    table = model._meta.db_table
    kind = table.removeprefix("keep_")

    def complete():
        for n, row in enumerate(rows):
            yield (f"bench:{kind}:{n:08d}", f"{n:032x}", *base, n, False, *row)

    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", complete())


if __name__ == "__main__":
    main()
