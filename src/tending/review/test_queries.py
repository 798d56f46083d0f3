from datetime import date

from tending.base.access.viewer import viewer_of
from tending.base.people.models import StaffRole
from tending.review import queries
from tending.review.test_opening import opened
from tending.review.visibility import reviews_visible

SINCE = date(2024, 1, 1)


def test_a_role_for_the_whole_provider_opens_only_what_that_role_may(world):
    """A manager everywhere who also practises in West sees West's people, and no other record."""
    StaffRole.objects.create(
        staff=world.staff["mona"], role="PRACTITIONER", team=world.teams["west"], from_date=SINCE
    )
    east, west = opened(world, "pat", "east"), opened(world, "wren", "west")
    mona = viewer_of(world.account("mona"))
    assert set(reviews_visible(mona)) == {west}
    assert world.client("mona").get(f"/reviews/{east.pk}/").status_code == 404
    assert [row.name for row in caseload(world, "mona")] == ["Wren Test"]


def caseload(world, who):
    return world.client(who).get("/caseload/?whose=team").context["shown"].rows


def test_an_owner_without_a_sign_in_is_named(world):
    opened(world)
    assert queries.owners_who_cannot_sign_in() == {}
    account = world.account("alice")
    account.is_active = False
    account.save()
    assert queries.owners_who_cannot_sign_in() == {world.staff["alice"].pk: "Alice Cast"}
