"""What was done about signals, for the mart: reviews and actions with their clocks, without a word anybody wrote."""

from collections.abc import Mapping

import polars as pl
from django.db.models import F

from outcometables.mart.tables import mart_schema
from tending.base.tables.expressions import EpochSecond
from tending.base.tables.extracts import Extract, local_day, minute
from tending.base.tables.reading import count
from tending.review.models import (
    Action,
    ActionState,
    DecisionState,
    LookBack,
    ParticipantState,
    Review,
    ReviewSignal,
    ReviewState,
)

_NUMBER, _WORD = pl.Int64, pl.String

EXTRACTS: tuple[Extract, ...] = (
    Extract(
        "review_signals",
        ReviewSignal.objects.all,
        {"signal_id": F("signal_id"), "review_id": F("review_id")},
        {"signal_id": _NUMBER, "review_id": _NUMBER},
    ),
    Extract(
        "reviews",
        Review.objects.all,
        {
            "review_id": F("pk"),
            "person_id": F("person_id"),
            "team_id": F("team_id"),
            "opened": EpochSecond("opened_at"),
        },
        {"review_id": _NUMBER, "person_id": _NUMBER, "team_id": _NUMBER, "opened": _NUMBER},
    ),
    Extract(
        "review_states",
        ReviewState.objects.all,
        {
            "row": F("pk"),
            "review_id": F("review_id"),
            "state": F("state"),
            "severity": F("severity"),
            "entered": EpochSecond("entered_at"),
            "left": EpochSecond("left_at"),
            "respond_by": EpochSecond("respond_by"),
            "close_by": EpochSecond("close_by"),
        },
        {
            **dict.fromkeys(("row", "review_id", "entered", "left", "respond_by", "close_by"), _NUMBER),
            **dict.fromkeys(("state", "severity"), _WORD),
        },
    ),
    Extract(
        "look_backs",
        lambda: LookBack.objects.filter(at__isnull=False),
        {"review_id": F("review_id"), "looked_back": EpochSecond("at")},
        {"review_id": _NUMBER, "looked_back": _NUMBER},
    ),
    Extract(
        "took_part",
        lambda: ParticipantState.objects.filter(
            participant__role="PERSON", state=ParticipantState.State.TOOK_PART, left_at__isnull=True
        ),
        {"review_id": F("participant__review_id")},
        {"review_id": _NUMBER},
    ),
    Extract(
        "decided",
        lambda: DecisionState.objects.filter(state=DecisionState.State.TAKEN, left_at__isnull=True),
        {"review_id": F("decision__review_id")},
        {"review_id": _NUMBER},
    ),
    Extract(
        "review_actions",
        Action.objects.all,
        {
            "action_id": F("pk"),
            "review_id": F("review_id"),
            "person_id": F("review__person_id"),
            "kind": F("kind"),
            "assigned": EpochSecond("assigned_at"),
        },
        {
            **dict.fromkeys(("action_id", "review_id", "person_id", "assigned"), _NUMBER),
            "kind": _WORD,
        },
    ),
    Extract(
        "action_states",
        ActionState.objects.all,
        {
            "row": F("pk"),
            "action_id": F("action_id"),
            "state": F("state"),
            "entered": EpochSecond("entered_at"),
            "due": EpochSecond("due_at"),
        },
        {**dict.fromkeys(("row", "action_id", "entered", "due"), _NUMBER), "state": _WORD},
    ),
)
_AT_WORK = [ReviewState.State.UNDER_WAY.value, ReviewState.State.ACTING.value]


def rows_in_record() -> dict[str, int]:
    return {"reviews": count(Review.objects.all()), "review_actions": count(Action.objects.all())}


def tables(raw: Mapping[str, pl.DataFrame], *, zone: str) -> dict[str, pl.DataFrame]:
    """Reviews and their actions. Clocks are the first ones; how they stand is what the last row says."""
    return {"reviews": _reviews(raw, zone), "review_actions": _actions(raw, zone)}


def _reviews(raw: Mapping[str, pl.DataFrame], zone: str) -> pl.DataFrame:
    state = pl.col("state")
    course = (
        raw["review_states"]
        .sort("row")
        .group_by("review_id", maintain_order=True)
        .agg(
            pl.col("severity").last(),
            state.last(),
            pl.col("respond_by").first(),
            pl.col("close_by").first(),
            pl.col("entered").filter(state.is_in(_AT_WORK)).min().alias("begun"),
            pl.col("entered").filter(state == ReviewState.State.CLOSED.value).min().alias("closed"),
        )
    )
    plans = raw["review_actions"].filter(pl.col("kind") == "CARE_PLAN").select("action_id", "review_id")
    now = raw["action_states"].sort("row").unique("action_id", keep="last")
    changed = plans.join(now.filter(pl.col("state") == ActionState.State.DONE.value), on="action_id", how="semi")
    decided = pl.concat([raw["decided"], changed.select("review_id")])["review_id"].unique()
    part = raw["took_part"]["review_id"].unique()
    rows = raw["reviews"].join(course, on="review_id", how="left").join(raw["look_backs"], on="review_id", how="left")
    return (
        _with_clocks(rows, "opened", "respond_by", "close_by", "begun", "closed", "looked_back", zone=zone)
        .select(*(_made(name, decided, part) for name in mart_schema("reviews")))
        .sort("review_id")
    )


def _made(name: str, decided: pl.Series, part: pl.Series) -> pl.Expr:
    among = {"decided": decided, "person_took_part": part}
    if name in among:
        return pl.col("review_id").is_in(among[name].implode()).cast(pl.Int8).alias(name)
    return pl.col("opened_day").alias("day") if name == "day" else pl.col(name)


def _actions(raw: Mapping[str, pl.DataFrame], zone: str) -> pl.DataFrame:
    course = (
        raw["action_states"]
        .sort("row")
        .group_by("action_id", maintain_order=True)
        .agg(pl.col("state").last(), pl.col("due").first(), pl.col("entered").last())
    )
    ended = pl.when(pl.col("state") != ActionState.State.OPEN.value).then(pl.col("entered"))
    rows = raw["review_actions"].join(course, on="action_id", how="left").with_columns(ended=ended)
    return (
        _with_clocks(rows, "assigned", "due", "ended", zone=zone)
        .select(*mart_schema("review_actions"))
        .sort("action_id")
    )


def _with_clocks(rows: pl.DataFrame, *names: str, zone: str) -> pl.DataFrame:
    return rows.with_columns(
        *(minute(name).alias(f"{name}_minute") for name in names),
        *(local_day(name, zone).alias(f"{name}_day") for name in names),
    )
