"""The planted effects as a simple calculation finds them in the tables: what chance made of the truth."""

import numpy as np
import polars as pl

from tending.web.demonstration import planted, signs
from tending.web.demonstration.record.columns import dates

TRUTH = planted.PLANTED
Frames = dict[str, pl.DataFrame]


def day(number: int) -> pl.Expr:
    """A day number as a date to compare columns with."""
    return pl.lit(dates(np.array([number]))[0])


def _mean(values: pl.Series) -> float:
    """To two places; 0 of none."""
    return round(float(values.to_numpy().mean()), 2) if values.len() else 0.0


def weeks_of_care(frames: Frames) -> pl.DataFrame:
    """PHQ-9 totals of people whose first is within three weeks of the episode's start, with weeks since it."""
    totals = signs.phq9_totals(frames)
    begun = (
        frames["episodes"].group_by("person_id").agg(pl.col("start_date", "team_id").sort_by("start_date").first())
    )
    first = totals.filter(pl.col("nth") == 0).select("person_id", first_date="answered_date")
    joined = totals.join(first, on="person_id").join(begun, on="person_id")
    late = (pl.col("first_date") - pl.col("start_date")).dt.total_days()
    weeks = (pl.col("answered_date") - pl.col("first_date")).dt.total_days() / 7
    return joined.filter(late.is_between(0, 42) & (pl.col("first") >= 10)).with_columns(
        pl.col("team_id").cast(pl.String), weeks=weeks
    )


def improvement_by_team(frames: Frames) -> dict[str, dict[str, float]]:
    """Mean points gained on the PHQ-9 between the first answer (10 or more) and weeks 9 to 13."""
    scored = weeks_of_care(frames).filter(pl.col("weeks").is_between(9, 13))
    per_person = scored.group_by("person_id", "team_id").agg(gained=(pl.col("first") - pl.col("value")).mean())
    by_team = per_person.group_by("team_id").agg(pl.col("gained").mean(), n=pl.len()).sort("team_id")
    return {team: {"points_gained": round(gained, 2), "n_people": n} for team, gained, n in by_team.iter_rows()}


def stall(frames: Frames) -> dict[str, float]:
    """Mean points gained before and after the stall, in the team that stalls and in the outpatient teams."""
    scored = weeks_of_care(frames).join(frames["teams"], on="team_id")
    team = planted.TEAMS[TRUTH.stall_team]
    found = {}
    for name, here in (
        ("stalling", pl.col("programme") == team.programme),
        ("outpatient", pl.col("programme") == planted.OUTPATIENT),
    ):
        gained = scored.filter(here).with_columns(gained=pl.col("first") - pl.col("value"))
        found[f"{name}_by_week_8"] = _mean(gained.filter(pl.col("weeks").is_between(6, 10))["gained"])
        found[f"{name}_by_week_20"] = _mean(gained.filter(pl.col("weeks").is_between(14, 26))["gained"])
    return found


def waits(frames: Frames) -> dict[str, float]:
    """Median days from routine referral to first attended visit, at the site with the gap."""
    seen = frames["contacts"].filter(pl.col("status") == "ATTENDED")
    routine = frames["referrals"].filter((pl.col("urgency") == "ROUTINE") & (pl.col("status") == "ACCEPTED"))
    at_site = frames["teams"].filter(pl.col("site") == TRUTH.gap_site)["team_id"].implode()
    pairs = routine.filter(pl.col("team_id").is_in(at_site)).join(
        seen.select("person_id", seen_date=pl.col("starts_at").dt.date()), on="person_id"
    )
    pairs = pairs.filter(pl.col("seen_date") >= pl.col("referred_date"))
    opens = seen["starts_at"].dt.date().min()
    pairs = pairs.filter(pl.col("referred_date") >= opens)
    first = pairs.group_by("referral_id", "person_id").agg(
        wait=(pl.col("seen_date").min() - pl.col("referred_date").first()).dt.total_days()
    )
    spoken = first.join(frames["people"].select("person_id", "language"), on="person_id")
    gap = pl.col("language") == TRUTH.gap_language
    chosen, others = spoken.filter(gap)["wait"], spoken.filter(~gap)["wait"]
    return {
        "median_days_gap_population": float(np.median(chosen.to_numpy())) if chosen.len() else 0.0,
        "n_gap_population": chosen.len(),
        "median_days_others": float(np.median(others.to_numpy())) if others.len() else 0.0,
        "n_others": others.len(),
    }


def notices(frames: Frames) -> dict[str, dict[str, float]]:
    """Median hours from discharge to notice, and share seen within seven days, by hospital."""
    home = frames["stays"].filter(pl.col("discharged_at").is_not_null())
    hours = (pl.col("notified_at") - pl.col("discharged_at")).dt.total_minutes() / 60
    seen = frames["contacts"].filter(pl.col("status") == "ATTENDED").select("person_id", "starts_at")
    after = home.join(seen, on="person_id", how="left")
    days = (pl.col("starts_at").dt.date() - pl.col("discharged_at").dt.date()).dt.total_days()
    soon = after.group_by("stay_id").agg(soon=days.is_between(1, 7).any())
    summary = home.join(soon, on="stay_id").group_by("organisation_id")
    table = summary.agg(hours=hours.median(), soon=pl.col("soon").mean(), n=pl.len()).sort("organisation_id")
    return {
        row["organisation_id"]: {
            "median_hours_to_notice": round(row["hours"] or 0, 1),
            "seen_within_7_days": round(row["soon"], 3),
            "n_discharges": row["n"],
        }
        for row in table.iter_rows(named=True)
    }


def no_shows(frames: Frames, *, kind: int, changed: int) -> dict[str, float]:
    """Share of visits missed before and after the day of a change, in the team that made it."""
    name = planted.TEAMS[kind].name
    teams = frames["teams"].filter(pl.col("name").str.starts_with(name))["team_id"].implode()
    due = frames["contacts"].filter(pl.col("team_id").is_in(teams) & pl.col("status").is_in(["ATTENDED", "NO_SHOW"]))
    missed, later = pl.col("status") == "NO_SHOW", pl.col("starts_at").dt.date() >= day(changed)
    before, after = due.filter(~later).select(missed.mean())[0, 0], due.filter(later).select(missed.mean())[0, 0]
    return {"before": round(before or 0, 4), "after": round(after or 0, 4), "n_visits": due.height}


def drop_out_by_deprivation(frames: Frames) -> dict[str, float]:
    """Share of ended episodes that ended in losing touch, by deprivation fifth."""
    ended = frames["episodes"].filter(pl.col("end_date").is_not_null())
    joined = ended.join(frames["people"].select("person_id", "deprivation_quintile"), on="person_id")
    lost = (pl.col("end_reason") == "DROPPED_OUT").mean().round(4)
    table = joined.group_by(pl.col("deprivation_quintile").cast(pl.String)).agg(lost).sort("deprivation_quintile")
    return dict(table.iter_rows())
