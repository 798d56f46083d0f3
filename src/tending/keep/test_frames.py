from datetime import UTC, datetime

import pytest
from django.db import connection
from tests.support.record import make_record
from tests.support.world import make_world

from outcometables.record.frames import polars_schema
from tending.base import clock
from tending.base.audit.models import AuditEvent
from tending.base.tables.reading import over_arrow
from tending.base.tables.selection import EVERYBODY, parts
from tending.keep.frames import keyed_frames


def fill(record):
    record.episode("pat", "2026-01-01")
    record.episode("wren", "2026-01-01", team="west", end="2026-02-01")
    record.contact("pat", "2026-03-01", key="b")
    record.contact("pat", "2026-03-01", status="NO_SHOW", key="a")
    record.contact("wren", "1969-12-31")
    record.crisis("pat", "2026-03-02")
    record.housing("quinn", "2026-03-03", "SHELTER")
    record.stay("quinn", "2026-03-04")


@pytest.mark.django_db(transaction=True)
def test_arrow_and_the_cursor_read_the_same_rows():
    record = make_record(make_world())
    fill(record)
    with over_arrow() as arrow:
        assert arrow
        many = keyed_frames(EVERYBODY)
    few = keyed_frames([person.pk for person in record.world.people.values()])
    assert {name: frame.schema for name, frame in many.items()} == {name: frame.schema for name, frame in few.items()}
    for name, frame in many.items():
        assert frame.rows() == few[name].rows()
    assert many["contacts"].height == 3


@pytest.mark.django_db(transaction=True)
def test_arrow_reads_instants_too():
    record = make_record(make_world())
    late, early = datetime(2026, 3, 2, 22, tzinfo=UTC), datetime(2026, 3, 2, 4, tzinfo=UTC)
    record.crisis("pat", "2026-03-02", at=late, key="a")
    record.crisis("pat", "2026-03-02", at=early, key="b")
    with over_arrow():
        found = keyed_frames(EVERYBODY)["crisis"]
    assert found["source_key"].to_list() == ["ehr:crisiscontact:b", "ehr:crisiscontact:a"]


def test_inside_a_transaction_everybody_is_read_by_the_cursor(record):
    fill(record)
    assert connection.in_atomic_block
    with over_arrow() as arrow:
        assert not arrow
        assert keyed_frames(EVERYBODY)["contacts"].height == 3


def test_only_current_rows_are_there_with_days_as_whole_numbers(record):
    row = record.contact("pat", "1970-01-11", status="BOOKED")
    record.corrected(row, status="ATTENDED")
    record.withdrawn(record.contact("pat", "1970-01-12"))

    contacts = keyed_frames([record.person("pat").pk])["contacts"]

    assert contacts.select("day", "status").rows() == [(10, "ATTENDED")]


def test_rows_of_one_day_are_numbered_by_their_source_key_not_by_their_arrival(record):
    fill(record)
    contacts = keyed_frames([record.person("pat").pk])["contacts"]
    assert contacts.select("row_id", "source_key").rows() == [(1, "ehr:contact:a"), (2, "ehr:contact:b")]


def test_every_frame_has_the_columns_the_triggers_expect(record):
    fill(record)
    for name, frame in keyed_frames(EVERYBODY).items():
        assert dict(frame.drop("source_key", strict=False).schema) == polars_schema(name)


def test_parts_are_small_in_number_and_in_span():
    heads = {person: str(person) for person in (1, 2, 3, 9, 50, 51)}
    assert [list(part) for part in parts(heads, 3)] == [[1, 2, 3], [9], [50, 51]]
    assert list(parts({}, 3)) == []


@pytest.mark.django_db(transaction=True)
def test_a_test_that_commits_leaves_nothing_behind_not_even_audit_lines():
    AuditEvent.objects.create(at=clock.now(), kind="WRITE", actor="system", what="something")
