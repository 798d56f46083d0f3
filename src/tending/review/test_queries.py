from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from tending.base import clock
from tending.base.access.viewer import viewer_of
from tending.base.people.models import StaffRole
from tending.review import actions as turning
from tending.review import queries
from tending.review.case_review import actions, commitments
from tending.review.models import Action
from tending.review.test_opening import NOW, current, opened, signal
from tending.review.visibility import reviews_visible

SINCE = date(2024, 1, 1)
MONTH = {"since": date(2026, 3, 1), "until": date(2026, 3, 31)}


def begin(world, review, at, by="alice"):
    with clock.travelling(to=at):
        actions.begin(review_id=review.pk, leaves=current(review).pk, by=world.account(by))


def answered(world, who="sana", **asked):
    return queries.answered_signals(viewer=viewer_of(world.account(who)), **{**MONTH, **asked})


def test_a_signal_is_answered_by_the_first_thing_a_person_does_after_it(world):
    review = opened(world, hours=24)
    assert [row.responded_at for row in answered(world)] == [None]
    begin(world, review, NOW + timedelta(hours=3))

    row = answered(world)[0]
    assert row.responded_at == NOW + timedelta(hours=3)
    assert row.in_time(now=NOW) is True


def test_an_open_window_is_neither_in_time_nor_late(world):
    opened(world, hours=24)
    row = answered(world)[0]
    assert row.in_time(now=NOW + timedelta(hours=23)) is None
    assert row.in_time(now=NOW + timedelta(hours=25)) is False


def test_a_signal_that_joins_later_is_answered_by_what_comes_after_it(world):
    review = opened(world, hours=24)
    begin(world, review, NOW + timedelta(hours=1))
    later = NOW + timedelta(days=2)
    signal(world.people["pat"], world.teams["east"], severity="ROUTINE", trigger="measure-overdue", at=later)
    turning.open_reviews(now=later)
    assert [row.responded_at is None for row in answered(world)] == [False, True]


def test_what_the_clock_does_is_no_answer(world):
    opened(world, severity="HIGH", hours=24)
    signal(world.people["pat"], world.teams["east"], severity="URGENT", hours=4, trigger="risk")
    turning.open_reviews(now=NOW + timedelta(minutes=5))
    turning.escalate(now=NOW + timedelta(days=2))
    assert {row.responded_at for row in answered(world)} == {None}


def test_only_the_viewers_teams_and_only_with_the_right(world):
    opened(world, "pat", "east")
    opened(world, "wren", "west")
    assert len(answered(world, "sana")) == 1
    assert len(answered(world, "rita")) == 2
    assert len(answered(world, "rita", team_id=world.teams["west"].pk)) == 1
    assert answered(world, "rita", since=date(2026, 3, 3)) == ()
    with pytest.raises(PermissionDenied):
        answered(world, "alice")


def test_a_role_for_the_whole_provider_opens_only_what_that_role_may(world):
    """A manager everywhere who also practises in West sees West's people and everybody's figures, no other record."""
    StaffRole.objects.create(
        staff=world.staff["mona"], role="PRACTITIONER", team=world.teams["west"], from_date=SINCE
    )
    east, west = opened(world, "pat", "east"), opened(world, "wren", "west")
    mona = viewer_of(world.account("mona"))
    assert set(reviews_visible(mona)) == {west}
    assert len(answered(world, "mona")) == 2
    assert world.client("mona").get(f"/reviews/{east.pk}/").status_code == 404
    assert [row.name for row in caseload(world, "mona")] == ["Wren Test"]


def caseload(world, who):
    return world.client(who).get("/caseload/?whose=team").context["shown"].rows


def test_an_action_is_in_time_by_its_first_deadline_whatever_came_later(world):
    review = opened(world)
    begin(world, review, NOW)
    alice = world.account("alice")
    with clock.travelling(to=NOW):
        commitments.add_action(
            review_id=review.pk,
            kind="SAME_DAY_OUTREACH",
            what="Ring her",
            owner_id=world.staff["alice"].pk,
            due_date=None,
            organisation_id=None,
            token="a",
            by=alice,
        )
        action = Action.objects.get()
        commitments.move_action(
            action_id=action.pk,
            leaves=current(action).pk,
            owner_id=world.staff["alice"].pk,
            due_date=date(2026, 3, 6),
            why="She asked for Friday",
            by=alice,
        )
    with clock.travelling(to=NOW + timedelta(days=3)):
        commitments.finish_action(action_id=action.pk, leaves=current(action).pk, came_of_it="Spoke", by=alice)

    row = queries.commitments(viewer=viewer_of(world.account("sana")), **MONTH)[0]
    assert (row.state, row.first_due_at < row.due_at) == ("DONE", True)
    assert row.in_time(now=NOW + timedelta(days=4)) is False


def test_a_persons_reviews_are_for_those_who_may_see_the_person(world):
    opened(world)
    seen = queries.reviews_of_person(viewer=viewer_of(world.account("alice")), person_id=world.people["pat"].pk)
    assert [(each.state, each.owner) for each in seen] == [("OPENED", "Alice Cast")]
    with pytest.raises(Http404):
        queries.reviews_of_person(viewer=viewer_of(world.account("bob")), person_id=world.people["pat"].pk)


def test_an_owner_without_a_sign_in_is_named(world):
    opened(world)
    assert queries.owners_who_cannot_sign_in() == {}
    account = world.account("alice")
    account.is_active = False
    account.save()
    assert queries.owners_who_cannot_sign_in() == {world.staff["alice"].pk: "Alice Cast"}
