"""Whatever is given to change and scoring: an error that names the argument, or a result without NaN.

Every array of every function is spoilt in each of the ways below, every number likewise. Warnings are errors here as
everywhere, so that a division by 0 cannot pass unseen.
"""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from outcomestats.change import classes, courses, cutoffs, end_points, important, people, percentage, reliable, shares
from outcomestats.change.expected.bands import Band, Bands
from outcomestats.change.expected.calibration import calibrate
from outcomestats.change.expected.course import Scale, expected_scores, fit_expected
from outcomestats.change.expected.curves import prior_from_norms
from outcomestats.change.expected.rows import LaterScores, Split, later_scores
from outcomestats.change.expected.tracking import track_of, tracks
from outcomestats.change.growth.fit import fit_growth
from outcomestats.change.growth.slopes import person_lines
from outcomestats.change.growth.sums import GrowthSums, log_weeks
from outcomestats.change.methods.comparison import compare_methods
from outcomestats.change.methods.indices import reliable_changes
from outcomestats.change.methods.pairs import PairNorms
from outcomestats.change.methods.results import Method
from outcomestats.change.rules import ChangeRule, Direction
from outcomestats.change.two_measures import classify_two_measures
from outcomestats.scoring.rules import ItemRule, MissingRule, ScaleRule
from outcomestats.scoring.rules import Method as ScoreMethod
from outcomestats.scoring.scores import score_responses

WORSE = Direction.HIGHER_IS_WORSE
RULE = ChangeRule(direction=WORSE, points=6, cutoff=10)
FIRST, LAST = np.array([20.0, 15, 9, 12]), np.array([8.0, 14, 15, 12])
PEOPLE, DAYS, SCORES = np.repeat(np.arange(40), 5), np.tile(np.arange(5) * 14, 40), np.empty(200)
SCORES[:] = np.random.default_rng(1).normal(15, 4, 200)
NORMS = PairNorms(
    reliability=0.8, earlier=cutoffs.Norms(20, 5), later=cutoffs.Norms(14, 6), correlation=0.3, source="made up"
)
SUMS = GrowthSums.from_rows(PEOPLE, log_weeks(DAYS), SCORES)
FIT = fit_growth(SUMS)
ROWS = later_scores(PEOPLE, DAYS, SCORES)
PRIOR = prior_from_norms(cutoffs.Norms(14, 5), reliability=0.8, source="made up")
PHQ = Scale("PHQ-9", WORSE, 0, 27)
ALL = Bands((Band(-100, 100, "all"),))
COURSE = fit_expected(ROWS.sums(), scale=PHQ, bands=ALL, prior=PRIOR, split=Split(), fewest=5, enough=20)
COURSES = {
    "course_people": np.array([0, 1]),
    "start_days": np.array([0, 0]),
    "end_days": np.array([60.0, 50.0]),
    "end_reasons": ["COMPLETED", "DIED"],
}
SCALE = ScaleRule(
    items=tuple(ItemRule.whole_numbers(column=at, lowest=0, highest=3) for at in range(4)),
    method=ScoreMethod.SUM,
    missing=MissingRule.PRORATE,
    max_missing=1,
)

# Name, function and good arguments, of which every array is spoilt.
ARRAYS: list[tuple[str, Callable, dict]] = [
    ("classify_changes", classes.classify_changes, {"earlier": FIRST, "later": LAST, "rule": RULE}),
    ("change_over_time", courses.change_over_time, {"days": DAYS[:5], "scores": SCORES[:5], "rule": RULE}),
    ("changes_of_people", people.changes_of_people, {"people": PEOPLE, "days": DAYS, "scores": SCORES, "rule": RULE}),
    ("index", reliable.reliable_change_index, {"earlier": FIRST, "later": LAST, "reliability": 0.8, "norm_sd": 5}),
    ("from_sample", PairNorms.from_sample, {"earlier": FIRST, "later": LAST, "reliability": 0.8}),
    *(
        (
            each.value,
            reliable_changes,
            {"earlier": FIRST, "later": LAST, "norms": NORMS, "direction": WORSE, "method": each},
        )
        for each in tuple(Method)[:6]
    ),
    ("compare", compare_methods, {"earlier": FIRST, "later": LAST, "norms": NORMS, "direction": WORSE}),
    ("percent", percentage.percent_changes, {"earlier": FIRST, "later": LAST, "direction": WORSE}),
    ("important", important.important_change, {"earlier": FIRST, "later": LAST, "points": 3, "direction": WORSE}),
    ("anchor", important.points_from_anchor, {"changes": np.array([3.0, 4, 5])}),
    (
        "two_measures",
        classify_two_measures,
        {"depression_earlier": FIRST, "depression_later": LAST, "anxiety_earlier": FIRST, "anxiety_later": LAST},
    ),
    ("end_points", end_points.end_points, {"people": PEOPLE, "days": DAYS, "scores": SCORES, **COURSES}),
    (
        "growth sums",
        GrowthSums.from_rows,
        {"people": PEOPLE, "times": DAYS, "scores": SCORES, "baseline": PEOPLE * 1.0},
    ),
    ("log_weeks", log_weeks, {"days": DAYS}),
    ("later_scores", later_scores, {"people": PEOPLE, "days": DAYS, "scores": SCORES}),
    ("held_out", Split().held_out, {"people": PEOPLE}),
    ("expected_scores", expected_scores, {"course": COURSE, "baseline": FIRST, "days": np.arange(1, 5)}),
    ("tracks", tracks, {"course": COURSE, "baseline": FIRST, "days": np.arange(1, 5), "scores": LAST}),
    ("score_responses", score_responses, {"answers": np.ones((3, 4)), "rule": SCALE}),
]
SPOILT: dict[str, Callable[[np.ndarray], object]] = {
    "nan": lambda good: np.where(np.arange(good.size).reshape(good.shape) == 0, np.nan, good),
    "inf": lambda good: np.where(np.arange(good.size).reshape(good.shape) == 0, np.inf, good),
    "-inf": lambda good: np.where(np.arange(good.size).reshape(good.shape) == 0, -np.inf, good),
    "none": lambda good: [None, *good.tolist()[1:]],
    "empty": lambda good: good[:0],
    "too short": lambda good: good[:-1],
    "two-dimensional": lambda good: good[None],
    "a number": lambda good: 3.0,
    "nothing": lambda good: None,
    "text": lambda good: good.astype(str),
    "words": lambda good: ["many"] * len(good),
    "dates": lambda good: np.full(good.shape, "2026-01-01", dtype="M8[D]"),
    "complex": lambda good: good + 1j,
    "ragged": lambda good: [[1.0], [1.0, 2.0], *good.tolist()[2:]],
    "masked": lambda good: np.ma.masked_array(good, np.arange(good.size).reshape(good.shape) == 0),
}
# What a function may take: an open course has no end day, an unanswered item no answer, one column has no other.
ALLOWED = {
    ("end_points", "end_days", "nan"),
    ("end_points", "end_days", "none"),
    ("score_responses", "answers", "nan"),
    ("score_responses", "answers", "too short"),
    ("log_weeks", "days", "too short"),
    ("held_out", "people", "too short"),
    ("growth sums", "baseline", "nothing"),
}


def cases() -> list:
    found = []
    for title, function, given in ARRAYS:
        for name, good in given.items():
            if isinstance(good, np.ndarray):
                found += [
                    pytest.param(function, given, title, name, how, id=f"{title}-{name}-{how}") for how in SPOILT
                ]
    return found


@pytest.mark.parametrize(("function", "given", "title", "name", "how"), cases())
def test_a_spoilt_array_is_named_or_does_no_harm(
    function: Callable, given: dict, title: str, name: str, how: str
) -> None:
    spoilt = SPOILT[how](given[name])
    if (title, name, how) in ALLOWED:
        no_nan(function(**{**given, name: spoilt}))
        return
    with pytest.raises(ValueError, match=name):
        function(**{**given, name: spoilt})


def no_nan(found: object, where: str = "") -> None:
    """Every number anywhere in a result is finite."""
    if dataclasses.is_dataclass(found):
        for each in dataclasses.fields(found):
            no_nan(getattr(found, each.name), f"{where}.{each.name}")
    elif isinstance(found, dict):
        no_nan(list(found.values()), where)
    elif isinstance(found, list | tuple):
        for each in found:
            no_nan(each, where)
    elif isinstance(found, float) or (isinstance(found, np.ndarray) and found.dtype.kind == "f"):
        assert np.isfinite(found).all(), where


def test_good_arguments_give_results_without_nan() -> None:
    for _, function, given in ARRAYS:
        no_nan(function(**given))
    no_nan(FIT)
    no_nan(person_lines(FIT, SUMS))
    no_nan(COURSE)
    no_nan(calibrate(COURSE, ROWS, RULE))
    no_nan(track_of(COURSE, 15, 30, 15))


NUMBERS: list[tuple[str, Callable[[float], object], tuple[float, ...]]] = [
    ("reliability", lambda x: reliable.reliable_change_points(reliability=x, norm_sd=5), (-0.1, 1, np.nan, np.inf)),
    ("norm_sd", lambda x: reliable.reliable_change_points(reliability=0.8, norm_sd=x), (0, -1, np.nan, np.inf)),
    (
        "confidence",
        lambda x: reliable.reliable_change_points(reliability=0.8, norm_sd=5, confidence=x),
        (0, 1, np.nan),
    ),
    ("mean", lambda x: cutoffs.Norms(x, 5), (np.nan, np.inf)),
    ("sd", lambda x: cutoffs.Norms(5, x), (0, -1, np.nan, np.inf)),
    ("points", lambda x: ChangeRule(direction=WORSE, points=x), (0, -1, np.nan, np.inf)),
    ("cutoff", lambda x: ChangeRule(direction=WORSE, points=6, cutoff=x), (np.nan, np.inf)),
    ("cutoff", lambda x: reliable_changes(FIRST, LAST, NORMS, direction=WORSE, cutoff=x), (np.nan, np.inf)),
    ("reliability", lambda x: PairNorms(reliability=x, earlier=NORMS.earlier, source="x"), (0, 1, -1, np.nan)),
    ("confidence", lambda x: share_of_two(x), (0, 1, -1, np.nan)),
    ("confidence", lambda x: fit_growth(SUMS, confidence=x), (0, 1, np.nan)),
    ("confidence", lambda x: person_lines(FIT, SUMS, confidence=x), (0, 1, np.nan)),
    ("confidence", lambda x: calibrate(COURSE, ROWS, RULE, confidence=x), (0, 1, np.nan)),
    ("matters", lambda x: calibrate(COURSE, ROWS, RULE, matters=x), (0, 1, np.nan)),
    ("coverage", lambda x: calibrate(COURSE, ROWS, RULE, coverage=x), (0, 1, np.nan)),
    ("share", lambda x: Split(share=x), (0, 1, -1, np.nan)),
    (
        "response",
        lambda x: percentage.percent_changes(FIRST, LAST, direction=WORSE, response=x),
        (0, -1, np.nan, np.inf),
    ),
    ("floor", lambda x: percentage.percent_changes(FIRST, LAST, direction=WORSE, floor=x), (np.nan, np.inf)),
    ("points", lambda x: important.important_change(FIRST, LAST, points=x, direction=WORSE), (0, -1, np.nan, np.inf)),
    ("earlier", lambda x: classes.classify_change(x, 5, RULE), (np.nan, np.inf)),
    ("later", lambda x: classes.classify_change(5, x, RULE), (np.nan, np.inf)),
    ("reliability", lambda x: prior_from_norms(NORMS.earlier, reliability=x, source="x"), (0, 1, np.nan)),
    (
        "slope",
        lambda x: prior_from_norms(NORMS.earlier, reliability=0.8, change_per_log_week=x, source="x"),
        (np.nan, np.inf),
    ),
    (
        "change_sd",
        lambda x: prior_from_norms(NORMS.earlier, reliability=0.8, change_sd=x, source="x"),
        (-1, np.nan, np.inf),
    ),
    ("lowest", lambda x: Scale("x", WORSE, x, 27), (27, 30, np.nan, -np.inf)),
    ("baseline", lambda x: track_of(COURSE, x, 30, 15), (np.nan, np.inf)),
    ("scores", lambda x: track_of(COURSE, 15, 30, x), (np.nan, np.inf)),
    ("weight", lambda x: ItemRule(column=0, answers=(0, 1), weight=x), (0, -1, np.nan, np.inf)),
    ("answers", lambda x: ItemRule(column=0, answers=(0, x)), (np.nan, np.inf, -1)),
]


def share_of_two(confidence: float) -> object:
    return shares.share_of(1, 2, confidence=confidence)


@pytest.mark.parametrize(
    ("name", "call", "bad"),
    [
        pytest.param(name, call, bad, id=f"{at}-{name}={bad}")
        for at, (name, call, all_) in enumerate(NUMBERS)
        for bad in all_
    ],
)
def test_a_bad_number_is_named(name: str, call: Callable[[float], object], bad: float) -> None:
    with pytest.raises(ValueError, match=name):
        call(bad)


def test_later_scores_made_by_hand_are_checked() -> None:
    parts = {
        "people": ROWS.people,
        "days": ROWS.days,
        "scores": ROWS.scores,
        "baseline": ROWS.baseline,
        "alone": ROWS.alone,
    }
    for changed, named in [
        ({"days": ROWS.days - 14}, "days holds a day before"),
        ({"scores": ROWS.scores[:-1]}, "scores has shape"),
        ({"baseline": np.full(ROWS.days.shape, np.nan)}, "baseline holds a number that is not finite"),
    ]:
        with pytest.raises(ValueError, match=named):
            LaterScores(**{**parts, **changed})
