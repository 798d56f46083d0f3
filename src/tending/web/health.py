"""Is everything in order? Each check answers in one sentence with what to do; `tending check` and /health/ ask."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tending.base import clock
from tending.base.audit import seal
from tending.base.people.models import StaffRole
from tending.base.retold import retold
from tending.collect.models import STUMBLED, Delivery, QuarantinedRow
from tending.review.queries import signals_nobody_owns

OK, WARNING, FAILED = "OK", "WARNING", "FAILED"
TICK_LATE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """``what`` is English, for monitors; a page translates it. ``words`` are in the reader's language."""

    what: str
    state: str
    words: str


def _database() -> Finding:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Finding(
            gettext_noop("Database"),
            FAILED,
            _("Changes of tables that wait: %(n)d. Run any command to apply them.") % {"n": len(waiting)},
        )
    return Finding(gettext_noop("Database"), OK, _("%(database)s, up to date.") % {"database": connection.vendor})


def _definitions() -> Finding:
    from outcometables.definitions.definition import DefinitionError
    from outcometables.definitions.loading import load_instruments, load_triggers

    try:
        instruments = load_instruments(settings.DEFINITIONS)
        triggers = load_triggers(settings.DEFINITIONS)
    except DefinitionError as trouble:
        return Finding(gettext_noop("Definitions"), FAILED, str(trouble))
    late = [d.code for d in (*instruments.values(), *triggers.values()) if d.review_is_due(as_of=clock.today())]
    if late:
        return Finding(
            gettext_noop("Definitions"),
            WARNING,
            _("Review dates have passed: %(codes)s. Ask their reviewers.") % {"codes": ", ".join(late)},
        )
    return Finding(
        gettext_noop("Definitions"),
        OK,
        _("%(instruments)d instruments, %(triggers)d triggers.")
        % {"instruments": len(instruments), "triggers": len(triggers)},
    )


def _worker() -> Finding:
    from tending.web.worker import last_tick

    tick = last_tick()
    if tick is None:
        return Finding(gettext_noop("Worker"), FAILED, _("It has never run. Start `tending worker` beside the site."))
    silent = clock.now() - tick
    if silent > TICK_LATE:
        minutes = int(silent.total_seconds() // 60)
        return Finding(
            gettext_noop("Worker"),
            FAILED,
            _("Silent for %(n)d minutes: nothing escalates. Start `tending worker`.") % {"n": minutes},
        )
    return Finding(gettext_noop("Worker"), OK, _("Last turned %(at)s UTC.") % {"at": f"{tick:%Y-%m-%d %H:%M}"})


def _crisis_text() -> Finding:
    blank = [code for code, _name in settings.LANGUAGES if not settings.CRISIS_TEXT.get(code)]
    if blank:
        variables = ", ".join(f"TENDING_CRISIS_TEXT_{code.upper()}" for code in blank)
        return Finding(
            gettext_noop("Crisis text"),
            WARNING,
            _("Not set for %(languages)s. Set %(variables)s to your local numbers.")
            % {"languages": ", ".join(blank), "variables": variables},
        )
    return Finding(gettext_noop("Crisis text"), OK, _("Set in every language."))


def _owners() -> Finding:
    if not StaffRole.objects.filter(to_date__isnull=True).exists():
        return Finding(
            gettext_noop("Owners"), FAILED, _("No staff hold a role, so no review can have an owner. Load staff.csv.")
        )
    if unowned := signals_nobody_owns():
        return Finding(
            gettext_noop("Owners"),
            FAILED,
            _("Signals with nobody to answer them: %(n)d. Give somebody a role.") % {"n": len(unowned)},
        )
    supervisors = StaffRole.objects.filter(to_date__isnull=True, role__in=["SUPERVISOR", "CLINICAL_LEAD"]).count()
    if not supervisors:
        return Finding(
            gettext_noop("Owners"),
            WARNING,
            _("Nobody supervises or leads clinically: escalations have nowhere to go."),
        )
    return Finding(
        gettext_noop("Owners"), OK, _("Supervisors and clinical leads who can be told: %(n)d.") % {"n": supervisors}
    )


def _deliveries() -> Finding:
    stuck = Delivery.objects.filter(
        finished_at__isnull=True, received_at__lt=clock.now() - timedelta(hours=1)
    ).count()
    open_ = Delivery.objects.filter(finished_at__isnull=True).order_by("received_at", "pk")
    if broken := open_.exclude(failed_why="").first():
        return Finding(gettext_noop("Files"), FAILED, f"{broken.name}: {retold(broken.failed_why)}")
    if stumbled := open_.filter(notes__has_key=STUMBLED).first():
        said = {"name": stumbled.name, "what": stumbled.notes[STUMBLED]}
        words = _("%(name)s could not be read on (%(what)s). The worker tries again; its log says what went wrong.")
        return Finding(gettext_noop("Files"), FAILED, words % said)
    waiting = QuarantinedRow.objects.filter(resolved_at__isnull=True).count()
    if stuck:
        return Finding(
            gettext_noop("Files"),
            WARNING,
            _("Deliveries unfinished for over an hour: %(n)d. Is the worker running?") % {"n": stuck},
        )
    return Finding(
        gettext_noop("Files"),
        OK,
        _("Nothing stuck. Quarantined rows that wait for the data steward: %(n)d.") % {"n": waiting},
    )


def _audit() -> Finding:
    verdict = seal.verify()
    if not verdict.whole:
        return Finding(gettext_noop("Audit trail"), FAILED, verdict.broken)
    return Finding(
        gettext_noop("Audit trail"),
        OK,
        _("%(n)d sealed events, whole. Digest %(digest)s.")
        % {"n": verdict.n_events, "digest": verdict.last_digest[:16] or "-"},
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
            return Finding(
                gettext_noop("Raw submissions"),
                FAILED,
                _("%(what)s Bring it back from a backup.") % {"what": trouble},
            )
        if sha.hexdigest() != digest:
            return Finding(
                gettext_noop("Raw submissions"),
                FAILED,
                _("%(file)s is damaged. Bring it back from a backup.") % {"file": digest},
            )
        checked += 1
    return Finding(gettext_noop("Raw submissions"), OK, _("%(n)d verified against their digests.") % {"n": checked})


QUICK: tuple[Callable[[], Finding], ...] = (_database, _definitions, _worker, _crisis_text, _owners, _deliveries)
THOROUGH: tuple[Callable[[], Finding], ...] = (*QUICK, _audit, _raw_store)


def findings(*, thorough: bool) -> Iterator[Finding]:
    """Every check in turn; a check that itself breaks is a failed finding, not a trace."""
    for check in THOROUGH if thorough else QUICK:
        try:
            yield check()
        except Exception as trouble:
            yield Finding(check.__name__.strip("_").replace("_", " ").capitalize(), FAILED, str(trouble)[:300])
