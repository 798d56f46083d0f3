"""What follows what, in how many days, and where the expected path is left: by hand, and alike on every engine."""

from pathlib import Path

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from tests.support.engines import filled

from outcometables.definitions.loading import load_pathways
from outcometables.mart import Mart
from outcometables.metrics.opportunities import Period
from outcometables.pathways import PathwayError, conformance, edges, events, pathway_map
from outcometables.pathways.following import _next_by_place, _next_on_polars

DAY = 20_000
PERIOD = Period(DAY, DAY + 100)
DEFINITIONS = Path(__file__).parents[3] / "definitions"


def minute(day, hour=12):
    return (DAY + day) * 1440 + hour * 60


def contact(person, day, kind="THERAPY", status="ATTENDED", hour=12, team=1):
    return {
        "person_id": person,
        "day": DAY + day,
        "kind": kind,
        "status": status,
        "minute": minute(day, hour),
        "team_id": team,
    }


def crisis(person, day, hour=3):
    return {
        "person_id": person,
        "day": DAY + day,
        "kind": "POLICE",
        "minute": minute(day, hour),
        "organisation_id": 9,
    }


def stay(person, day, left):
    return {"person_id": person, "kind": "PSYCHIATRIC_INPATIENT", "admit_day": DAY + day, "discharge_day": DAY + left,
            "admit_minute": minute(day), "discharge_minute": minute(left), "organisation_id": 8}  # fmt: skip


def episode(person, start, end=None, reason=""):
    return {
        "person_id": person,
        "team_id": 1,
        "start_day": DAY + start,
        "end_day": end and DAY + end,
        "end_reason": reason,
    }


def table(rows):
    return pl.DataFrame(rows, infer_schema_length=None).with_row_index("row_id")


TABLES = {
    "people": pl.DataFrame({"person_id": [1, 2, 3], "language": ["es", "en", ""]}),
    "teams": pl.DataFrame({"team_id": [1], "programme": ["ADULT"], "site": ["Mill"]}),
    "referrals": table([{"person_id": 1, "day": DAY, "team_id": 1}, {"person_id": 2, "day": DAY, "team_id": 1}]),
    "episodes": table([episode(1, 0), episode(2, 3, 90, "DROPPED_OUT"), episode(3, -50)]),
    # Person 1: seen on day 9, evaluated on 30, crisis at 3 and visit at 12 on day 40, then nothing.
    # Person 2: seen on day 20; a stay from 30 to 35; a visit on the day of discharge; lost touch with on day 90.
    # Person 3: visits on days 5 and 85, with 80 days of silence in between.
    "contacts": table([
        contact(1, 9), contact(1, 30, "ASSESSMENT"), contact(1, 40), contact(1, 10, status="NO_SHOW"),
        contact(2, 20, "ASSESSMENT"), contact(2, 35, "OUTREACH", hour=18), contact(3, 5), contact(3, 85, "GROUP"),
    ]),
    "crisis": table([crisis(1, 40)]),
    "stays": table([stay(2, 30, 35)]),
}  # fmt: skip


@pytest.fixture(scope="module")
def mart():
    return Mart.from_polars(filled(TABLES), as_of=DAY + 120)


def steps(found):
    return [(edge.from_event, edge.to_event, edge.n, edge.median) for edge in edges(found)]


def test_the_map_by_hand(mart):
    found = pathway_map(mart, period=PERIOD, lost_after=60)
    assert sorted(steps(found)) == [
        ("ADMISSION", "DISCHARGE", 1, 5),
        ("CRISIS", "THERAPY", 1, 0),
        ("DISCHARGE", "OUTREACH", 1, 0),
        ("EPISODE_START", "FIRST_CONTACT", 2, 9),
        ("EVALUATION", "CRISIS", 1, 10),
        ("FIRST_CONTACT", "ADMISSION", 1, 10),
        ("FIRST_CONTACT", "EVALUATION", 1, 21),
        ("FIRST_CONTACT", "LOST", 1, 60),
        ("LOST", "GROUP", 1, 20),
        ("OUTREACH", "ENDED_DROPPED_OUT", 1, 55),
        ("REFERRAL", "EPISODE_START", 2, 0),
        ("THERAPY", "LOST", 1, 60),
    ]


def test_silence_is_lost_only_while_an_episode_is_open(mart):
    """Person 2 is silent for 55 days before losing touch; after the end nothing is expected of anybody."""
    found = dict(((a, b), n) for a, b, n, _ in steps(pathway_map(mart, period=PERIOD, lost_after=50)))
    assert found["OUTREACH", "LOST"] == 1
    assert found["LOST", "ENDED_DROPPED_OUT"] == 1
    assert not any(start.startswith("ENDED") for start, _ in found)
    assert ("GROUP", "LOST") not in found  # 35 days are not 50


def test_the_day_asked_about_hides_what_came_later(mart):
    found = pathway_map(mart, period=PERIOD, as_of=DAY + 30, lost_after=60)
    assert ("EVALUATION", "CRISIS") not in {(a, b) for a, b, _, _ in steps(found)}


def test_missed_visits_stand_between(mart):
    found = pathway_map(mart, period=PERIOD, with_missed=True)
    assert {("FIRST_CONTACT", "MISSED"), ("MISSED", "EVALUATION")} <= {(a, b) for a, b, _, _ in steps(found)}


def test_by_population_programme_and_partner(mart):
    found = pathway_map(mart, period=PERIOD, by=["language", "programme", "organisation_id"])
    rows = {(row["from_event"], row["to_event"], row["language"]): row for row in found.iter_rows(named=True)}
    assert rows["EVALUATION", "CRISIS", "es"]["organisation_id"] == 9
    assert rows["EVALUATION", "CRISIS", "es"]["programme"] == "ADULT"
    assert rows["ADMISSION", "DISCHARGE", "en"]["programme"] == "UNKNOWN"
    assert rows["FIRST_CONTACT", "LOST", "UNKNOWN"]["n"] == 1
    merged = found.group_by("from_event", "to_event", "days").agg(pl.col("n").sum())
    assert merged.sort(pl.all()).equals(pathway_map(mart, period=PERIOD).sort(pl.all()))


def test_maps_of_two_marts_merge_by_adding(mart):
    parts = [pathway_map(mart.only(people), period=PERIOD) for people in ([1], [2, 3])]
    merged = pl.concat(parts).group_by("from_event", "to_event", "days").agg(pl.col("n").sum())
    assert merged.sort(pl.all()).equals(pathway_map(mart, period=PERIOD).sort(pl.all()))


def test_what_cannot_be_asked_is_named(mart):
    with pytest.raises(PathwayError, match="broken down by weather"):
        pathway_map(mart, period=PERIOD, by=["weather"])
    with pytest.raises(PathwayError, match="at least 1"):
        pathway_map(mart, period=PERIOD, lost_after=0)


def test_nobody_gives_an_empty_map():
    assert pathway_map(Mart.from_polars({}, as_of=DAY), period=PERIOD).height == 0


def test_the_path_from_referral_is_left_where_it_is_left(mart):
    """Person 1 keeps it as far as the evaluation and has a visit on day 40; person 2 was first seen after 20 days."""
    course = conformance(mart, load_pathways(DEFINITIONS)["referral-to-care"], period=PERIOD)
    first, evaluation, service = course.steps
    assert (course.began, course.kept) == (2, 1)
    assert (first.came, first.taken, first.left, first.days, first.left_for) == (
        2, 1, 1, ((9, 1),), (("EPISODE_START", 1),),
    )  # fmt: skip
    assert (evaluation.came, evaluation.taken, evaluation.days) == (1, 1, ((21, 1),))
    assert (service.taken, service.days) == (1, ((10, 1),))


def test_a_visit_on_the_day_of_discharge_does_not_count(mart):
    course = conformance(mart, load_pathways(DEFINITIONS)["after-discharge"], period=PERIOD)
    assert (course.began, course.steps[0].taken, course.steps[0].left_for) == (1, 0, (("OUTREACH", 1),))


def test_a_window_that_has_not_closed_is_open(mart):
    path = load_pathways(DEFINITIONS)["referral-to-care"]
    course = conformance(mart, path, period=PERIOD, as_of=DAY + 14)
    assert [(step.taken, step.left, step.still_open) for step in course.steps] == [(1, 0, 1), (0, 0, 1), (0, 0, 0)]
    closed = conformance(mart, path, period=PERIOD, as_of=DAY + 15)
    assert (closed.steps[0].left, closed.steps[0].still_open) == (1, 0)


def test_every_engine_draws_the_same_map(mart, other_engine):
    there = other_engine.mart(TABLES, as_of=DAY + 120)
    by = ["language", "programme", "organisation_id"]
    expected, found = (pathway_map(each, period=PERIOD, by=by, with_missed=True) for each in (mart, there))
    assert expected.equals(found)
    if other_engine.name == "spark-connect":
        return  # the same Spark: following a path is many small questions, each planned anew for seconds
    path = load_pathways(DEFINITIONS)["referral-to-care"]
    assert conformance(there, path, period=PERIOD) == conformance(mart, path, period=PERIOD)


def test_placing_and_stepping_give_the_same_pairs(mart):
    happened = nw.from_native(nw.to_native(events(mart, as_of=mart.as_of, with_missed=True)).collect().lazy())
    columns = ["person_id", "moment", "row_id", "next_event", "next_day", "next_organisation"]
    placed, stepped = (
        nw.to_native(way(happened).collect()).select(columns).sort(columns)
        for way in (_next_by_place, _next_on_polars)
    )
    assert placed.equals(stepped)


def test_every_shipped_path_begins_and_steps_with_events_there_are(mart):
    alone = {"REFERRAL", "EPISODE_START", "CRISIS", "ADMISSION", "DISCHARGE", "EMERGENCY"}
    seen = {"FIRST_CONTACT", "EVALUATION", "THERAPY", "MEDICATION", "CARE_COORDINATION", "PEER_SUPPORT", "OUTREACH"}
    known = {*alone, *seen, "GROUP", "OTHER"}
    paths = load_pathways(DEFINITIONS)
    assert len(paths) == 3
    for path in paths.values():
        assert {path.begins, *(event for step in path.steps for event in step.events)} <= known
