"""Sums that leave a provider: nothing small can be got out of them, and pooled they fit as the rows do."""

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from outcomestats.variation.fit import fit
from outcomestats.variation.sums import Sums
from outcometables.exchange import ExchangeError, Question, Rule, cells_of, kept, pooled, provided

COVARIATES = ["first_score", "age", "female", "not_english"]
ASKED = Question(
    measure="PHQ-9", first_day="2025-01-01", last_day="2025-12-31", at_least_days=28, covariates=COVARIATES
)
seeds = st.integers(0, 10_000)


def people(seed, *, teams=3, clinicians=3, each=30, share=0.4, fewest=1):
    draw = np.random.default_rng(seed)
    n = draw.integers(fewest, 2 * each, teams * clinicians)
    group = np.repeat(np.arange(teams * clinicians), n)
    first = draw.integers(500, 2700, group.size)
    female = draw.random(group.size) < share
    change = -draw.integers(0, 800, group.size) - 20 * (group % 5) - first // 4 + 50 * female
    return pl.DataFrame(
        {
            "team_id": group // clinicians + 1,
            "staff_id": group + 100,
            "change": change,
            "first_score": first,
            "age": draw.integers(18, 80, group.size),
            "female": female.astype(np.int64),
            "not_english": (draw.random(group.size) < share / 2).astype(np.int64),
            "most_deprived": np.zeros(group.size, dtype=np.int64),
            "medicaid": np.zeros(group.size, dtype=np.int64),
        }
    )


def summed(rows, covariates=COVARIATES):
    import narwhals.stable.v2 as nw

    return cells_of(nw.from_native(rows.lazy()), covariates)


def labelled(cells, size):
    """Which (team, group, pattern) a cell is: for laying rows and cells side by side."""
    return [(int(cells.team[at]), int(cells.group[at]), *map(int, cells.marks[at])) for at in range(size)]


@settings(deadline=None, max_examples=60)
@given(seed=seeds, share=st.sampled_from([0.02, 0.1, 0.3, 0.5]), minimum=st.integers(3, 8), each=st.integers(3, 40))
def test_nothing_small_can_be_got_out_of_what_leaves(seed, share, minimum, each):
    cells = summed(people(seed, share=share, each=each))
    found = kept(cells, Rule(minimum))
    left = found.cells
    if found.empty:
        assert left.n.size == 0
        return
    everybody = np.ones(left.n.size, dtype=bool)
    sides = [left.marks[:, at] == value for at in range(left.marks.shape[1]) for value in (0, 1)]
    both = [one & two for one in sides for two in sides]
    groups = [
        (left.team == team) & (left.group == group) for team, group in {*zip(left.team, left.group, strict=True)}
    ]
    for which in [everybody, *sides, *both, *groups, *(group & side for group in groups for side in sides)]:
        count = int(left.n[which].sum())
        assert count == 0 or count >= minimum
    assert_no_cell_can_be_computed(left, groups, minimum)


def assert_no_cell_can_be_computed(left, groups, minimum):
    """What leaves of a number (the change, a score) are its sums over groups and over each yes. Is any combination of
    them, with any weights, the sum over one small cell alone?"""
    cells = {}
    for at, place in enumerate(zip(left.team, left.group, *left.marks.T, strict=True)):
        cells.setdefault(place, []).append(at)
    spread = np.array([[any(group[at] for at in rows) for group in groups] for rows in cells.values()], dtype=float)
    marks = np.array([left.marks[rows[0]] for rows in cells.values()], dtype=float)
    known = np.concatenate([spread, marks], axis=1)
    onto = known @ np.linalg.pinv(known)  # 1 on the diagonal: that cell alone is a combination of what is known
    sizes = np.array([left.n[rows].sum() for rows in cells.values()])
    assert not ((np.diagonal(onto) > 1 - 1e-9) & (sizes < minimum)).any()


@settings(deadline=None, max_examples=25)
@given(seed=seeds, providers=st.integers(1, 4))
def test_pooled_sums_fit_as_pooled_rows(seed, providers):
    """Where no small cell is in the way, to 1e-9 of what the rows themselves give.

    Of fifty people, a quarter of whom say yes, hardly ever do fewer than three."""
    rows, parts = [], []
    for number in range(providers):
        theirs = people(seed + number, each=100, share=0.5, fewest=50)
        found = kept(summed(theirs), Rule(3))
        assume(not found.empty)
        assume(found.groups == found.groups_before)
        assume("SMALL_CELL" not in found.cells.left_out)
        rows.append(theirs.with_columns(provider=pl.lit(f"P{number}")))
        parts.append(provided(found, provider=f"P{number}", question=ASKED, rule=Rule(3)))
    table = pl.concat(rows)
    expected = fit(
        Sums.from_rows(
            table["change"].to_numpy(),
            group=table.select(pl.format("{}/{}/{}", "provider", "team_id", "staff_id")).to_series().to_numpy(),
            team=table.select(pl.format("{}/{}", "provider", "team_id")).to_series().to_numpy(),
            covariates={name: table[name].to_numpy() for name in COVARIATES},
        )
    )
    got = fit(pooled(parts))
    assert got.n_rows == table.height
    np.testing.assert_allclose(got.beta, expected.beta, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(got.vcov, expected.vcov, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(got.sigma2, expected.sigma2, rtol=1e-9)
    np.testing.assert_allclose(got.variances, expected.variances, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(got.criterion, expected.criterion, rtol=1e-9)


@settings(deadline=None, max_examples=25)
@given(seed=seeds, share=st.sampled_from([0.1, 0.4]))
def test_merging_loses_no_row_and_no_sum(seed, share):
    cells = summed(people(seed, share=share))
    found = kept(cells, Rule(5))
    assume(not found.empty)
    gone = found.cells.left_out.get("SMALL_CELL", 0)
    assert int(found.cells.n.sum()) == int(cells.n.sum()) - gone
    if not gone:
        assert found.cells.sums.sum(axis=0).tolist() == cells.sums.sum(axis=0).tolist()
        assert found.cells.products.sum(axis=0).tolist() == cells.products.sum(axis=0).tolist()


@given(seed=seeds)
@settings(deadline=None, max_examples=10)
def test_the_order_of_people_changes_nothing(seed):
    rows = people(seed)
    parts = []
    for each in (rows, rows.sample(fraction=1.0, shuffle=True, seed=seed)):
        found = kept(summed(each), Rule(5))
        assume(not found.empty)
        parts.append(provided(found, provider="A", question=ASKED, rule=Rule(5)))
    assert parts[0] == parts[1]


def test_too_few_people_send_nothing():
    few = kept(summed(people(1, teams=1, clinicians=1, each=4)), Rule(5))
    assert few.empty
    with pytest.raises(ExchangeError, match="Too few people"):
        provided(few, provider="A", question=ASKED, rule=Rule(5))
    with pytest.raises(ValueError, match="each knows the other"):
        Rule(2)
    with pytest.raises(ValueError, match="no covariate height"):
        summed(people(1), ["height"])
