"""Is everything still what arrived says it is? Make the record, scores and standings anew and compare.

All in one transaction: whoever looks meanwhile sees the old rows, and a difference, a failure or a killed process
changes nothing. What people did (reviews, what they wrote) and what they were told (signals) is never dropped:
signals are asked for again and compared, so reviews go on pointing to theirs.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Model

from tending.base import clock
from tending.base.audit import actions as audit
from tending.collect.models import Delivery, DeliveryItem
from tending.keep import derived_episodes
from tending.keep import queries as keep
from tending.keep.models import DataQualityFinding
from tending.measure import actions as measure
from tending.measure.models import Score, ScoredPerson, Standing
from tending.notice import actions as notice
from tending.notice.models import TurnedPerson
from tending.web import intake
from tending.web.digests import Digest, digests, record_models
from tending.web.turn import turn

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Compared:
    """One table before and after."""

    table: str
    before: Digest
    after: Digest

    @property
    def same(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class Rebuilt:
    tables: tuple[Compared, ...]
    kept: bool  # the rows made anew are in place; otherwise everything is as it was

    @property
    def same(self) -> bool:
        return all(each.same for each in self.tables)


def rebuild(*, keep_differences: bool = False, say: Say = lambda _words: None) -> Rebuilt:
    """Make everything derived anew from what arrived; the new rows stay only if they say the same, or on request."""
    with clock.travelling(clock.now()):  # one day for all of it, even over midnight
        say("Bringing everything up to date first")
        intake.work_off_all()
        derived_episodes.derive(person_ids=keep.heads(), as_of=clock.today())
        turn()
        with transaction.atomic():
            rebuilt = _rebuild(keep_differences, say)
            if not rebuilt.kept:
                transaction.set_rollback(True)
        differing = [each.table for each in rebuilt.tables if not each.same]
        audit.record(
            kind="COMMAND",
            what="rebuilt the record and compared",
            why=f"different: {', '.join(differing)}" if differing else "the same rows",
        )
    return rebuilt


def _rebuild(keep_differences: bool, say: Say) -> Rebuilt:
    _keep_others_out()
    say("Reading the rows as they are")
    before = digests()
    deliveries, items = list(Delivery.objects.all()), list(DeliveryItem.objects.all())
    say("Making the record anew from what arrived")
    _drop()
    intake.work_off_all()
    _put_back(deliveries, items)
    derived_episodes.derive(person_ids=keep.heads(), as_of=clock.today())
    say("Scoring and noticing anew")
    heads = keep.heads()
    measure.score(heads=heads)
    notice.notice(heads=heads, as_of=clock.today())
    say("Comparing")
    after = digests()
    compared = tuple(Compared(name, before[name], after[name]) for name in before)
    same = all(each.same for each in compared)
    return Rebuilt(compared, kept=same or keep_differences)


def _keep_others_out() -> None:
    """Other writers wait until this is over. SQLite's transaction does that by itself."""
    if connection.vendor == "postgresql":
        models: list[type[Model]] = [*record_models(), DeliveryItem, Score, TurnedPerson]
        names = [model._meta.db_table for model in models]
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(map(connection.ops.quote_name, names))} IN EXCLUSIVE MODE")


def _drop() -> None:
    """Everything that can be derived. Superseded scores stay: they say what was shown to people at the time."""
    derived: list[type[Model]] = [*record_models(), Standing, ScoredPerson, TurnedPerson]
    for rows in (
        *(model._default_manager.all() for model in derived),
        DataQualityFinding.objects.filter(gone_at__isnull=True),
        Score.objects.filter(superseded_at__isnull=True),
    ):
        rows._raw_delete(rows.db)
    Delivery.objects.update(finished_at=None)
    DeliveryItem.objects.update(
        finished_at=None, lines_read=0, rows_new=0, rows_same=0, rows_corrected=0, rows_quarantined=0
    )


def _put_back(deliveries: list[Delivery], items: list[DeliveryItem]) -> None:
    """When each delivery was read, and what became of its rows that day, is history and stays as it was."""
    Delivery.objects.bulk_update(deliveries, ["finished_at", "failed_why", "notes"], batch_size=200)
    counts = ["rows_new", "rows_same", "rows_corrected", "rows_quarantined"]
    DeliveryItem.objects.bulk_update(items, ["finished_at", "lines_read", *counts], batch_size=200)
