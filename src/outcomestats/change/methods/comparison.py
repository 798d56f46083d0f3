"""Do the methods agree about these people? Several at once, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.change.classes import CLASSES, ChangeClass
from outcomestats.change.methods.indices import reliable_changes
from outcomestats.change.methods.pairs import PairNorms
from outcomestats.change.methods.results import IN_WORDS, VERSION, Method, ReliableChanges
from outcomestats.change.rules import Direction


@dataclass(frozen=True, slots=True, eq=False)
class MethodsCompared:
    """m methods on the same n people.

    counts: (m, 4) int64, people in each of CLASSES. agreement: (m, m), the share of people two methods put into the
    same class. disputed: (k,) int64 rows of people about whom not all methods agree. unanimous: share about whom they
    do. Where the cut-off plays no part, recovery and reliable improvement are one class here.
    """

    methods: tuple[Method, ...]
    results: tuple[ReliableChanges, ...]
    counts: NDArray[np.int64]
    agreement: NDArray[np.float64]
    disputed: NDArray[np.int64]
    unanimous: float
    n: int
    version: str
    verdict: str


def compare_methods(
    earlier: ArrayLike,
    later: ArrayLike,
    norms: PairNorms,
    *,
    direction: Direction,
    cutoff: float | None = None,
    confidence: float = 0.95,
    methods: Sequence[Method] = tuple(Method)[:6],
) -> MethodsCompared:
    """Run several methods on the same people and say where they differ.

    earlier, later: (n,) scores. norms, cutoff, confidence: as reliable_changes. methods: two or more of the first
    six; for growth curves put their result beside these with side_by_side.
    To choose a method by its count is to choose the result: choose beforehand, and show the others for honesty.
    Raises ValueError as reliable_changes, and where fewer than two methods or one twice are given.

    >>> from outcomestats.change.cutoffs import Norms
    >>> norms = PairNorms(reliability=0.8, earlier=Norms(20, 5), later=Norms(14, 6), correlation=0.5, source="none")
    >>> found = compare_methods([25, 20, 15], [18, 14, 19], norms, direction=Direction.HIGHER_IS_WORSE)
    >>> found.counts[:, 1].tolist(), found.disputed.tolist()
    ([1, 2, 2, 0, 0, 2], [0, 1, 2])
    >>> found.verdict
    '6 methods agree about 0 of 3 people; reliably better are between 0 and 2 of them.'
    """
    results = tuple(
        reliable_changes(
            earlier, later, norms, method=each, direction=direction, cutoff=cutoff, confidence=confidence
        )
        for each in methods
    )
    return side_by_side(results)


def side_by_side(results: Sequence[ReliableChanges]) -> MethodsCompared:
    """Results of several methods, which must be about the same people in the same order.

    Raises ValueError where there are fewer than two, one method twice, or other numbers of people.

    >>> side_by_side([])
    Traceback (most recent call last):
    ValueError: methods are none; give two or more
    """
    names = [each.method for each in results]
    if len(names) < 2 or len(set(names)) < len(names):
        said = ", ".join(each.value for each in names) or "none"
        raise ValueError(f"methods are {said}; give two or more" + (", each once" if len(names) > 1 else ""))
    if len({each.n for each in results}) > 1:
        listed = ", ".join(f"{IN_WORDS[each.method]} {each.n}" for each in results)
        raise ValueError(f"results are about different people ({listed}); give the same people to each")
    table = np.stack([each.classes for each in results])
    same = (table[:, None, :] == table[None, :, :]).mean(axis=2)
    disputed = np.flatnonzero((table != table[0]).any(axis=0))
    n = results[0].n
    better = np.isin(
        table, [CLASSES.index(ChangeClass.RELIABLE_IMPROVEMENT), CLASSES.index(ChangeClass.RECOVERY)]
    ).sum(axis=1)
    return MethodsCompared(
        methods=tuple(names),
        results=tuple(results),
        counts=np.stack([np.bincount(row, minlength=len(CLASSES)) for row in table]).astype(np.int64),
        agreement=same,
        disputed=disputed,
        unanimous=1 - disputed.size / n,
        n=n,
        version=VERSION,
        verdict=f"{len(names)} methods agree about {n - disputed.size} of {n} people; reliably better are between "
        f"{better.min()} and {better.max()} of them.",
    )
