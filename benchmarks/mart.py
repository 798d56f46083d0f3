"""How long does the mart's export take, how much memory, and what does it cost when little has changed?

    python -m benchmarks mart                       # on SQLite, with the others
    python -m tests.support.postgresql python -m benchmarks.mart      # the same on PostgreSQL

The record is made by the database itself (a million people, ten million contacts, five million scores), in the order
of its dates, as a history arrives: one person's rows lie far apart.
"""

import os
import resource
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from benchmarks.measured import Measured, table

DAYS = 730
STATUSES = ("ATTENDED", "ATTENDED", "ATTENDED", "ATTENDED", "NO_SHOW", "CANCELLED_BY_PERSON", "CANCELLED_BY_PROVIDER")


@dataclass(slots=True)
class Cost:
    seconds: float = 0.0
    cpu_seconds: float = 0.0  # of the processes that worked, not the database server's
    peak_mib: float = 0.0  # of all of them together


def measure(*, quick: bool) -> list[Measured]:
    from django.db import connection

    from tending.keep.models import Contact, PersonHead
    from tending.web.mart.export import export

    people, contacts, scores = (10_000, 100_000, 50_000) if quick else (1_000_000, 10_000_000, 5_000_000)
    if not Contact.objects.exists():
        fill(people=people, contacts=contacts, scores=scores)
    folder = Path(tempfile.mkdtemp(prefix="tending-mart-"))
    where = f"{connection.vendor}, {people:,} people, {contacts:,} contacts, {scores:,} scores"
    try:
        with costing() as whole:
            done = export(folder)
        size = sum(path.stat().st_size for path in folder.rglob("*.parquet")) / 2**20
        with costing() as nothing:
            export(folder)
        first = PersonHead.objects.order_by("pk").values_list("pk", flat=True)[people // 2]
        PersonHead.objects.filter(pk=first).update(token=uuid4().hex)
        with costing() as one:
            part = export(folder)
    finally:
        shutil.rmtree(folder)
    return [
        _figure(
            f"mart exported whole ({where})", whole, "< 60 s, < 1,536 MiB", f"{done.rows:,} rows, {size:,.0f} MiB"
        ),
        _figure("mart when nothing has changed", nothing, "", ""),
        _figure("mart when one person has changed", one, "", f"{part.parts_written} of {part.parts} parts"),
    ]


def _figure(what: str, cost: Cost, aim: str, more: str) -> Measured:
    beside = f"{cost.cpu_seconds:,.0f} CPU seconds, peak {cost.peak_mib:,.0f} MiB" + (f"; {more}" if more else "")
    return Measured(what, cost.seconds, "s", aim, beside)


@contextmanager
def costing() -> Iterator[Cost]:
    """Wall time, processor time and the highest memory of this process and the ones it starts."""
    cost, over = Cost(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(cost, over), daemon=True)
    watcher.start()
    began, cpu = time.perf_counter(), _cpu()
    yield cost
    cost.seconds, cost.cpu_seconds = time.perf_counter() - began, _cpu() - cpu
    over.set()
    watcher.join()


def _cpu() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _watch(cost: Cost, over: threading.Event) -> None:
    while not over.wait(0.05):
        cost.peak_mib = max(cost.peak_mib, sum(map(_private_mib, _family(os.getpid()))))


def _family(parent: int) -> list[int]:
    found = [parent]
    for task in Path(f"/proc/{parent}/task").iterdir():
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            found += _family(int(child))
    return found


def _private_mib(process: int) -> float:
    """Memory of its own: pages of the database file that lie in the system's cache are nobody's."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


def fill(*, people: int, contacts: int, scores: int) -> None:
    """Into an empty, migrated database, by a few statements; indexes are made afterwards."""
    from django.db import connection

    from tending.base import clock
    from tending.base.people.models import Programme, Team
    from tending.collect.models import Submission
    from tending.measure.definitions import in_force
    from tending.measure.models import InstrumentVersion

    programme = Programme.objects.create(code="bench", name="Bench")
    for number in range(20):
        Team.objects.create(pk=number + 1, code=f"T{number}", name=f"Team {number}", programme=programme)
    submission = Submission.objects.create(
        sha256="0" * 64, source="bench", kind="bench", media_type="text/csv", size=0, received_at=clock.now()
    )
    code, body = next(iter(in_force().fingerprints.items()))
    version = InstrumentVersion.objects.create(code=code, version=1, fingerprint=body, body={}, since=clock.now())
    given = {"people": people, "submission": submission.pk, "version": version.pk}
    for table_name, columns, rows in (
        ("people_person", _PERSON, people),
        ("keep_personhead", _HEAD, people),
        ("keep_episode", _EPISODE, people),
        ("keep_contact", _CONTACT, contacts),
        ("keep_scorereceived", _RECEIVED, scores),
        ("measure_score", _SCORE, scores),
    ):
        began = time.perf_counter()
        _insert(table_name, columns, rows, given)
        print(f"{table_name}: {rows:,} rows in {time.perf_counter() - began:.0f} s", flush=True)
    with connection.cursor() as cursor:
        # As it is after a night: nothing left in the write-ahead log; dead rows and statistics looked after.
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)" if connection.vendor == "sqlite" else "VACUUM ANALYZE")


# Each column and where its value comes from; `i` counts the rows, `{rows}` of them there are. The words in capitals
# are what the two databases spell differently.
_SOURCED = {
    "content": "TEXT(i)",
    "submission_id": "{submission}",
    "line": "i",
    "recorded_at": "INSTANT(i * {days} / {rows} + 1)",
    "withdrawn": "FALSE",
    "person_id": "(i * 7919) % {people} + 1",
}
_PERSON = {
    "id": "i + 1",
    "code": "TEXT(i)",
    **dict.fromkeys(("given_name", "family_name", "phone", "email"), "''"),
    **dict.fromkeys(("sex", "gender_identity", "race_ethnicity", "language", "payer"), "'NOT_ASKED'"),
    "deprivation_quintile": "TEXT(i % 5 + 1)",
    "birth_date": "DAY(-(i % 20000))",
}
_HEAD = {"person_id": "i + 1", "token": "TEXT(i)", "checked_token": "TEXT(i)"}
_EPISODE = {
    **_SOURCED,
    "source_key": "'bench:episodes:' || TEXT(i)",
    "team_id": "i % 20 + 1",
    "start_date": "DAY(i * {days} / {rows})",
    "referral_key": "''",
    "end_reason": "''",
    "derived": "FALSE",
}
_CONTACT = {
    **_SOURCED,
    "source_key": "'bench:contacts:' || TEXT(i)",
    "team_id": "(i * 7919) % 20 + 1",
    "starts_at": "INSTANT(i * {days} / {rows})",
    "date": "DAY(i * {days} / {rows})",
    "minutes": "50",
    "kind": "'THERAPY'",
    "medium": "'IN_PERSON'",
    "status": "CASE i % 7 " + " ".join(f"WHEN {n} THEN '{status}'" for n, status in enumerate(STATUSES)) + " END",
    "code": "''",
}
_RECEIVED = {
    **_SOURCED,
    "source_key": "'bench:scores:' || TEXT(i)",
    "instrument": "'PHQ-9'",
    "scale": "'TOTAL'",
    "date": "DAY(i * {days} / {rows})",
    "value": "i % 28",
}
_SCORE = {
    "person_id": _SOURCED["person_id"],
    "measure": "'PHQ-9'",
    "date": _RECEIVED["date"],
    "value": "i % 28",
    "missing_reason": "''",
    "band": "''",
    "instrument_version_id": "{version}",
    "made_from": "'ScoreReceived'",
    "source_key": _RECEIVED["source_key"],
    "content": "TEXT(i)",
    "scored_at": "INSTANT({days} + 1)",
    "superseded_why": "''",
}


def _insert(table_name: str, columns: dict[str, str], rows: int, given: dict[str, int]) -> None:
    from django.db import connection, transaction

    values = ", ".join(columns.values()).format(**given, rows=rows, days=DAYS)
    names = ", ".join(columns)
    if connection.vendor == "sqlite":
        values = _spelled(values, {"TEXT": "CAST({} AS TEXT)", "DAY": _SQLITE_DAY, "INSTANT": _SQLITE_INSTANT})
        source = f"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {rows - 1})"
        statement = f"INSERT INTO {table_name} ({names}) {source} SELECT {values} FROM n"
    else:
        values = _spelled(values, {"TEXT": "CAST({} AS TEXT)", "DAY": _SERVER_DAY, "INSTANT": _SERVER_INSTANT})
        statement = (
            f"INSERT INTO {table_name} ({names}) SELECT {values} FROM generate_series(0::bigint, {rows - 1}) AS n(i)"
        )
    with transaction.atomic(), connection.cursor() as cursor:
        again = _without_indexes(cursor, table_name)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")  # what refers to what is right by making
        cursor.execute(statement)
        for index in again:
            cursor.execute(index)


_FIRST = "2024-11-20"
_SQLITE_DAY = f"date('{_FIRST}', ({{}}) || ' days')"
_SQLITE_INSTANT = f"datetime('{_FIRST} 15:00:00', ({{}}) || ' days')"
_SERVER_DAY = f"(DATE '{_FIRST}' + ({{}})::integer)"
_SERVER_INSTANT = f"(TIMESTAMPTZ '{_FIRST} 15:00:00+00' + (({{}}) || ' days')::interval)"


def _spelled(values: str, words: dict[str, str]) -> str:
    """WORD(…) in a database's own way; the brackets inside are balanced."""
    for word, form in words.items():
        while (start := values.find(f"{word}(")) >= 0:
            end, depth = start + len(word) + 1, 1
            while depth:
                depth += {"(": 1, ")": -1}.get(values[end], 0)
                end += 1
            values = values[:start] + form.format(values[start + len(word) + 1 : end - 1]) + values[end:]
    return values


def _without_indexes(cursor, table_name: str) -> list[str]:
    """Drop what would be kept up to date row by row; answers the statements that make it again."""
    from django.db import connection

    if connection.vendor == "sqlite":
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > '' AND tbl_name = %s", [table_name]
        )
    else:
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint)",
            [table_name],
        )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    return [made for _, made in found]


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print("\n".join(table(measure(quick=False))))
