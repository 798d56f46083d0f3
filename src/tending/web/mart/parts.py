"""The people in parts of neighbouring numbers, and a fingerprint of what each part's rows are made from."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

SMALLEST, MOST = 1_024, 32  # people a part, at least; parts, at most


def part_width(highest: int) -> int:
    """How many people's numbers a part spans: a power of two, so that a growing provider seldom moves to another."""
    width = SMALLEST
    while highest // width >= MOST:
        width *= 2
    return width


@dataclass(frozen=True, slots=True)
class Part:
    people: range
    rows: pl.DataFrame


def split(frame: pl.DataFrame, width: int) -> Iterator[Part]:
    """The rows of each part that has any, in the order they were in."""
    if frame.is_empty():
        return
    numbered = frame.with_columns((pl.col("person_id") // width).alias("part"))
    for (number,), rows in numbered.partition_by("part", as_dict=True, maintain_order=True).items():
        first = int(str(number)) * width
        yield Part(range(first, first + width), rows.drop("part"))


@dataclass(frozen=True, slots=True)
class Parts:
    """Every part that has people."""

    width: int
    ranges: tuple[range, ...]

    @classmethod
    def of(cls, person_ids: pl.Series, width: int) -> "Parts":
        numbers = sorted({int(number) for number in (person_ids // width).unique()})
        return cls(width, tuple(range(number * width, (number + 1) * width) for number in numbers))

    def seen(self, heads: pl.DataFrame, *, common: str) -> dict[range, str]:
        """For each part a digest of ``common`` and of every cell that ``heads`` says of its people."""
        cells = pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in heads.columns], separator=" ")
        lines = heads.select("person_id", cells.alias("line"))
        found = dict.fromkeys(self.ranges, _digest(common, ""))
        for part in split(lines, self.width):
            found[part.people] = _digest(common, "\n".join(part.rows["line"]))
        return found


def _digest(common: str, lines: str) -> str:
    return hashlib.sha256(f"{common}\n{lines}".encode()).hexdigest()[:32]
