"""Places for whole processes: a migrated database once a session, and a copy of it for every test that asks."""

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

from tending.web.demonstration.provider import generate
from tests.faults import children, deeds, places
from tests.faults.places import Place

LAST_PERSON = "P000040"


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: object) -> Iterator[Place]:
    """A database with this version's tables and nothing in them."""
    place = places.new(tmp_path_factory.mktemp("empty"))
    children.do(deeds.migrate, place)
    yield place
    place.remove()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some people of the demonstration over three months, with everything that belongs to them."""
    path = tmp_path_factory.mktemp("delivery")
    generate(people=100, seed=3, today=deeds.NOON.date(), months=3).write(path)
    for file in path.glob("*.csv"):
        table = pl.read_csv(file, infer_schema=False)
        if "person_id" in table.columns:
            table.filter(pl.col("person_id") <= LAST_PERSON).write_csv(file)
    return path


@pytest.fixture
def copied(tmp_path: Path) -> Iterator[Callable[[Place], Place]]:
    """Copies of a place, gone after the test."""
    made: list[Place] = []

    def copy(place: Place) -> Place:
        made.append(place.copy(tmp_path / f"place-{len(made)}"))
        return made[-1]

    yield copy
    for each in made:
        each.remove()


@pytest.fixture
def place(empty: Place, copied: Callable[[Place], Place]) -> Place:
    return copied(empty)
