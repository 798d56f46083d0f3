"""The mart holds what the record says, the same whether made at once or change by change."""

import json
import random
from datetime import UTC, date, datetime

import polars as pl
import pytest
from click.testing import CliRunner
from tests.support.record import make_record
from tests.support.turning import turn
from tests.support.world import make_world

import outcometables
from outcometables.mart import MART, MartError
from outcometables.mart.manifest import read_manifest
from outcometables.record import SCHEMA
from tending.base import clock
from tending.base.audit import actions as audit
from tending.base.audit.models import AuditEvent
from tending.base.people.models import Person
from tending.base.tables import reading
from tending.base.tables.extracts import ROWS_A_PERSON
from tending.base.tables.selection import EVERYBODY
from tending.keep import models as kept
from tending.keep import queries as keep
from tending.measure import queries as measure
from tending.web.mart import export as exporting
from tending.web.mart import parts
from tending.web.mart.export import export

NOW = clock.at(date(2026, 3, 9), 9)


def day(on: str) -> int:
    return clock.day_number(date.fromisoformat(on))


def exported(folder):
    with clock.travelling(NOW):
        return export(folder)


def tables(folder) -> dict[str, pl.DataFrame]:
    mart = outcometables.open(folder, whole=True)
    return {table: mart[table].collect().to_native() for table in MART}


def only_row(frame: pl.DataFrame) -> dict[str, object]:
    assert frame.height == 1
    return frame.row(0, named=True)


def test_the_record_part_is_what_the_triggers_see(record, tmp_path):
    record.episode("pat", "2026-01-01", end="2026-03-01", key="e1")
    record.episode("wren", "2026-01-01", team="west")
    for on in ("2026-02-02", "2026-02-09", "2026-02-09"):
        record.contact("pat", on)
        record.contact("wren", on, status="NO_SHOW")
    record.answers("pat", "2026-03-01", "PHQ-9", "111111113")
    record.answers("pat", "2026-02-01", "PHQ-9", "111111110")
    record.total("wren", "2026-02-01", "GAD-7", 7)
    record.crisis("pat", "2026-03-02")
    record.housing("quinn", "2026-03-03", "SHELTER")
    record.stay("quinn", "2026-03-04", "2026-03-05")
    record.notice(date(2026, 3, 9))
    exported(tmp_path)

    found = tables(tmp_path)
    everybody = {**keep.frames(EVERYBODY), **measure.frames(EVERYBODY)}
    for table, columns in SCHEMA.items():
        names = [column.name for column in columns if column.name != "row_id"]
        expected = everybody[table].select(names)
        if table == "measures":  # a change that is not judged: infinite there, an empty cell here
            change = pl.col("reliable_change")
            expected = expected.with_columns(pl.when(change.is_finite()).then(change))
        assert expected.height or table in {"goal_ratings", "care_plan_events"}
        assert found[table].select(names).rows() == expected.rows(), table


def test_what_the_mart_says_beside_it(record, tmp_path):
    referral = record._row(
        kept.Referral, "pat", {"referred_date": date(2026, 1, 1), "urgency": "URGENT", "status": "ACCEPTED"}, {}
    )
    record.episode("pat", "2026-01-05", referral_key=referral.source_key)
    late = datetime(2026, 2, 3, 4, 30, tzinfo=UTC)  # half past eleven in the evening of the 2nd in New York
    booked = record.contact("pat", "2026-02-02", status="BOOKED", starts_at=late, minutes=50)
    contact = record.corrected(booked, status="ATTENDED")
    kept.Contact.objects.filter(pk=contact.pk).update(recorded_at=datetime(2026, 2, 20, 12, tzinfo=UTC))
    kept.Contact.objects.filter(pk=booked.pk).update(recorded_at=datetime(2026, 2, 1, 2, tzinfo=UTC))
    goal = record._row(kept.Goal, "pat", {"stated_date": date(2026, 1, 6), "words": "Walk", "status": "ACTIVE"}, {})
    record._row(
        kept.GoalRating,
        "pat",
        {"goal_key": goal.source_key, "rated_date": date(2026, 2, 6), "rating": 4, "rated_by": "PERSON"},
        {},
    )
    record._row(kept.Diagnosis, "pat", {"system": "ICD10", "code": "f32. 1", "label": "Depression"}, {})
    record.notice(date(2026, 3, 9))
    exported(tmp_path)

    found, pat = tables(tmp_path), record.person("pat").pk
    row = only_row(found["contacts"])
    assert row["row_id"] == pat * ROWS_A_PERSON
    assert row["minute"] == int(late.timestamp()) // 60
    assert (row["day"], row["end_day"]) == (day("2026-02-02"), day("2026-02-03"))
    assert row["arrived_day"] == day("2026-01-31")  # of the first version, on the evening before in New York
    assert only_row(found["episodes"])["referral_id"] == only_row(found["referrals"])["row_id"]
    assert only_row(found["goal_ratings"])["goal_id"] == only_row(found["goals"])["row_id"]
    assert only_row(found["diagnoses"])["plain_code"] == "F321"
    described = found["people"].filter(pl.col("person_id") == pat)
    assert only_row(described)["birth_ymd"] == 19900517
    assert set(found["teams"]["name"]) == {"East team", "West team"}
    assert not set(MART["people"]) & {"given_name", "family_name", "phone", "email"}


def test_what_people_did_is_there_with_its_clocks(record, tmp_path):
    record.episode("pat", "2026-01-01")
    record.answers("pat", "2026-03-08", "PHQ-9", "111111113")
    with clock.travelling(NOW):
        turn()
        for _ in range(2):
            audit.viewed(what="looked at the story", person_id=record.person("pat").pk)
        audit.viewed(what="list", count=3)
    exported(tmp_path)

    found = tables(tmp_path)
    signal = found["signals"].filter(pl.col("severity") == "URGENT").row(0, named=True)
    review = only_row(found["reviews"])
    assert (signal["review_id"], signal["noticed_minute"]) == (review["review_id"], int(NOW.timestamp()) // 60)
    assert (signal["day"], signal["noticed_day"]) == (day("2026-03-09"), day("2026-03-09"))
    assert (review["state"], review["begun_minute"], review["decided"]) == ("OPENED", None, 0)
    assert review["respond_by_minute"] > review["opened_minute"]
    assert only_row(found["looks"].select("person_id", "day", "times")) == {
        "person_id": record.person("pat").pk,
        "day": day("2026-03-09"),
        "times": 2,
    }


def test_an_export_leaves_a_line_in_the_audit_trail(record, tmp_path):
    exported(tmp_path)
    line = AuditEvent.objects.get(kind=AuditEvent.Kind.EXPORT)
    assert (line.what, line.subject, line.count) == ("exported the mart", str(tmp_path)[:120], 3)


@pytest.fixture
def a_part_a_person(monkeypatch):
    monkeypatch.setattr(parts, "SMALLEST", 1)
    monkeypatch.setattr(parts, "MOST", 10**9)


def test_only_the_part_of_a_person_who_changed_is_written(record, tmp_path, a_part_a_person):
    for name in ("pat", "quinn", "wren"):
        record.contact(name, "2026-02-02")
    first = exported(tmp_path)
    assert (first.parts, first.parts_written) == (3, 3)
    assert (exported(tmp_path).parts_written, exported(tmp_path).files_written) == (0, 0)
    record.contact("quinn", "2026-02-03")
    second = exported(tmp_path)
    assert (second.parts_written, second.files_written) == (1, 1)
    assert second.manifest.tables["contacts"].rows == 4


def test_a_file_that_is_gone_is_made_again(record, tmp_path, a_part_a_person):
    record.contact("pat", "2026-02-02")
    exported(tmp_path)
    next((tmp_path / "contacts").iterdir()).unlink()
    assert exported(tmp_path).parts_written == 3
    assert tables(tmp_path)["contacts"].height == 1


def test_another_definition_or_team_makes_every_part_anew(record, tmp_path, monkeypatch, a_part_a_person):
    record.episode("pat", "2026-01-01")
    assert exported(tmp_path).parts == 3
    assert exported(tmp_path).parts_written == 0
    record.world.teams["east"].name = "Harbour"
    record.world.teams["east"].save()
    assert exported(tmp_path).parts_written == 3
    monkeypatch.setattr(exporting.measure, "definitions", lambda: "others")
    assert exported(tmp_path).parts_written == 3


@pytest.mark.parametrize("seed", range(4))
def test_change_by_change_or_at_once_is_the_same_mart(record, tmp_path, a_part_a_person, seed):
    """Whatever happens to whoever, in whatever order: equal tables, row numbers included."""
    chance = random.Random(seed)
    rows = []
    for round_number in range(5):
        for _ in range(chance.randrange(4)):
            _something_happens(record, chance, rows)
        if chance.random() < 0.7:
            with clock.travelling(NOW):
                turn()
        exported(tmp_path / "kept")
        exported(tmp_path / f"new-{round_number}")
        bit_by_bit, at_once = tables(tmp_path / "kept"), tables(tmp_path / f"new-{round_number}")
        for table in MART:
            assert bit_by_bit[table].equals(at_once[table]), table


def _something_happens(record, chance, rows):
    who = chance.choice(["pat", "quinn", "wren"])
    on = f"2026-02-{chance.randrange(1, 28):02d}"
    match chance.randrange(7):
        case 0 if rows:
            row = rows.pop(chance.randrange(len(rows)))
            record.corrected(row, status=chance.choice(["ATTENDED", "NO_SHOW"]))
        case 1 if rows:
            record.withdrawn(rows.pop(chance.randrange(len(rows))))
        case 2:
            record.answers(who, on, "PHQ-9", "".join(str(chance.randrange(4)) for _ in range(9)))
        case 3:
            record.housing(who, on, chance.choice(["STABLE", "SHELTER"]))
        case 4:
            record.episode(who, "2026-01-01", team=chance.choice(["east", "west"]))
        case 5:
            Person.objects.filter(pk=record.person(who).pk).update(language=chance.choice(["en", "es"]))
        case _:
            rows.append(record.contact(who, on))


@pytest.mark.django_db(transaction=True)
def test_the_second_connection_reads_the_same_and_all_as_of_one_instant(tmp_path, monkeypatch):
    record = make_record(make_world())
    record.contact("pat", "2026-02-02")
    record.answers("pat", "2026-03-01", "PHQ-9", "111111113")
    record.crisis("wren", "2026-03-02")
    record.notice(date(2026, 3, 9))
    counted = exporting._rows_in_record

    def and_then_more_arrives():
        rows = counted()
        record.contact("pat", "2026-02-03")
        record.contact("quinn", "2026-02-03")
        return rows

    with reading.over_arrow() as arrow:
        assert arrow
    monkeypatch.setattr(exporting, "_rows_in_record", and_then_more_arrives)
    exported(tmp_path / "one")
    assert tables(tmp_path / "one")["contacts"].height == 1
    monkeypatch.setattr(exporting, "_rows_in_record", counted)
    exported(tmp_path / "one")
    monkeypatch.setattr(reading, "_in_memory", lambda: True)  # the cursor
    exported(tmp_path / "other")
    one, other = tables(tmp_path / "one"), tables(tmp_path / "other")
    assert one["contacts"].height == 3
    for table in MART:
        assert one[table].equals(other[table]), table


def test_rows_that_do_not_reconcile_stop_it_and_name_the_table(record, tmp_path, monkeypatch):
    record.contact("pat", "2026-02-02")
    exported(tmp_path)
    before = read_manifest(tmp_path)
    counted = exporting._rows_in_record
    monkeypatch.setattr(exporting, "_rows_in_record", lambda: counted() | {"crisis": 2})
    with pytest.raises(MartError, match="Table crisis would have 0 rows and the record has 2"):
        exported(tmp_path)
    assert read_manifest(tmp_path) == before


def test_an_empty_provider_has_an_empty_mart(db, tmp_path):
    done = exported(tmp_path)
    assert (done.parts, done.manifest.tables["contacts"].rows) == (0, 0)
    assert tables(tmp_path)["people"].is_empty()
    days = tables(tmp_path)["calendar"].filter(pl.col("day").is_between(day("2026-07-02"), day("2026-07-06")))
    assert days["is_business"].to_list() == [1, 0, 0, 0, 1]  # the Fourth on a Saturday is observed on the Friday


def test_the_command_says_what_it_did(record, tmp_path, settings, monkeypatch, a_part_a_person):
    from tending.web.commands import mart

    settings.HOME = tmp_path
    monkeypatch.setattr(mart, "set_up", lambda: None)
    record.contact("pat", "2026-02-02")
    said = json.loads(CliRunner().invoke(mart.command, ["--json"], catch_exceptions=False).stdout)
    assert (said["folder"], said["rows"]["contacts"], said["parts_written"]) == (str(tmp_path / "mart"), 1, 3)
    again = CliRunner().invoke(mart.command, ["--to", str(tmp_path / "mart")], catch_exceptions=False)
    assert "0 of 3 parts had changes" in again.stdout


def test_the_deidentified_variant_is_made_from_a_mart_that_is_up_to_date(record, tmp_path, settings, monkeypatch):
    from tending.web.commands import mart

    settings.HOME = tmp_path
    monkeypatch.setattr(mart, "set_up", lambda: None)
    record.contact("pat", "2020-02-02")
    said = json.loads(CliRunner().invoke(mart.command, ["--deidentified", "--json"], catch_exceptions=False).stdout)
    assert (said["folder"], said["deidentified"], said["rows"]["contacts"]) == (
        str(tmp_path / "mart-deidentified"),
        True,
        1,
    )
    assert AuditEvent.objects.filter(kind=AuditEvent.Kind.EXPORT).count() == 2
    again = CliRunner().invoke(mart.command, ["--deidentified", "--to", str(tmp_path / "mart")])
    assert again.exit_code == 1
    assert "would replace the provider's own mart" in again.output
    everything = b"".join(path.read_bytes() for path in (tmp_path / "mart-deidentified").rglob("*.parquet"))
    assert b"East team" not in everything
