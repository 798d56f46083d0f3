"""Sana supervises East, Lena leads clinically for all, Boris sits on the board, Rita reviews, Mona manages."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tending.base import clock
from tending.base.audit.models import AuditEvent
from tending.notice.models import Signal, SignalEvidence, TriggerVersion
from tending.review.models import Action, ActionState, Review, ReviewSignal, ReviewState
from tending.show.evidence import gathering
from tending.show.evidence.queries import reference

NOW = datetime(2026, 6, 1, 14, tzinfo=UTC)
PERIOD = "from=2026-01-01&to=2026-06-01"
OUTSIDE = ("boris", "rita", "mona", "dara")


@pytest.fixture(autouse=True)
def first_of_june():
    with clock.travelling(NOW):
        yield


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


@pytest.fixture
def noticed(world):
    """signal("pat", "2026-02-02", began=5, finished=30): begun, and its action done, so many hours after."""
    version = TriggerVersion.objects.create(
        code="phq-9-worsening",
        version=1,
        fingerprint="x",
        body={"title": {"en": "Low mood is getting worse"}, "meaning": {"en": "Worse."}},
        since=NOW,
    )

    def signal(name, day, *, began=None, finished=None, severity="HIGH", key="k", repeat_of=None, team="east"):
        at = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(hours=15)
        made = Signal.objects.create(
            trigger_version=version,
            trigger=version.code,
            person=world.people[name],
            team=world.teams[team],
            evidence_key=f"{key}{day}",
            severity=severity,
            owner_role="PRACTITIONER",
            noticed_at=at,
            as_of=at.date(),
            respond_by=at + timedelta(hours=24),
            repeat_of=repeat_of,
        )
        if repeat_of is None:
            answered(world, made, began, finished)
        return made

    return signal


def answered(world, signal, began, finished):
    alice = world.staff["alice"]
    at = signal.noticed_at
    review = Review.objects.create(person=signal.person, team=signal.team, opened_at=at)
    ReviewSignal.objects.create(review=review, signal=signal, joined_at=at)
    fixed = {"owner": alice, "severity": "HIGH", "respond_by": signal.respond_by, "close_by": at + timedelta(days=9)}
    begun = at + timedelta(hours=began) if began is not None else None
    ReviewState.objects.create(review=review, state="OPENED", entered_at=at, left_at=begun, **fixed)
    if begun is None:
        return
    by = world.account("alice")
    ReviewState.objects.create(
        review=review, state="UNDER_WAY", entered_at=begun, by=by, why="Rang Pat Test", **fixed
    )
    action = Action.objects.create(
        review=review, kind="SAFETY_PLAN", what="Sit down with Pat", assigned_at=begun, by=by, token=f"t{signal.pk}"
    )
    done = at + timedelta(hours=finished) if finished else None
    due = begun + timedelta(hours=48)
    ActionState.objects.create(
        action=action, state="OPEN", owner=alice, due_at=due, entered_at=begun, left_at=done, by=by
    )
    if done:
        ActionState.objects.create(
            action=action, state="DONE", owner=alice, due_at=due, entered_at=done, by=by, why="Pat agreed"
        )


@pytest.fixture
def spring(world, record, noticed):
    """Four signals in East, one in West: in time, late, overdue, still in time; and one repeat."""
    for name in ("pat", "quinn"):
        record.episode(name, "2025-06-01")
    record.episode("wren", "2025-06-01", team="west")
    first = noticed("pat", "2026-02-02", began=5, finished=30)
    noticed("pat", "2026-02-06", repeat_of=first, key="again")
    noticed("quinn", "2026-03-02", began=30, finished=100)
    noticed("pat", "2026-05-20")
    noticed("quinn", "2026-06-01", severity="URGENT")
    noticed("wren", "2026-03-10", began=24, team="west")
    record.crisis("pat", "2026-02-02")
    record.crisis("pat", "2026-02-20")
    record.stay("quinn", "2026-05-10", "2026-05-12")
    return first


def page(world, who="lena", query=PERIOD):
    return world.client(who).get(f"/evidence/?{query}")


def test_the_figures_count_what_happened(world, spring):
    shown = page(world)
    assert shown.status_code == 200
    reviewed = shown.context["reviewed"]
    assert (reviewed["number"], reviewed["denominator"]) == (2, 4)
    assert [(part["label"], part["value"]) for part in reviewed["parts"]] == [
        ("Begun in time", "2"),
        ("Begun late", "1"),
        ("Not begun, and overdue", "1"),
        ("Not begun, still in time", "1"),
    ]
    actions = shown.context["actions"]
    assert [part["value"] for part in actions["parts"]] == ["1", "1", "1", "0", "0"]
    crisis = shown.context["followed"][0]["rows"][0]
    assert (crisis["number"], crisis["denominator"]) == (1, 3)
    stay = shown.context["followed"][1]["rows"][1]
    assert (stay["number"], stay["denominator"]) == (1, 2)  # of the windows of ninety days two are over
    assert "Of 3 reviews begun, half began within 24 hours and four in five within 30." in shown.text
    assert "1 signal waits for a review whose deadline has passed." in shown.text
    assert "most get better from there by themselves" in shown.text


def test_each_figure_opens_to_as_many_records_as_it_counts(world, spring):
    shown = page(world)
    figures = [shown.context["reviewed"], shown.context["actions"]]
    figures += [row for window in shown.context["followed"] for row in window["rows"]]
    opened = 0
    for figure in figures:
        for part in figure["parts"]:
            if "action" in part:
                listed = world.client("lena").get(part["action"]["url"])
                assert listed.context["total"] == int(part["value"]), part
                opened += 1
    assert opened > 8


def test_a_team_sees_its_own_and_nobody_counts_another(world, spring):
    east = page(world, "sana")
    assert east.context["signals"] == 4
    assert "West team" not in east.text
    west = world.teams["west"].pk
    assert page(world, "sana", f"team={west}&{PERIOD}").status_code == 422
    assert page(world, "lena", f"team={west}&{PERIOD}").context["signals"] == 1
    for who in ("alice", "paolo", "ada"):
        assert page(world, who).status_code == 403


def test_small_counts_are_withheld_outside_care_and_no_name_is_shown(world, spring):
    for who in OUTSIDE:
        shown = page(world, who)
        assert shown.status_code == 200
        assert shown.context["reviewed"]["suppressed"] == "Withheld: few records"
        assert "fewer than 11 signals" in shown.text
        listed = world.client(who).get(f"/evidence/signals/?{PERIOD}")
        assert "Too few to list" in listed.text
        assert not re.search(r"Pat|Quinn|Wren", shown.text + listed.text)


@pytest.fixture
def many(world, record, noticed):
    for number in range(24):
        name = f"person{number}"
        world.person(name, team="east")
        record.episode(name, "2025-06-01")
        noticed(name, f"2026-02-{number % 28 + 1:02}", began=2 if number < 12 else 30, finished=20)


def test_outside_care_a_record_has_a_reference_and_no_name_no_day_and_no_words(world, many):
    for who in OUTSIDE:
        listed = world.client(who).get(f"/evidence/signals/?{PERIOD}&show=response-LATE")
        assert listed.context["total"] == 12
        assert not re.search(r"Person\d|Test|\d Feb 2026", listed.text)
        signal = Signal.objects.first()
        chain = world.client(who).get(f"/evidence/signals/{signal.pk}/")
        assert chain.status_code == 200
        assert reference(signal.pk) in chain.text
        assert "after 2 hours" in chain.text
        for secret in ("Person0", "Rang Pat", "Sit down with", "Pat agreed", "Alice", "1 Feb 2026", "/people/"):
            assert secret not in chain.text, secret
    looks = AuditEvent.objects.filter(kind="VIEW", what="looked at a de-identified signal")
    assert looks.count() == len(OUTSIDE)
    assert set(looks.values_list("person_id", flat=True)) == {None}


def test_inside_care_the_chain_names_who_did_what_and_when_and_leads_to_the_line(world, record, spring):
    row = record.total("pat", "2026-02-02", "PHQ-9", 20)
    SignalEvidence.objects.create(
        signal=spring,
        role="LATEST",
        anchor=True,
        frame="scores",
        source_key=row.source_key,
        measure="PHQ-9",
        date=row.date,
        value=20,
    )
    before = AuditEvent.objects.filter(kind="VIEW", person=world.people["pat"]).count()
    chain = world.client("lena").get(f"/evidence/signals/{spring.pk}/")
    for said in (
        "Pat Test",
        "2 Feb 2026, 10:00",
        "by Alice Cast",
        "Rang Pat Test",
        "Sit down with Pat",
        "It happened",
    ):
        assert said in chain.text, said
    assert f"/people/{world.people['pat'].pk}/source/scores/{row.source_key}/" in chain.text
    assert f"line {row.line}" in chain.text
    assert AuditEvent.objects.filter(kind="VIEW", person=world.people["pat"]).count() == before + 1


def test_those_who_support_the_person_reach_the_chain_from_the_story_and_nobody_else(world, spring):
    address = f"/people/{spring.person_id}/signals/{spring.pk}/"
    assert world.client("alice").get(address).status_code == 200
    assert world.client("bob").get(address).status_code == 404
    assert world.client("boris").get(address).status_code == 403
    wrong = f"/people/{world.people['quinn'].pk}/signals/{spring.pk}/"
    assert world.client("alice").get(wrong).status_code == 404
    west = Signal.objects.get(person=world.people["wren"])
    assert world.client("sana").get(f"/evidence/signals/{west.pk}/").status_code == 404
    assert world.client("sana").get("/evidence/signals/999999/").status_code == 404


def test_a_list_is_written_down_and_an_unknown_figure_is_not_found(world, spring):
    lena = world.client("lena")
    assert lena.get(f"/evidence/signals/?{PERIOD}&show=nonsense").status_code == 404
    assert lena.get(f"/evidence/actions/?{PERIOD}&show=nonsense").status_code == 404
    lena.get(f"/evidence/signals/?{PERIOD}&show=crisis-30-YES")
    line = AuditEvent.objects.filter(kind="VIEW").latest("pk")
    assert (line.what, line.count, line.subject) == ("looked at a list of signals", 1, "crisis-30-YES")
    assert (
        "Crisis contact within 30 days: it happened"
        in lena.get(f"/evidence/signals/?{PERIOD}&show=crisis-30-YES").text
    )


def test_queries_do_not_grow_with_the_signals(world, record, noticed, spring):
    lena = world.client("lena")
    address = f"/evidence/?{PERIOD}"
    lena.get(address)
    with CaptureQueriesContext(connection) as few:
        lena.get(address)
    for number in range(12):
        world.person(f"more{number}", team="east")
        record.episode(f"more{number}", "2025-06-01")
        made = noticed(f"more{number}", "2026-02-10", began=1, finished=9)
        fields = {"frame": "scores", "source_key": "k", "measure": "PHQ-9", "date": made.as_of, "value": 20}
        SignalEvidence.objects.create(signal=made, role="LATEST", anchor=True, **fields)
    with CaptureQueriesContext(connection) as many:
        lena.get(address)
    assert len(many) <= len(few) + 1  # the scores of those whose signal rests on one
    for path in ("signals", "actions"):
        with CaptureQueriesContext(connection) as listed:
            lena.get(f"/evidence/{path}/?{PERIOD}")
        assert len(listed) <= len(many) + 4


def test_an_empty_period_says_what_fills_it_and_a_wrong_one_is_explained(world):
    assert "Nothing was noticed in this time" in page(world).text
    wrong = page(world, query="from=2026-06-01&to=2026-01-01")
    assert wrong.status_code == 422
    assert "The last day lies before the first." in wrong.text


def test_the_picture_shows_what_its_address_says_and_no_other(world, many):
    shown = page(world)
    address = re.search(r'src="(/evidence/pictures/[^"]+)"', shown.text)[1]
    picture = world.client("lena").get(address)
    assert picture["Cache-Control"].startswith("private")
    assert b"within 4 hours" in picture.content
    assert world.client("alice").get(address).status_code == 403
    forged = address.replace("/pictures/", "/pictures/x")
    assert world.client("lena").get(forged).status_code == 404
    assert world.client("lena").get(address.replace("/wide.svg", "/huge.svg")).status_code == 404


def test_a_large_count_is_kept_for_a_minute_and_not_once_anything_is_new(world, spring, noticed, monkeypatch):
    monkeypatch.setattr(gathering, "LARGE", 1)
    monkeypatch.setattr(gathering, "_kept", {})
    assert page(world).context["signals"] == 5
    Signal.objects.filter(person=world.people["wren"]).update(noticed_at=NOW - timedelta(days=900))
    assert page(world).context["signals"] == 5
    with clock.travelling(NOW + timedelta(minutes=1)):
        assert page(world).context["signals"] == 4
    noticed("quinn", "2026-04-01", began=1)
    assert page(world).context["signals"] == 5
