"""A table of counts made fit to show: cells, totals and percentages from one decision about what is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from outcomestats.disclosure.patterns import Counts, Floats, Places, Problem, hidden_figures, with_totals
from outcomestats.disclosure.policy import VERSION, Policy

HIDDEN = -1  # stands where a figure is hidden; no count is below 0
LARGEST = 1 << 52  # beyond this the room of a figure could not be counted exactly


@dataclass(frozen=True, slots=True, eq=False)
class Protected:
    """What may be shown. It holds no hidden figure, so whatever is printed from it gives none away.

    shown: the table with its totals in the last place of every axis; HIDDEN (-1) where a figure is hidden, which does
    not say whether it is small itself or protects another. hidden: the same places as truth values.
    """

    shown: Counts
    hidden: Places
    policy: Policy
    method: str
    version: str
    verdict: str

    def text(self, at: tuple[int, ...]) -> str:
        """One figure as it is printed.

        >>> protect([2, 9, 8], Policy()).text((0,))
        'hidden'
        """
        return "hidden" if self.hidden[at] else f"{int(self.shown[at])}"

    def percentages(self, axis: int = -1) -> Floats:
        """Each shown figure in percent of the shown total along `axis`; masked where hidden or of too few.

        They come from shown figures only, so any number of digits is safe. Returns a masked array.

        >>> protect([[20, 30], [6, 7]], Policy(minimum_denominator=20)).percentages().tolist()
        [[40.0, 60.0, 100.0], [None, None, None], [41.26984126984127, 58.73015873015873, 100.0]]
        """
        total = np.take(self.shown, [-1], axis=axis)
        away = self.hidden | (total < max(self.policy.minimum_denominator, 1))
        share = 100 * self.shown / np.where(total > 0, total, 1)
        return np.ma.masked_array(np.where(away, 0.0, share), mask=away)


@dataclass(frozen=True, slots=True, eq=False)
class Released:
    """A table that is out already: its counts, and what was shown of them."""

    counts: Counts
    protected: Protected


def protect(counts: ArrayLike, policy: Policy, *, previous: Released | Sequence[Released] = ()) -> Protected:
    """Decide what of a table of people may be shown, with all its totals.

    counts: (n,), (n, m) or (n, m, l) people in each cell, each person in one cell. previous: the releases of the same
    table that are out; nothing small can then be worked out from this one and any of them, neither who is in one of
    the two nor who joined between them. Give all of them, not the last alone: one that hid what few had joined would
    let the next show the few of two months. Where only a few joined, much is hidden: wait until more have.
    A reader is taken to know the rule, every shown figure, and that counts are not below 0; one who knows further
    tables of the same people (other groupings, other releases) knows more: show one table a population.
    Raises ValueError where counts are negative, broken or too large, or the previous table is another one.

    >>> protect([[2, 9, 30], [8, 11, 40]], Policy()).shown.tolist()
    [[-1, -1, 30, 41], [-1, -1, 40, 59], [10, 20, 70, 100]]
    >>> protect([[6, 9, 30], [8, 11, 40]], Policy(rounding=5)).shown.tolist()
    [[5, 10, 30, 45], [10, 10, 40, 60], [15, 20, 70, 105]]
    >>> january = Released(np.array([20, 30]), protect([20, 30], Policy()))
    >>> protect([21, 30], Policy(), previous=[january]).shown.tolist()
    [-1, 30, -1]
    """
    people = _people(counts)
    table = with_totals(people)
    nothing = np.zeros(table.shape, dtype=bool)
    hidden = hidden_figures(
        Problem(table.astype(np.float64), policy.is_small(table), nothing, nothing, policy.minimum)
    )
    # More hidden tells nobody more, so what one release asks for never undoes what another does.
    for release in [previous] if isinstance(previous, Released) else previous:
        hidden = hidden | _hidden_after(people, release, policy)
    shown = np.where(hidden, HIDDEN, policy.rounded(table))
    return Protected(
        shown=shown,
        hidden=hidden,
        policy=policy,
        method="small counts and hypercubes around them hidden" + (", rounded" if policy.rounding > 1 else ""),
        version=VERSION,
        verdict=_verdict(hidden, policy),
    )


def protect_shares(events: ArrayLike, people: ArrayLike, policy: Policy) -> Protected:
    """Units with so many people, of whom so many had the event: a table of (units, with and without).

    events, people: (U,). Hides a share near all as well as one near none: both leave a few people on one side.
    Its percentages() are the shares. Raises ValueError as protect, and where events exceed people.

    >>> protect_shares([12, 29], [30, 30], Policy()).percentages()[:, 0].tolist()
    [None, None, 68.33333333333333]
    """
    happened, everybody = _people(events, "events"), _people(people, "people")
    if happened.ndim != 1 or happened.shape != everybody.shape:
        raise ValueError(
            f"events has shape {happened.shape}, people {everybody.shape}; give one of each a unit, (U,)"
        )
    if (happened > everybody).any():
        row = int(np.flatnonzero(happened > everybody)[0])
        raise ValueError(f"events holds {happened[row]} of {everybody[row]} people in row {row}; count people once")
    return protect(np.stack([happened, everybody - happened], axis=1), policy)


def _people(counts: ArrayLike, name: str = "counts") -> Counts:
    try:
        given = np.asarray(counts, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} must be whole numbers, in a table with rows of one length") from error
    if not 1 <= given.ndim <= 3 or given.size == 0:
        raise ValueError(f"{name} has shape {given.shape}; give a table of one to three axes, none of them empty")
    wrong = ~np.isfinite(given) | (given < 0) | (given != np.floor(given)) | (given > LARGEST)
    if wrong.any():
        at = tuple(int(place) for place in np.argwhere(wrong)[0])
        raise ValueError(f"{name} holds {given[at]:g} at {at}; give numbers of people, whole and from 0 up")
    return given.astype(np.int64)


def _hidden_after(people: Counts, previous: Released, policy: Policy) -> Places:
    """Two releases and who joined between them are one table more: before + joined = now, on an axis of its own."""
    before = _people(previous.counts)
    out = previous.protected.hidden
    if before.shape != people.shape or out.shape != with_totals(people).shape:
        raise ValueError(f"previous is a table of {before.shape}, counts one of {people.shape}; give the same table")
    told = previous.protected.policy.rounded(with_totals(before))
    if (previous.protected.shown != told)[~out].any():
        raise ValueError("previous shows other figures than its counts; give the counts it was made from")
    layers = with_totals(np.stack([before, people - before]))[:2]
    table = np.concatenate([layers, layers.sum(axis=0, keepdims=True)])
    room = table.astype(np.float64)
    if (layers[1] < 0).any():
        room[1] = np.inf  # people left as well: nobody can count on the difference being above 0
    fixed, free = np.zeros(table.shape, dtype=bool), np.zeros(table.shape, dtype=bool)
    fixed[0] = ~out
    free[0], free[1] = out, True
    small = policy.is_small(table)
    if policy.hide_zeros:
        small[1] &= table[1] != 0  # that nobody joined is no news about anybody
    small[0] &= out
    now: Places = hidden_figures(Problem(room, small, fixed, free, policy.minimum))[2]
    return now


def _verdict(hidden: Places, policy: Policy) -> str:
    count = int(hidden.sum())
    if count == 0:
        return f"All {hidden.size} figures may be shown: none is of 1 to {policy.minimum - 1} people."
    return (
        f"{count} of {hidden.size} figures are hidden, so that no group of fewer than {policy.minimum} people "
        "can be worked out."
    )
