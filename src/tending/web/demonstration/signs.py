"""Signs that something is changing for a person, read from the record by the plainest rules, and what followed.

These are the yardstick for triggers, not the triggers: each is one sentence of arithmetic over the tables.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

RELIABLE_CHANGE = 6  # PHQ-9 points
QUIET_DAYS, FOLLOW_UP_DAYS, OVERDUE_DAYS, REPEAT_DAYS = 30, 7, 45, 30
RUNGS = {"STABLE": 0, "UNKNOWN": 0, "INSTITUTION": 0, "AT_RISK": 1, "TEMPORARY": 2, "SHELTER": 3, "UNSHELTERED": 4}
SPAN = 1 << 20  # more than any day number: person * SPAN + day sorts by person, then day


@dataclass(frozen=True, slots=True)
class Sign:
    """Where one kind of sign appeared: the person and the day, one entry each time, sorted."""

    name: str
    meaning: str
    person: np.ndarray
    day: np.ndarray


class Reading:
    """The tables as sorted keys, and the questions asked of them."""

    def __init__(self, frames: dict[str, pl.DataFrame], *, today: int) -> None:
        self.frames, self.today = frames, today
        episodes = frames["episodes"].sort("person_id", "start_date")
        self.starts = _key(episodes, "start_date")
        ends = episodes["end_date"].cast(pl.Int64).fill_null(today + 1).to_numpy()
        self.ends = episodes["person_id"].cast(pl.Int64).to_numpy() * SPAN + ends
        contacts = frames["contacts"].filter(pl.col("status") == "ATTENDED")
        self.seen = np.sort(_key(contacts, "starts_at"))
        self.crises = np.sort(_key(frames["crisis_contacts"], "at"))

    def supported(self, key: np.ndarray) -> np.ndarray:
        """Whether an episode was open for that person on that day."""
        place = np.searchsorted(self.starts, key, side="right") - 1
        return np.asarray((place >= 0) & (self.ends[np.maximum(place, 0)] >= key))

    def happened(self, events: np.ndarray, key: np.ndarray, *, within: int) -> np.ndarray:
        """Whether an event followed, after the day itself and at most `within` days later."""
        return np.searchsorted(events, key, side="right") < np.searchsorted(events, key + within, side="right")

    def sign(self, name: str, meaning: str, key: np.ndarray) -> Sign:
        """Only people with an open episode show a sign, and none lies in the future."""
        key = np.unique(key)
        key = key[(key % SPAN <= self.today) & self.supported(key)]
        return Sign(name, meaning, key // SPAN, key % SPAN)


def _key(frame: pl.DataFrame, column: str) -> np.ndarray:
    day = frame[column].cast(pl.Date).cast(pl.Int64).to_numpy()
    return np.asarray(frame["person_id"].cast(pl.Int64).to_numpy() * SPAN + day)


def signs(frames: dict[str, pl.DataFrame], *, today: int) -> list[Sign]:
    """Every sign in the record."""
    read = Reading(frames, today=today)
    return [*_scores(read), _missed(read), _crises(read), _homes(read), *_silences(read), _goals(read)]


def phq9_totals(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """PHQ-9 totals with first, best and previous of the same person, in order."""
    items = frames["answers"].filter(pl.col("instrument") == "PHQ-9")
    totals = items.group_by("response_id", "person_id", "answered_date").agg(
        pl.col("value").cast(pl.Int32).sum(), risk=pl.col("value").filter(pl.col("item") == "9").max()
    )
    totals = totals.sort("person_id", "answered_date", "response_id")
    earlier = pl.col("value").shift(1).over("person_id")
    return totals.with_columns(
        first=pl.col("value").first().over("person_id"),
        previous=earlier,
        best=pl.col("value").cum_min().shift(1).over("person_id"),
        nth=pl.int_range(pl.len()).over("person_id"),
    )


def _scores(read: Reading) -> list[Sign]:
    totals = phq9_totals(read.frames)
    found = []
    for against in ("previous", "best", "first"):
        worse = totals.filter(
            (pl.col("value") - pl.col(against) >= RELIABLE_CHANGE)
            & ((pl.col("previous") - pl.col(against) < RELIABLE_CHANGE) | (against == "previous"))
        )
        meaning = f"PHQ-9 has just become {RELIABLE_CHANGE} or more points worse than the {against} one"
        found.append(read.sign(f"WORSE_THAN_{against.upper()}", meaning, _key(worse, "answered_date")))
    risky = totals.filter(pl.col("risk") >= 1)
    found.append(read.sign("RISK_ANSWER", "the PHQ-9 self-harm item was endorsed", _key(risky, "answered_date")))
    return found


def _missed(read: Reading) -> Sign:
    kept = read.frames["contacts"].filter(pl.col("status").is_in(["ATTENDED", "NO_SHOW"]))
    missed = pl.col("status") == "NO_SHOW"
    twice = kept.sort("person_id", "starts_at").filter(missed & missed.shift(1).over("person_id"))
    meaning = "two or more visits in a row were missed"
    return read.sign("MISSED_TWICE", meaning, _key(twice, "starts_at"))


def _crises(read: Reading) -> Sign:
    same = read.crises[1:] // SPAN == read.crises[:-1] // SPAN
    close = same & (read.crises[1:] - read.crises[:-1] <= REPEAT_DAYS)
    meaning = f"a second crisis contact within {REPEAT_DAYS} days"
    return read.sign("CRISIS_TWICE", meaning, read.crises[1:][close])


def _homes(read: Reading) -> Sign:
    homes = read.frames["housing"].sort("person_id", "from_date", "housing_id")
    rung = pl.col("state").cast(pl.String).replace_strict(RUNGS, return_dtype=pl.Int8)
    down = homes.with_columns(rung=rung).filter(pl.col("rung") > pl.col("rung").shift(1).over("person_id"))
    return read.sign("HOUSING_SLIP", "the person's housing became less settled", _key(down, "from_date"))


def _silences(read: Reading) -> list[Sign]:
    stays = read.frames["stays"].filter(
        pl.col("discharged_at").is_not_null() & (pl.col("kind") == "PSYCHIATRIC_INPATIENT")
    )
    home = _key(stays, "discharged_at")
    unseen = home[~read.happened(read.seen, home, within=FOLLOW_UP_DAYS)] + FOLLOW_UP_DAYS
    known = np.unique(np.concatenate([read.seen, read.starts]))
    quiet = known[~read.happened(read.seen, known, within=QUIET_DAYS)] + QUIET_DAYS
    answered = np.unique(_key(phq9_totals(read.frames), "answered_date"))
    overdue = answered[~read.happened(answered, answered, within=OVERDUE_DAYS)] + OVERDUE_DAYS
    return [
        read.sign("UNSEEN_AFTER_DISCHARGE", f"nobody seen {FOLLOW_UP_DAYS} days after a psychiatric stay", unseen),
        read.sign("NO_CONTACT", f"nobody seen for {QUIET_DAYS} days", quiet),
        read.sign("MEASURE_OVERDUE", f"no PHQ-9 for {OVERDUE_DAYS} days in someone who answers it", overdue),
    ]


def _goals(read: Reading) -> Sign:
    ratings = read.frames["goal_ratings"].sort("goal_id", "rated_date", "rating_id")
    ratings = ratings.with_columns(
        one=pl.col("rating").shift(1).over("goal_id"), two=pl.col("rating").shift(2).over("goal_id")
    )
    falling = (pl.col("rating") < pl.col("one")) & (pl.col("one") < pl.col("two"))
    fallen = ratings.filter(falling & (pl.col("two") - pl.col("rating") >= 3))
    meaning = "a goal's rating fell twice running, by three points or more"
    return read.sign("GOALS_FALLING", meaning, _key(fallen, "rated_date"))
