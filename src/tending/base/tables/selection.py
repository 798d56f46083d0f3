"""Whose rows? A few people by number, or everybody in a range of numbers; and many people in parts."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import polars as pl
from django.db.models import QuerySet

from tending.base.tables.reading import over_arrow

PersonIds = Collection[int]  # a ``range`` means everybody whose number lies in it, and is read as such
EVERYBODY = range(2**62)
FEW = 500
PEOPLE_A_READ = 5_000  # two such parts are held at once; whoever reads more holds more than a gigabyte
PEOPLE_A_WRITE = 2_500  # other writers wait for them: a third of a second


def of_people(
    query: "QuerySet[Any, Any]", person_ids: PersonIds, *, column: str = "person_id"
) -> "QuerySet[Any, Any]":
    """The rows of these people; a range becomes two comparisons, however many people it spans."""
    if isinstance(person_ids, range):
        return query.filter(**{f"{column}__gte": person_ids.start, f"{column}__lt": person_ids.stop})
    return query.filter(**{f"{column}__in": list(person_ids)})


def parts(heads: Mapping[int, str], size: int) -> Iterator[dict[int, str]]:
    """The people in order of their numbers, in parts of at most ``size`` people and numbers no further apart.

    The second bound keeps a part's range of numbers readable at once, when a few people out of many are wanted.
    """
    part: dict[int, str] = {}
    first = 0
    for person in sorted(heads):
        if part and (len(part) == size or person - first >= size):
            yield part
            part = {}
        first = first if part else person
        part[person] = heads[person]
    if part:
        yield part


def reading(people: Collection[int]) -> AbstractContextManager[bool]:
    """Around everything that will be read about these people: many share one second connection."""
    return over_arrow() if len(people) > FEW else nullcontext(False)


@contextmanager
def span_of(people: Collection[int]) -> Iterator[PersonIds]:
    """How to read these people: a few by number, many as the range they lie in, over Arrow where that is possible.

    The range may hold others; ``only`` leaves them out.
    """
    if len(people) <= FEW:
        yield list(people)
        return
    with over_arrow():
        yield range(min(people), max(people) + 1)


def only(frame: pl.DataFrame, people: Collection[int]) -> pl.DataFrame:
    """The rows of these people."""
    if not people:
        return frame.clear()
    first, last = min(people), max(people)
    if last - first + 1 == len(people):  # everybody in a range: two comparisons a row
        return frame.filter(pl.col("person_id").is_between(first, last))
    wanted = pl.Series("person_id", list(people), dtype=pl.Int64)
    return frame.filter(pl.col("person_id").is_in(wanted.implode()))
