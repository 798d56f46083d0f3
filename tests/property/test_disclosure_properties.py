"""A reader with every shown figure, its rule and all patience cannot narrow a small count down.

Two attacks, neither a solver: bounds passed along every sum until nothing moves (any table), and trying every table
that fits (small ones). The first may never come closer than the policy allows; the second must find tables that far
apart, which proves that no attack at all could.
"""

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from outcomestats.disclosure.patterns import with_totals
from outcomestats.disclosure.policy import Policy
from outcomestats.disclosure.tables import Protected, Released, protect, protect_shares
from outcomestats.disclosure.wording import caption

Table = NDArray[np.int64]
UNKNOWN = 10**6  # an upper bound for what is hidden: nobody would look further
few = settings(max_examples=60, deadline=None)


@st.composite
def tables(draw: st.DrawFn, *, most: int = 30, sizes: tuple[int, int] = (1, 4), axes: int = 2) -> Table:
    shape = tuple(draw(st.integers(*sizes)) for _ in range(draw(st.integers(1, axes))))
    cell = st.integers(0, most) | st.integers(0, 5)
    return np.array(draw(st.lists(cell, min_size=int(np.prod(shape)), max_size=int(np.prod(shape))))).reshape(shape)


@st.composite
def releases(draw: st.DrawFn) -> tuple[Table, Table]:
    before = draw(tables(sizes=(1, 3)))
    joined = draw(st.lists(st.integers(0, 12), min_size=before.size, max_size=before.size))
    return before, np.array(joined).reshape(before.shape)


policies = st.builds(
    Policy,
    minimum=st.integers(2, 7),
    minimum_denominator=st.just(20),
    rounding=st.sampled_from([1, 3, 4]),
    hide_zeros=st.booleans(),
)


def known(protected: Protected) -> tuple[Table, Table]:
    """What a reader knows of each figure before adding anything up: shown ones as far as they were rounded."""
    base = protected.policy.rounding
    low = np.maximum(protected.shown - base // 2, 0)
    high = protected.shown + (base - 1) // 2
    if base % 2 == 0:
        high = protected.shown + base // 2 - 1
    return np.where(protected.hidden, 0, low), np.where(protected.hidden, UNKNOWN, high)


def sums(low: Table, high: Table) -> Iterator[tuple[tuple[Table, Table], tuple[Table, Table]]]:
    """Views of parts and their total, along every axis."""
    for axis in range(low.ndim):
        least, most = np.moveaxis(low, axis, 0), np.moveaxis(high, axis, 0)
        yield (least[:-1], most[:-1]), (least[-1:], most[-1:])


def attacked(low: Table, high: Table) -> tuple[Table, Table]:
    low, high = low.copy(), high.copy()
    for _ in range(200):
        before = low.copy(), high.copy()
        for (least, most), (total_least, total_most) in sums(low, high):
            np.maximum(total_least, least.sum(axis=0, keepdims=True), out=total_least)
            np.minimum(total_most, most.sum(axis=0, keepdims=True), out=total_most)
            np.minimum(most, total_most - (least.sum(axis=0, keepdims=True) - least), out=most)
            np.maximum(least, total_least - (most.sum(axis=0, keepdims=True) - most), out=least)
        if (before[0] == low).all() and (before[1] == high).all():
            break
    return low, high


def fitting(low: Table, high: Table, most: int) -> Iterator[Table]:
    """Every table of people up to `most` in a cell whose figures lie within the bounds."""
    inner = tuple(slice(0, -1) for _ in low.shape)
    spans = [range(max(0, a), min(b, most) + 1) for a, b in zip(low[inner].ravel(), high[inner].ravel(), strict=True)]
    shape = low[inner].shape
    for values in itertools.product(*spans):
        whole = with_totals(np.array(values).reshape(shape))
        if ((whole >= low) & (whole <= high)).all():
            yield whole


@few
@given(tables(axes=3, sizes=(1, 3)) | tables(), policies)
def test_adding_up_and_taking_off_never_comes_closer_than_allowed(counts: Table, policy: Policy) -> None:
    protected = protect(counts, policy)
    whole = with_totals(counts)
    low, high = attacked(*known(protected))
    assert ((low <= whole) & (whole <= high)).all(), "the attack itself is sound"
    small = policy.is_small(whole)
    assert protected.hidden[small].all()
    assert (high - low)[small].min(initial=UNKNOWN) >= policy.minimum


@few
@given(tables(most=7, sizes=(2, 3)), st.integers(2, 3), st.booleans())
def test_among_all_tables_that_fit_small_counts_take_many_values(counts: Table, minimum: int, zeros: bool) -> None:
    policy = Policy(minimum=minimum, hide_zeros=zeros)
    whole = with_totals(counts)
    low, high = attacked(*known(protect(counts, policy)))
    most = int(counts.max()) + minimum + 1
    inner = tuple(slice(0, -1) for _ in low.shape)
    assume(np.prod(np.minimum(high[inner], most) - low[inner] + 1.0) < 60_000)
    found = list(fitting(low, high, most))
    smallest, largest = np.min(found, axis=0), np.max(found, axis=0)
    small = policy.is_small(whole)
    assert (largest - smallest)[small].min(initial=UNKNOWN) >= minimum


def narrowed(before: Table, first: Protected, now: Table, second: Protected, policy: Policy) -> int:
    """How close the attack comes to a small group of two releases, or of who joined between them."""
    # Before, joined and now are one table more; of who joined nothing is shown.
    (low_first, high_first), (low_now, high_now) = known(first), known(second)
    low = np.stack([low_first, np.zeros_like(low_first), low_now])
    high = np.stack([high_first, np.full_like(high_first, UNKNOWN), high_now])
    low, high = attacked(low, high)
    whole = np.stack([with_totals(before), with_totals(now - before), with_totals(now)])
    assert ((low <= whole) & (whole <= high)).all(), "the attack itself is sound"
    small = policy.is_small(whole)
    small[1] &= whole[1] != 0
    return int((high - low)[small].min(initial=UNKNOWN))


@few
@given(releases(), policies)
def test_two_releases_together_give_no_small_group_away(pair: tuple[Table, Table], policy: Policy) -> None:
    before, joined = pair
    first = protect(before, policy)
    second = protect(before + joined, policy, previous=Released(before, first))
    assert narrowed(before, first, before + joined, second, policy) >= policy.minimum


@few
@given(releases(), st.data(), policies)
def test_no_two_of_a_row_of_releases_give_a_small_group_away(
    pair: tuple[Table, Table], data: st.DataObject, policy: Policy
) -> None:
    counts = [pair[0], pair[0] + pair[1]]
    for _ in range(2):
        more = data.draw(st.lists(st.integers(0, 6), min_size=counts[0].size, max_size=counts[0].size))
        counts.append(counts[-1] + np.array(more).reshape(counts[0].shape))
    out: list[Released] = []
    for table in counts:
        out.append(Released(table, protect(table, policy, previous=tuple(out))))
    for early, late in itertools.combinations(out, 2):
        assert narrowed(early.counts, early.protected, late.counts, late.protected, policy) >= policy.minimum


def test_the_release_between_does_not_let_two_months_show_what_one_may_not() -> None:
    january, february, march = np.array([20, 30]), np.array([21, 30]), np.array([22, 30])
    first = Released(january, protect(january, Policy()))
    second = Released(february, protect(february, Policy(), previous=first))
    assert not protect(march, Policy(), previous=second).hidden.any(), "the last alone is not enough"
    assert protect(march, Policy(), previous=[first, second]).hidden[0]


@few
@given(tables(most=5, sizes=(2, 2), axes=1), tables(most=5, sizes=(2, 2), axes=1), st.integers(2, 3))
def test_among_all_pairs_of_releases_that_fit_small_groups_take_many_values(
    before: Table, joined: Table, minimum: int
) -> None:
    policy = Policy(minimum=minimum)
    first = protect(before, policy)
    second = protect(before + joined, policy, previous=Released(before, first))
    most = int((before + joined).max()) + minimum + 1
    found = []
    for old, new in itertools.product(fitting(*known(first), most), fitting(*known(second), most)):
        if (new >= old).all():
            found.append(np.stack([old, new - old, new]))
    whole = np.stack([with_totals(before), with_totals(joined), with_totals(before + joined)])
    width = np.max(found, axis=0) - np.min(found, axis=0)
    assert width[policy.is_small(whole)].min(initial=UNKNOWN) >= minimum


@few
@given(tables(), policies)
def test_percentages_come_from_shown_figures_only(counts: Table, policy: Policy) -> None:
    protected = protect(counts, policy)
    for axis in range(counts.ndim):
        share = protected.percentages(axis)
        mask = np.ma.getmaskarray(share)
        assert mask[protected.hidden].all()
        total = np.broadcast_to(np.take(protected.shown, [-1], axis=axis), protected.shown.shape)
        assert np.ma.getdata(share)[~mask] * total[~mask] / 100 == pytest.approx(protected.shown[~mask])
        assert mask[total < 20].all()


@few
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6), policies)
def test_a_share_of_nearly_all_is_hidden_like_one_of_hardly_any(pairs: list[tuple[int, int]], policy: Policy) -> None:
    happened, rest = np.array(pairs).T
    everybody = happened + rest
    for protected, column in (
        (protect_shares(happened, everybody, policy), 1),
        (protect_shares(rest, everybody, policy), 0),
    ):
        assert protected.hidden[:-1, column][policy.is_small(rest)].all()
        share = np.ma.getmaskarray(protected.percentages())
        # The other side of the share is worked out from this one, so both are hidden.
        assert share[:-1, :2][policy.is_small(rest)].all()


@few
@given(tables(), policies)
def test_no_title_says_a_hidden_total(counts: Table, policy: Policy) -> None:
    protected = protect(counts, policy)
    last = tuple(size - 1 for size in protected.shown.shape)
    said = caption("Recovery of {total} people on the PHQ-9", protected)
    if protected.hidden[last]:
        assert said == "Recovery of a hidden number of people on the PHQ-9"
    with pytest.raises(ValueError, match="template holds the number"):
        caption(f"Recovery of {counts.sum()} people", protected)


@few
@given(tables(), policies)
def test_what_is_hidden_is_nowhere_in_the_result(counts: Table, policy: Policy) -> None:
    protected = protect(counts, policy)
    assert (protected.shown[protected.hidden] == -1).all()
    assert (protected.shown[~protected.hidden] == policy.rounded(with_totals(counts))[~protected.hidden]).all()
    assert (protected.shown[~protected.hidden] == 0).sum() == (with_totals(counts)[~protected.hidden] == 0).sum()


def test_the_attack_breaks_a_table_with_small_cells_hidden_only() -> None:
    """The attack can win: without complementary suppression the small count is found exactly."""
    counts = np.array([[2, 9, 30], [8, 11, 40]])
    whole = with_totals(counts)
    naive = Protected(np.where(whole < 5, -1, whole), whole < 5, Policy(), "", "", "")
    low, high = attacked(*known(naive))
    assert (low[0, 0], high[0, 0]) == (2, 2)


def test_the_attack_breaks_two_releases_protected_one_by_one() -> None:
    before, now = np.array([20, 30]), np.array([21, 30])
    first, alone = protect(before, Policy()), protect(now, Policy())
    assert not alone.hidden.any()
    together = protect(now, Policy(), previous=Released(before, first))
    assert together.hidden[0]
