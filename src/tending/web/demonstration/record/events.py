"""What happened, as the record holds it: visits, crises, stays, homes, goals, plans and diagnoses."""

import numpy as np
import polars as pl

from tending.web.demonstration import planted
from tending.web.demonstration.course import crises, visits
from tending.web.demonstration.course.state import HOUSING, State
from tending.web.demonstration.record.columns import dates, instants, numbered, numbers, words
from tending.web.demonstration.record.episodes import Episodes, team_ids
from tending.web.demonstration.setting import organisation
from tending.web.demonstration.words import diagnoses
from tending.web.demonstration.words import goals as goal_words

CRISIS_KINDS = ("CRISIS_LINE", "MOBILE_CRISIS", "WALK_IN", "EMERGENCY_DEPARTMENT", "POLICE")
CRISIS_OUTCOMES = ("Stayed at home", "Safety plan used", "Referred on", "Taken to hospital")
STAY_KINDS = ("PSYCHIATRIC_INPATIENT", "MEDICAL_INPATIENT", "DETOX")
DESTINATIONS = ("HOME", "RESIDENTIAL", "AGAINST_ADVICE", "TRANSFER", "OTHER")
PLAN_KINDS = (
    "PLAN_AGREED",
    "PLAN_REVIEWED",
    "PLAN_UPDATED",
    "SAFETY_PLAN_AGREED",
    "SAFETY_PLAN_UPDATED",
    "MEDICATION_CHANGED",
)
MORNING = 8 * 60 + 45  # what was due by a quarter to nine today has happened


def _recent(state: State, kind: str) -> dict[str, np.ndarray]:
    """Rows of one kind since the record opened, without the future."""
    rows = state.ledger.columns(kind)
    kept = (rows["day"] >= state.calendar.opens) & (rows["day"] <= state.calendar.today)
    return {name: column[kept] for name, column in rows.items()}


def person(rows: dict[str, np.ndarray]) -> pl.Series:
    return numbers((rows["person"] + 1).astype(np.uint32))


def contacts_table(state: State) -> pl.DataFrame:
    rows = state.ledger.columns("contacts")
    kept = (rows["day"] >= state.calendar.opens) & (rows["day"] < state.calendar.today + 14)
    rows = {name: column[kept] for name, column in rows.items()}
    setting, today = state.setting, state.calendar.today
    handed = (rows["staff"] == setting.leaver) & (rows["day"] >= setting.handover_day)
    this_morning = (rows["day"] == today) & (rows["minute"] <= MORNING)
    frame = pl.DataFrame(
        {
            "person_id": person(rows),
            "staff_id": words(np.where(handed, setting.successor, rows["staff"]), setting.staff.staff_id),
            "team_id": words(rows["team"], team_ids(state)),
            "starts_at": instants(rows["day"], rows["minute"]),
            "minutes": numbers(rows["minutes"]),
            "kind": words(rows["what"], visits.KINDS),
            "medium": words(rows["medium"], visits.MEDIA),
            "status": words(np.where(this_morning, visits.ATTENDED, rows["status"]), visits.STATUSES),
        }
    )
    return numbered(frame, "contact_id", by=["starts_at", "person_id"])


def crises_table(state: State) -> pl.DataFrame:
    """A quarter of yesterday's crises that ended without a stay came in the night before this morning."""
    rows, today = _recent(state, "crises"), state.calendar.today
    at_home = rows["outcome"] != crises.TAKEN_TO_HOSPITAL
    overnight = at_home & (rows["day"] == today - 1) & (rows["minute"] % 4 == 0)
    minute = np.where(overnight | (rows["day"] == today), rows["minute"] % 360, rows["minute"])
    frame = pl.DataFrame(
        {
            "person_id": person(rows),
            "at": instants(np.where(overnight, today, rows["day"]), minute),
            "kind": words(rows["kind"], CRISIS_KINDS),
            "organisation_id": _partner(rows["organisation"]),
            "outcome": words(rows["outcome"], CRISIS_OUTCOMES),
        }
    )
    return numbered(frame, "crisis_id", by=["at", "person_id"])


def stays_table(state: State) -> pl.DataFrame:
    """Discharges and notices that lie in the future are not known yet."""
    rows, today = _recent(state, "stays"), state.calendar.today
    home = rows["day"] + rows["nights"]
    inside = home >= today
    notice = home * 1440 + rows["leaves"] + np.round(rows["hours"] * 60).astype(np.int64)
    silent = inside | (rows["hours"] == crises.NEVER_HEARD) | (notice >= today * 1440)
    frame = pl.DataFrame(
        {
            "person_id": person(rows),
            "organisation_id": _partner(rows["organisation"]),
            "kind": words(rows["kind"], STAY_KINDS),
            "admitted_at": instants(rows["day"], rows["minute"]),
            "discharged_at": instants(home, rows["leaves"], missing=inside),
            "destination": words(rows["destination"], DESTINATIONS, missing=inside),
            "notified_at": instants(notice // 1440, notice % 1440, missing=silent),
        }
    )
    return numbered(frame, "stay_id", by=["admitted_at", "person_id"])


def _partner(code: np.ndarray) -> pl.Series:
    return words(code, [key for key, _, _ in organisation.ORGANISATIONS], missing=code < 0)


def housing_table(state: State) -> pl.DataFrame:
    rows = state.ledger.columns("housing")
    frame = pl.DataFrame(
        {"person_id": person(rows), "from_date": dates(rows["day"]), "state": words(rows["state"], HOUSING)}
    )
    return numbered(frame, "housing_id", by=["from_date", "person_id"])


def goals_table(state: State, episodes: Episodes) -> pl.DataFrame:
    """Goals end with the episode: reached, changed or let go; some change on the way."""
    rows = state.ledger.columns("goals")
    place = np.searchsorted(episodes.number, rows["episode"])
    end, completed = episodes.end[place], episodes.reason[place] == 0
    over = end >= 0
    status = np.where(~over, 0, np.where(completed & (rows["fate"] < 0.62), 1, np.where(rows["fate"] > 0.85, 2, 3)))
    return pl.DataFrame(
        {
            "goal_id": np.arange(1, len(end) + 1, dtype=np.uint32),
            "person_id": person(rows),
            "stated_date": dates(rows["day"]),
            "words": words(rows["words"], [text for text, _ in goal_words.GOALS]),
            "domain": words(rows["words"], [domain for _, domain in goal_words.GOALS]),
            "status": words(status, ("ACTIVE", "ACHIEVED", "CHANGED", "DROPPED")),
            "closed_date": dates(end, missing=~over),
        }
    )


def ratings_table(state: State) -> pl.DataFrame:
    rows = _recent(state, "ratings")
    frame = pl.DataFrame(
        {
            "goal_id": numbers((rows["goal"] + 1).astype(np.uint32)),
            "person_id": person(rows),
            "rated_date": dates(rows["day"]),
            "rating": numbers(rows["rating"]),
            "rated_by": words(rows["by"], ("PERSON", "STAFF")),
        }
    )
    return numbered(frame, "rating_id", by=["rated_date", "person_id", "goal_id"])


def plans_table(state: State) -> pl.DataFrame:
    rows = _recent(state, "plans")
    handed = (rows["staff"] == state.setting.leaver) & (rows["day"] >= state.setting.handover_day)
    staff = np.where(handed, state.setting.successor, rows["staff"])
    frame = pl.DataFrame(
        {
            "person_id": person(rows),
            "event_date": dates(rows["day"]),
            "kind": words(rows["kind"], PLAN_KINDS),
            "staff_id": words(staff, state.setting.staff.staff_id),
        }
    )
    return numbered(frame, "event_id", by=["event_date", "person_id"])


def diagnoses_table(state: State, episodes: Episodes) -> pl.DataFrame:
    """One main diagnosis a person supported; trauma and alcohol beside it where they are present."""
    folk, (who, first) = state.people, np.unique(episodes.person, return_index=True)
    rng = np.random.default_rng([folk.n, 13])
    table = [
        *diagnoses.OUTPATIENT,
        *diagnoses.COMMUNITY,
        *diagnoses.YOUTH,
        diagnoses.TRAUMA,
        diagnoses.ALCOHOL,
    ]
    group = np.array([0, 0, 0, 6, 6, 12])[folk.team[who] % len(planted.TEAMS)]
    parts = [(np.ones(len(who), dtype=bool), group + rng.integers(0, 6, len(who)))]
    parts += [(folk.trauma[who], np.full(len(who), 18)), (folk.alcohol[who], np.full(len(who), 19))]
    frames = [
        pl.DataFrame(
            {
                "person_id": (who[has] + 1).astype(np.uint32),
                "system": words(np.zeros(int(has.sum()), dtype=int), ("ICD10",)),
                "code": words(code[has], [code for code, _ in table]),
                "label": words(code[has], [label for _, label in table]),
                "onset_date": dates(episodes.start[first][has] - rng.integers(0, 1500, int(has.sum()))),
                "end_date": pl.Series([None] * int(has.sum()), dtype=pl.Date),
            }
        )
        for has, code in parts
    ]
    return numbered(pl.concat(frames), "diagnosis_id", by=["person_id", "code"])
