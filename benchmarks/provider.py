"""A whole provider straight into the record's tables: the demonstration's people, without the time their files take.

How long files take is measured elsewhere; here the point is a population of any size, with staff, caseloads and
teams as the pages need them, in a minute or two. Row for row it is what loading the files would have left behind.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import polars as pl
from django.db import connection, models, transaction

from tending.base import clock
from tending.base.people import models as people
from tending.base.tables import writing
from tending.collect.models import Submission
from tending.keep import models as keep
from tending.web.demonstration.provider import Provider, generate

AT_ONCE = 100_000
SOURCE = "bench"


def make(*, n_people: int, months: int = 6) -> None:
    """Into an empty, migrated database."""
    made = generate(people=n_people, seed=20, today=clock.today(), months=months)
    submission = Submission.objects.create(
        sha256="0" * 64, source=SOURCE, kind="bench", media_type="text/csv", size=0, received_at=clock.now()
    )
    with transaction.atomic():
        known = _provider(made)
        _people(made)
    for name, model, columns in _RECORD:
        with transaction.atomic():
            _keep(name, model, _named(made.frames[name], columns, known), submission.pk)
    with transaction.atomic():
        _keep("answers", keep.Response, _responses(made.frames["answers"]), submission.pk)
        _support(made, known)
    with connection.cursor() as cursor:
        # As it is after a night: what was made is not still on its way to the disk.
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


Known = Mapping[str, Mapping[str, int]]  # a column that refers to something: {its identifier: the row}


def _provider(made: Provider) -> Known:
    teams, staff = made.frames["teams"], made.frames["staff"]
    programmes = {name: people.Programme.objects.create(code=name, name=name).pk for name in _all(teams, "programme")}
    kinds = {
        name: people.ServiceModel.objects.create(code=name, name=name).pk for name in _all(teams, "service_model")
    }
    sites = {name: people.Site.objects.create(code=name, name=name).pk for name in _all(teams, "site")}
    places = {}
    for row in teams.rows(named=True):
        refers = {"programme_id": programmes[row["programme"]], "service_model_id": kinds[row["service_model"]]}
        team = people.Team.objects.create(code=row["team_id"], name=row["name"], site_id=sites[row["site"]], **refers)
        places[row["team_id"]] = team.pk
    members = {}
    for row in staff.unique("staff_id", maintain_order=True).rows(named=True):
        name = {key: row[key] for key in ("given_name", "family_name", "email")}
        members[row["staff_id"]] = people.Staff.objects.create(code=row["staff_id"], **name).pk
    for row in staff.rows(named=True):
        people.StaffRole.objects.create(
            staff_id=members[row["staff_id"]],
            role=row["role"],
            team_id=places.get(row["team_id"]),
            from_date=row["from_date"],
            to_date=row["to_date"],
        )
    partners = {
        row["organisation_id"]: people.Organisation.objects.create(
            code=row["organisation_id"], name=row["name"], kind=row["kind"]
        ).pk
        for row in made.frames["organisations"].rows(named=True)
    }
    return {"team_id": places, "staff_id": members, "organisation_id": partners, "source_organisation_id": partners}


def _all(frame: pl.DataFrame, column: str) -> list[str]:
    return sorted(set(frame[column].to_list()))


def _people(made: Provider) -> None:
    texts = ["given_name", "family_name", "phone", "email"]
    groups = ["sex", "gender_identity", "race_ethnicity", "language", "payer", "deprivation_quintile"]
    described = made.frames["people"].select(
        pl.col("person_id").cast(pl.Int64).alias("id"),
        pl.format("P{}", "person_id").alias("code"),
        *(pl.col(name).cast(pl.String).fill_null("") for name in texts),
        *(pl.col(name).cast(pl.String).fill_null("NOT_ASKED") for name in groups),
        "birth_date",
        "death_date",
    )
    _insert(people.Person, described)
    ids = described.select(pl.col("id").alias("person_id"))
    _insert(
        people.PersonIdentifier,
        described.select(
            pl.col("id").alias("person_id"), pl.lit(SOURCE).alias("source"), pl.col("code").alias("value")
        ),
    )
    heads = ids.select(
        "person_id", pl.format("bench-{}", "person_id").alias("token"), pl.lit("").alias("checked_token")
    )
    _insert(keep.PersonHead, heads.with_columns(pl.col("token").alias("checked_token")))


def _utc(column: str) -> pl.Expr:
    return (pl.col(column) + timedelta(hours=5)).dt.replace_time_zone("UTC").dt.cast_time_unit("us")


def _text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).fill_null("")


_RECORD: tuple[tuple[str, type[keep.RecordRow], list[Any]], ...] = (
    (
        "episodes",
        keep.Episode,
        [
            "team_id",
            "start_date",
            "end_date",
            _text("end_reason"),
            pl.lit("").alias("referral_key"),
            pl.lit(False).alias("derived"),
        ],
    ),
    (
        "contacts",
        keep.Contact,
        [
            "team_id",
            "staff_id",
            _utc("starts_at"),
            pl.col("starts_at").dt.date().alias("date"),
            "minutes",
            *map(_text, ("kind", "medium", "status")),
            pl.lit("").alias("code"),
        ],
    ),
    (
        "scores",
        keep.ScoreReceived,
        [
            _text("instrument"),
            pl.lit("TOTAL").alias("scale"),
            pl.col("scored_date").alias("date"),
            pl.col("value").cast(pl.Float64),
        ],
    ),
    (
        "crisis_contacts",
        keep.CrisisContact,
        [_utc("at"), pl.col("at").dt.date().alias("date"), _text("kind"), "organisation_id", _text("outcome")],
    ),
    (
        "stays",
        keep.Stay,
        [
            _text("kind"),
            "organisation_id",
            _utc("admitted_at"),
            pl.col("admitted_at").dt.date().alias("admitted_date"),
            _utc("discharged_at"),
            pl.col("discharged_at").dt.date().alias("discharged_date"),
            _text("destination"),
            pl.lit("").alias("code"),
        ],
    ),
    ("housing", keep.HousingState, ["from_date", _text("state")]),
    ("goals", keep.Goal, ["stated_date", *map(_text, ("words", "domain", "status")), "closed_date"]),
    (
        "goal_ratings",
        keep.GoalRating,
        [pl.format(SOURCE + ":goals:{}", "goal_id").alias("goal_key"), "rated_date", "rating", _text("rated_by")],
    ),
    ("care_plan_events", keep.CarePlanEvent, ["event_date", _text("kind"), "staff_id"]),
    (
        "caseload",
        keep.CaseloadVersion,
        ["staff_id", _text("caseload_role"), "from_date", "to_date"],
    ),
)


def _named(frame: pl.DataFrame, columns: list[Any], known: Known) -> pl.DataFrame:
    """The columns of the table, with what they refer to as row numbers; the first column is the source's key."""
    numbers = [
        pl.col(name).cast(pl.String).replace_strict(known[name], default=None, return_dtype=pl.Int64)
        for name in known
        if name in frame.columns
    ]
    key = pl.col(frame.columns[0]).alias("key")
    return frame.with_columns(numbers).select(key, pl.col("person_id").cast(pl.Int64), *columns)


def _responses(answers: pl.DataFrame) -> pl.DataFrame:
    pairs = pl.format('"{}": {}', pl.col("item").cast(pl.String), "value").str.join(", ")
    return (
        answers.filter(pl.col("value").is_not_null())
        .group_by("response_id", maintain_order=True)
        .agg(
            pl.col("person_id").first().cast(pl.Int64),
            pl.col("instrument").first().cast(pl.String),
            pl.col("answered_date").first().alias("date"),
            pairs.alias("items"),
        )
        .with_columns(pl.concat_str(pl.lit("{"), "items", pl.lit("}")).alias("items"))
        .rename({"response_id": "key"})
    )


def _keep(kind: str, model: type[keep.RecordRow], frame: pl.DataFrame, submission: int) -> None:
    """Sorted by date where there is one, as a history arrives: one person's rows lie far apart."""
    day = next(
        (name for name in ("date", "from_date", "start_date", "admitted_date") if name in frame.columns), "key"
    )
    rows = (
        frame.sort(day)
        .with_row_index("line")
        .with_columns(
            pl.format(SOURCE + ":" + kind + ":{}", "key").alias("source_key"),
            pl.format("{}", "key").str.zfill(32).alias("content"),
            pl.lit(submission).alias("submission_id"),
            pl.lit(clock.now().replace(microsecond=0)).alias("recorded_at"),
            pl.lit(False).alias("withdrawn"),
        )
    )
    _insert(model, rows.drop("key"))


def _support(made: Provider, known: Known) -> None:
    """Who supports whom, as the projections of caseload and episodes would say."""
    caseload = _named(made.frames["caseload"], ["staff_id", _text("caseload_role"), "from_date", "to_date"], known)
    _insert(
        people.CaseloadEntry, caseload.drop("key").unique(["person_id", "staff_id", "caseload_role", "from_date"])
    )
    spells = _named(made.frames["episodes"], ["team_id", "start_date", "end_date"], known).drop("key")
    until = (pl.col("end_date") + timedelta(days=1)).alias("to_date")
    members = spells.select("person_id", "team_id", pl.col("start_date").alias("from_date"), until)
    _insert(people.TeamMembership, members.unique(["person_id", "team_id", "from_date"]))


def _insert(model: type[models.Model], frame: pl.DataFrame) -> None:
    for start in range(0, frame.height, AT_ONCE):
        writing.insert(model, frame.slice(start, AT_ONCE))
