"""Scores are made here, and only here: what the record and the definitions in force say, no more, no less."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from django.db import transaction

from outcometables.definitions.definition import plain
from tending.base import clock
from tending.base.tables import writing
from tending.base.tables.ahead import ahead
from tending.base.tables.reading import read
from tending.base.tables.selection import FEW, PEOPLE_A_READ, PEOPLE_A_WRITE, of_people, only, parts, reading, span_of
from tending.keep import queries as keep
from tending.measure.comparing import Difference, difference, stored_scores
from tending.measure.definitions import Instruments, in_force
from tending.measure.models import InstrumentVersion, Score, ScoredPerson, Standing, SupersededWhy
from tending.measure.scoring import Wanted, wanted_scores
from tending.measure.standing import standings


@dataclass(frozen=True, slots=True)
class Scored:
    people: int = 0
    new: int = 0
    superseded: int = 0

    def __add__(self, other: "Scored") -> "Scored":
        return Scored(self.people + other.people, self.new + other.new, self.superseded + other.superseded)


def score(*, heads: Mapping[int, str]) -> Scored:
    """Bring the scores and standings of these people to what their record says. Scoring twice is scoring once.

    ``heads`` are the tokens of the records as the caller saw them; somebody whose record has moved on since is left
    for the next turn, so that an older reading can never overwrite a newer one.
    """
    scoring = Scoring(heads)
    for _ in scoring:
        pass
    return scoring.done


@dataclass(slots=True)
class Scoring:
    """``score``, some people at a time: each part of ``heads`` comes out once its scores are written.

    So that what is asked of scores can be asked of some people while others' are being written.
    """

    heads: Mapping[int, str]
    done: Scored = Scored()

    def __iter__(self) -> Iterator[dict[int, str]]:
        instruments = in_force()
        due = _not_yet_scored(self.heads, instruments)
        if not due:
            yield from parts(self.heads, PEOPLE_A_READ)
            return
        versions = register(instruments=instruments)
        numbers = pl.DataFrame({"instrument": list(versions), "instrument_version_id": list(versions.values())})

        def find(part: dict[int, str]) -> _Changed | None:
            wanted = {person: token for person, token in part.items() if person in due}
            return _changed(wanted, instruments, numbers) if wanted else None

        with reading(self.heads):
            for part, changed in ahead(find, parts(self.heads, PEOPLE_A_READ)):
                if changed:
                    for some in parts(changed.heads, PEOPLE_A_WRITE):
                        self.done += _write_unmoved(some, changed, instruments.fingerprint)
                yield part


def register(*, instruments: Instruments) -> dict[str, int]:
    """Each definition in force as a row that its scores can point to: instrument code to row."""
    known = {(row.code, row.fingerprint): row.pk for row in InstrumentVersion.objects.defer("body")}
    rows = {}
    for code, fingerprint in instruments.fingerprints.items():
        if (code, fingerprint) not in known:
            instrument = instruments.by_code[code]
            row, _ = InstrumentVersion.objects.get_or_create(
                code=code,
                fingerprint=fingerprint,
                defaults={"version": instrument.version, "body": plain(instrument), "since": clock.now()},
            )
            known[code, fingerprint] = row.pk
        rows[code] = known[code, fingerprint]
    return rows


@dataclass(frozen=True, slots=True)
class _Changed:
    """What is to be written about some people: scores to add and to supersede, and where everybody then stands."""

    heads: dict[int, str]
    scores: Difference
    standings: pl.DataFrame


def _changed(heads: dict[int, str], instruments: Instruments, numbers: pl.DataFrame) -> _Changed:
    wanted, stored = _read(heads, instruments)
    scores = wanted.scores.join(numbers, on="instrument")
    return _Changed(heads, difference(scores, wanted.set_aside, stored), standings(scores, instruments))


@transaction.atomic
def _write_unmoved(heads: dict[int, str], changed: _Changed, definitions: str) -> Scored:
    with span_of(heads) as people:
        still = keep.heads(people, hold=True)
    unmoved = {person: token for person, token in heads.items() if still.get(person) == token}
    return _write(unmoved, changed, definitions, clock.now().replace(microsecond=0))


def _not_yet_scored(heads: Mapping[int, str], instruments: Instruments) -> dict[int, str]:
    seen = ScoredPerson.objects.filter(definitions=instruments.fingerprint)
    if len(heads) <= FEW:
        seen = seen.filter(pk__in=list(heads))
    done = set(seen.values_list("pk", "head"))
    return {person: token for person, token in heads.items() if (person, token) not in done}


def _read(heads: dict[int, str], instruments: Instruments) -> tuple[Wanted, pl.DataFrame]:
    """What should be and what is, for these people."""
    with span_of(heads) as people:
        responses, received, stored = (
            only(frame, heads)
            for frame in (keep.responses_of(people), keep.scores_received_of(people), stored_scores(people))
        )
    return wanted_scores(responses, received, instruments), stored


def _write(heads: dict[int, str], changed: _Changed, definitions: str, now: datetime) -> Scored:
    frames = (changed.scores.gone, changed.scores.new, changed.standings)
    gone, new, current = (only(frame, heads) for frame in frames)
    superseded = gone.select("id", "superseded_why", pl.lit(now).alias("superseded_at"))
    writing.update(Score, superseded, key="id", only_where_empty="superseded_at")
    rows = _score_rows(new, now)
    added = writing.insert(Score, rows)
    # Short of some: another worker has just added them, or they still count for somebody else.
    if added < rows.height and _take_over(new, now):
        added += writing.insert(Score, rows)
    _drop_standings(heads, current)
    writing.upsert(Standing, current, key=("person_id", "measure"))
    seen = pl.DataFrame(
        {"person_id": list(heads), "head": list(heads.values()), "definitions": [definitions] * len(heads)},
        schema={"person_id": pl.Int64, "head": pl.String, "definitions": pl.String},
    )
    writing.upsert(ScoredPerson, seen, key=("person_id",))
    return Scored(len(heads), added, superseded.height)


def _score_rows(new: pl.DataFrame, now: datetime) -> pl.DataFrame:
    return new.select(
        "person_id",
        "measure",
        pl.col("day").cast(pl.Date).alias("date"),
        pl.from_epoch("instant").dt.replace_time_zone("UTC").alias("answered_at"),
        "value",
        "missing_reason",
        "n_answered",
        "band",
        "instrument_version_id",
        "made_from",
        "source_key",
        "content",
        pl.lit(now).alias("scored_at"),
        pl.lit("").alias("superseded_why"),
    )


def _take_over(new: pl.DataFrame, now: datetime) -> bool:
    """The source now says that scores are somebody else's: they stop counting where they were."""
    columns = {"id": pl.Int64, "measure": pl.String, "source_key": pl.String, "holder": pl.Int64}
    keys = new["source_key"].unique().to_list()
    holding = Score.objects.filter(superseded_at__isnull=True, source_key__in=keys)
    held = read(holding.values_list("pk", "measure", "source_key", "person_id"), columns)
    others = held.join(new, on=["measure", "source_key"]).filter(pl.col("holder") != pl.col("person_id"))
    Score.objects.filter(pk__in=others["id"].to_list()).update(
        superseded_at=now, superseded_why=SupersededWhy.CORRECTED
    )
    return others.height > 0


def _drop_standings(heads: dict[int, str], current: pl.DataFrame) -> None:
    """A person whose last score of a measure was withdrawn stands nowhere on it."""
    columns = {"id": pl.Int64, "person_id": pl.Int64, "measure": pl.String}
    with span_of(heads) as people:
        stored = only(read(of_people(Standing.objects.all(), people).values_list(*columns), columns), heads)
    gone = stored.join(current, on=["person_id", "measure"], how="anti")
    Standing.objects.filter(pk__in=gone["id"].to_list()).delete()
