"""Not on track: a score worse than nearly everybody's who started alike, or the named reason why nothing is said."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.change.expected.course import VERSION, Expectation, ExpectedCourse, expected_scores
from outcomestats.change.reliable import column
from outcomestats.change.rules import TOLERANCE

Floats = NDArray[np.float64]


class Track(StrEnum):
    """Where a score lies beside the prediction band, or why that cannot be said."""

    ON_TRACK = "ON_TRACK"
    NOT_ON_TRACK = "NOT_ON_TRACK"  # beyond the band on the side of burden
    AHEAD = "AHEAD"  # beyond the band on the side of benefit
    NOT_YET = "NOT_YET"
    TOO_LATE = "TOO_LATE"
    OUTSIDE_BANDS = "OUTSIDE_BANDS"
    NO_COURSE = "NO_COURSE"


TRACKS = tuple(Track)


@dataclass(frozen=True, slots=True, eq=False)
class Tracks:
    """n scores beside their bands. states: (n,) int8, position in TRACKS.

    rows: (k,) int64 of the scores with an expectation; expected, lower, upper: (k,).
    """

    states: NDArray[np.int8]
    rows: NDArray[np.int64]
    expected: Floats
    lower: Floats
    upper: Floats
    coverage: float
    n: int
    method: str
    version: str
    verdict: str

    def track(self, row: int) -> Track:
        """Where one score lies, or why that cannot be said."""
        return TRACKS[int(self.states[row])]


@dataclass(frozen=True, slots=True)
class OneTrack:
    """One score beside its band. expected, lower, upper: None where there is no expectation; track says why."""

    track: Track
    score: float
    expected: float | None
    lower: float | None
    upper: float | None
    coverage: float
    n: int
    method: str
    version: str
    verdict: str


def tracks(
    course: ExpectedCourse, baseline: ArrayLike, days: ArrayLike, scores: ArrayLike, *, coverage: float = 0.8
) -> Tracks:
    """Judge n scores. baseline: (n,) first scores; days: (n,) since then; scores: (n,).

    coverage: of the band; beyond 0.8 lies one in ten on either side, if the band holds. How well the word tells who
    will end worse is a matter of fact: show it only with what calibrate found. People who change late are called not
    on track and get better all the same (Saunders et al. 2019, PMC6428692): it is a
    reason to ask, never to end care.
    Raises ValueError where columns differ in length or hold NaN or infinite numbers.

    >>> from outcomestats.change.cutoffs import Norms
    >>> from outcomestats.change.expected.bands import Band, Bands
    >>> from outcomestats.change.expected.course import Scale, fit_expected
    >>> from outcomestats.change.expected.curves import prior_from_norms
    >>> from outcomestats.change.expected.rows import later_scores
    >>> from outcomestats.change.rules import Direction
    >>> course = fit_expected(
    ...     later_scores([1, 1], [0, 21], [18, 12]).sums(), scale=Scale("PHQ-9", Direction.HIGHER_IS_WORSE, 0, 27),
    ...     bands=Bands((Band(10, 27, "case"),)),
    ...     prior=prior_from_norms(Norms(14, 5), reliability=0.85, change_per_log_week=-1.5, source="stated by hand"))
    >>> found = tracks(course, [18, 18, 18, 5], [42, 42, 0, 42], [20, 15, 15, 6])
    >>> [found.track(row).value for row in range(4)]
    ['NOT_ON_TRACK', 'ON_TRACK', 'NOT_YET', 'OUTSIDE_BANDS']
    >>> found.verdict
    '1 of 2 scores are not on track, 0 ahead; of 2 nothing can be said.'
    """
    first, score = column(baseline, "baseline"), column(scores, "scores")
    if first.shape != score.shape:
        raise ValueError(f"baseline has {first.size} rows and scores {score.size}; give one of each a score")
    found = expected_scores(course, first, days, coverage=(coverage,))
    lower, upper = found.lower[0], found.upper[0]
    sign = course.scale.direction.sign
    given = score[found.rows]
    worse = given > upper + TOLERANCE if sign > 0 else given < lower - TOLERANCE
    better = given < lower - TOLERANCE if sign > 0 else given > upper + TOLERANCE
    states = _UNTOLD[found.states]
    states[found.rows] = np.select(
        [worse, better],
        [TRACKS.index(Track.NOT_ON_TRACK), TRACKS.index(Track.AHEAD)],
        default=TRACKS.index(Track.ON_TRACK),
    )
    untold = score.size - found.rows.size
    ending = f"; of {untold} nothing can be said" if untold else ""
    counted = f"{int(worse.sum())} of {found.rows.size} scores are not on track, {int(better.sum())} ahead"
    return Tracks(
        states=states, rows=found.rows, expected=found.mean, lower=lower, upper=upper, coverage=coverage,
        n=int(score.size), method=course.method, version=VERSION,
        verdict=f"{counted}{ending}.",
    )  # fmt: skip


def track_of(course: ExpectedCourse, baseline: float, day: int, score: float, *, coverage: float = 0.8) -> OneTrack:
    """Judge one score; as tracks, with the verdict in words.

    >>> from outcomestats.change.cutoffs import Norms
    >>> from outcomestats.change.expected.bands import Band, Bands
    >>> from outcomestats.change.expected.course import Scale, fit_expected
    >>> from outcomestats.change.expected.curves import prior_from_norms
    >>> from outcomestats.change.expected.rows import later_scores
    >>> from outcomestats.change.rules import Direction
    >>> course = fit_expected(
    ...     later_scores([1, 1], [0, 21], [18, 12]).sums(), scale=Scale("PHQ-9", Direction.HIGHER_IS_WORSE, 0, 27),
    ...     bands=Bands((Band(10, 27, "case"),)),
    ...     prior=prior_from_norms(Norms(14, 5), reliability=0.85, change_per_log_week=-1.5, source="stated by hand"))
    >>> track_of(course, 18, 42, 20).verdict
    'Not on track: 20 after 42 days, where 80 % of people who started at 18 are expected between 11.1 and 17.9.'
    >>> track_of(course, 5, 42, 6).verdict
    'Nothing is expected of a first score of 5: it lies outside the bands.'
    """
    found = tracks(course, [baseline], [day], [score], coverage=coverage)
    track, n = found.track(0), 0
    band = int(course.bands.of([baseline])[0])
    if band >= 0:
        n = course.courses[band].n
    told = found.rows.size > 0
    ends = (float(found.lower[0]), float(found.upper[0])) if told else (None, None)
    said = _SAID[track].format(
        score=score, day=day, first=baseline, coverage=100 * coverage, until=course.until_days,
        between=f"between {ends[0]:.1f} and {ends[1]:.1f}" if told else "",
    )  # fmt: skip
    return OneTrack(
        track=track, score=float(score), expected=float(found.expected[0]) if told else None, lower=ends[0],
        upper=ends[1], coverage=coverage, n=n, method=course.method, version=VERSION, verdict=said,
    )  # fmt: skip


_BAND = "{score:g} after {day} days, where {coverage:g} % of people who started at {first:g} are expected {between}."
_SAID = {
    Track.ON_TRACK: "On track: " + _BAND,
    Track.NOT_ON_TRACK: "Not on track: " + _BAND,
    Track.AHEAD: "Ahead: " + _BAND,
    Track.NOT_YET: "Nothing is expected yet: {score:g} is of the first day.",
    Track.TOO_LATE: "Nothing is expected after {day} days: the course was made for {until}.",
    Track.OUTSIDE_BANDS: "Nothing is expected of a first score of {first:g}: it lies outside the bands.",
    Track.NO_COURSE: "Nothing is expected of a first score of {first:g}: too few people, and no stated course.",
}
# Expectation to track, by position; EXPECTED is judged afterwards.
_UNTOLD = np.array(
    [TRACKS.index(Track.ON_TRACK if each is Expectation.EXPECTED else Track[each.value]) for each in Expectation],
    dtype=np.int8,
)
