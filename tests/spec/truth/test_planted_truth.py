"""Do the tables find what the demonstration provider is known to contain? Each planted effect inside its interval.

What is planted and cannot be found from these tables: how fast staff answered (the app makes signals and reviews, the
provider's files do not) and how late paper reaches the record (rows have no day of arrival until they are imported).
"""

from datetime import date

import numpy as np
import polars as pl
import pytest
from tests.support.mart_of_provider import DEFINITIONS, numbered, tables_of

from outcomestats.foresight.base_rate import PersonShares
from outcomestats.foresight.shares import share, times_as_often
from outcomestats.variation.effects import team_effects
from outcomestats.variation.fit import fit
from outcomestats.variation.spread import spread
from outcometables.definitions.loading import load_metrics, load_pathways, load_triggers
from outcometables.exchange import Question, Rule, cells_of, changes, kept, pooled, provided
from outcometables.mart import Mart
from outcometables.metrics import Period, figures, opportunities, sums
from outcometables.past import try_on
from outcometables.past.settings import quiet_of
from outcometables.pathways import conformance, edges, pathway_map
from tending.web.demonstration import planted, provider

TODAY = date(2026, 11, 23)
TRUTH = planted.PLANTED
METRICS = load_metrics(DEFINITIONS)


@pytest.fixture(scope="module")
def large():
    """Enough people that chance cannot hide what was planted."""
    return provider.generate(people=9000, seed=3, today=TODAY)


@pytest.fixture(scope="module")
def mart(large):
    return Mart.from_polars(tables_of(large), as_of=(TODAY - date(1970, 1, 1)).days - 1)


def two_years(mart, *, until=0):
    return Period(mart.as_of - 650, mart.as_of - until)


def figures_of(mart, code, by, *, until=60):
    found = sums(mart, [METRICS[code]], period=two_years(mart, until=until), by=by)[code]
    return {tuple(each.group[name] for name in by): each for each in figures(found, METRICS[code])}


def test_one_population_waits_longer_at_one_site_and_nowhere_else(mart):
    found = figures_of(mart, "referral-to-first-contact", ["site", "language", "urgency"])
    waits = {key[:2]: figure.values.median for key, figure in found.items() if key[2] == "ROUTINE"}
    sites = {site for site, _ in waits}
    gaps = {site: waits[site, TRUTH.gap_language] - waits[site, "en"] for site in sites}
    # The metric counts those still waiting as longer than all others, so its medians are a little later.
    assert gaps.pop(TRUTH.gap_site) == pytest.approx(TRUTH.gap_extra_days, abs=4)
    assert len(gaps) == 2
    assert all(abs(gap) <= 2 for gap in gaps.values())


def test_fewer_are_seen_after_leaving_the_hospital_that_tells_late(large, mart):
    late = numbered(large, "organisations", "organisation_id")[large.truth["late_hospital"]["organisation_id"]]
    found = figures_of(mart, "seen-after-discharge-7d", ["organisation_id"])
    (prompt,) = [figure for (partner,), figure in found.items() if partner != late]
    assert found[late,].upper < prompt.lower - 0.1
    told = large.truth["late_hospital"]["realised"]["O-LAKESIDE"]["seen_within_7_days"]
    assert found[late,].lower - 0.02 < told < found[late,].upper + 0.02


def test_the_map_shows_the_late_hospital(large, mart):
    """From that hospital's door the next thing is a visit half as soon, and more often something else."""
    late = numbered(large, "organisations", "organisation_id")[large.truth["late_hospital"]["organisation_id"]]
    steps = pathway_map(mart, period=two_years(mart, until=90), by=["organisation_id"])
    after = [edge for edge in edges(steps, ["organisation_id"]) if edge.from_event == "DISCHARGE"]
    seen = {True: [], False: []}
    for edge in after:
        if edge.to_event in {"THERAPY", "MEDICATION", "CARE_COORDINATION", "PEER_SUPPORT", "OUTREACH", "EVALUATION"}:
            seen[edge.group[0] == late].append((edge.n, edge.days))
    mean = {which: sum(days for _, days in rows) / sum(n for n, _ in rows) for which, rows in seen.items()}
    assert mean[True] > 1.5 * mean[False]


def test_the_path_after_discharge_is_kept_as_often_as_the_metric_says(mart):
    course = conformance(mart, load_pathways(DEFINITIONS)["after-discharge"], period=two_years(mart, until=60))
    (all_of_them,) = figures_of(mart, "seen-after-discharge-7d", []).values()
    first = course.steps[0]
    assert first.taken / (first.taken + first.left) == pytest.approx(all_of_them.share, abs=0.06)


def missed(rows):
    people = rows.group_by("person_id").agg((pl.col("outcome") == "MET").sum().alias("met"), pl.len().alias("of"))
    columns = people.sort("person_id").select("person_id", pl.col("met", "of").cast(pl.Float64))
    return PersonShares(*(columns[name].to_numpy() for name in columns.columns))


def test_one_change_reduced_missed_visits_and_one_did_not(large, mart):
    teams = numbered(large, "teams", "team_id")
    visits = opportunities(mart, [METRICS["no-shows"]], period=Period(mart.as_of - 700, mart.as_of))["no-shows"]
    visits = visits.filter(pl.col("outcome").is_in(["MET", "NOT_MET"]))
    found = []
    for change in large.truth["changes"]:
        theirs = visits.filter(pl.col("team_id").is_in([teams[each] for each in change["team_ids"]]))
        since = pl.col("day") >= (date.fromisoformat(change["from_date"]) - date(1970, 1, 1)).days
        before, after = missed(theirs.filter(~since)), missed(theirs.filter(since))
        found.append((share(before).share, share(after).share, times_as_often(after, before)))
    (before, after, worked), (_, _, idle) = found
    assert (after / (1 - after)) / (before / (1 - before)) == pytest.approx(TRUTH.worked_no_show_odds_ratio, abs=0.05)
    assert worked.upper < 0.75
    assert idle.lower < TRUTH.idle_no_show_odds_ratio < idle.upper


@pytest.fixture(scope="module")
def exchanged(mart):
    """PHQ-9 change over eight weeks or more, after the first score, by clinician in team."""
    period = Period(mart.as_of - 700, mart.as_of - 90)
    rows = changes(mart, measure="PHQ-9", period=period, as_of=mart.as_of, at_least_days=56)
    asked = Question(measure="PHQ-9", first_day="", last_day="", at_least_days=56, covariates=["first_score"])
    found = kept(cells_of(rows, ["first_score"]), Rule(5))
    return found, pooled([provided(found, provider="demo", question=asked, rule=Rule(5))])


def test_practitioners_differ_by_as_much_as_was_planted(exchanged):
    _, table = exchanged
    between = spread(fit(table), table)
    assert between.lower / 100 < TRUTH.practitioner_sd < between.upper / 100


def test_team_effects_are_found_in_order(large, exchanged):
    """Planted as points gained by week 12; found as change to the last score, shrunken: the order and the size."""
    found, table = exchanged
    effects = team_effects(fit(table), table)
    sizes = {int(n): -float(estimate) / 100 for n, estimate in zip(effects.n, effects.estimate, strict=True)}
    n_of_team = {team: int(found.cells.n[found.cells.team == team].sum()) for team in np.unique(found.cells.team)}
    numbers = numbered(large, "teams", "team_id")
    rows = [row for row in large.truth["teams"] if row["programme"] == planted.OUTPATIENT]
    counts = [n_of_team[numbers[row["team_id"]]] for row in rows]
    unique = [
        place for place, n in enumerate(counts) if list(n_of_team.values()).count(n) == 1
    ]  # a file names no team
    assert len(unique) >= 8
    expected = np.array([rows[place]["improvement_with_its_practitioners"] for place in unique])
    got = np.array([sizes[counts[place]] for place in unique])
    assert np.corrcoef(expected, got)[0, 1] > 0.9
    assert 0.6 < np.polyfit(expected, got, 1)[0] < 1.3


def test_progress_stalls_after_week_eight_in_one_programme(mart):
    """Of those who could still get better, more come to a halt from the planted week on than elsewhere."""
    code = "stall-by-week"
    cells = sums(mart, [METRICS[code]], period=two_years(mart, until=60), by=["programme"])[code].cells
    late = cells.filter(pl.col("outcome").is_in(["MET", "NOT_MET"]), pl.col("value").is_between(6, 20))
    halted = late.group_by("programme").agg(
        pl.col("n").filter(pl.col("outcome") == "MET").sum().alias("met"), pl.col("n").sum().alias("n")
    )
    shares = {row["programme"]: row["met"] / row["n"] for row in halted.iter_rows(named=True)}
    assert shares[planted.TEAMS[TRUTH.stall_team].programme] > shares[planted.OUTPATIENT]


# The least that what was planted (ratios of the weekly hazard, some of them together) must leave of each trigger.
FOLLOWED = {
    "phq-9-worsening": 1.8,
    "self-harm-answer": 1.8,
    "crisis-contacts-rising": 3.0,
    "housing-slipping": 1.8,
    "not-seen-after-discharge-7d": 2.0,
    "two-weak-signs": 1.8,
}


@pytest.mark.parametrize("code", FOLLOWED)
def test_crises_follow_the_triggers_that_were_planted(large, mart, code):
    trigger = load_triggers(DEFINITIONS)[code]
    tried = try_on(mart, trigger, period=two_years(mart), quiet=quiet_of(trigger), within_days=(30,))
    (crisis,) = [each for each in tried.followed if each.kind == "CRISIS"]
    assert crisis.times.lower > FOLLOWED[code]
    planted_base = large.truth["signs"]["base"]["crisis_within_30_days"]
    assert crisis.anyway.share == pytest.approx(planted_base, abs=0.006)  # without those who had an alert


def test_silence_alone_says_little(mart):
    trigger = load_triggers(DEFINITIONS)["no-contact-30d"]
    tried = try_on(mart, trigger, period=two_years(mart), quiet=quiet_of(trigger), within_days=(30,))
    (crisis,) = [each for each in tried.followed if each.kind == "CRISIS"]
    assert crisis.times.lower < 1 < crisis.times.upper


def test_missed_visits_come_before_losing_touch(mart):
    trigger = load_triggers(DEFINITIONS)["repeated-missed-visits"]
    tried = try_on(mart, trigger, period=two_years(mart), quiet=quiet_of(trigger), within_days=(30,))
    (lost,) = [each for each in tried.followed if each.kind == "DROP_OUT"]
    assert lost.times.lower > 2
