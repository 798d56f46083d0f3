"""Episodes and referrals as the record knows them today: the future has not happened yet."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl

from tending.web.demonstration.course import access
from tending.web.demonstration.course.state import State
from tending.web.demonstration.record.columns import dates, words
from tending.web.demonstration.setting import organisation

END_REASONS = ("COMPLETED", "DROPPED_OUT", "MOVED", "TRANSFERRED", "DIED", "OTHER")
URGENCIES = ("ROUTINE", "URGENT", "EMERGENCY")
REFERRAL_STATUSES = ("ACCEPTED", "WITHDRAWN", "DECLINED", "WAITING")
WAITING = 3


@dataclass(frozen=True, slots=True)
class Episodes:
    """One entry an episode that had begun by today; `end` and `reason` are -1 while it lasts."""

    DIED: ClassVar[int] = access.DIED
    number: np.ndarray
    person: np.ndarray
    team: np.ndarray
    referral: np.ndarray
    practitioner: np.ndarray
    start: np.ndarray
    first_day: np.ndarray
    end: np.ndarray
    reason: np.ndarray
    moved_to: np.ndarray
    moved_day: np.ndarray


def episodes(state: State) -> Episodes:
    """Join beginnings, endings and changes of practitioner."""
    begun = state.ledger.columns("episodes")
    ended = state.ledger.columns("endings")
    n = len(begun["person"])
    end, reason, moved_to, moved_day = (np.full(n, -1) for _ in range(4))
    end[ended["episode"]], reason[ended["episode"]] = ended["day"], ended["reason"]
    if state.stories:
        moved = state.ledger.columns("moved")
        change = moved["to"] != begun["practitioner"][moved["episode"]]
        moved_to[moved["episode"][change]] = moved["to"][change]
        moved_day[moved["episode"][change]] = state.calendar.today - 42
    kept = np.flatnonzero(begun["start"] <= state.calendar.today)
    return Episodes(
        number=kept,
        person=begun["person"][kept],
        team=begun["team"][kept],
        referral=begun["referral"][kept],
        practitioner=begun["practitioner"][kept],
        start=begun["start"][kept],
        first_day=begun["first"][kept],
        end=end[kept],
        reason=reason[kept],
        moved_to=moved_to[kept],
        moved_day=moved_day[kept],
    )


def episodes_table(state: State, rows: Episodes) -> pl.DataFrame:
    open_still = rows.end < 0
    return pl.DataFrame(
        {
            "episode_id": (rows.number + 1).astype(np.uint32),
            "person_id": (rows.person + 1).astype(np.uint32),
            "team_id": words(rows.team, team_ids(state)),
            "referral_id": (rows.referral + 1).astype(np.uint32),
            "start_date": dates(rows.start),
            "end_date": dates(rows.end, missing=open_still),
            "end_reason": words(rows.reason, END_REASONS, missing=open_still),
        }
    )


def referrals_table(state: State) -> pl.DataFrame:
    """A referral whose answer lies in the future is still waiting."""
    rows = state.ledger.columns("referrals")
    waiting = rows["closed"] > state.calendar.today
    sources = [key for key, _, _ in organisation.ORGANISATIONS]
    return pl.DataFrame(
        {
            "referral_id": np.arange(1, len(waiting) + 1, dtype=np.uint32),
            "person_id": (rows["person"] + 1).astype(np.uint32),
            "referred_date": dates(rows["day"]),
            "source_organisation_id": words(rows["source"], sources, missing=rows["source"] < 0),
            "team_id": words(state.people.team[rows["person"]], team_ids(state)),
            "urgency": words(rows["urgency"], URGENCIES),
            "status": words(np.where(waiting, WAITING, rows["outcome"]), REFERRAL_STATUSES),
            "closed_date": dates(rows["closed"], missing=waiting),
        }
    ).filter(pl.col("referred_date") <= dates(np.array([state.calendar.today]))[0])


def team_ids(state: State) -> list[str]:
    return [state.setting.team_id(number) for number in range(state.setting.n_teams)]
