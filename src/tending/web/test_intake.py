"""From a folder to the record: resumed wherever it stopped, mended where it was wrong, the same however often."""

import io
import zipfile

import pytest
from tests.support.files import a_provider, answers, contact, episode, load, record, write

from tending.base.audit.models import AuditEvent
from tending.base.people.models import Person
from tending.collect import actions as collect
from tending.collect import queries as collected
from tending.collect import raw_store as store
from tending.collect.arrivals import Refused
from tending.collect.files import files_of
from tending.collect.models import Delivery, DeliveryItem, QuarantinedRow, Submission
from tending.keep.models import Contact, Goal, GoalRating, PersonHead, ProviderVersion, RecordRow, Response
from tending.web import intake

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("raw_store")]


@pytest.fixture
def folder(tmp_path):
    return a_provider(tmp_path / "export")


def test_a_folder_becomes_a_record(folder):
    write(folder, "contacts", [contact("C1"), contact("C2", person_id="P2")])
    write(folder, "answers", answers("R1", [1, 2, 0]))
    delivery = collected.delivery(load(folder))
    assert delivery.finished_at
    assert {item.name: item.new for item in delivery.items} == {
        "organisations.csv": 1,
        "teams.csv": 1,
        "staff.csv": 2,
        "people.csv": 2,
        "episodes.csv": 2,
        "contacts.csv": 2,
        "answers.csv": 1,
    }
    assert Contact.objects.get(source_key="ehr:contacts:C1").person.name == "Pat Example"
    assert Response.objects.get().items == {"1": 1, "2": 2, "3": 0}
    assert not QuarantinedRow.objects.exists()


def test_every_row_leads_back_to_its_bytes(folder):
    write(folder, "contacts", [contact("C1"), contact("C2")])
    load(folder)
    row = Contact.objects.get(source_key="ehr:contacts:C2")
    text = b"".join(store.read(row.submission.sha256)).decode()
    assert text.splitlines()[row.line - 1].startswith("C2,")


def test_the_same_folder_again_changes_nothing(folder):
    write(folder, "contacts", [contact("C1"), contact("C1", minutes=10), contact("C2", person_id="P9")])
    load(folder)
    before = (record(), dict(PersonHead.objects.values_list("person", "token")), Submission.objects.count())
    quarantined = list(QuarantinedRow.objects.order_by("id").values())
    ids = list(Contact.objects.order_by("id").values_list("id", "superseded_by"))
    delivery = collected.delivery(load(folder))
    assert (record(), dict(PersonHead.objects.values_list("person", "token")), Submission.objects.count()) == before
    assert list(QuarantinedRow.objects.order_by("id").values()) == quarantined
    assert list(Contact.objects.order_by("id").values_list("id", "superseded_by")) == ids
    assert sum(item.new + item.corrected for item in delivery.items) == 0


def test_a_corrected_file_supersedes(folder, tmp_path):
    write(folder, "contacts", [contact("C1"), contact("C2")])
    load(folder)
    mended = tmp_path / "mended"
    write(mended, "contacts", [contact("C1", status="NO_SHOW"), contact("C2")])
    (item,) = collected.delivery(load(mended)).items
    assert (item.new, item.same, item.corrected) == (0, 1, 1)
    assert Contact.objects.current().get(source_key="ehr:contacts:C1").status == "NO_SHOW"
    assert Contact.objects.filter(source_key="ehr:contacts:C1").count() == 2


def test_rows_that_come_before_what_they_mean_wait_and_are_kept_by_themselves(folder, tmp_path):
    first = tmp_path / "first"
    write(first, "contacts", [contact("C1"), contact("C2", staff_id="S7")])
    write(
        first,
        "goals",
        [{"goal_id": "G1", "person_id": "P1", "stated_date": "2024-02-01", "words": "w", "status": "ACTIVE"}],
    )
    write(
        first,
        "goal_ratings",
        [
            {
                "rating_id": "GR1",
                "goal_id": "G1",
                "person_id": "P1",
                "rated_date": "2024-03-01",
                "rating": 4,
                "rated_by": "PERSON",
            }
        ],
    )
    write(first, "answers", answers("R1", [1, 2]))
    load(first)
    assert not Contact.objects.exists()
    waiting = QuarantinedRow.objects.filter(resolved_at__isnull=True)
    assert set(waiting.values_list("reason", "reference")) == {("UNKNOWN_PERSON", "P1"), ("UNKNOWN_GOAL", "G1")} | {
        ("UNKNOWN_PERSON", "P1")
    }
    load(folder)
    assert [row.source_key for row in Contact.objects.all()] == ["ehr:contacts:C1"]
    assert (Goal.objects.count(), GoalRating.objects.count(), Response.objects.count()) == (1, 1, 1)
    assert list(waiting.values_list("reason", "reference")) == [("UNKNOWN_STAFF", "S7")]


def test_a_rating_waits_for_its_goal_and_the_goal_for_its_person(folder, tmp_path):
    rating = {
        "rating_id": "GR1",
        "goal_id": "G1",
        "person_id": "P1",
        "rated_date": "2024-03-01",
        "rating": 4,
        "rated_by": "PERSON",
    }
    write(tmp_path / "a", "goal_ratings", [rating])
    load(tmp_path / "a")
    load(folder)
    assert QuarantinedRow.objects.get(resolved_at__isnull=True).reason == "UNKNOWN_GOAL"
    goal = {"goal_id": "G1", "person_id": "P1", "stated_date": "2024-02-01", "words": "w", "status": "ACTIVE"}
    write(tmp_path / "b", "goals", [goal])
    load(tmp_path / "b")
    assert GoalRating.objects.count() == 1
    assert not QuarantinedRow.objects.filter(resolved_at__isnull=True).exists()


def test_a_mended_mapping_and_a_replay_keep_what_was_quarantined(folder):
    write(folder, "contacts", [contact("C1", status="Kept"), contact("C2"), contact("C3", status="DNA")])
    load(folder)
    assert QuarantinedRow.objects.filter(reason="UNKNOWN_CODE").count() == 2
    submission = Submission.objects.get(kind="contacts")
    mapping = {"files": {"contacts": {"codes": {"status": {"Kept": "ATTENDED"}}}}}
    kept = Contact.objects.get()
    intake.work_off(collect.replay(submission_id=submission.pk, mapping=mapping, by=None))
    assert set(Contact.objects.values_list("source_key", flat=True)) == {"ehr:contacts:C1", "ehr:contacts:C2"}
    assert Contact.objects.filter(pk=kept.pk, superseded_by__isnull=True).exists()
    left = QuarantinedRow.objects.get(resolved_at__isnull=True)
    assert (left.line, left.reason) == (4, "UNKNOWN_CODE")


def test_a_replay_does_not_undo_a_later_correction(folder, tmp_path):
    write(folder, "contacts", [contact("C1", status="Kept")])
    load(folder)
    submission = Submission.objects.get(kind="contacts")
    write(tmp_path / "later", "contacts", [contact("C1", status="NO_SHOW")])
    load(tmp_path / "later")
    mapping = {"files": {"contacts": {"codes": {"status": {"Kept": "ATTENDED"}}}}}
    intake.work_off(collect.replay(submission_id=submission.pk, mapping=mapping, by=None))
    assert Contact.objects.current().get().status == "NO_SHOW"
    assert Contact.objects.count() == 2  # what the earlier file said is history


def test_rows_that_waited_count_from_the_last_delivery_that_says_them(folder, tmp_path):
    write(tmp_path / "goals", "goals", [goal("G1", words="to work")])
    write(tmp_path / "other", "goals", [goal("G1", words="to sleep")])
    first, other, again = (
        intake.receive_folder(path, source="ehr", form="CSV", by=None)
        for path in (tmp_path / "goals", tmp_path / "other", tmp_path / "goals")
    )
    intake.work_off(again)  # waits for its person
    load(folder)
    for delivery in (first, other):
        intake.work_off(delivery)
    assert Goal.objects.current().get().words == "to work"
    assert not QuarantinedRow.objects.filter(resolved_at__isnull=True).exists()


def goal(key, **cells):
    return {"goal_id": key, "person_id": "P1", "stated_date": "2024-02-01", "status": "ACTIVE"} | cells


def test_a_file_with_a_missing_column_is_one_fault_and_the_others_are_read(folder):
    (folder / "contacts.csv").write_text("VisitNo,person_id\nC1,P1\n")
    load(folder)
    fault = QuarantinedRow.objects.get()
    file = files_of([fault.submission_id])[fault.submission_id].name
    assert (fault.reason, file, fault.line) == ("MISSING_COLUMN", "contacts.csv", 1)
    assert Person.objects.count() == 2


def test_rows_can_be_set_aside_with_a_reason_and_stay_so(folder, world):
    write(folder, "contacts", [contact("C1", status="Kept")])
    load(folder)
    row = QuarantinedRow.objects.get()
    with pytest.raises(ValueError, match="Say why"):
        collect.set_aside(quarantined_ids=[row.pk], why=" ", by=world.account("dara"))
    collect.set_aside(quarantined_ids=[row.pk], why="A test entry", by=world.account("dara"))
    load(folder)
    row.refresh_from_db()
    assert (row.resolution, row.resolved_by) == ("A test entry", world.account("dara"))
    assert row.resolved_at
    assert AuditEvent.objects.filter(what="set aside 1 quarantined rows", why="A test entry").exists()


class Killed(BaseException):
    """As if the process had gone."""


@pytest.mark.parametrize("die_at", range(1, 14))
def test_a_reading_that_is_killed_anywhere_goes_on_and_nothing_is_lost_or_doubled(folder, monkeypatch, die_at):
    write(folder, "contacts", [contact(f"C{n}", person_id="P1" if n % 3 else "P9") for n in range(40)])
    write(folder, "answers", [row for n in range(6) for row in answers(f"R{n}", [1, 2, 3])])
    monkeypatch.setattr(intake, "AT_ONCE", 7)
    steps = iter(range(1, 1000))
    real = collect.note_progress

    def dying(**said):
        if next(steps) == die_at:
            raise Killed
        real(**said)

    monkeypatch.setattr(collect, "note_progress", dying)
    delivery = intake.receive_folder(folder, source="ehr", form="CSV", by=None)
    with pytest.raises(Killed):
        intake.work_off(delivery)
    assert collected.unfinished() == [delivery]
    assert intake.work_off_all() == 1
    assert Contact.objects.count() == 26
    assert Response.objects.count() == 6
    assert QuarantinedRow.objects.filter(reason="UNKNOWN_PERSON").count() == 14
    item = DeliveryItem.objects.get(name="contacts.csv")
    assert (item.rows_new, item.rows_quarantined, item.lines_read) == (26, 14, 41)
    assert collected.unfinished() == []


def test_two_workers_on_one_delivery_do_not_count_a_piece_twice(folder):
    write(folder, "contacts", [contact("C1")])
    delivery = intake.receive_folder(folder, source="ehr", form="CSV", by=None)
    stale = collected.items_of(delivery)[0]
    intake.work_off(delivery)
    (chunk,) = list(collected.read_chunks(stale.item_id))[:1] or [None]
    with pytest.raises(collect.ReadByAnother):
        collect.note_progress(item_id=stale.item_id, after=0, chunk=chunk, kept=intake._keep(stale, chunk))
    intake.work_off(delivery)
    assert DeliveryItem.objects.get(pk=stale.item_id).rows_new == 1


def test_damaged_bytes_stop_the_delivery_with_a_reason(folder):
    delivery = intake.receive_folder(folder, source="ehr", form="CSV", by=None)
    path = store.path_of(Submission.objects.get(kind="people").sha256)
    path.chmod(0o600)
    path.write_bytes(b"damaged")
    intake.work_off(delivery)
    assert "backup" in Delivery.objects.get().failed_why
    assert Delivery.objects.get().finished_at is None
    assert collected.unfinished() == []  # it waits for a person, not for the next worker


def test_a_delivery_that_cannot_be_read_on_does_not_keep_others_waiting(folder, tmp_path, monkeypatch):
    first = intake.receive_folder(folder, source="ehr", form="CSV", by=None)
    write(tmp_path / "more", "people", [{"person_id": "P7", "given_name": "Wren"}])
    second = intake.receive_folder(tmp_path / "more", source="ehr", form="CSV", by=None)
    real = collected.read_chunks

    def breaking(item_id, *rest):
        if collected.item(item_id).delivery_id == first:
            raise RuntimeError("a fault of ours")
        return real(item_id, *rest)

    monkeypatch.setattr(collected, "read_chunks", breaking)
    with pytest.raises(RuntimeError, match="a fault of ours"):
        intake.work_off_all()
    assert collected.unfinished() == [first]
    assert collected.delivery(second).finished_at


def test_an_archive_and_a_single_file_come_in_through_a_page(folder):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        for path in folder.iterdir():
            made.write(path, path.name)
    content.seek(0)
    intake.work_off(intake.receive_upload(content, name="export.zip", source="ehr", form="CSV", by=None))
    assert Person.objects.count() == 2
    one = write(folder, "contacts", [contact("C1")])
    with one.open("rb") as file:
        intake.work_off(intake.receive_upload(file, name="contacts.csv", source="ehr", form="CSV", by=None))
    assert Contact.objects.count() == 1


def test_files_nobody_knows_are_said_and_a_folder_of_them_is_refused(folder, tmp_path):
    (folder / "notes.txt").write_text("x")
    delivery = collected.delivery(load(folder))
    assert list(delivery.notes["not_read"]) == ["notes.txt"]
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "notes.txt").write_text("x")
    with pytest.raises(Refused, match=r"notes\.txt"):
        load(tmp_path / "odd")
    assert Delivery.objects.count() == 1


def test_a_mapping_names_files_and_a_dry_run_says_what_would_happen_and_writes_nothing(folder, raw_store):
    mapping = {"files": {"contacts": {"file": "visits.csv"}}}
    rows = [contact("C1"), contact("C2", status="Kept"), contact("C3", staff_id="S7"), contact("C4", person_id="P9")]
    write(folder, "contacts", [*rows, contact("C5", starts_at="2124-01-01")], name="visits.csv")
    said = intake.dry_run(folder, source="ehr", form="CSV", mapping=mapping)
    assert said.counts["contacts"].new == 3
    assert said.counts["contacts"].not_understood == 2
    assert {(one.reason, one.n) for one in said.faults} == {("UNKNOWN_CODE", 1), ("FUTURE_DATE", 1)}
    assert said.faults[0].examples[0].fix
    assert {kind: dict(of) for kind, of in said.missing.items()} == {"people": {"P9": 1}, "staff": {"S7": 1}}
    assert not any(model.objects.exists() for model in (Delivery, Submission, ProviderVersion, Person, AuditEvent))
    assert not raw_store.exists()
    load(folder, mapping=mapping)
    again = intake.dry_run(folder, source="ehr", form="CSV", mapping=mapping)
    assert (again.counts["contacts"].same, again.counts["contacts"].new) == (1, 2)
    assert again.counts["people"].same == 2


def test_progress_is_told_as_it_is_made(folder, monkeypatch):
    write(folder, "contacts", [contact(f"C{n}") for n in range(20)])
    monkeypatch.setattr(intake, "AT_ONCE", 5)
    told = []
    intake.work_off(intake.receive_folder(folder, source="ehr", form="CSV", by=None), told.append)
    of_contacts = [progress for progress in told if progress.file == "contacts.csv"]
    assert [progress.new for progress in of_contacts] == [5, 10, 15, 20]
    assert of_contacts[-1].lines_read == 21
    assert of_contacts[-1].bytes_read == of_contacts[-1].size


def test_a_deliverys_audit_lines_name_who_and_what(folder, world):
    by = world.account("dara")
    delivery = intake.receive_folder(folder, source="ehr", form="CSV", by=by)
    intake.work_off(delivery)
    lines = AuditEvent.objects.filter(subject=f"delivery:{delivery}").order_by("id")
    assert [line.actor for line in lines] == [by.email, by.email]


def test_every_table_of_the_record_is_reached_by_some_kind():
    from tending.keep.kinds import KINDS

    assert {kind.model for kind in KINDS.values()} >= set(RecordRow.__subclasses__())


def test_episodes_without_a_team_are_kept(folder):
    write(folder, "episodes", [episode("E1", team_id="")])
    load(folder)
    assert not QuarantinedRow.objects.exists()
