"""The few mistakes every real record has, planted and listed so that finding them can be tested."""

from dataclasses import dataclass

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


def mistakes(frames: dict[str, pl.DataFrame], rng: np.random.Generator) -> list[Mistake]:
    """Seven wrong cells in rows drawn at random from the last year."""
    stays = frames["stays"].filter(pl.col("discharged_at").is_not_null())
    stay = _draw(stays, rng)
    contact, coded, orphan = (_draw(frames["contacts"], rng) for _ in range(3))
    phq9 = frames["answers"].filter((pl.col("instrument") == "PHQ-9") & (pl.col("item") == "2"))
    answer, blank = _draw(phq9, rng), _draw(frames["scores"], rng)
    home = _draw(frames["housing"], rng)
    born = frames["people"].filter(pl.col("person_id") == contact["person_id"])["birth_date"][0]
    before_birth = f"{born.year - 2}-03-04T10:00"
    before_admission = f"{stay['admitted_at'].year - 1}-{stay['admitted_at']:%m-%d}T11:00"
    return [
        _mistake("contacts", "contact_id", contact, "starts_at", before_birth, "CONTACT_BEFORE_BIRTH"),
        _mistake("stays", "stay_id", stay, "discharged_at", before_admission, "DISCHARGE_BEFORE_ADMISSION"),
        _mistake("contacts", "contact_id", coded, "kind", "THRPY", "UNKNOWN_CODE"),
        _mistake("housing", "housing_id", home, "state", "COUCH", "UNKNOWN_CODE"),
        _mistake("answers", "response_id", answer, "value", "7", "OUT_OF_RANGE"),
        _mistake("contacts", "contact_id", orphan, "person_id", "P999999", "UNKNOWN_PERSON"),
        _mistake("scores", "score_id", blank, "value", "n/a", "NOT_A_NUMBER"),
    ]


def _draw(frame: pl.DataFrame, rng: np.random.Generator) -> dict:
    """One row of the later half, where people look."""
    return frame.row(int(rng.integers(frame.height // 2, frame.height)), named=True)


def _mistake(table: str, key: str, row: dict, column: str, written: str, kind: str) -> Mistake:
    item = f"/{row['item']}" if table == "answers" else ""
    row_id = templates.identifier(key, row[key]) + item
    was = row[column]
    if column in templates.PREFIXES:
        was = templates.identifier(column, was)
    return Mistake(table, row_id, column, written, str(was), kind)
