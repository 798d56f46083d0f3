"""Expected courses and "not on track" on planted people, whose truth is known, and as lme4 fits them."""

import json
from pathlib import Path

import numpy as np
import pytest

from outcomestats.change.cutoffs import Norms
from outcomestats.change.expected.bands import Band, Bands
from outcomestats.change.expected.calibration import (
    Calibration,
    Poor,
    Tells,
    calibrate,
)
from outcomestats.change.expected.course import (
    Expectation,
    ExpectedCourse,
    Scale,
    expected_scores,
    fit_expected,
    own_weight,
)
from outcomestats.change.expected.curves import Curve, StatedPrior, prior_from_norms
from outcomestats.change.expected.lead_time import LeadTime, NoLeadTime, lead_time_of
from outcomestats.change.expected.rows import LaterScores, Split, later_scores
from outcomestats.change.expected.tracking import Track, track_of, tracks
from outcomestats.change.growth.fit import fit_growth
from outcomestats.change.growth.sums import GrowthSums
from outcomestats.change.rules import ChangeRule, Direction
from outcomestats.change.shares import NoShare, Share, share_of_scores

WORSE, BETTER = Direction.HIGHER_IS_WORSE, Direction.HIGHER_IS_BETTER
PHQ = Scale("PHQ-9", WORSE, 0, 27)
WIDE = Scale("made up", WORSE, -1000, 1000)
ALL = Bands((Band(-1000, 1000, "all"),))
RULE = ChangeRule(direction=WORSE, points=6, cutoff=10)
PRIOR = prior_from_norms(Norms(14, 5), reliability=0.85, change_per_log_week=-1.5, source="stated by hand")
# Held-out shares of planted people: three standard errors of 3,000 people's scores.
BY_CHANCE = 0.02


def planted(n: int, seed: int = 1, visits: int = 7) -> LaterScores:
    """People who follow the model exactly: their first score, drift to the mean, own level and own slope, error."""
    rng = np.random.default_rng(seed)
    people, days = np.repeat(np.arange(n), visits), np.tile(np.arange(visits) * 14, n)
    true = rng.normal(15, 4, n)
    slope = rng.normal(-1.5, 1.5, n)
    scores = true[people] + slope[people] * np.log1p(days / 7) + rng.normal(0, 2.5, people.size)
    return later_scores(people, days, scores)


def course_of(rows: LaterScores, **arguments: object) -> ExpectedCourse:
    return fit_expected(rows.sums(), **{"scale": WIDE, "bands": ALL, **arguments})


def test_the_bands_hold_for_people_the_course_never_saw() -> None:
    rows = planted(6000)
    found = calibrate(course_of(rows, split=Split(seed=5, share=0.5)), rows, RULE)
    for percent in (80, 95):
        inside = found.inside[percent]
        assert isinstance(inside, Share)
        assert inside.estimate == pytest.approx(percent / 100, abs=BY_CHANCE)
        assert inside.lower < percent / 100 < inside.upper
    assert isinstance(found.beyond, Share)
    assert found.beyond.estimate == pytest.approx(0.1, abs=BY_CHANCE)
    assert found.tells is Tells.TELLS
    assert found.verdict.startswith("It tells more than chance. Of ")


def test_a_course_of_the_wrong_shape_is_found_out() -> None:
    rows = planted(2000)
    overconfident = StatedPrior(Curve(14, -1.5, 0.8, 15, np.zeros((2, 2)), 2.0, np.zeros((3, 3))), "too sure")
    found = calibrate(course_of(planted(10), prior=overconfident), rows, RULE)
    inside = found.inside[80]
    assert isinstance(inside, Share)
    assert inside.upper < 0.7
    assert found.n == 2000  # learnt from nobody, so tried on everybody


def test_one_bands_curve_is_the_growth_model_lme4_fits() -> None:
    case = next(
        each
        for each in json.loads((Path(__file__).parent / "change" / "growth.json").read_text())
        if each["name"] == "sessions, baseline"
    )
    sums = GrowthSums.from_rows(case["person"], case["time"], case["score"], baseline=case["baseline"])
    course = fit_expected(sums, scale=PHQ, bands=Bands((Band(0, 40, "all"),)))
    own = course.courses[0].own
    assert own is not None
    np.testing.assert_allclose([own.level, own.slope, own.per_point], case["estimate"], rtol=2e-6)
    time = np.log1p(6.0)
    found = expected_scores(course, [own.centre], [42])
    design = np.array([1, time])
    variance = design @ np.array(case["variance"]) @ design + case["sigma2"]
    variance += np.array([1, time, 0]) @ np.array(case["covariance"]) @ np.array([1, time, 0])
    assert found.mean[0] == pytest.approx(case["estimate"][0] + case["estimate"][1] * time, rel=1e-6)
    assert found.sd[0] == pytest.approx(np.sqrt(variance), rel=1e-5)
    assert found.upper[0, 0] == pytest.approx(found.mean[0] + 1.2815515655 * found.sd[0], rel=1e-9)


def one_by_one(course: ExpectedCourse, rows: LaterScores, poor: Poor) -> dict:
    """The calibration as a slow reader would count it, person by person."""
    assert course.split is not None
    counts = {"hit": 0, "missed": 0, "wrong": 0, "right": 0, "few": 0}
    lead = []
    for person in sorted(set(rows.people.tolist())):
        if not course.split.held_out([person])[0]:
            continue
        own = [at for at in range(rows.people.size) if rows.people[at] == person]
        own.sort(key=lambda at: rows.days[at])
        if len(own) < 2:
            counts["few"] += 1
            continue
        change = rows.scores[own[-1]] - rows.baseline[own[-1]]
        ended = change >= 3 if poor is Poor.DETERIORATED else change > -3
        said = [
            rows.days[at]
            for at in own[:-1]
            if track_of(course, rows.baseline[at], int(rows.days[at]), rows.scores[at]).track is Track.NOT_ON_TRACK
        ]
        counts[{(1, 1): "hit", (1, 0): "missed", (0, 1): "wrong", (0, 0): "right"}[bool(ended), bool(said)]] += 1
        if ended and said:
            lead.append(int(rows.days[own[-1]] - said[0]))
    return {**counts, "lead": sorted(lead)}


@pytest.mark.parametrize("poor", list(Poor))
def test_every_share_as_counted_one_by_one(poor: Poor) -> None:
    rng = np.random.default_rng(3)
    whole = planted(160, seed=8)
    keep = rng.random(whole.people.size) < 0.6
    rows = LaterScores(whole.people[keep], whole.days[keep], whole.scores[keep], whole.baseline[keep], whole.alone)
    course = course_of(rows, split=Split(seed=1, share=0.6))
    rule = ChangeRule(direction=WORSE, points=3)
    slow, found = one_by_one(course, rows, poor), calibrate(course, rows, rule, poor=poor)
    pairs = [
        (found.sensitivity, "hit", "missed"),
        (found.specificity, "right", "wrong"),
        (found.ppv, "hit", "wrong"),
        (found.npv, "right", "missed"),
    ]
    for share, events, others in pairs:
        assert isinstance(share, Share)
        assert (share.events, share.n) == (slow[events], slow[events] + slow[others])
    assert found.too_few_scores == slow["few"]
    assert found.nothing_expected == 0
    assert found.n == sum(slow[name] for name in ("hit", "missed", "right", "wrong"))
    assert found.lead_time.n == len(slow["lead"])
    if isinstance(found.lead_time, LeadTime):
        assert found.lead_time.estimate == np.median(slow["lead"])


def test_people_who_plainly_get_worse_are_told_with_the_time_there_was() -> None:
    n = 400
    people, days = np.repeat(np.arange(n), 6), np.tile(np.arange(6) * 7, n)
    worse = np.arange(n) % 4 == 0
    rng = np.random.default_rng(2)
    scores = 14 + rng.normal(0, 0.8, people.size) + np.where(worse[people], 2.0 * days / 7, -2.8 * np.log1p(days / 7))
    rows = later_scores(people, days, scores)
    flat = StatedPrior(Curve(14, -2.8, 0.2, 14, np.diag([0.3, 0.3]), 0.8, np.zeros((3, 3))), "the others")
    found = calibrate(course_of(planted(4), prior=flat), rows, RULE, coverage=0.99)
    for share in (found.sensitivity, found.ppv, found.npv):
        assert isinstance(share, Share)
        assert share.estimate > 0.9
    assert isinstance(found.lead_time, LeadTime)
    assert found.lead_time.estimate == 28  # said at the first week, five weeks before the last score's day 35
    assert found.gain is not None
    assert found.gain_lower is not None
    assert 0 < found.gain_lower < found.gain <= 1


def test_a_word_that_tells_nothing_is_said_to_tell_nothing() -> None:
    rng = np.random.default_rng(6)
    n = 4000
    people, days = np.repeat(np.arange(n), 5), np.tile(np.arange(5) * 14, n)
    # Every score is drawn afresh: no earlier one knows of the last, once the first is known.
    scores = rng.normal(15, 4, people.size)
    scores[::5] = 15
    rows = later_scores(people, days, scores + np.repeat(rng.normal(0, 1e-3, n), 5))
    found = calibrate(course_of(rows, split=Split(seed=2, share=0.5)), rows, RULE)
    assert found.tells is Tells.DOES_NOT_TELL
    assert found.gain == pytest.approx(0, abs=0.06)
    assert "do not show it" in found.verdict


def test_absence_of_evidence_is_not_evidence_of_absence() -> None:
    rows = planted(260)
    course = course_of(rows, split=Split(seed=7, share=0.5))
    hardly_ever_said = {"poor": Poor.NOT_IMPROVED, "coverage": 0.995}
    large = calibrate(course, rows, RULE, **hardly_ever_said, matters=0.2)
    small = calibrate(course, rows, RULE, **hardly_ever_said, matters=0.05)
    assert large.gain_lower is not None
    assert large.gain_upper is not None
    assert large.gain_lower <= 0 < 0.05 < large.gain_upper < 0.2
    assert large.tells is Tells.DOES_NOT_TELL
    assert small.tells is Tells.NOT_CLEAR
    assert small.verdict.startswith("Not clear yet")


def trial() -> LaterScores:
    """Proudfoot et al. (2003): the Beck inventory of 97 people 2, 3, 5 and 8 months on; half left before the end."""
    cases = json.loads((Path(__file__).parent / "change" / "growth.json").read_text())
    case = next(each for each in cases if each["name"] == "Beat the Blues")
    days = np.array([{2: 61, 3: 91, 5: 152, 8: 243}[month] for month in case["time"]])
    scores, first = np.array(case["score"], dtype=float), np.array(case["baseline"], dtype=float)
    return LaterScores(np.array(case["person"]), days, scores, first, np.array([], dtype=np.int64))


def test_a_real_trial_with_drop_outs() -> None:
    rows = trial()
    bdi = Scale("BDI", WORSE, 0, 63)
    inside = {80: [], 95: []}
    for seed in range(6):
        course = course_of(rows, scale=bdi, split=Split(seed=seed, share=0.5), fewest=20, enough=40)
        found = calibrate(course, rows, ChangeRule(direction=WORSE, points=9, cutoff=14))
        for percent, share in found.inside.items():
            assert isinstance(share, Share)
            inside[percent].append(share.estimate)
        assert found.tells is Tells.TOO_FEW  # two people got reliably worse: nothing can be said of telling that
    assert np.mean(inside[80]) == pytest.approx(0.85, abs=0.06)
    assert np.mean(inside[95]) == pytest.approx(0.95, abs=0.04)


def test_too_few_to_say() -> None:
    rows = planted(40)
    found = calibrate(course_of(rows, prior=PRIOR, fewest=39, enough=400, split=Split(share=0.3)), rows, RULE)
    assert found.tells is Tells.TOO_FEW
    assert isinstance(found.lead_time, NoLeadTime)


def test_nobody_is_on_both_sides() -> None:
    rows = planted(600)
    split = Split(seed=9, share=0.4)
    held = split.held_out(rows.people)
    course = course_of(rows, split=split)
    spoilt = LaterScores(rows.people, rows.days, np.where(held, 999.0, rows.scores), rows.baseline, rows.alone)
    again = course_of(spoilt, split=split)
    probe = ([15.0, 20.0], [30, 60])
    np.testing.assert_array_equal(expected_scores(course, *probe).mean, expected_scores(again, *probe).mean)
    other = LaterScores(rows.people, rows.days, np.where(held, rows.scores, -999.0), rows.baseline, rows.alone)
    one, two = calibrate(course, rows, RULE), calibrate(course, other, RULE)
    assert one == two
    assert course.n + len(set(rows.people[held].tolist())) == 600


def test_the_split_holds_out_its_share_whatever_the_keys() -> None:
    for keys in (np.arange(20_000), np.arange(20_000) * 1024, 2**60 + np.arange(20_000), -np.arange(20_000)):
        assert Split(seed=4, share=0.3).held_out(keys).mean() == pytest.approx(0.3, abs=0.015)
    one, other = Split(seed=1).held_out(np.arange(5000)), Split(seed=2).held_out(np.arange(5000))
    assert (one & other).mean() == pytest.approx(0.09, abs=0.02)


def test_own_people_take_over_smoothly() -> None:
    means = []
    for n in (0, 10, 30, 31, 60, 115, 170, 199, 200, 400):
        rows = planted(400)
        some = rows.sums().only(np.arange(400) < n)
        course = fit_expected(some, scale=WIDE, bands=ALL, prior=PRIOR)
        alone = own_weight(n, 30, 200)
        assert course.courses[0].weight == pytest.approx(alone)
        found = expected_scores(course, [20.0], [42])
        means.append((n, float(found.mean[0]), course))
    stated = PRIOR.curve.at(np.array([20.0]), np.log1p(np.array([6.0])))
    assert means[0][1] == means[2][1] == pytest.approx(float(stated[0][0]))
    assert abs(means[3][1] - means[2][1]) < 0.01  # no step where own people begin to count
    own = fit_growth(planted(400).sums())
    assert means[-1][1] == pytest.approx(
        float(Curve.of_fit(own).at(np.array([20.0]), np.log1p(np.array([6.0])))[0][0])
    )
    assert "the stated course alone (stated by hand)" in means[2][2].verdict
    assert "50 % their course, 50 % the stated (stated by hand)" in means[5][2].verdict
    assert means[-1][2].verdict.endswith("all: 400 people of your own: their course alone.")


def test_a_course_from_norms_is_right_for_people_who_do_not_change() -> None:
    rng = np.random.default_rng(3)
    true = rng.normal(14, 5 * np.sqrt(0.8), 200_000)
    first, later = (true + rng.normal(0, 5 * np.sqrt(0.2), true.size) for _ in range(2))
    unchanged = prior_from_norms(Norms(14, 5), reliability=0.8, source="classical test theory")
    mean, variance = unchanged.curve.at(first, np.full(first.size, np.log1p(4.0)))
    assert (later - mean).mean() == pytest.approx(0, abs=0.02)
    assert (later - mean).var() == pytest.approx(variance[0], rel=0.01)
    assert np.corrcoef(later - mean, first)[0, 1] == pytest.approx(0, abs=0.01)  # no drift is left to explain


def test_disagreement_widens_the_band() -> None:
    far = prior_from_norms(Norms(40, 5), reliability=0.85, source="of another measure")
    half = course_of(planted(115), prior=far)
    both = expected_scores(half, [15.0], [42])
    own, stated = half.courses[0].own, far.curve
    assert own is not None
    (m1, v1), (m2, v2) = (each.at(np.array([15.0]), np.log1p(np.array([6.0]))) for each in (own, stated))
    assert both.mean[0] == pytest.approx((m1[0] + m2[0]) / 2)
    assert both.sd[0] ** 2 == pytest.approx((v1[0] + v2[0]) / 2 + (m1[0] - m2[0]) ** 2 / 4)


def test_without_a_prior_few_people_expect_nothing_and_enough_their_own() -> None:
    few, many = course_of(planted(20)), course_of(planted(40))
    assert expected_scores(few, [15], [20]).state(0) is Expectation.NO_COURSE
    assert few.verdict.endswith("too few, and no stated course: nothing is expected.")
    assert expected_scores(many, [15], [20]).state(0) is Expectation.EXPECTED
    said = track_of(few, 15, 20, 18)
    assert (said.track, said.expected, said.lower) == (Track.NO_COURSE, None, None)


def test_people_whose_scores_allow_no_line_fall_back_on_the_stated_course() -> None:
    twice = planted(300, visits=2)  # one later score each
    course = course_of(twice, prior=PRIOR)
    assert course.courses[0].weight == 0
    assert "all scores are of one time" in course.verdict


def test_bands_keep_to_the_scale_and_each_band_has_its_own_course() -> None:
    rng = np.random.default_rng(4)
    n = 900
    people, days = np.repeat(np.arange(n), 6), np.tile(np.arange(6) * 10, n)
    level = np.repeat([4.0, 13.0, 21.0], 300)
    scores = level[people] - np.log1p(days / 7) * np.repeat([0.2, 1.5, 4.0], 300)[people] + rng.normal(0, 2, n * 6)
    bands = Bands((Band(0, 9, "mild"), Band(10, 17, "moderate"), Band(18, 27, "severe")))
    rows = later_scores(people, days, np.clip(scores, 0, 27).round())
    course = fit_expected(rows.sums(), scale=PHQ, bands=bands)
    slopes = [each.own.slope for each in course.courses if each.own is not None]
    assert slopes == pytest.approx([-0.2, -1.5, -4.0], abs=0.5)
    found = expected_scores(course, [2, 26, 9.5, 28], [300, 1, 10, 10], coverage=(0.8, 0.999999))
    assert found.lower.min() >= 0
    assert found.upper.max() <= 27
    assert found.band.tolist() == [0, 2, 0, -1]
    assert found.state(3) is Expectation.OUTSIDE_BANDS
    assert found.rows.tolist() == [0, 1, 2]


def test_benefit_the_other_way_round_is_the_mirror() -> None:
    rows = planted(300)
    mirrored = LaterScores(rows.people, rows.days, -rows.scores, -rows.baseline, rows.alone)
    split = Split(seed=3)
    there = course_of(rows, split=split)
    back = course_of(mirrored, scale=Scale("mirror", BETTER, -1000, 1000), split=split)
    one = calibrate(there, rows, RULE)
    other = calibrate(back, mirrored, ChangeRule(direction=BETTER, points=6, cutoff=-10))
    assert isinstance(one, Calibration)
    for name in ("sensitivity", "specificity", "ppv", "npv", "inside", "beyond", "gain", "lead_time", "n"):
        assert getattr(one, name) == getattr(other, name)


def test_each_band_may_have_its_own_stated_course() -> None:
    bands = Bands((Band(-1000, 14, "lower"), Band(14.01, 1000, "higher")))
    priors = [prior_from_norms(Norms(mean, 4), reliability=0.8, source=f"about {mean}") for mean in (8, 20)]
    course = course_of(planted(20), bands=bands, prior=priors, until_days=10**6)
    found = expected_scores(course, [8, 20], [7, 7])
    assert found.mean.tolist() == pytest.approx([8, 20])
    assert "about 8" in course.courses[0].verdict
    assert isinstance(share_of_scores(np.array([], dtype=np.int64), np.array([], dtype=bool)), NoShare)


def test_each_state_is_said_in_words() -> None:
    course = course_of(planted(400), scale=PHQ, bands=Bands((Band(5, 27, "case"),)), until_days=100)
    said = {
        track_of(course, *given).track: track_of(course, *given).verdict
        for given in [(15, 42, 25), (15, 42, 12), (15, 42, 0), (15, 0, 15), (15, 101, 10), (2, 42, 9)]
    }
    assert set(said) == set(Track) - {Track.NO_COURSE}
    assert said[Track.NOT_ON_TRACK].startswith(
        "Not on track: 25 after 42 days, where 80 % of people who started at 15"
    )
    assert said[Track.TOO_LATE] == "Nothing is expected after 101 days: the course was made for 100."


def test_the_interval_of_shares_knows_that_a_persons_scores_go_together() -> None:
    people = np.repeat(np.arange(200), 5)
    rng = np.random.default_rng(1)
    apart = share_of_scores(people, rng.random(1000) < 0.3)
    together = share_of_scores(people, np.repeat(rng.random(200) < 0.3, 5))
    assert isinstance(apart, Share)
    assert isinstance(together, Share)
    assert together.upper - together.lower > 1.8 * (apart.upper - apart.lower)
    never = share_of_scores(people, np.zeros(1000, dtype=bool))
    assert isinstance(never, Share)
    assert (never.lower, never.events) == (0, 0)
    assert 0 < never.upper < 0.03


def test_the_interval_of_a_median_holds_it_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    held = 0
    for _ in range(2000):
        found = lead_time_of(np.ceil(rng.exponential(40, 15)).astype(np.int64))
        assert isinstance(found, LeadTime)
        held += found.lower <= 28 <= found.upper
    assert held / 2000 >= 0.94  # exact for 15: 0.965; days are whole


def test_bad_arguments_are_named() -> None:
    sums = planted(40).sums()
    for arguments, named in [
        ({"fewest": 1}, "fewest is 1 and enough 200"),
        ({"fewest": 200}, "give 2 or more, and enough above fewest"),
        ({"until_days": 0}, "until_days is 0"),
        ({"prior": [PRIOR, PRIOR]}, "prior holds 2 courses for 1 bands"),
    ]:
        with pytest.raises(ValueError, match=named):
            fit_expected(sums, scale=WIDE, bands=ALL, **arguments)
    with pytest.raises(ValueError, match="sums have no baseline"):
        fit_expected(GrowthSums.from_rows([1], [0], [1]), scale=WIDE, bands=ALL)
    with pytest.raises(ValueError, match="lowest is 3 and highest 3"):
        Scale("flat", WORSE, 3, 3)
    with pytest.raises(ValueError, match="share is 1; give"):
        Split(share=1)
    course = course_of(planted(40))
    with pytest.raises(ValueError, match="coverage holds 1; give"):
        expected_scores(course, [1], [1], coverage=(1,))
    with pytest.raises(ValueError, match="baseline has 1 rows and days 2"):
        expected_scores(course, [1], [1, 2])
    with pytest.raises(ValueError, match="scores holds nan"):
        tracks(course, [1], [1], [np.nan])
    with pytest.raises(ValueError, match="days holds nan"):
        tracks(course, [1], [np.nan], [1])
    with pytest.raises(ValueError, match="course has no split"):
        calibrate(course, planted(40), RULE)
    split = course_of(planted(200), split=Split(seed=1, share=0.001))
    with pytest.raises(ValueError, match="rows hold nobody who was held out"):
        calibrate(split, planted(3), RULE)
    with pytest.raises(ValueError, match="rule says HIGHER_IS_BETTER, the course HIGHER_IS_WORSE"):
        calibrate(split, planted(3), ChangeRule(direction=BETTER, points=6))
    with pytest.raises(ValueError, match="nobody has a later score"):
        later_scores([1, 2], [0, 0], [5, 6]).sums()
    with pytest.raises(ValueError, match="people has 1 rows, days 2"):
        later_scores([1], [0, 1], [5, 6])


@pytest.mark.parametrize(
    ("bands", "named"),
    [
        ([], "bands is empty"),
        ([(0, 9, "a"), (9, 20, "b")], "overlap or fall; give them from low to high"),
        ([(10, 20, "a"), (0, 9, "b")], "overlap or fall"),
        ([(9, 0, "a")], "highest is 0, below lowest 9"),
        ([(0, float("inf"), "a")], "give finite scores"),
        ([(0, 9, " ")], "label is empty"),
    ],
)
def test_bad_bands_are_named(bands: list, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        Bands(tuple(Band(*each) for each in bands))


def test_bad_curves_are_named() -> None:
    good = (14.0, -1.0, 0.8, 14.0, np.eye(2), 4.0, np.zeros((3, 3)))
    for at, wrong, named in [
        (0, np.nan, "level is nan"),
        (5, 0.0, "sigma2 is 0"),
        (4, np.diag([1.0, -1.0]), "variance is no covariance matrix"),
        (4, np.eye(3), r"variance must be a symmetric \(2, 2\) table"),
        (6, np.full((3, 3), np.nan), "covariance must be a symmetric"),
    ]:
        with pytest.raises(ValueError, match=named):
            Curve(*(wrong if place == at else each for place, each in enumerate(good)))
    with pytest.raises(ValueError, match="source is empty"):
        StatedPrior(Curve(*good), " ")
    with pytest.raises(ValueError, match="reliability is 1; give"):
        prior_from_norms(Norms(14, 5), reliability=1, source="x")
    with pytest.raises(ValueError, match="change_sd is -1; give"):
        prior_from_norms(Norms(14, 5), reliability=0.8, change_sd=-1, source="x")
    plain = fit_growth(GrowthSums.from_rows(*_plain_rows()))
    with pytest.raises(ValueError, match="fit has no baseline"):
        Curve.of_fit(plain)


def _plain_rows() -> tuple:
    rng = np.random.default_rng(1)
    return np.repeat(np.arange(10), 4), np.tile(np.arange(4), 10), rng.normal(size=40)
