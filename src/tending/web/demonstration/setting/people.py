"""The people: who they are, when they were referred and to which team, and what they bring with them."""

from dataclasses import dataclass

import numpy as np

from tending.web.demonstration import planted
from tending.web.demonstration.setting.calendar import LEAD_WEEKS, Calendar
from tending.web.demonstration.words import names

SEX = (("FEMALE", 0.55), ("MALE", 0.43), ("INTERSEX", 0.004), ("UNKNOWN", 0.016))
# Gender as people say it, by what the record holds as sex: columns FEMALE, MALE, INTERSEX or UNKNOWN.
GENDER = (
    ("Woman", (0.785, 0.0, 0.2)),
    ("Man", (0.0, 0.785, 0.2)),
    ("Non-binary", (0.03, 0.02, 0.2)),
    ("Transgender woman", (0.0, 0.013, 0.02)),
    ("Transgender man", (0.013, 0.0, 0.02)),
    ("Another term", (0.005, 0.005, 0.06)),
    ("NOT_ASKED", (0.125, 0.135, 0.22)),
    ("DECLINED", (0.042, 0.042, 0.08)),
)
RACE = (
    ("White", 0.50),
    ("Black or African American", 0.22),
    ("Hispanic or Latino", 0.05),
    ("Asian", 0.06),
    ("American Indian", 0.02),
    ("Pacific Islander", 0.005),
    ("More than one", 0.035),
    ("NOT_ASKED", 0.05),
    ("DECLINED", 0.04),
)
LANGUAGE = (
    ("en", 0.735),
    ("es", 0.165),
    ("vi", 0.025),
    ("ht", 0.02),
    ("so", 0.02),
    ("ar", 0.01),
    ("NOT_ASKED", 0.02),
    ("DECLINED", 0.005),
)
PAYER = (
    ("MEDICAID", 0.56),
    ("MEDICARE", 0.14),
    ("COMMERCIAL", 0.16),
    ("SELF_PAY", 0.04),
    ("NONE", 0.06),
    ("OTHER", 0.04),
)
# Most people who prefer these languages describe themselves so; the rest as everybody else does.
RACE_BY_LANGUAGE = {
    "es": "Hispanic or Latino",
    "vi": "Asian",
    "ht": "Black or African American",
    "so": "Black or African American",
}
QUINTILE = (("1", 0.31), ("2", 0.25), ("3", 0.19), ("4", 0.13), ("5", 0.08), ("NOT_ASKED", 0.04))

# By base team: years of age (low, high), mean PHQ-9 at the start, weeks they may have come before it opens.
AGE = ((19, 78), (19, 78), (19, 80), (21, 72), (20, 76), (15, 25))
START_SEVERITY = (15.0, 15.6, 14.6, 13.0, 12.6, 14.4)
START_SPREAD = (4.6, 4.6, 4.6, 4.8, 4.8, 4.8)
LEAD = (30, 30, 30, LEAD_WEEKS, LEAD_WEEKS, 45)


@dataclass(frozen=True, slots=True)
class People:
    """One entry a person; codes are positions in the tables above."""

    n: int
    given: list[str]
    family: list[str]
    birth_day: np.ndarray
    sex: np.ndarray
    gender: np.ndarray
    race: np.ndarray
    language: np.ndarray
    payer: np.ndarray
    quintile: np.ndarray
    team: np.ndarray
    referred_day: np.ndarray
    severity: np.ndarray  # PHQ-9 points when support starts
    engagement: np.ndarray  # log odds of missing a visit, this person against others
    risk: np.ndarray  # readiness to endorse the self-harm item, in deviations
    trauma: np.ndarray
    alcohol: np.ndarray
    offset: np.ndarray  # (n, 9) how each instrument reads for this person beside the PHQ-9

    @property
    def deprived(self) -> np.ndarray:
        """Living in one of the two most deprived fifths."""
        return self.quintile < 2

    def speaks(self, code: str) -> np.ndarray:
        return np.asarray(self.language == [name for name, _ in LANGUAGE].index(code))


def drawn_names(sex: np.ndarray, rng: np.random.Generator) -> tuple[list[str], list[str]]:
    """Given names that mostly go with the sex recorded, and family names independent of them."""
    n = len(sex)
    shelves = (names.WOMEN, names.MEN, names.ANYONE)
    shelf = np.where((sex > 1) | (rng.random(n) < 0.08), 2, sex)
    drawn = [np.array(each, dtype=object)[rng.integers(0, len(each), n)] for each in shelves]
    family = np.array(names.FAMILY, dtype=object)[rng.integers(0, len(names.FAMILY), n)]
    return list(np.choose(shelf, drawn)), list(family)


def people(*, n: int, n_squads: int, calendar: Calendar, rng: np.random.Generator) -> People:
    """Draw everyone. Referrals spread over the record, and before it for long-stay teams."""
    shares = np.array([team.share_of_people for team in planted.TEAMS])
    kind = rng.choice(6, n, p=shares / shares.sum())
    referred = (calendar.opens - 7 * np.array(LEAD)[kind]) + _share_of_time(kind, n, rng) * (
        7 * np.array(LEAD)[kind] + calendar.today - calendar.opens
    )
    low, high = np.array(AGE).T
    years = low[kind] + (high - low)[kind] * rng.beta(1.6, 2.2, n)
    sex, language = _pick(SEX, n, rng), _pick(LANGUAGE, n, rng)
    given, family = drawn_names(sex, rng)
    severity = np.array(START_SEVERITY)[kind] + np.array(START_SPREAD)[kind] * rng.standard_normal(n)
    return People(
        n=n,
        given=given,
        family=family,
        birth_day=(referred - years * 365.25).astype(np.int64),
        sex=sex,
        gender=_gender(sex, rng),
        race=_race(language, rng),
        language=language,
        payer=_payer(years, rng),
        quintile=_pick(QUINTILE, n, rng),
        team=kind + 6 * rng.integers(0, n_squads, n),
        referred_day=referred.astype(np.int64),
        severity=np.clip(severity, 3.0, 26.0),
        engagement=0.8 * rng.standard_normal(n),
        risk=rng.standard_normal(n),
        trauma=rng.random(n) < np.where(kind < 3, 0.2, 0.12),
        alcohol=rng.random(n) < np.where(kind < 5, 0.2, 0.08),
        offset=rng.standard_normal((n, 9)),
    )


def _share_of_time(kind: np.ndarray, n: int, rng: np.random.Generator) -> np.ndarray:
    """Long-stay teams filled up early; the others take people on evenly."""
    early = np.isin(kind, [planted.ACT, planted.BRIDGEWAY])
    return np.where(early, rng.beta(0.8, 1.5, n), rng.random(n))


def _pick(table: tuple[tuple[str, float], ...], n: int, rng: np.random.Generator) -> np.ndarray:
    weights = np.array([weight for _, weight in table])
    return rng.choice(len(table), n, p=weights / weights.sum()).astype(np.int16)


def _gender(sex: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    shares = np.array([share for _, share in GENDER]).T
    edges = np.cumsum(shares / shares.sum(axis=1, keepdims=True), axis=1)[np.minimum(sex, 2)]
    drawn = (rng.random(len(sex))[:, None] >= edges).sum(axis=1)
    return np.asarray(np.minimum(drawn, len(GENDER) - 1).astype(np.int16))


def _race(language: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    race = _pick(RACE, len(language), rng)
    names_of_race, tags = [name for name, _ in RACE], [tag for tag, _ in LANGUAGE]
    usual = rng.random(len(language)) < 0.85
    for tag, name in RACE_BY_LANGUAGE.items():
        race[usual & (language == tags.index(tag))] = names_of_race.index(name)
    return race


def _payer(years: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Medicare pays mostly from 65, and for some adults with a long disability."""
    payer = _pick(PAYER, len(years), rng)
    tags = [tag for tag, _ in PAYER]
    medicare, medicaid = tags.index("MEDICARE"), tags.index("MEDICAID")
    payer[(years < 26) & (payer == medicare)] = medicaid
    payer[(years >= 65) & (rng.random(len(years)) < 0.85)] = medicare
    return payer
