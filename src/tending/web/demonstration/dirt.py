"""The few mistakes every real record has, planted and listed so that finding them can be tested."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from tending.web.demonstration import templates


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong cell on paper: where it is, what stands there and what kind of mistake it is."""

    table: str
    row_id: str
    column: str
    written: str
    was: str
    kind: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One human being entered twice."""

    person_id: str
    duplicate_of: str


def duplicates(frames: dict[str, pl.DataFrame], rng: np.random.Generator) -> list[Duplicate]:
    """Enter three people a second time, with a slip in the name or none, and a referral of their own."""
    everyone, seen = frames["people"], frames["episodes"]["person_id"].unique().sort()
    chosen = seen.sample(3, seed=int(rng.integers(0, 2**31)))
    copies = everyone.filter(pl.col("person_id").is_in(chosen.implode())).sort("person_id")
    next_id = int(everyone["person_id"].max() or 0) + 1  # type: ignore[arg-type]
    number = pl.Series(range(next_id, next_id + 3), dtype=everyone.schema["person_id"])
    given = copies["given_name"].to_list()
    copies = copies.with_columns(
        person_id=number,
        given_name=pl.Series([given[0], given[1][:-1] or given[1], given[2].upper()]),
        email=pl.lit(None, dtype=pl.String),
        gender_identity=pl.lit("NOT_ASKED", dtype=everyone.schema["gender_identity"]),
    )
    originals = sorted(chosen.to_list())
    frames["people"] = pl.concat([everyone, copies])
    referrals = frames["referrals"]
    second = (
        referrals.filter(pl.col("person_id").is_in(chosen.implode()))
        .unique("person_id", keep="first")
        .sort("person_id")
    )
    last = int(referrals["referral_id"].max() or 0)  # type: ignore[arg-type]
    ids = pl.Series(range(last + 1, last + 4), dtype=referrals.schema["referral_id"])
    second = second.with_columns(
        person_id=number, referral_id=ids, status=pl.lit("DECLINED", dtype=referrals.schema["status"])
    )
    frames["referrals"] = pl.concat([referrals, second])
    return [
        Duplicate(templates.identifier("person_id", next_id + place), templates.identifier("person_id", original))
        for place, original in enumerate(originals)
    ]


def mistakes(
    frames: dict[str, pl.DataFrame], rng: np.random.Generator, *, spare: Collection[int] = ()
) -> list[Mistake]:
    """Seven wrong cells in rows drawn at random from the later half; fewer where a table has no rows.

    None of the people to spare: what is told of them must be understood."""
    held = frames["contacts"].filter(pl.col("status") == "ATTENDED")
    second_item = frames["answers"].filter((pl.col("instrument") == "PHQ-9") & (pl.col("item") == "2"))
    born = dict(frames["people"].select("person_id", "birth_date").iter_rows())
    ended = frames["stays"].filter(pl.col("discharged_at").is_not_null())

    def before_birth(row: dict[str, Any]) -> str:
        return f"{born[row['person_id']].year - 2}-03-04T10:00"

    def before_admission(row: dict[str, Any]) -> str:
        return f"{row['admitted_at'] - timedelta(days=3):%Y-%m-%dT%H:%M}"

    wanted: tuple[tuple[str, str, pl.DataFrame, str, str | Callable[[dict[str, Any]], str], str], ...] = (
        ("contacts", "contact_id", held, "starts_at", before_birth, "CONTACT_BEFORE_BIRTH"),
        ("stays", "stay_id", ended, "discharged_at", before_admission, "DISCHARGE_BEFORE_ADMISSION"),
        ("contacts", "contact_id", held, "kind", "THRPY", "UNKNOWN_CODE"),
        ("housing", "housing_id", frames["housing"], "state", "COUCH", "UNKNOWN_CODE"),
        ("answers", "response_id", second_item, "value", "7", "OUT_OF_RANGE"),
        ("contacts", "contact_id", held, "person_id", "P999999", "UNKNOWN_PERSON"),
        ("scores", "score_id", frames["scores"], "value", "n/a", "NOT_A_NUMBER"),
    )
    others = ~pl.col("person_id").is_in(list(spare))
    rows = [_draw(frame.filter(others), rng) for _, _, frame, _, _, _ in wanted]
    return [
        _mistake(table, key, row, column, written if isinstance(written, str) else written(row), kind)
        for row, (table, key, _, column, written, kind) in zip(rows, wanted, strict=True)
        if row is not None
    ]


def _draw(frame: pl.DataFrame, rng: np.random.Generator) -> dict[str, Any] | None:
    """One row of the later half, where people look; none of an empty table."""
    if frame.is_empty():
        return None
    return frame.row(int(rng.integers(frame.height // 2, frame.height)), named=True)


def _mistake(table: str, key: str, row: dict[str, Any], column: str, written: str, kind: str) -> Mistake:
    item = f"/{row['item']}" if table == "answers" else ""
    row_id = templates.identifier(key, row[key]) + item
    was = row[column]
    if column in templates.PREFIXES:
        was = templates.identifier(column, was)
    return Mistake(table, row_id, column, written, str(was), kind)
