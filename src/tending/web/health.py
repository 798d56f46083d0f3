"""Is everything in order? Each check answers in one sentence with what to do; `tending check` and /health/ ask."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tending.base import clock
from tending.base.audit import seal
from tending.base.people.models import StaffRole
from tending.collect.models import STUMBLED, Delivery, QuarantinedRow
from tending.review.queries import signals_nobody_owns

OK, WARNING, FAILED = "OK", "WARNING", "FAILED"
TICK_LATE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    state: str
    words: str


def _database() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding("Database", FAILED, f"{len(waiting)} changes of tables wait. Run any command to apply them.")
    return Finding("Database", OK, f"{connection.vendor}, up to date.")


def _definitions() -> Finding:
    from outcometables.definitions.definition import DefinitionError
    from outcometables.definitions.loading import load_instruments, load_triggers

    try:
        instruments = load_instruments(settings.DEFINITIONS)
        triggers = load_triggers(settings.DEFINITIONS)
    except DefinitionError as trouble:
        return Finding("Definitions", FAILED, str(trouble))
    late = [d.code for d in (*instruments.values(), *triggers.values()) if d.review_is_due(as_of=clock.today())]
    if late:
        return Finding("Definitions", WARNING, f"Review dates have passed: {', '.join(late)}. Ask their reviewers.")
    return Finding("Definitions", OK, f"{len(instruments)} instruments, {len(triggers)} triggers.")


def _worker() -> Finding:
    from tending.web.worker import last_tick

    tick = last_tick()
    if tick is None:
        return Finding("Worker", FAILED, "It has never run. Start `tending worker` beside the site.")
    silent = clock.now() - tick
    if silent > TICK_LATE:
        minutes = int(silent.total_seconds() // 60)
        return Finding("Worker", FAILED, f"Silent for {minutes} minutes: nothing escalates. Start `tending worker`.")
    return Finding("Worker", OK, f"Last turned {tick:%Y-%m-%d %H:%M} UTC.")


def _crisis_text() -> Finding:
    blank = [code for code, _ in settings.LANGUAGES if not settings.CRISIS_TEXT.get(code)]
    if blank:
        variables = ", ".join(f"TENDING_CRISIS_TEXT_{code.upper()}" for code in blank)
        return Finding(
            "Crisis text", WARNING, f"Not set for {', '.join(blank)}. Set {variables} to your local numbers."
        )
    return Finding("Crisis text", OK, "Set in every language.")


def _owners() -> Finding:
    if not StaffRole.objects.filter(to_date__isnull=True).exists():
        return Finding("Owners", FAILED, "No staff hold a role, so no review can have an owner. Load staff.csv.")
    if unowned := signals_nobody_owns():
        return Finding("Owners", FAILED, f"Signals with nobody to answer them: {len(unowned)}. Give somebody a role.")
    supervisors = StaffRole.objects.filter(to_date__isnull=True, role__in=["SUPERVISOR", "CLINICAL_LEAD"]).count()
    if not supervisors:
        return Finding("Owners", WARNING, "Nobody supervises or leads clinically: escalations have nowhere to go.")
    return Finding("Owners", OK, f"{supervisors} supervisors and clinical leads can be escalated to.")


def _deliveries() -> Finding:
    stuck = Delivery.objects.filter(
        finished_at__isnull=True, received_at__lt=clock.now() - timedelta(hours=1)
    ).count()
    open_ = Delivery.objects.filter(finished_at__isnull=True).order_by("received_at", "pk")
    if broken := open_.exclude(failed_why="").first():
        return Finding("Files", FAILED, f"{broken.name}: {broken.failed_why}")
    if stumbled := open_.filter(notes__has_key=STUMBLED).first():
        what = f"{stumbled.name} could not be read on ({stumbled.notes[STUMBLED]})"
        return Finding("Files", FAILED, f"{what}. The worker tries again; its log says what went wrong.")
    waiting = QuarantinedRow.objects.filter(resolved_at__isnull=True).count()
    if stuck:
        return Finding(
            "Files", WARNING, f"{stuck} deliveries are unfinished for over an hour. Is the worker running?"
        )
    return Finding("Files", OK, f"Nothing stuck. {waiting} quarantined rows wait for the data steward.")


def _audit() -> Finding:
    verdict = seal.verify()
    if not verdict.whole:
        return Finding("Audit trail", FAILED, verdict.broken)
    return Finding(
        "Audit trail", OK, f"{verdict.n_events} sealed events, whole. Digest {verdict.last_digest[:16] or '-'}."
    )


def _raw_store() -> Finding:
    from tending.collect.raw_store import RawStoreError, read

    checked = 0
    from tending.collect.models import Submission

    for digest in Submission.objects.order_by().values_list("sha256", flat=True).distinct():
        sha = hashlib.sha256()
        try:
            for block in read(digest):
                sha.update(block)
        except (RawStoreError, OSError) as trouble:
            return Finding("Raw submissions", FAILED, f"{trouble} Bring it back from a backup.")
        if sha.hexdigest() != digest:
            return Finding("Raw submissions", FAILED, f"{digest} is damaged. Bring it back from a backup.")
        checked += 1
    return Finding("Raw submissions", OK, f"{checked} verified against their digests.")


QUICK: tuple[Callable[[], Finding], ...] = (_database, _definitions, _worker, _crisis_text, _owners, _deliveries)
THOROUGH: tuple[Callable[[], Finding], ...] = (*QUICK, _audit, _raw_store)


def findings(*, thorough: bool) -> Iterator[Finding]:
    """Every check in turn; a check that itself breaks is a failed finding, not a trace."""
    for check in THOROUGH if thorough else QUICK:
        try:
            yield check()
        except Exception as trouble:
            yield Finding(check.__name__.strip("_").replace("_", " ").capitalize(), FAILED, str(trouble)[:300])
