from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tending.base import clock
from tending.base.audit import actions, seal
from tending.base.audit.models import AuditEvent


def add_events(count):
    with clock.travelling(to=clock.now() - timedelta(minutes=5)):
        for number in range(count):
            actions.record(kind="VIEW", what=f"looked at {number}")


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["UPDATE audit_auditevent SET what='x'", "DELETE FROM audit_auditevent"])
def test_the_database_refuses_to_change_or_remove_a_line(statement):
    add_events(1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEvent.objects.get().what == "looked at 0"


@pytest.mark.django_db
def test_neither_replacing_nor_truncating_gets_past_the_triggers():
    add_events(1)
    event = AuditEvent.objects.get()
    sneaky = {
        "sqlite": "INSERT OR REPLACE INTO audit_auditevent (id, at, kind, actor, what, subject, why, screen, address,"
        f" result) VALUES ({event.pk}, '2020-01-01', 'VIEW', 'x', 'x', '', '', '', '', 'OK')",
        "postgresql": "TRUNCATE audit_auditevent",
    }[connection.vendor]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sneaky)


@pytest.mark.django_db
def test_a_sealed_chain_is_whole_and_names_the_batch_that_was_tampered_with():
    add_events(3)
    assert seal.seal().n_events == 3
    add_events(2)
    assert seal.seal().n_events == 2
    assert seal.seal() is None
    verdict = seal.verify()
    assert verdict.whole
    assert (verdict.n_events, verdict.n_batches) == (5, 2)

    first = AuditEvent.objects.order_by("id").first()
    with connection.cursor() as cursor:  # what only the owner of the database can do
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_auditevent_no_update")
        else:
            cursor.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditevent SET what='nothing to see' WHERE id=%s", [first.pk])
    verdict = seal.verify()
    assert not verdict.whole
    assert f"events {first.pk} to" in verdict.broken


@pytest.mark.django_db
def test_events_of_the_last_minute_stay_open_for_late_commits():
    actions.record(kind="VIEW", what="just now")
    assert seal.seal() is None


@pytest.mark.django_db
def test_a_line_that_has_not_settled_is_never_left_behind_by_later_numbers_with_earlier_times():
    add_events(1)
    actions.record(kind="VIEW", what="just now")  # a number between two older ones
    add_events(2)
    assert seal.seal().n_events == 1
    with clock.travelling(to=clock.now() + timedelta(minutes=2)):
        assert seal.seal().n_events == 3
        assert seal.seal() is None
    verdict = seal.verify()
    assert verdict.whole
    assert verdict.n_events == 4
