"""Can what we planted be found again by simple arithmetic, and is the provider otherwise plausible?"""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from tending.web.demonstration import planted, provider, signs
from tending.web.demonstration.course.stories import STORIES
from tending.web.demonstration.setting.cast import CAST

TODAY = date(2026, 11, 23)
TRUTH = planted.PLANTED


@pytest.fixture(scope="module")
def usual():
    return provider.generate(today=TODAY)


@pytest.fixture(scope="module")
def large():
    """Enough people that chance cannot hide what was planted."""
    return provider.generate(people=9000, seed=3, today=TODAY)


def test_team_effects_show_in_the_points_people_gain(large):
    rows = [row for row in large.truth["teams"] if row["programme"] == planted.OUTPATIENT]
    expected = np.array([row["improvement_with_its_practitioners"] for row in rows])
    found = np.array([row["realised"]["points_gained"] for row in rows])
    assert len(rows) == 18
    assert np.corrcoef(expected, found)[0, 1] > 0.75
    assert abs(np.mean(found - expected)) < 1.2  # some leave when well, and scores have a floor


def test_harbor_gains_more_than_mill_street_in_the_usual_provider(usual):
    gained = {row["team_id"]: row["realised"]["points_gained"] for row in usual.truth["teams"]}
    assert gained["T01"] - gained["T02"] > 1.0


def test_one_population_waits_longer_at_one_site(large):
    found = large.truth["access_gap"]["realised"]
    gap = found["median_days_gap_population"] - found["median_days_others"]
    assert found["n_gap_population"] > 150
    assert gap == pytest.approx(TRUTH.gap_extra_days, abs=4)


def test_that_population_waits_no_longer_elsewhere(large):
    frames = large.frames
    elsewhere = frames["teams"].filter(pl.col("site") != TRUTH.gap_site)["team_id"].implode()
    routine = frames["referrals"].filter(
        (pl.col("urgency") == "ROUTINE") & (pl.col("status") == "ACCEPTED") & pl.col("team_id").is_in(elsewhere)
    )
    days = (pl.col("closed_date") - pl.col("referred_date")).dt.total_days()
    spoken = routine.with_columns(days=days).join(frames["people"].select("person_id", "language"), on="person_id")
    medians = spoken.group_by(pl.col("language") == TRUTH.gap_language).agg(pl.col("days").median())
    assert medians["days"].max() - medians["days"].min() <= 2


def test_one_hospital_tells_us_late_and_its_people_are_seen_late(large):
    found = large.truth["late_hospital"]["realised"]
    late, prompt = found["O-LAKESIDE"], found["O-MERCY"]
    assert late["median_hours_to_notice"] == pytest.approx(TRUTH.late_notice_hours, rel=0.15)
    assert prompt["median_hours_to_notice"] == pytest.approx(TRUTH.prompt_notice_hours, rel=0.25)
    assert prompt["seen_within_7_days"] - late["seen_within_7_days"] > 0.2


def odds(share):
    return share / (1 - share)


@pytest.mark.parametrize("which", ["usual", "large"])
def test_one_change_reduced_missed_visits_and_one_did_not(which, request):
    worked, idle = request.getfixturevalue(which).truth["changes"]
    ratios = [odds(row["realised"]["after"]) / odds(row["realised"]["before"]) for row in (worked, idle)]
    assert ratios[0] == pytest.approx(TRUTH.worked_no_show_odds_ratio, abs=0.15)
    assert ratios[1] == pytest.approx(1.0, abs=0.2)


def test_progress_stalls_after_week_eight_in_one_programme(large):
    found = large.truth["stall"]["realised"]
    assert found["stalling_by_week_20"] - found["stalling_by_week_8"] < 0.5
    assert found["outpatient_by_week_20"] - found["outpatient_by_week_8"] > 0.7


def test_crises_follow_the_signs_more_often_than_any_week(large):
    found = large.truth["signs"]
    after = {row["sign"]: row["crisis_within_30_days"] for row in found["kinds"]}
    base = found["base"]["crisis_within_30_days"]
    for sign in ("WORSE_THAN_PREVIOUS", "WORSE_THAN_FIRST", "RISK_ANSWER", "CRISIS_TWICE", "HOUSING_SLIP"):
        assert after[sign] > 1.4 * base, sign
    assert after["CRISIS_TWICE"] > 3 * base
    assert after["NO_CONTACT"] < base  # those seen least are mostly those doing well: silence alone says little


def test_an_answer_in_time_is_followed_by_fewer_crises(large):
    found = large.truth["staff_behaviour"]["realised"]
    in_time, late = found["answered_in_time"], found["answered_late"]
    assert in_time["crisis_within_30_days"] < late["crisis_within_30_days"]


def test_people_in_deprived_places_lose_touch_more_often(large):
    lost = large.truth["drop_out_by_deprivation"]
    assert (lost["1"] + lost["2"]) / 2 > 1.2 * (lost["4"] + lost["5"]) / 2


@pytest.mark.parametrize("which", ["usual", "large"])
def test_something_happens_now_to_a_few_in_a_hundred(which, request):
    share = request.getfixturevalue(which).truth["signs"]["share_with_a_sign_now"]
    assert 0.03 <= share <= 0.09


SHOWN_BY = {
    "WORSENING_SCORE": "WORSE_THAN_PREVIOUS", "MISSED_VISITS": "MISSED_TWICE",
    "DISCHARGED_UNSEEN": "UNSEEN_AFTER_DISCHARGE",
}  # fmt: skip


@pytest.fixture(scope="module", params=[0, 2, 5], ids=["monday", "wednesday", "saturday"])
def told(request):
    return provider.generate(seed=40 + request.param, today=TODAY + timedelta(days=request.param)).truth


@pytest.mark.parametrize("story", STORIES)
def test_each_story_shows_its_sign_this_week(told, story):
    now = {row["sign"]: row["now"] for row in told["signs"]["kinds"]}
    assert told["stories"][story] in now[SHOWN_BY.get(story, story)]


def test_the_stories_are_on_the_cast_caseload(usual):
    open_rows = usual.table("caseload").filter(pl.col("to_date").is_null())
    for member in CAST[:3]:  # the practitioner, the coordinator, the peer worker
        held = set(open_rows.filter(pl.col("staff_id") == member.staff_id)["person_id"])
        assert set(usual.truth["stories"].values()) <= held, member.role


def test_the_cast_has_one_member_a_role_who_is_on_the_staff(usual):
    staff = {(row["staff_id"], row["role"]) for row in usual.frames["staff"].iter_rows(named=True)}
    assert len({member.role for member in CAST}) == len(CAST) == 11
    assert {(member.staff_id, member.role) for member in CAST} <= staff


def test_crises_stays_and_homes_are_as_common_as_in_such_providers(large):
    frames, today = large.frames, (TODAY - date(1970, 1, 1)).days
    quarters = []
    for end in range(today, today - 700, -91):
        day = pl.col("at").dt.date().cast(pl.Int32)
        crises = frames["crisis_contacts"].filter(day.is_between(end - 90, end))["person_id"].n_unique()
        first, last = pl.col("start_date").cast(pl.Int32), pl.col("end_date").cast(pl.Int32).fill_null(today)
        here = frames["episodes"].filter((first <= end) & (last >= end - 90))["person_id"].n_unique()
        quarters.append(crises / here)
    assert 0.05 < np.mean(quarters) < 0.11
    active = frames["episodes"].filter(pl.col("end_date").is_null()).height
    assert 0.05 < frames["stays"].height / 2 / active < 0.25  # stays per person supported, a year
    latest = frames["housing"].sort("from_date", "housing_id").group_by("person_id").last()
    settled = latest.select((pl.col("state") == "STABLE").mean())[0, 0]
    assert 0.7 < settled < 0.9


def test_measures_and_visits_are_plausible(large):
    totals = signs.phq9_totals(large.frames)
    first = totals.filter(pl.col("nth") == 0)["value"]
    assert 11 < first.mean() < 16
    assert 3.5 < first.std() < 7.5
    assert 0.015 < (totals["risk"] >= 1).mean() < 0.08
    gaps = totals.select((pl.col("answered_date").diff().over("person_id")).dt.total_days()).to_series().drop_nulls()
    assert 14 <= gaps.median() <= 30
    contacts = large.frames["contacts"].filter(pl.col("status") != "BOOKED")
    shares = dict(contacts["status"].value_counts(normalize=True).iter_rows())
    assert 0.06 < shares["NO_SHOW"] < 0.16
    last = totals.group_by("person_id").last().filter(pl.col("nth") > 2)
    change = last["value"] - last["first"]
    assert 0.2 < (change <= -6).mean() < 0.5
    assert 0.005 < (change >= 6).mean() < 0.08


def test_demographics_keep_not_asked_and_declined_apart(usual):
    people = usual.frames["people"]
    for column in ("gender_identity", "race_ethnicity", "language"):
        assert {"NOT_ASKED", "DECLINED"} <= set(people[column].cast(pl.String).unique())
    assert {"en", "es", "vi", "ht", "so"} <= set(people["language"].cast(pl.String).unique())


def test_ids_in_the_truth_exist(usual):
    people = set(usual.table("people")["person_id"])
    named = set(usual.truth["stories"].values()) | set(usual.truth["staff_behaviour"]["responses"]["person_id"])
    for row in usual.truth["signs"]["kinds"]:
        named |= set(row["now"])
    assert named <= people
