import json
from datetime import UTC, datetime

import pytest

from tending.collect import raw_store
from tending.collect.models import Delivery, DeliveryItem, Submission
from tending.collect.raw_lines import raw_line

NOW = datetime(2026, 6, 1, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.RAW_STORE = tmp_path


def sent(form: str, content: bytes) -> int:
    stored = raw_store.keep([content])
    submission = Submission.objects.create(
        sha256=stored.sha256, source="ehr", kind="x", media_type="x", size=stored.size, received_at=NOW
    )
    delivery = Delivery.objects.create(form=form, source="ehr", name="x", received_at=NOW)
    DeliveryItem.objects.create(delivery=delivery, submission=submission, order=0, name="x")
    return submission.pk


def observation(key: str, value: int) -> dict:
    return {"resourceType": "Observation", "id": key, "valueInteger": value}


def test_one_line_of_ndjson_as_it_was_sent_and_laid_out():
    lines = [json.dumps(observation(f"o{n}", n)) for n in range(3)]
    found = raw_line(submission_id=sent("FHIR", "\n".join(lines).encode()), line=2, own_id="o1")
    assert found.text == lines[1]
    assert '\n  "id": "o1"' in found.laid_out
    assert found.checked


@pytest.mark.parametrize("indent", [None, 2])
def test_of_a_file_that_is_one_bundle_only_the_entry(indent):
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": observation(f"o{n}", n)} for n in range(3)],
    }
    found = raw_line(submission_id=sent("FHIR", json.dumps(bundle, indent=indent).encode()), line=3, own_id="o2")
    assert json.loads(found.text) == observation("o2", 2)
    assert "o1" not in found.text


def test_of_a_bundle_on_a_line_only_the_entry_of_this_record():
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": [{"resource": observation(k, 1)} for k in "ab"]}
    content = "\n".join([json.dumps(bundle), json.dumps(observation("z", 1))]).encode()
    found = raw_line(submission_id=sent("FHIR", content), line=1, own_id="Observation/b")
    assert json.loads(found.text) == observation("b", 1)


def test_a_csv_record_has_its_header_and_the_lines_of_a_quoted_cell():
    content = b'goal_id,words\r\nG1,"Walk\r\nby the river"\r\nG2,Sleep\r\n'
    found = raw_line(submission_id=sent("CSV", content), line=2, own_id="G1")
    assert found.text == 'G1,"Walk\nby the river"'
    assert found.header == "goal_id,words"


def test_answers_one_row_each_are_shown_together_and_nobody_elses():
    content = b"response_id,person_id,item,value\nQ1,P1,1,3\nQ1,P1,2,2\nQ2,P2,1,0\n"
    found = raw_line(submission_id=sent("CSV", content), line=2, own_id="Q1")
    assert found.text == "Q1,P1,1,3\nQ1,P1,2,2"


def test_what_cannot_be_shown_says_why():
    pk = sent("CSV", b"a,b\n1,2\n")
    assert raw_line(submission_id=pk, line=9, own_id="1").trouble == "The file has no such line."
    path = raw_store.path_of(Submission.objects.get(pk=pk).sha256)
    path.chmod(0o600)
    path.write_bytes(b"damaged")
    assert "no longer what arrived" in raw_line(submission_id=pk, line=2, own_id="1").trouble
    path.unlink()
    assert "not in the raw store" in raw_line(submission_id=pk, line=2, own_id="1").trouble


def test_a_line_without_end_is_cut_and_said_to_be():
    found = raw_line(submission_id=sent("CSV", b"words\n" + b"a" * 30_000), line=2, own_id="1")
    assert found.cut
    assert len(found.text) == 20_000
