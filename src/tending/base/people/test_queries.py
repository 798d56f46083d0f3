from datetime import date

from tending.base.access.viewer import viewer_of
from tending.base.people import queries
from tending.base.people.models import StaffRole

DAY = date(2026, 3, 2)


def labels(world, name, **asked):
    viewer = viewer_of(world.account(name))
    return [choice.label for choice in queries.staff_choices(viewer=viewer, on=DAY, **asked)]


def test_a_picker_offers_who_works_with_the_team_today(world):
    east = world.teams["east"].pk
    offered = labels(world, "alice", team_id=east, roles=["PRACTITIONER", "SUPERVISOR", "CLINICAL_LEAD"])
    assert offered == ["Alice Cast (practitioner)", "Lena Cast (clinical lead)", "Sana Cast (supervisor)"]

    StaffRole.objects.filter(staff=world.staff["sana"]).update(to_date=DAY)
    assert "Sana Cast (supervisor)" not in labels(world, "alice", team_id=east)


def test_somebody_with_two_roles_stands_there_once(world):
    staff, team = world.staff["alice"], world.teams["east"]
    StaffRole.objects.create(staff=staff, role="SUPERVISOR", team=team, from_date=DAY)
    offered = labels(world, "alice", team_id=team.pk, roles=["PRACTITIONER", "SUPERVISOR"])
    assert offered == ["Alice Cast (practitioner, supervisor)", "Sana Cast (supervisor)"]


def test_caseloads_are_those_that_hold_on_the_day(world):
    pat = world.people["pat"].pk
    held = queries.caseloads(person_ids=[pat], on=DAY)
    assert [(each.staff_id, each.caseload_role) for each in held] == [(world.staff["alice"].pk, "PRIMARY")]
    assert queries.caseloads(person_ids=[pat], on=date(2023, 1, 1)) == ()


def test_teams_offered_are_those_the_viewer_works_in(world):
    assert [choice.label for choice in queries.team_choices(viewer=viewer_of(world.account("bob")))] == ["West team"]
    assert len(queries.team_choices(viewer=viewer_of(world.account("mona")))) == 2
