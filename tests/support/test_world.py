from tending.base.access.viewer import viewer_of
from tending.base.access.visibility import people_visible


def test_each_of_the_cast_sees_whom_their_role_and_team_allow(world):
    def seen(name):
        return {person.code for person in people_visible(viewer_of(world.account(name)))}

    assert seen("alice") == {"PAT", "QUINN"}
    assert seen("bob") == {"WREN"}
    assert seen("lena") == {"PAT", "QUINN", "WREN"}
    for name in ("boris", "rita", "paolo", "ada", "dara", "mona"):
        assert seen(name) == set()
