"""The expected course of a measure, by band of the first score: own data, a stated prior, or both, said in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from outcomestats.change.expected.bands import OUTSIDE, Bands
from outcomestats.change.expected.curves import Curve, StatedPrior
from outcomestats.change.expected.rows import Split
from outcomestats.change.growth.fit import NoGrowth, fit_growth
from outcomestats.change.growth.sums import GrowthSums, log_weeks
from outcomestats.change.reliable import column
from outcomestats.change.rules import Direction

VERSION = "change.expected/1"
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scale:
    """The measure a course is about: name, direction, lowest and highest score. Raises ValueError out of order.

    >>> Scale("PHQ-9", Direction.HIGHER_IS_WORSE, 0, 27).highest
    27
    """

    measure: str
    direction: Direction
    lowest: float
    highest: float

    def __post_init__(self) -> None:
        if not -np.inf < self.lowest < self.highest < np.inf:
            raise ValueError(f"lowest is {self.lowest} and highest {self.highest}; give the scale's ends in order")


@dataclass(frozen=True, slots=True, eq=False)
class BandCourse:
    """One band's course. own, prior: curves, or None. weight: of the own one, 0 to 1. n: own people."""

    own: Curve | None
    prior: StatedPrior | None
    weight: float
    n: int
    n_scores: int
    verdict: str


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedCourse:
    """What is to be expected, band by band. split: who was held out of it, or None. until_days: not asked beyond."""

    scale: Scale
    bands: Bands
    courses: tuple[BandCourse, ...]
    until_days: int
    split: Split | None
    n: int
    method: str
    version: str
    verdict: str


class Expectation(StrEnum):
    """Whether a score is expected anything of, or why not."""

    EXPECTED = "EXPECTED"
    NOT_YET = "NOT_YET"  # on the first score's own day
    TOO_LATE = "TOO_LATE"  # later than the course was made for
    OUTSIDE_BANDS = "OUTSIDE_BANDS"  # nobody is to be compared with
    NO_COURSE = "NO_COURSE"  # too few people in the band, and no stated prior


STATES = tuple(Expectation)


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedScores:
    """Expectations for n first scores and days. There is no NaN in it.

    states: (n,) int8, position in STATES. rows: (k,) int64 of those with EXPECTED. band: (n,) int64. mean, sd: (k,)
    of one score. lower, upper: (c, k), the prediction bands of `coverage`, (c,), within the ends of the scale.
    """

    states: NDArray[np.int8]
    rows: NDArray[np.int64]
    band: NDArray[np.int64]
    mean: Floats
    sd: Floats
    lower: Floats
    upper: Floats
    coverage: tuple[float, ...]
    version: str

    def state(self, row: int) -> Expectation:
        """Whether one row has an expectation, or why not."""
        return STATES[int(self.states[row])]


def fit_expected(
    sums: GrowthSums,
    *,
    scale: Scale,
    bands: Bands,
    prior: StatedPrior | Sequence[StatedPrior] | None = None,
    split: Split | None = None,
    fewest: int = 30,
    enough: int = 200,
    until_days: int = 364,
) -> ExpectedCourse:
    """The expected course out of sums, with a stated prior where own people are few.

    sums: LaterScores.sums(), merged over sites; each person's first score is the baseline. prior: one for all bands
    or one a band. Up to `fewest` own people in a band the prior stands alone; from `enough` on the own course does;
    in between the own weight rises smoothly (3s² − 2s³). Where both speak, their spread includes how far they
    disagree. split: with one, only the people not held out are used, and calibrate can be asked. Growth in ln(1 +
    weeks) with people's own levels and slopes, by REML in each band.
    Not for people whose course is interrupted by a new one: give each course a clock of its own.
    Raises ValueError where sums have no baseline, fewest or enough are out of order, or priors do not fit the bands.

    >>> from outcomestats.change.cutoffs import Norms
    >>> from outcomestats.change.expected.bands import Band
    >>> from outcomestats.change.expected.curves import prior_from_norms
    >>> from outcomestats.change.expected.rows import later_scores
    >>> few = later_scores([1, 1, 2, 2], [0, 21, 0, 30], [18, 12, 16, 15]).sums()
    >>> course = fit_expected(
    ...     few, scale=Scale("PHQ-9", Direction.HIGHER_IS_WORSE, 0, 27), bands=Bands((Band(0, 27, "all"),)),
    ...     prior=prior_from_norms(Norms(14, 5), reliability=0.85, change_per_log_week=-1.5, source="stated by hand"))
    >>> course.courses[0].verdict
    'all: 2 people of your own, too few: the stated course alone (stated by hand).'
    """
    if sums.baseline is None:
        raise ValueError("sums have no baseline; make them by later_scores(…).sums()")
    if not 2 <= fewest < enough:
        raise ValueError(f"fewest is {fewest} and enough {enough}; give 2 or more, and enough above fewest")
    if until_days < 1:
        raise ValueError(f"until_days is {until_days}; give 1 or more")
    priors = _one_each(prior, len(bands.bands))
    used = sums if split is None else sums.only(~split.held_out(sums.people))
    known = np.empty(0) if used.baseline is None else used.baseline
    place = bands.of(known) if known.size else np.empty(0, dtype=np.int64)
    courses = tuple(
        _band_course(used.only(place == at), bands.bands[at].label, stated, fewest, enough)
        for at, stated in enumerate(priors)
    )
    n = sum(each.n for each in courses)
    return ExpectedCourse(
        scale=scale, bands=bands, courses=courses, until_days=until_days, split=split, n=n,
        method="growth in log weeks by band of the first score, REML, blended with a stated prior", version=VERSION,
        verdict=f"Expected course of {scale.measure} from {n} people: " + " ".join(each.verdict for each in courses),
    )  # fmt: skip


def expected_scores(
    course: ExpectedCourse, baseline: ArrayLike, days: ArrayLike, *, coverage: tuple[float, ...] = (0.8, 0.95)
) -> ExpectedScores:
    """Where a new person's score is to be expected. baseline, days: (n,), days since the first score.

    coverage: of the prediction bands, each above 0 and below 1. The bands are normal and cut off at the ends of the
    scale; how often they hold is not assumed: see calibrate.
    Raises ValueError as column, and where a coverage lies outside its range.

    >>> from outcomestats.change.cutoffs import Norms
    >>> from outcomestats.change.expected.bands import Band
    >>> from outcomestats.change.expected.curves import prior_from_norms
    >>> from outcomestats.change.expected.rows import later_scores
    >>> few = later_scores([1, 1, 2, 2], [0, 21, 0, 30], [18, 12, 16, 15]).sums()
    >>> course = fit_expected(
    ...     few, scale=Scale("PHQ-9", Direction.HIGHER_IS_WORSE, 0, 27), bands=Bands((Band(0, 27, "all"),)),
    ...     prior=prior_from_norms(Norms(14, 5), reliability=0.85, change_per_log_week=-1.5, source="stated by hand"))
    >>> found = expected_scores(course, [18, 18], [42, 0])
    >>> found.mean.round(1).tolist(), found.upper.round(1).tolist(), found.state(1).value
    ([14.5], [[17.9], [19.6]], 'NOT_YET')
    """
    first, day = column(baseline, "baseline"), column(days, "days")
    if first.shape != day.shape:
        raise ValueError(f"baseline has {first.size} rows and days {day.size}; give one of each a score")
    for each in coverage:
        if not 0 < each < 1:
            raise ValueError(f"coverage holds {each}; give shares above 0 and below 1, such as 0.8")
    band = course.bands.of(first)
    told = np.array([each.own is not None or each.prior is not None for each in course.courses])
    states = np.select(
        [band == OUTSIDE, ~told[band], day <= 0, day > course.until_days],
        [STATES.index(each) for each in (Expectation.OUTSIDE_BANDS, Expectation.NO_COURSE, Expectation.NOT_YET,
                                         Expectation.TOO_LATE)],
        default=STATES.index(Expectation.EXPECTED),
    ).astype(np.int8)  # fmt: skip
    rows = np.flatnonzero(states == STATES.index(Expectation.EXPECTED))
    mean, sd = np.empty(rows.size), np.empty(rows.size)
    for at, of_band in enumerate(course.courses):
        here = band[rows] == at
        if here.any():
            mean[here], sd[here] = _blended(of_band, first[rows[here]], log_weeks(day[rows[here]]))
    z = ndtri((1 + np.array(coverage)) / 2)[:, None] * sd
    ends = course.scale.lowest, course.scale.highest
    return ExpectedScores(
        states, rows, band, np.clip(mean, *ends), sd, np.clip(mean - z, *ends), np.clip(mean + z, *ends), coverage,
        VERSION,
    )  # fmt: skip


def own_weight(n: int, fewest: int, enough: int) -> float:
    """How much own data count: 0 up to fewest, 1 from enough on, smooth in between.

    >>> [own_weight(n, 30, 200) for n in (30, 115, 200)]
    [0.0, 0.5, 1.0]
    """
    s = min(max((n - fewest) / (enough - fewest), 0.0), 1.0)
    return s * s * (3 - 2 * s)


def _blended(course: BandCourse, baseline: Floats, time: Floats) -> tuple[Floats, Floats]:
    """Mean and standard deviation of a mixture of both curves, in which their disagreement is spread."""
    w = course.weight
    parts = [(w, course.own), (1 - w, None if course.prior is None else course.prior.curve)]
    told = [(share, *curve.at(baseline, time)) for share, curve in parts if curve is not None and share > 0]
    mean = sum((share * m for share, m, _ in told), np.zeros(baseline.size))
    variance = sum((share * (v + (m - mean) ** 2) for share, m, v in told), np.zeros(baseline.size))
    return mean, np.sqrt(variance)


def _band_course(sums: GrowthSums, label: str, prior: StatedPrior | None, fewest: int, enough: int) -> BandCourse:
    n, n_scores = int(sums.people.size), sums.n_rows
    weight = own_weight(n, fewest, enough)
    # Without a prior there is nothing to lean on: the own course stands alone as soon as there may be one.
    fit = fit_growth(sums) if n > fewest else None
    own = None if fit is None or isinstance(fit, NoGrowth) else Curve.of_fit(fit)
    why = "" if fit is None or not isinstance(fit, NoGrowth) else f" ({fit.verdict.rstrip('.')})"
    if own is None:
        weight = 0.0
    elif prior is None:
        weight = 1.0
    return BandCourse(own, prior, weight, n, n_scores, _said(label, n, weight, own, prior, why))


def _said(label: str, n: int, weight: float, own: Curve | None, prior: StatedPrior | None, why: str) -> str:
    own_people = f"{label}: {n} people of your own"
    if own is None and prior is None:
        return f"{own_people}, too few{why}, and no stated course: nothing is expected."
    if own is None and prior is not None:
        return f"{own_people}, too few{why}: the stated course alone ({prior.source})."
    if prior is None or weight == 1:
        return f"{own_people}: their course alone."
    return f"{own_people}: {100 * weight:.0f} % their course, {100 - 100 * weight:.0f} % the stated ({prior.source})."


def _one_each(prior: StatedPrior | Sequence[StatedPrior] | None, n: int) -> tuple[StatedPrior | None, ...]:
    if prior is None or isinstance(prior, StatedPrior):
        return (prior,) * n
    if len(prior) != n:
        raise ValueError(f"prior holds {len(prior)} courses for {n} bands; give one for all or one a band")
    return tuple(prior)
