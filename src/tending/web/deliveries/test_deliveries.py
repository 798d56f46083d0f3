"""Files come in by a page: first what they would do, then yes. Dara stewards the data; the others may not."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tending.base import clock
from tending.base.audit.models import AuditEvent
from tending.base.people.models import Person
from tending.collect.models import Delivery, QuarantinedRow, Submission
from tending.keep.models import Contact
from tending.web import intake
from tending.web.deliveries import offered

CONTACTS = """contact_id,person_id,staff_id,team_id,starts_at,minutes,kind,medium,status
C1,pat,alice,east,2026-03-02T10:00,50,THERAPY,IN_PERSON,ATTENDED
C2,pat,alice,east,2026-03-09T10:00,50,THERAPY,IN_PERSON,NO_SHOW
C3,pat,alice,east,soon,50,THERAPY,IN_PERSON,ATTENDED
C4,nobody,alice,east,2026-03-09T10:00,50,THERAPY,IN_PERSON,ATTENDED
"""


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.RAW_STORE = tmp_path / "raw"


def upload(client, content=CONTACTS, name="contacts.csv", **fields):
    content = content.encode() if isinstance(content, str) else content
    given = {"form": "CSV", "source": "ehr", "file": SimpleUploadedFile(name, content), **fields}
    return client.post("/deliveries/give/", given)


def zipped(**files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_csv", ".csv"), content)
    return packed.getvalue()


def test_a_file_is_rehearsed_then_loaded_and_the_page_says_what_became_of_it(world):
    dara = world.client("dara")
    answer = upload(dara)
    assert answer.status_code == 302
    page = dara.get(answer.url)
    assert "What contacts.csv would do" in page.text
    assert "soon" in page.text
    assert "nobody" in page.text
    assert page.context["result"].n_new == 3  # the row that waits for a reference is counted, and named as missing
    assert not Delivery.objects.exists()
    assert not Submission.objects.exists()

    done = dara.post(f"{answer.url}give/")

    delivery = Delivery.objects.get()
    assert done.url == f"/deliveries/{delivery.pk}/"
    assert Contact.objects.count() == 2
    shown = dara.get(done.url)
    assert (shown.context["given"].new, shown.context["given"].waiting) == (2, 2)
    assert "Read, some rows wait" in shown.text
    listed = dara.get("/deliveries/").text
    assert "contacts.csv" in listed


def test_saying_yes_twice_or_sending_the_file_twice_doubles_nothing(world):
    dara = world.client("dara")
    offer = upload(dara).url
    first = dara.post(f"{offer}give/")
    again = dara.post(f"{offer}give/")
    assert first.url == again.url
    assert Delivery.objects.count() == 1
    dara.post(f"{upload(dara).url}give/")
    assert Contact.objects.count() == 2
    assert Submission.objects.count() == 1
    assert QuarantinedRow.objects.count() == 2


def test_a_second_yes_while_the_first_is_at_work_is_told_so(world):
    dara = world.client("dara")
    offer = upload(dara).url
    place = offered._root() / offer.rstrip("/").rsplit("/", 1)[1]
    place.rename(place.with_suffix(".taken"))
    answer = dara.post(f"{offer}give/", follow=True)
    assert answer.redirect_chain == [("/deliveries/", 302)]
    assert "being taken in" in answer.text


def test_a_small_file_whose_reading_breaks_is_kept_for_the_worker(world, monkeypatch, caplog):
    dara = world.client("dara")
    offer = upload(dara).url

    def breaks(delivery_id):
        raise OSError("the disk was away")

    with monkeypatch.context() as broken:
        broken.setattr(intake, "work_off", breaks)
        assert dara.post(f"{offer}give/").status_code == 302
    assert "the worker goes on with it" in caplog.text
    assert Contact.objects.count() == 0
    intake.work_off_all()
    assert Contact.objects.count() == 2


def test_yes_before_it_was_looked_at_cannot_bring_in_what_is_refused(world, monkeypatch):
    monkeypatch.setattr(offered, "AT_ONCE", 10)
    dara = world.client("dara")
    offer = upload(dara, name="visits.csv").url
    answer = dara.post(f"{offer}give/", follow=True)
    assert "None of these files is one we know" in answer.text
    assert not Delivery.objects.exists()


def test_an_offer_is_forgotten_after_a_day(world):
    dara = world.client("dara")
    offer = upload(dara).url
    with clock.travelling(to=clock.now() + timedelta(hours=25)):
        offered.forget()
    assert dara.get(offer).status_code == 404


def test_a_file_that_is_all_known_says_so(world):
    dara = world.client("dara")
    known = CONTACTS.splitlines(keepends=True)
    content = "".join(known[:3])
    dara.post(f"{upload(dara, content).url}give/")
    assert "Loading it changes nothing" in dara.get(upload(dara, content).url).text


def test_not_loading_it_leaves_nothing_behind(world, settings):
    dara = world.client("dara")
    offer = upload(dara).url
    dara.post(f"{offer}withdraw/")
    assert dara.get(offer).status_code == 404
    assert list(offered._root().iterdir()) == []


BAD = {
    "no file": ({"file": ""}, "Choose a file: The file"),
    "another kind of file": ({"name": "notes.docx"}, "The name of such a file ends in one of"),
    "a name no template has": ({"name": "visits.csv"}, "None of these files is one we know"),
    "not an archive": ({"name": "all.zip", "content": b"PK nonsense"}, "is not a zip archive"),
    "a path that points elsewhere": (
        {"name": "all.zip", "content": zipped(**{"..__contacts_csv": CONTACTS})},
        "lies in a folder or points elsewhere",
    ),
    "an archive made to burst": (
        {"name": "all.zip", "content": zipped(contacts_csv=b"0" * (40 << 20))},
        "would unpack to far more",
    ),
    "a source with a colon": ({"source": "ehr:1"}, "letters, digits, dots"),
    "a mapping that is no YAML": (
        {"mapping": SimpleUploadedFile("map.yaml", b"files: [")},
        "map.yaml cannot be read",
    ),
    "a mapping with a wrong word": (
        {"mapping": SimpleUploadedFile("map.yaml", b"files: {contact: {file: x.csv}}")},
        "Did you mean “contacts”",
    ),
    "a mapping for FHIR": (
        {"form": "FHIR", "name": "x.ndjson", "mapping": SimpleUploadedFile("map.yaml", b"")},
        "A mapping file is for CSV only",
    ),
    "no earlier mapping": ({"same_mapping": "on"}, "No earlier delivery from “ehr” had a mapping"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_come_in_is_one_clear_message(world, case):
    fields, words = BAD[case]
    answer = upload(world.client("dara"), **fields)
    assert answer.status_code == 422
    summary = answer.text.split('class="error-links">')[1].split("</ul>")[0]
    assert words in summary.replace("&#x27;", "'")
    assert summary.count("<li>") == 1
    assert list(offered._root().iterdir()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (CONTACTS.encode("utf-16"), "UTF-16"),
        (CONTACTS.replace("pat", "Zoë").encode("cp1252"), "Windows-1252"),
        (b"", "is empty"),
        (b"a,b\n1,2\n", "contact_id"),
    ],
)
def test_what_a_file_gets_wrong_stands_on_the_page_of_what_it_would_do(world, content, words):
    dara = world.client("dara")
    assert words in dara.get(upload(dara, content).url).text


def test_a_large_file_is_rehearsed_by_the_worker_and_the_page_says_how_far(world, monkeypatch):
    monkeypatch.setattr(offered, "AT_ONCE", 10)
    dara = world.client("dara")
    offer = upload(dara).url
    page = dara.get(offer)
    assert "See how far it is" in page.text
    assert "every 3s" in page.text
    assert offered.waiting()

    offered.rehearse_waiting()

    assert not offered.waiting()
    assert "Load it" in dara.get(offer).text
    dara.post(f"{offer}give/")
    given = dara.get(f"/deliveries/{Delivery.objects.get().pk}/")
    assert "Waiting to be read" in given.text
    assert "See how far it is" in given.text
    intake.work_off_all()
    assert "every 3s" not in dara.get(f"/deliveries/{Delivery.objects.get().pk}/").text


def test_a_large_file_that_cannot_come_in_says_why_on_its_page(world, monkeypatch):
    monkeypatch.setattr(offered, "AT_ONCE", 10)
    dara = world.client("dara")
    offer = upload(dara, name="visits.csv").url
    offered.rehearse_waiting()
    page = dara.get(offer)
    assert page.status_code == 422
    assert "None of these files is one we know" in page.text


def test_a_mapping_is_used_and_used_again_by_the_next_delivery(world):
    dara = world.client("dara")
    content = CONTACTS.replace("contact_id", "VisitNo")
    mapping = b"files: {contacts: {file: visits.csv, columns: {contact_id: VisitNo}}}"
    first = upload(dara, content, "visits.csv", mapping=SimpleUploadedFile("map.yaml", mapping))
    dara.post(f"{first.url}give/")
    assert Contact.objects.count() == 2
    second = upload(dara, content.replace("C2", "C5"), "visits.csv", same_mapping="on")
    dara.post(f"{second.url}give/")
    assert Contact.objects.count() == 3


def test_files_are_read_again_with_a_mended_mapping(world):
    dara = world.client("dara")
    content = CONTACTS.replace("THERAPY", "TALK")
    done = dara.post(f"{upload(dara, content).url}give/")
    assert Contact.objects.count() == 0
    mended = SimpleUploadedFile("map.yaml", b"files: {contacts: {codes: {kind: {TALK: THERAPY}}}}")
    bad = dara.post(f"{done.url}again/", {"mapping": SimpleUploadedFile("map.yaml", b"files: [")})
    assert bad.status_code == 422
    assert "cannot be read" in bad.text
    assert dara.post(f"{done.url}again/", {"mapping": mended}).url == done.url
    intake.work_off_all()
    assert Contact.objects.count() == 2
    assert QuarantinedRow.objects.filter(resolved_at__isnull=True).count() == 2


def test_files_are_read_again_as_before_csv_and_fhir(world):
    dara = world.client("dara")
    patient = '{"resourceType":"Patient","id":"p1","name":[{"family":"Ito"}]}\n'
    for offer in (upload(dara), upload(dara, patient, "Patient.ndjson", form="FHIR")):
        done = dara.post(f"{offer.url}give/")
        before = Contact.objects.count(), Person.objects.count()
        assert dara.post(f"{done.url}again/").url == done.url
        assert "Waiting to be read" in dara.get(done.url).text
        intake.work_off_all()
        assert (Contact.objects.count(), Person.objects.count()) == before
        assert "Waiting to be read" not in dara.get(done.url).text
    assert "for CSV only" in dara.post(f"{done.url}again/", {"mapping": SimpleUploadedFile("m.yaml", b"")}).text


@pytest.mark.parametrize("name", ["alice", "bob", "sana", "lena", "mona", "boris", "rita", "paolo"])
def test_only_who_looks_after_the_data_may_give_files(world, name):
    client = world.client(name)
    for path in ("/deliveries/", "/deliveries/give/", "/deliveries/1/", f"/deliveries/offered/{'a' * 32}/"):
        assert client.get(path).status_code == 403, path
    for path in (f"/deliveries/offered/{'a' * 32}/give/", "/deliveries/1/again/", "/data-quality/quarantine/again/"):
        assert client.post(path).status_code == 403, path
    assert upload(client).status_code == 403


def test_what_one_offered_another_cannot_open_or_load(world):
    offer = upload(world.client("dara")).url
    ada = world.client("ada")
    assert ada.get(offer).status_code == 404
    assert ada.post(f"{offer}give/").status_code == 404
    assert not Delivery.objects.exists()
    assert world.client("dara").get("/deliveries/offered/..%2F..%2Fraw/").status_code == 404


def test_receiving_leaves_a_line_with_the_name_of_who_gave_it(world):
    dara = world.client("dara")
    dara.post(f"{upload(dara).url}give/")
    line = AuditEvent.objects.get(what__startswith="received 1 file")
    assert line.actor == "dara@example.org"


def queries(client, path):
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)


def test_the_list_and_a_delivery_cost_the_same_however_many_there_are(world):
    dara = world.client("dara")
    dara.post(f"{upload(dara).url}give/")
    first = f"/deliveries/{Delivery.objects.get().pk}/"
    dara.get(first)  # the message is read
    few = queries(dara, "/deliveries/"), queries(dara, first)
    for n in range(4):
        dara.post(f"{upload(dara, CONTACTS.replace('C2', f'X{n}').replace('nobody', f'no{n}')).url}give/")
    files = zipped(contacts_csv=CONTACTS.replace("soon", "later"), people_csv="person_id\n")
    dara.post(f"{upload(dara, files, 'all.zip').url}give/")
    last = f"/deliveries/{Delivery.objects.latest('pk').pk}/"
    dara.get(last)
    assert (queries(dara, "/deliveries/"), queries(dara, last)) == few
    assert max(few) <= 18
