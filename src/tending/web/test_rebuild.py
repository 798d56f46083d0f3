from datetime import timedelta

import pytest
from click.testing import CliRunner

from tending.base import clock
from tending.base.people.models import Person
from tending.keep.models import Contact
from tending.measure.models import Score, Standing
from tending.notice.models import Signal
from tending.review.models import ReviewSignal
from tending.web import intake
from tending.web.commands.rebuild import command
from tending.web.demonstration.provider import generate
from tending.web.digests import digest_of, digests
from tending.web.rebuild import rebuild
from tending.web.turn import turn


@pytest.fixture
def provider(db, settings, tmp_path):
    """A hundred people of the demonstration, with its planted faults, loaded and turned; one file came corrected."""
    settings.RAW_STORE = tmp_path / "raw"
    folder = tmp_path / "csv"
    generate(people=100, seed=3, today=clock.today(), months=6).write(folder)
    intake.work_off(intake.receive_folder(folder, source="demo", form="CSV", by=None))
    turn()
    contacts = folder / "contacts.csv"
    contacts.write_text(contacts.read_text().replace("ATTENDED", "NO_SHOW", 3))
    with clock.travelling(clock.now() + timedelta(minutes=5)):
        intake.work_off(intake.receive_folder(contacts, source="demo", form="CSV", by=None))
        turn()
    return folder


def test_the_record_made_anew_is_the_same_and_reviews_keep_their_signals(provider):
    reviews = set(ReviewSignal.objects.values_list("review_id", "signal_id"))
    assert reviews

    rebuilt = rebuild()

    assert [each.table for each in rebuilt.tables if not each.same] == []
    assert rebuilt.kept
    assert {"Contact", "Score", "Standing", "Signal", "QuarantinedRow"} <= {each.table for each in rebuilt.tables}
    assert all(
        each.before.rows for each in rebuilt.tables if each.table in ("Contact", "Score", "Standing", "Signal")
    )
    assert set(ReviewSignal.objects.values_list("review_id", "signal_id")) == reviews
    assert turn().signals == 0


@pytest.mark.parametrize(
    ("tamper", "table"),
    [
        (lambda: Contact.objects.filter(pk=Contact.objects.current().first().pk).update(minutes=1), "Contact"),
        (lambda: Contact.objects.filter(pk=Contact.objects.current().first().pk).delete(), "Contact"),
        (lambda: Score.objects.filter(value__gt=1).update(value=1), "Score"),
        (lambda: Standing.objects.update(last_value=-1), "Standing"),
    ],
)
def test_a_row_that_is_not_what_arrived_is_found_and_everything_stays(provider, tamper, table):
    tamper()
    before = digests()

    rebuilt = rebuild()

    assert table in [each.table for each in rebuilt.tables if not each.same]
    assert not rebuilt.kept
    assert digests() == before


def test_the_new_rows_are_kept_on_request(provider):
    Standing.objects.update(last_value=-1)
    assert not rebuild(keep_differences=True).same
    assert not Standing.objects.filter(last_value=-1).exists()
    assert rebuild().same


def test_the_command_names_what_differs_and_says_so_in_its_status(provider, monkeypatch):
    monkeypatch.setattr("tending.web.commands.rebuild.set_up", lambda: None)
    same = CliRunner().invoke(command)
    assert same.exit_code == 0
    assert "The same rows." in same.output
    Standing.objects.update(last_value=-1)
    differs = CliRunner().invoke(command)
    assert differs.exit_code == 1
    assert "DIFFERENT" in differs.output
    assert Signal.objects.exists()


def test_a_digest_sees_content_and_not_order(world):
    people = Person.objects.all()
    before = digest_of(people)
    assert digest_of(people.order_by("-code")) == before
    person = world.people["pat"]
    person.given_name = "Patricia"
    person.save()
    assert digest_of(people) != before
