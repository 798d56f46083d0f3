"""The whole pipeline: the order of rows, files and deliveries does not matter, and turning twice is turning once."""

import random
from pathlib import Path

import pytest

from tests.faults import children, deeds

SEEDS = range(6)


@pytest.fixture(scope="module")
def expected(empty, folder, tmp_path_factory):
    place = empty.copy(tmp_path_factory.mktemp("in-order") / "place")
    children.do(deeds.bring_in_and_turn, place, folder)
    meant = children.do(deeds.meant, place)
    place.remove()
    assert meant["signals"]
    assert meant["reviews"]
    return meant


def shuffled(folder: Path, target: Path, rng: random.Random) -> Path:
    """Every file's rows in another order; the answers of one questionnaire stay beside one another or do not."""
    target.mkdir()
    for file in folder.glob("*.csv"):
        header, *rows = file.read_text(encoding="utf-8").splitlines()
        rng.shuffle(rows)
        (target / file.name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return target


def apart(folder: Path, target: Path, rng: random.Random) -> list[Path]:
    """The same rows as several deliveries: each file's rows dealt out among them."""
    deliveries = [target / str(n) for n in range(4)]
    for each in deliveries:
        each.mkdir(parents=True)
    for file in folder.glob("*.csv"):
        header, *rows = file.read_text(encoding="utf-8").splitlines()
        dealt = {each: [header] for each in deliveries}
        for row in rows:
            dealt[rng.choice(deliveries)].append(row)
        for each, some in dealt.items():
            (each / file.name).write_text("\n".join(some) + "\n", encoding="utf-8")
    rng.shuffle(deliveries)
    return deliveries


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_rows(seed, folder, expected, place, tmp_path):
    children.do(deeds.bring_in_and_turn, place, shuffled(folder, tmp_path / "shuffled", random.Random(seed)))
    assert children.do(deeds.meant, place) == expected


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_order_of_deliveries(seed, folder, expected, place, tmp_path):
    children.do(deeds.receive, place, *apart(folder, tmp_path / "apart", random.Random(seed)))
    children.do(deeds.work_and_turn, place)
    assert children.do(deeds.meant, place) == expected


@pytest.mark.slow
def test_the_same_files_again_and_another_turn_change_nothing(folder, expected, place):
    children.do(deeds.bring_in_and_turn, place, folder)
    said = children.do(deeds.said, place)
    again = children.do(deeds.work_and_turn, place)
    assert {name: n for name, n in again.items() if n} == {}
    assert children.do(deeds.said, place) == said

    children.do(deeds.receive, place, folder)
    again = children.do(deeds.work_and_turn, place)

    assert (again["scores"], again["signals"], again["reviews"], again["escalations"]) == (0, 0, 0, 0)
    assert children.do(deeds.meant, place) == expected
