"""A row nobody understood: seen as it arrived, tried again, set aside with a reason, or taken along as a list."""

import csv
import hashlib
import io

import pytest

from tending.base.audit.models import AuditEvent
from tending.collect.models import Delivery, QuarantinedRow
from tending.keep.models import Contact
from tending.web import intake

HEADER = "contact_id,person_id,staff_id,team_id,starts_at,minutes,kind,medium,status\n"
GOOD = "C1,pat,alice,east,2026-03-02T10:00,50,THERAPY,IN_PERSON,ATTENDED\n"
EVIL = '"=HYPERLINK(""http://x"",""<script>alert(1)</script>"")"'
BAD = f"C2,pat,alice,east,soon,50,THERAPY,IN_PERSON,{EVIL}\n"
UNKNOWN = "C3,=ghost,alice,east,2026-03-02T10:00,50,THERAPY,IN_PERSON,ATTENDED\n"
WITHIN = "/data-quality/quarantine/"


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.RAW_STORE = tmp_path / "raw"


def load(tmp_path, world, text, name="contacts.csv", mapping=None, form="CSV"):
    path = tmp_path / name
    path.write_text(text)
    delivery = intake.receive_folder(path, source="ehr", form=form, mapping=mapping, by=world.account("dara"))
    intake.work_off(delivery)
    return delivery


def named(row):
    return {"submission": row.submission_id, "kind": row.kind, "field": row.field, "reason": row.reason}


def test_a_row_is_shown_as_it_arrived_escaped_with_why_and_what_to_do(world, tmp_path):
    load(tmp_path, world, HEADER + GOOD + BAD)
    row = QuarantinedRow.objects.get()
    page = world.client("dara").get(f"{WITHIN}{row.pk}/")
    assert page.status_code == 200
    assert row.message.replace("“", "").split(":")[0] in page.text.replace("“", "")
    assert row.fix in page.text
    assert ("starts_at", "soon", True) in page.context["raw"].cells
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    look = AuditEvent.objects.get(what="looked at one quarantined row as it arrived")
    assert look.actor == "dara@example.org"


def test_a_fhir_row_is_shown_as_its_resource(world, tmp_path):
    load(
        tmp_path,
        world,
        '{"resourceType":"Encounter","id":"e1","status":"finished"}\n',
        "Encounter.ndjson",
        form="FHIR",
    )
    row = QuarantinedRow.objects.first()
    assert '"resourceType": "Encounter"' in world.client("dara").get(f"{WITHIN}{row.pk}/").context["raw"].text


def test_a_file_that_is_gone_is_said_and_the_page_still_opens(world, tmp_path, settings):
    load(tmp_path, world, HEADER + BAD)
    settings.RAW_STORE = tmp_path / "elsewhere"
    row = QuarantinedRow.objects.get()
    page = world.client("dara").get(f"{WITHIN}{row.pk}/")
    assert "bring it back from a backup" in page.text


def test_a_row_that_waited_is_tried_again_once_and_doubles_nothing(world, tmp_path):
    load(tmp_path, world, HEADER + GOOD + UNKNOWN)
    row = QuarantinedRow.objects.get()
    dara = world.client("dara")
    still = dara.post(f"{WITHIN}{row.pk}/again/", follow=True)
    assert "1 row waits on" in still.text
    world.person("=ghost", team="east")

    kept = dara.post(f"{WITHIN}{row.pk}/again/", follow=True)
    again = dara.post(f"{WITHIN}{row.pk}/again/", follow=True)

    assert "1 row is in the record now" in kept.text
    assert "nothing left to try again" in again.text
    assert Contact.objects.count() == 2
    row.refresh_from_db()
    assert row.resolution == "REPLAYED"
    assert "Understood on" in again.text


def test_all_rows_of_a_reason_are_tried_again_together(world, tmp_path):
    ghosts = "".join(UNKNOWN.replace("C3", f"C{n}") for n in range(10, 15))
    load(tmp_path, world, HEADER + BAD + ghosts)
    world.person("=ghost", team="east")
    dara = world.client("dara")
    row = QuarantinedRow.objects.filter(reason="UNKNOWN_PERSON").first()

    for _ in range(2):
        dara.post(f"{WITHIN}again/", named(row))

    assert Contact.objects.count() == 5
    assert QuarantinedRow.objects.get(resolved_at__isnull=True).reason != "UNKNOWN_PERSON"


def test_very_many_rows_are_left_to_the_worker(world, tmp_path, monkeypatch):
    monkeypatch.setattr("tending.web.deliveries.again.AT_ONCE", 1)
    delivery = load(tmp_path, world, HEADER + UNKNOWN + UNKNOWN.replace("C3", "C4"))
    world.person("=ghost", team="east")
    answer = world.client("dara").post(f"{WITHIN}again/", named(QuarantinedRow.objects.first()))
    assert answer.url == f"/deliveries/{delivery}/"
    assert Delivery.objects.get().finished_at is None
    intake.work_off_all()
    assert Contact.objects.count() == 2


def test_setting_aside_asks_for_a_reason_then_whether_one_is_sure(world, tmp_path):
    load(tmp_path, world, HEADER + BAD)
    row = QuarantinedRow.objects.get()
    dara = world.client("dara")
    without = dara.post(f"{WITHIN}{row.pk}/set-aside/", {"why": " "})
    assert without.status_code == 422
    assert "There is a problem" in without.text
    sure = dara.post(f"{WITHIN}{row.pk}/set-aside/", {"why": "a test row"})
    assert sure.status_code == 200
    assert "Set 1 row aside?" in sure.text
    assert 'name="why" value="a test row"' in sure.text
    row.refresh_from_db()
    assert row.resolved_at is None

    done = dara.post(f"{WITHIN}{row.pk}/set-aside/", {"why": "a test row", "confirmed": "yes"}, follow=True)

    row.refresh_from_db()
    assert (row.resolution, row.resolved_by) == ("a test row", world.account("dara"))
    assert "Set aside on" in done.text
    assert AuditEvent.objects.get(what__startswith="set aside 1").why == "a test row"


def test_a_group_is_set_aside_together_and_stays_so_when_the_file_comes_again(world, tmp_path):
    load(tmp_path, world, HEADER + BAD + BAD.replace("C2", "C5"))
    row = QuarantinedRow.objects.first()
    dara = world.client("dara")
    assert "Set 2 rows aside?" in dara.post(f"{WITHIN}set-aside/", {**named(row), "why": "tests"}).text
    dara.post(f"{WITHIN}set-aside/", {**named(row), "why": "tests", "confirmed": "yes"})
    load(tmp_path, world, HEADER + BAD + BAD.replace("C2", "C5"))
    assert not QuarantinedRow.objects.filter(resolved_at__isnull=True).exists()
    gone = dara.post(f"{WITHIN}set-aside/", {**named(row), "why": "tests", "confirmed": "yes"}, follow=True)
    assert "nothing left to set aside" in gone.text
    assert dara.get(WITHIN, named(row)).status_code == 404


def test_the_list_is_taken_along_without_formulas_and_leaves_its_hash(world, tmp_path):
    load(tmp_path, world, HEADER + UNKNOWN)
    answer = world.client("dara").post(f"{WITHIN}list.csv", named(QuarantinedRow.objects.get()))
    assert answer["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][7] == "'=ghost"
    line = AuditEvent.objects.get(kind="EXPORT")
    assert line.count == 1
    assert line.subject == f"sha256:{hashlib.sha256(answer.content).hexdigest()}"


@pytest.mark.parametrize("name", ["alice", "bob", "sana", "lena", "mona", "boris", "rita", "paolo"])
def test_nobody_else_opens_or_mends_a_row(world, tmp_path, name):
    load(tmp_path, world, HEADER + BAD)
    row, client = QuarantinedRow.objects.get(), world.client(name)
    assert client.get(f"{WITHIN}{row.pk}/").status_code == 403
    assert client.get(WITHIN, named(row)).status_code == 403
    for path in (f"{row.pk}/set-aside/", f"{row.pk}/again/", "set-aside/", "again/", "list.csv"):
        assert client.post(f"{WITHIN}{path}", {**named(row), "why": "x", "confirmed": "yes"}).status_code == 403, path
    assert QuarantinedRow.objects.filter(resolved_at__isnull=True).count() == 1


@pytest.mark.parametrize("query", [{}, {"submission": "x"}, {"submission": 10**30, "kind": "a", "reason": "b"}])
def test_an_address_that_names_no_rows_is_not_found(world, query):
    dara = world.client("dara")
    assert dara.get(WITHIN, query).status_code == 404
    assert dara.post(f"{WITHIN}again/", query).status_code == 404
    assert dara.get(f"{WITHIN}999999/").status_code == 404
