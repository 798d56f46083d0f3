"""The demonstration provider: generate it, read its tables, write its files."""

import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tending.web.demonstration import dirt, templates, truth
from tending.web.demonstration.course.simulate import simulate
from tending.web.demonstration.course.state import State
from tending.web.demonstration.record import consents, episodes, events, questionnaires, who
from tending.web.demonstration.setting import organisation
from tending.web.demonstration.setting import people as folk
from tending.web.demonstration.setting.calendar import calendar

DEFAULT_SEED = 20
FEWEST_PEOPLE = 100
DATE, INSTANT = "%Y-%m-%d", "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Provider:
    """One generated provider.

    `frames` holds a typed table a template, identifiers as whole numbers, without the planted mistakes;
    `table(name)` is the same as it stands on paper, mistakes included; `truth` is what is known to be so.
    """

    name: str
    today: date
    seed: int
    frames: dict[str, pl.DataFrame] = field(repr=False)
    mistakes: list[dirt.Mistake] = field(repr=False)
    truth: dict[str, Any] = field(repr=False)

    def table(self, name: str) -> pl.DataFrame:
        """One template's rows as written: identifiers as text, columns in the template's order."""
        frame = self.frames[name].select(templates.COLUMNS[name])
        keys = [column for column in frame.columns if column in templates.PREFIXES]
        digits = {key: pl.col(key).cast(pl.String).str.zfill(templates.DIGITS) for key in keys}
        frame = frame.with_columns(**{key: pl.lit(templates.PREFIXES[key]) + digits[key] for key in keys})
        for mistake in (one for one in self.mistakes if one.table == name):
            frame = _misspell(frame, mistake)
        return frame

    def write(self, folder: Path) -> None:
        """Write every template's CSV file and truth.json into `folder` (made when absent)."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in templates.COLUMNS:
            self.table(name).write_csv(folder / f"{name}.csv", date_format=DATE, datetime_format=INSTANT)
        text = json.dumps(self.truth, indent=1, ensure_ascii=False)
        (folder / "truth.json").write_text(text + "\n", encoding="utf-8")


def _misspell(frame: pl.DataFrame, mistake: dirt.Mistake) -> pl.DataFrame:
    column = frame[mistake.column]
    key, _, item = mistake.row_id.partition("/")
    here = pl.col(frame.columns[0]) == key
    if item:
        here &= pl.col("item") == item
    if column.dtype.is_temporal():
        as_text = pl.col(mistake.column).dt.to_string(INSTANT)
    else:
        as_text = pl.col(mistake.column).cast(pl.String)
    return frame.with_columns(pl.when(here).then(pl.lit(mistake.written)).otherwise(as_text).alias(mistake.column))


def generate(*, people: int = 1200, seed: int = DEFAULT_SEED, today: date, months: int = 24) -> Provider:
    """A whole provider, the same for the same numbers. `today` is the morning on which someone looks."""
    if people < FEWEST_PEOPLE:
        raise ValueError(f"A provider needs at least {FEWEST_PEOPLE} people, not {people}: ask for more people.")
    days = calendar(today=today, months=months)
    streams = [np.random.default_rng([seed, people, days.today, stream]) for stream in range(4)]
    setting = organisation.organisation(n_people=people, calendar=days, rng=streams[0])
    everyone = folk.people(n=people, n_squads=setting.n_squads, calendar=days, rng=streams[1])
    state = simulate(people=everyone, setting=setting, calendar=days, rng=streams[2])
    frames = _frames(state)
    twice = dirt.duplicates(frames, streams[3])
    wrong = dirt.mistakes(frames, streams[3], spare=[person + 1 for person in state.stories.values()])
    about = {"provider": organisation.PROVIDER_NAME, "people": people, "seed": seed, "months": months}
    known = truth.truth(state, frames, twice, wrong, about=about | {"today": today.isoformat()})
    return Provider(organisation.PROVIDER_NAME, today, seed, frames, wrong, known)


def _frames(state: State) -> dict[str, pl.DataFrame]:
    spells = episodes.episodes(state)
    return {
        "organisations": who.organisations_table(),
        "teams": who.teams_table(state),
        "staff": who.staff_table(state),
        "people": who.people_table(state, spells),
        "caseload": who.caseload_table(state, spells),
        "referrals": episodes.referrals_table(state),
        "episodes": episodes.episodes_table(state, spells),
        "contacts": events.contacts_table(state),
        "scores": questionnaires.scores_table(state),
        "answers": questionnaires.answers_table(state),
        "crisis_contacts": events.crises_table(state),
        "stays": events.stays_table(state),
        "housing": events.housing_table(state),
        "goals": events.goals_table(state, spells),
        "goal_ratings": events.ratings_table(state),
        "care_plan_events": events.plans_table(state),
        "diagnoses": events.diagnoses_table(state, spells),
        "consents": consents.consents_table(state, spells),
    }
