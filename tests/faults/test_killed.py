"""kill -9 at random points of import and turn: nothing is lost and nothing is doubled."""

import random
from pathlib import Path
from typing import Any

import pytest

from tests.faults import children, deeds
from tests.faults.places import Place

TRIALS = range(50)
MOST_KILLS = 3  # in one trial; after that the loop is left to end


@pytest.fixture(scope="module")
def undisturbed(empty: Place, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the loop makes of the delivery when nothing happens to it, and how long it takes."""
    place = empty.copy(tmp_path_factory.mktemp("undisturbed") / "place")
    statements = children.do(deeds.count_statements, place, "bring_in_and_turn", folder)
    said = children.do(deeds.said, place)
    place.remove()
    assert said["reviews"]
    assert said["Score"][0] > 100
    assert said["unfinished"] == 0
    return {"statements": statements, "said": said}


@pytest.mark.slow
@pytest.mark.parametrize("seed", TRIALS)
def test_killed_at_a_random_statement_it_ends_as_if_nothing_had_happened(seed, undisturbed, folder, place):
    rng = random.Random(seed)
    for _ in range(rng.randint(1, MOST_KILLS)):
        dies_at = rng.randrange(2 * undisturbed["statements"]) / 2
        ended = children.Child(deeds.bring_in_and_turn, place, folder, dies_at=dies_at).ended()
        assert ended.killed or ended.status == 0, ended.trouble
    children.do(deeds.bring_in_and_turn, place, folder)

    assert children.do(deeds.said, place) == undisturbed["said"]
