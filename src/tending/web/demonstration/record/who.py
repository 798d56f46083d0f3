"""The people, staff, teams and organisations of the record, and who works with whom."""

import unicodedata
from datetime import date

import numpy as np
import polars as pl

from tending.web.demonstration import planted
from tending.web.demonstration.course.state import State
from tending.web.demonstration.record.columns import dates, numbered, numbers, words
from tending.web.demonstration.record.episodes import Episodes
from tending.web.demonstration.setting import cast, organisation, people

ROLES = ("PRIMARY", "COORDINATOR", "PEER")
EPOCH = date(1970, 1, 1)


def organisations_table() -> pl.DataFrame:
    return pl.DataFrame(organisation.ORGANISATIONS, schema=["organisation_id", "name", "kind"], orient="row")


def teams_table(state: State) -> pl.DataFrame:
    setting = state.setting
    base = [planted.TEAMS[number % 6] for number in range(setting.n_teams)]
    return pl.DataFrame(
        {
            "team_id": [setting.team_id(number) for number in range(setting.n_teams)],
            "name": [setting.team_name(number) for number in range(setting.n_teams)],
            "programme": [team.programme for team in base],
            "service_model": [team.service_model for team in base],
            "site": [team.site for team in base],
        }
    )


def staff_table(state: State) -> pl.DataFrame:
    staff, setting = state.setting.staff, state.setting
    cast_emails = {member.staff_id: member.email for member in cast.CAST}
    emails = [
        cast_emails.get(key, _plain(f"{given}.{family}.{key[2:]}@riverbend.example"))
        for key, given, family in zip(staff.staff_id, staff.given, staff.family, strict=True)
    ]
    return pl.DataFrame(
        {
            "staff_id": staff.staff_id,
            "given_name": staff.given,
            "family_name": staff.family,
            "email": emails,
            "role": staff.role,
            "team_id": [setting.team_id(int(team)) if team >= 0 else None for team in staff.team],
            "from_date": dates(staff.starts),
            "to_date": dates(staff.ends, missing=staff.ends < 0),
        }
    )


def _plain(text: str) -> str:
    """Lower case without accents, as addresses are written."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()


def people_table(state: State, episodes: Episodes) -> pl.DataFrame:
    folk = state.people
    n, rng = folk.n, np.random.default_rng([folk.n, 7])
    died = np.full(n, -1)
    gone = episodes.reason == episodes.DIED
    died[episodes.person[gone]] = episodes.end[gone]
    named = {
        "sex": (folk.sex, people.SEX),
        "gender_identity": (folk.gender, people.GENDER),
        "race_ethnicity": (folk.race, people.RACE),
        "language": (folk.language, people.LANGUAGE),
        "payer": (folk.payer, people.PAYER),
        "deprivation_quintile": (folk.quintile, people.QUINTILE),
    }
    handle = [
        _plain(f"{given}.{family}{number}")
        for number, (given, family) in enumerate(zip(folk.given, folk.family, strict=True), start=1)
    ]
    last_four = [f"+1 555 01{number:02d}" for number in range(100)]
    return pl.DataFrame(
        {
            "person_id": np.arange(1, n + 1, dtype=np.uint32),
            "given_name": folk.given,
            "family_name": folk.family,
            "birth_date": dates(folk.birth_day),
            **{name: words(code, [label for label, _ in table]) for name, (code, table) in named.items()},
            "phone": words(rng.integers(0, 100, n), last_four, missing=rng.random(n) < 0.06),
            "email": pl.Series(handle) + "@example.org",
            "death_date": dates(died, missing=died < 0),
        }
    ).with_columns(email=pl.when(pl.Series(rng.random(n) < 0.68)).then("email"))


def caseload_table(state: State, episodes: Episodes) -> pl.DataFrame:
    """Each episode's practitioner (two rows where a leaver handed over), coordinator and peer worker."""
    setting, n = state.setting, len(episodes.person)
    rng = np.random.default_rng([n, 11])
    handover = setting.handover_day
    last = np.where(episodes.end < 0, 2**30, episodes.end)
    leaver = episodes.practitioner == setting.leaver
    crosses = leaver & (episodes.start < handover) & (last >= handover)
    after = leaver & (episodes.start >= handover)
    moved = episodes.moved_to >= 0
    primary = np.where(after, setting.successor, episodes.practitioner)
    first_end = np.where(crosses, handover - 1, np.where(moved, episodes.moved_day - 1, episodes.end))
    lively = np.isin(episodes.team % 6, [planted.ACT, planted.BRIDGEWAY, planted.FIRST_STEPS])
    coordinated = rng.random(n) < np.where(lively, 1.0, 0.35)
    peered = rng.random(n) < np.where(lively, 0.65, 0.30)
    second_end = np.where(moved, episodes.moved_day - 1, episodes.end)
    told = np.isin(episodes.person, list(state.stories.values())) & (episodes.end < 0)
    coordinated, peered = coordinated | told, peered | told
    parts = [
        (np.arange(n), primary, 0, episodes.start, first_end),
        (np.flatnonzero(crosses), np.full(n, setting.successor), 0, np.full(n, handover), second_end),
        (np.flatnonzero(moved), episodes.moved_to, 0, episodes.moved_day, episodes.end),
        (np.flatnonzero(coordinated), setting.coordinator[episodes.team], 1, episodes.start, episodes.end),
        (np.flatnonzero(peered), setting.peer[episodes.team], 2, episodes.start, episodes.end),
    ]
    frames = [_caseload(state, episodes, *part) for part in parts]
    return numbered(pl.concat(frames), "caseload_id", by=["from_date", "person_id"])


def _caseload(
    state: State,
    episodes: Episodes,
    rows: np.ndarray,
    staff: np.ndarray,
    role: int,
    starts: np.ndarray,
    ends: np.ndarray,
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "person_id": numbers((episodes.person[rows] + 1).astype(np.uint32)),
            "staff_id": words(staff[rows], state.setting.staff.staff_id),
            "caseload_role": words(np.full(len(rows), role), ROLES),
            "from_date": dates(starts[rows]),
            "to_date": dates(ends[rows], missing=ends[rows] < 0),
        }
    )
