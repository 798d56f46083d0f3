"""One PHQ-9 total, followed by its links alone: the line, the score, the signal, the review, the evidence."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from tending.base import clock
from tending.base.access.models import Account
from tending.base.people.accounts import give_account
from tending.base.people.models import Person
from tending.measure.models import Score
from tending.web.test_fhir_load import SYNTHEA, load, total, visit, write
from tending.web.turn import turn

NOW = datetime(2026, 6, 15, 14, tzinfo=UTC)
PASSWORD = "follow the total"
WORSE = 22


@pytest.fixture
def lead(db, settings, tmp_path) -> Client:
    """A provider that knows nothing but an export of one person, and the clinical lead who reads it."""
    settings.RAW_STORE = tmp_path / "raw"
    with clock.travelling(to=NOW):
        folder = write(
            tmp_path / "export",
            Patient=[{"id": "p1", "name": [{"given": ["Ines"], "family": "Kim"}], "birthDate": "1990-05-17"}],
            Encounter=[visit("v1", "2026-05-04"), visit("v2", "2026-06-12")],
            Observation=[total("o1", "2026-05-04", 9), total("o2", "2026-06-12", WORSE)],
        )
        load(folder)
        turn()
        yield signed_in()


def signed_in() -> Client:
    give_account(
        email="lead@example.org", password=PASSWORD, name="Lena Lead", role="CLINICAL_LEAD", staff_code="lead"
    )
    client = Client()
    client.force_login(Account.objects.get(), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def link(text: str, pattern: str) -> str:
    found = re.search(rf'href="({pattern})[#"]', text)
    assert found, f"no link like {pattern}"
    return found.group(1)


def test_from_the_person_to_the_line_and_on_to_the_evidence(lead):
    story = page(lead, f"/people/{Person.objects.get().pk}/")
    assert f"PHQ-9: {WORSE}" in story

    # The score opens to where it came from: the file, the line and the line's own text.
    origin = page(lead, link(story, r"/people/\d+/source/scores/[^\"#]*o2[^\"#]*"))
    assert "Observation.000.ndjson" in origin
    assert "line 2" in origin.lower()
    assert "44261-6" in origin
    assert re.search(rf"valueInteger|{WORSE}", origin)

    # From there to the signal that rests on it, with its chain to the review.
    chain = page(lead, link(origin, r"/(?:evidence|people/\d+)/signals/\d+/"))
    assert "Low mood is getting worse" in chain
    assert str(WORSE) in chain
    review = page(lead, link(chain, r"/reviews/\d+/"))
    assert "Low mood is getting worse" in review
    assert f"{WORSE}, severe" in review

    # And the evidence page counts it, and opens to the same signal.
    evidence = page(lead, "/evidence/")
    listed = page(lead, link(evidence, r"/evidence/signals/[^\"#]*").replace("&amp;", "&"))
    signal = re.search(r"signals/(\d+)/", link(origin, r"/(?:evidence|people/\d+)/signals/\d+/")).group(1)
    assert f"/evidence/signals/{signal}/" in listed


@pytest.mark.skipif(not SYNTHEA.is_dir(), reason="not here: ../shared/data/synthea_bulk")
def test_a_total_of_the_real_export_on_the_day_it_was_overdue(db, settings, tmp_path):
    """The export's last PHQ-9 totals are older than any open episode today, so no trigger rests on one now. Late in
    2017 one did: a PHQ-9 of 20 that nobody had asked about again."""
    settings.RAW_STORE = tmp_path / "raw"
    with clock.travelling(to=datetime(2017, 10, 30, 14, tzinfo=UTC)):
        load(SYNTHEA)
        turn()
        lead = signed_in()
        score = Score.objects.get(measure="PHQ-9", value=20, superseded_at=None)
        story = page(lead, f"/people/{score.person_id}/")
        assert "PHQ-9: 20" in story
        key = score.source_key.split(":")[-1]
        origin = page(lead, link(story, rf"/people/\d+/source/scores/[^\"#]*{key}[^\"#]*"))
        assert "Observation.000.ndjson" in origin
        assert "44261-6" in origin
        chain = page(lead, link(origin, r"/(?:evidence|people/\d+)/signals/\d+/"))
        assert "A questionnaire is overdue" in chain
        assert "A questionnaire is overdue" in page(lead, link(chain, r"/reviews/\d+/"))
        listed = page(lead, link(page(lead, "/evidence/"), r"/evidence/signals/[^\"#]*").replace("&amp;", "&"))
        assert "A questionnaire is overdue" in listed
