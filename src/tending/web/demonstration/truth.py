"""truth.json: what is known to be so about a generated provider, and what chance made of it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from tending.web.demonstration import dirt, planted, recovered, signs, templates
from tending.web.demonstration.course import response
from tending.web.demonstration.course.state import State
from tending.web.demonstration.record.columns import dates
from tending.web.demonstration.setting import cast, organisation

TRUTH = planted.PLANTED
NOW_DAYS = 7
BASE_EVERY_DAYS = 7


def truth(
    state: State,
    frames: dict[str, pl.DataFrame],
    duplicates: Sequence[dirt.Duplicate],
    mistakes: Sequence[dirt.Mistake],
    *,
    about: dict[str, Any],
) -> dict[str, Any]:
    """Everything known, ready for JSON: `parameters` are what was simulated, `realised` what the tables show."""
    return {
        "about": about,
        "cast": [{**asdict(one), "team": _team(state, one.team), "email": one.email} for one in cast.CAST],
        "stories": {story: person_id(person) for story, person in state.stories.items()},
        "parameters": asdict(TRUTH),
        "teams": _teams(state, frames),
        "practitioner_effects": _practitioners(state),
        "changes": _changes(state, frames),
        **_planted_patterns(state, frames),
        "handover": _handover(state),
        "signs": _signs(state, frames),
        "staff_behaviour": _behaviour(state, frames),
        "dirt": {
            "duplicates": [asdict(one) for one in duplicates],
            "mistakes": [asdict(one) for one in mistakes],
        },
    }


def _planted_patterns(state: State, frames: dict[str, pl.DataFrame]) -> dict[str, Any]:
    """The access gap, the late hospital, the stall, who loses touch, and the paper that arrives late."""
    return {
        "access_gap": {
            "site": TRUTH.gap_site,
            "language": TRUTH.gap_language,
            "extra_days_for_routine_referrals": TRUTH.gap_extra_days,
            "realised": recovered.waits(frames),
        },
        "late_hospital": {
            "organisation_id": organisation.ORGANISATIONS[TRUTH.late_hospital][0],
            "median_hours_to_notice": TRUTH.late_notice_hours,
            "elsewhere": TRUTH.prompt_notice_hours,
            "realised": recovered.notices(frames),
        },
        "stall": {
            "programme": planted.TEAMS[TRUTH.stall_team].programme,
            "after_weeks": TRUTH.stall_after_weeks,
            "realised": recovered.stall(frames),
        },
        "drop_out_by_deprivation": recovered.drop_out_by_deprivation(frames),
        "paper_lag": {
            "team_id": _team(state, TRUTH.paper_team),
            "days": TRUTH.paper_lag_days,
            "missing_share": TRUTH.paper_lag_missing,
        },
    }


def person_id(index: int) -> str:
    """The identifier on paper of a person of the simulation."""
    return templates.identifier("person_id", index + 1)


def _team(state: State, number: int | None) -> str | None:
    return None if number is None else state.setting.team_id(number)


def _iso(number: int) -> str:
    day: date = dates(np.array([number]))[0]
    return day.isoformat()


def _teams(state: State, frames: dict[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """Each team's parameters; improvement includes the shift of a repeated team."""
    found = recovered.improvement_by_team(frames)
    rows = []
    for number in range(state.setting.n_teams):
        key, base = state.setting.team_id(number), planted.TEAMS[number % len(planted.TEAMS)]
        effect = base.improvement + float(state.team_shift[number])
        realised = found.get(key, {"points_gained": None, "n_people": 0})
        places = state.setting.practitioners[number, : base.n_practitioners]
        expected = effect + float(state.practitioner_shift[places].mean())
        rows.append(
            {"team_id": key, **asdict(base), "name": state.setting.team_name(number)}
            | {"improvement": round(effect, 3), "improvement_with_its_practitioners": round(expected, 3)}
            | {"realised": realised}
        )
    return rows


def _practitioners(state: State) -> dict[str, float]:
    staff = state.setting.staff
    rows = [row for row, role in enumerate(staff.role) if role == "PRACTITIONER" and row != state.setting.successor]
    return {staff.staff_id[row]: round(float(state.practitioner_shift[row]), 3) for row in rows}


def _changes(state: State, frames: dict[str, pl.DataFrame]) -> list[dict[str, Any]]:
    rows = []
    for words, kind, ago, ratio in (
        (planted.CHANGE_WORKED, TRUTH.worked_team, TRUTH.worked_days_ago, TRUTH.worked_no_show_odds_ratio),
        (planted.CHANGE_IDLE, TRUTH.idle_team, TRUTH.idle_days_ago, TRUTH.idle_no_show_odds_ratio),
    ):
        changed = state.calendar.today - ago
        rows.append(
            {
                **words,
                "team_ids": [_team(state, number) for number in range(kind, state.setting.n_teams, 6)],
                "from_date": _iso(changed),
                "outcome": "share of visits missed",
                "odds_ratio": ratio,
                "realised": recovered.no_shows(frames, kind=kind, changed=changed),
            }
        )
    return rows


def _handover(state: State) -> dict[str, str]:
    staff = state.setting.staff.staff_id
    return {
        "left": staff[state.setting.leaver],
        "took_over": staff[state.setting.successor],
        "from_date": _iso(state.setting.handover_day),
    }


def _signs(state: State, frames: dict[str, pl.DataFrame]) -> dict[str, Any]:
    """How often a crisis followed each sign, beside any week of support; and who shows one now."""
    today = state.calendar.today
    read = signs.Reading(frames, today=today)
    active = frames["episodes"].filter(pl.col("end_date").is_null())["person_id"].n_unique()
    kinds, anyone = [], np.zeros(0, dtype=np.int64)
    for sign in signs.signs(frames, today=today):
        now = np.unique(sign.person[sign.day > today - NOW_DAYS])
        anyone = np.union1d(anyone, now)
        kinds.append(
            {"sign": sign.name, "meaning": sign.meaning, "n": len(sign.day)}
            | _followed(read, sign.person * signs.SPAN + sign.day, today)
            | {"now": [person_id(int(person) - 1) for person in now]}
        )
    weeks = np.arange(state.calendar.opens, today, BASE_EVERY_DAYS)
    keys = (np.arange(1, state.people.n + 1)[:, None] * signs.SPAN + weeks).ravel()
    base = _followed(read, keys[read.supported(keys)], today)
    share = round(len(anyone) / max(active, 1), 4)
    return {
        "base": base,
        "kinds": kinds,
        "active_people": active,
        "now_days": NOW_DAYS,
        "share_with_a_sign_now": share,
    }


def _followed(read: signs.Reading, key: np.ndarray, today: int) -> dict[str, float | None]:
    """Only days whose whole window lies in the past count."""
    shares: dict[str, float | None] = {}
    for within in (30, 90):
        closed = key[key % signs.SPAN <= today - within]
        hit = read.happened(read.crises, closed, within=within)
        shares[f"crisis_within_{within}_days"] = round(float(hit.mean()), 4) if len(hit) else None
        shares[f"n_closed_{within}"] = len(closed)
    return shares


def _behaviour(state: State, frames: dict[str, pl.DataFrame]) -> dict[str, Any]:
    """Column by column: who was noticed for what, when, and how fast staff acted."""
    rows = state.ledger.columns("responses")
    kept = rows["day"] >= state.calendar.opens
    rows = {name: column[kept] for name, column in rows.items()}
    read = signs.Reading(frames, today=state.calendar.today)
    key = (rows["person"].astype(np.int64) + 1) * signs.SPAN + rows["day"]
    timely = {
        name: _followed(read, key[rows["in_time"] == flag], state.calendar.today)
        for name, flag in (("answered_in_time", True), ("answered_late", False))
    }
    return {
        "in_time_hours": response.IN_TIME_HOURS,
        "crisis_hazard_ratio_for_28_days": TRUTH.crisis_after_response,
        "realised": timely,
        "responses": {
            "person_id": [person_id(int(person)) for person in rows["person"]],
            "team_id": [_team(state, int(team)) for team in rows["team"]],
            "sign": [response.SIGNS[code] for code in rows["sign"]],
            "date": [_iso(int(number)) for number in rows["day"]],
            "hours": rows["hours"].tolist(),
            "in_time": rows["in_time"].tolist(),
        },
    }
