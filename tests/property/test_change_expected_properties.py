"""Whatever the scores: sites pooled or merged, rows in any order, units and chunks expect the same."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomestats.change.cutoffs import Norms
from outcomestats.change.expected.bands import Band, Bands
from outcomestats.change.expected.calibration import calibrate
from outcomestats.change.expected.course import ExpectedCourse, Scale, expected_scores, fit_expected
from outcomestats.change.expected.curves import prior_from_norms
from outcomestats.change.expected.rows import LaterScores, Split, later_scores
from outcomestats.change.expected.tracking import TRACKS, Track, tracks
from outcomestats.change.growth.sums import GrowthSums
from outcomestats.change.rules import ChangeRule, Direction

BANDS = Bands((Band(-500, 12, "lower"), Band(12.01, 500, "higher")))
SCALE = Scale("drawn", Direction.HIGHER_IS_WORSE, -1000, 1000)
PRIOR = prior_from_norms(Norms(13, 5), reliability=0.8, change_per_log_week=-1, source="drawn")


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(60, 160))
    counts = rng.integers(1, 8, n)
    people = np.repeat(rng.permutation(10_000)[:n], counts)
    days = rng.integers(0, 200, people.size)
    level = np.repeat(rng.normal(13, 4, n), counts)
    return people, days, level - 1.5 * np.log1p(days / 7) + rng.normal(0, 2, people.size)


def course_of(sums: GrowthSums, **changed: object) -> ExpectedCourse:
    given_ = {"scale": SCALE, "bands": BANDS, "prior": PRIOR, "split": Split(seed=2, share=0.4), "enough": 60}
    return fit_expected(sums, **{**given_, **changed})


@given(st.integers(0, 10**6))
@settings(max_examples=25)
def test_sites_merged_are_sites_pooled(seed: int) -> None:
    rows = later_scores(*drawn(seed))
    cut = np.isin(rows.people, np.unique(rows.people)[::3])
    sites = [
        LaterScores(rows.people[part], rows.days[part], rows.scores[part], rows.baseline[part], rows.alone).sums()
        for part in (cut, ~cut)
    ]
    pooled, merged = course_of(rows.sums()), course_of(sites[0].merge(sites[1]))
    probe = (np.linspace(0, 30, 40), np.tile([1, 20, 90, 200], 10))
    one, other = expected_scores(pooled, *probe), expected_scores(merged, *probe)
    np.testing.assert_allclose(one.mean, other.mean, rtol=1e-6)
    np.testing.assert_allclose(one.upper, other.upper, rtol=1e-6)
    assert pooled.verdict == merged.verdict


@given(st.integers(0, 10**6))
@settings(max_examples=25)
def test_the_order_of_rows_expects_and_calibrates_the_same(seed: int) -> None:
    people, days, scores = drawn(seed)
    # One score a day: which of two comes first is otherwise the order given.
    _, once = np.unique(np.stack([people, days]), axis=1, return_index=True)
    people, days, scores = people[once], days[once], scores[once]
    order = np.random.default_rng(seed).permutation(people.size)
    rows, turned = later_scores(people, days, scores), later_scores(people[order], days[order], scores[order])
    np.testing.assert_array_equal(rows.scores, turned.scores)
    rule = ChangeRule(direction=Direction.HIGHER_IS_WORSE, points=3)
    course = course_of(rows.sums())
    shuffled = np.random.default_rng(seed + 1).permutation(rows.people.size)
    mixed = LaterScores(
        *(each[shuffled] for each in (rows.people, rows.days, rows.scores, rows.baseline)), rows.alone
    )
    assert calibrate(course, rows, rule) == calibrate(course, mixed, rule)


@given(st.integers(0, 10**6), st.sampled_from([0.5, 4.0]), st.sampled_from([-8.0, 0.0, 16.0]))
@settings(max_examples=25)
def test_units_do_not_matter(seed: int, by: float, shift: float) -> None:
    people, days, scores = drawn(seed)
    there, moved = later_scores(people, days, scores), later_scores(people, days, by * scores + shift)
    bands = Bands(
        tuple(Band(by * each.lowest + shift, by * each.highest + shift, each.label) for each in BANDS.bands)
    )
    scale = Scale("drawn", Direction.HIGHER_IS_WORSE, by * -1000 + shift, by * 1000 + shift)
    prior = prior_from_norms(Norms(by * 13 + shift, by * 5), reliability=0.8, change_per_log_week=-by, source="drawn")
    one = course_of(there.sums())
    other = course_of(moved.sums(), bands=bands, scale=scale, prior=prior)
    probe, when = np.array([5.0, 12.0, 20.0]), np.array([10, 60, 150])
    here, away = expected_scores(one, probe, when), expected_scores(other, by * probe + shift, when)
    np.testing.assert_allclose(away.mean, by * here.mean + shift, rtol=1e-5, atol=1e-5 * by)
    np.testing.assert_allclose(away.sd, by * here.sd, rtol=1e-4)


@given(st.integers(0, 10**6), st.integers(1, 50))
@settings(max_examples=25)
def test_chunks_and_wider_bands(seed: int, size: int) -> None:
    rows = later_scores(*drawn(seed))
    course = course_of(rows.sums())
    whole = tracks(course, rows.baseline, rows.days, rows.scores)
    parts = [
        tracks(course, rows.baseline[at : at + size], rows.days[at : at + size], rows.scores[at : at + size]).states
        for at in range(0, rows.people.size, size)
    ]
    assert np.concatenate(parts).tolist() == whole.states.tolist()
    wide = tracks(course, rows.baseline, rows.days, rows.scores, coverage=0.95)
    wrong, on = TRACKS.index(Track.NOT_ON_TRACK), TRACKS.index(Track.ON_TRACK)
    assert ((wide.states == wrong) <= (whole.states == wrong)).all()
    assert ((whole.states == on) <= (wide.states == on)).all()
    assert np.isfinite(whole.upper).all()


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=30), st.integers(0, 2**63), st.data())
def test_a_person_falls_on_one_side_whoever_else_there_is(keys: list[int], seed: int, data: st.DataObject) -> None:
    split = Split(seed=seed, share=0.3)
    together = split.held_out(keys)
    order = data.draw(st.permutations(range(len(keys))))
    assert split.held_out(np.array(keys)[order]).tolist() == together[order].tolist()
    assert [bool(split.held_out([key])[0]) for key in keys] == together.tolist()
