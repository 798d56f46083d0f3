"""NHS Talking Therapies: one judgement from a depression measure and an anxiety measure together.

Sources: NHS Talking Therapies manual, "outcomes"; Gyani, Shafran, Layard and Clark (2013), Behaviour Research and
Therapy 51, 597-606. Reliable improvement: one measure gets reliably better and the other not reliably worse. Case:
at or above the cut-off of one measure or of both. Recovery: a case at the start and below both cut-offs at the end.
Reliable deterioration mirrors improvement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from outcomestats.change.reliable import paired
from outcomestats.change.rules import TOLERANCE, ChangeRule, Direction
from outcomestats.change.shares import NoShare, Share, share_of

VERSION = "change.two_measures/1"
Flags = NDArray[np.bool_]


class BothClass(StrEnum):
    """What two changes amount to together. MIXED counts as no reliable change in the official figures."""

    NO_RELIABLE_CHANGE = "NO_RELIABLE_CHANGE"
    RELIABLE_IMPROVEMENT = "RELIABLE_IMPROVEMENT"
    RELIABLE_DETERIORATION = "RELIABLE_DETERIORATION"
    MIXED = "MIXED"  # one reliably better, the other reliably worse


CLASSES = tuple(BothClass)


@dataclass(frozen=True, slots=True, eq=False)
class BothChanges:
    """n people judged on two measures. Arrays (n,).

    classes: int8, position in CLASSES. case_first, case_last: at or beyond the cut-off of a measure. recovery,
    reliable_recovery: bool, false for whoever was no case to begin with. The shares: improvement and deterioration
    of everybody, recovery and reliable recovery of those who were a case at the start.
    """

    classes: NDArray[np.int8]
    case_first: Flags
    case_last: Flags
    recovery: Flags
    reliable_recovery: Flags
    improvement_share: Share | NoShare
    deterioration_share: Share | NoShare
    recovery_share: Share | NoShare
    reliable_recovery_share: Share | NoShare
    n: int
    method: str
    version: str
    verdict: str

    def both_class(self, row: int) -> BothClass:
        """What one person's two changes amount to."""
        return CLASSES[int(self.classes[row])]


PHQ_9 = ChangeRule(direction=Direction.HIGHER_IS_WORSE, points=6, cutoff=10, method="PHQ-9, NHS Talking Therapies")
GAD_7 = ChangeRule(direction=Direction.HIGHER_IS_WORSE, points=4, cutoff=8, method="GAD-7, NHS Talking Therapies")


def classify_two_measures(
    depression_earlier: ArrayLike,
    depression_later: ArrayLike,
    anxiety_earlier: ArrayLike,
    anxiety_later: ArrayLike,
    *,
    depression: ChangeRule = PHQ_9,
    anxiety: ChangeRule | Mapping[str, ChangeRule] = GAD_7,
    anxiety_measure: ArrayLike | None = None,
    confidence: float = 0.95,
) -> BothChanges:
    """Judge first and last scores of n people on both measures. The four columns: (n,), in the measures' units.

    depression, anxiety: points and cut-off of each; both need a cut-off. Where people have different anxiety measures
    (a panic or a social phobia scale in place of the GAD-7), give anxiety as a table of rules by name and
    anxiety_measure as (n,) names. Only for people with both pairs: count the others beside it, with the reason.
    Raises ValueError as paired, where a rule has no cut-off, and where anxiety_measure names an unknown rule.

    >>> found = classify_two_measures([15, 15, 15, 5], [9, 9, 14, 4], [12, 4, 4, 5], [7, 8, 8, 10])
    >>> [found.both_class(row).value for row in range(4)]
    ['RELIABLE_IMPROVEMENT', 'MIXED', 'RELIABLE_DETERIORATION', 'RELIABLE_DETERIORATION']
    >>> found.case_first.tolist(), found.recovery.tolist()
    ([True, True, True, False], [True, False, False, False])
    >>> found.reliable_recovery_share.in_words
    '33 % (1 of 3; 6 to 79 %)'
    """
    first, last = paired(depression_earlier, depression_later, ("depression_earlier", "depression_later"))
    other_first, other_last = paired(anxiety_earlier, anxiety_later, ("anxiety_earlier", "anxiety_later"))
    if first.shape != other_first.shape:
        raise ValueError(
            f"depression_earlier has {first.size} people and anxiety_earlier {other_first.size}; give the same people"
        )
    one = _one_measure(first, last, depression, "depression")
    other = _by_measure(other_first, other_last, anxiety, anxiety_measure)
    better, worse = one.better | other.better, one.worse | other.worse
    case_first, case_last = one.case_first | other.case_first, one.case_last | other.case_last
    recovery = case_first & ~case_last
    reliable = recovery & better & ~worse
    cases = int(case_first.sum())

    def share(flags: Flags, of: int) -> Share | NoShare:
        return share_of(int(flags.sum()), of, confidence=confidence)

    improvement, recovered = share(better & ~worse, first.size), share(reliable, cases)
    return BothChanges(
        classes=_classes(better, worse), case_first=case_first, case_last=case_last, recovery=recovery,
        reliable_recovery=reliable,
        improvement_share=improvement, deterioration_share=share(worse & ~better, first.size),
        recovery_share=share(recovery, cases), reliable_recovery_share=recovered, n=int(first.size),
        method=f"NHS Talking Therapies: {depression.method}; {_named(anxiety)}", version=VERSION,
        verdict=f"Reliable improvement {improvement.in_words}; reliable recovery {recovered.in_words} of those who "
        "were a case.",
    )  # fmt: skip


def _classes(better: Flags, worse: Flags) -> NDArray[np.int8]:
    found = np.select(
        [better & worse, better, worse],
        [CLASSES.index(BothClass.MIXED), CLASSES.index(BothClass.RELIABLE_IMPROVEMENT),
         CLASSES.index(BothClass.RELIABLE_DETERIORATION)],
        default=CLASSES.index(BothClass.NO_RELIABLE_CHANGE),
    )  # fmt: skip
    return np.asarray(found, dtype=np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class _Judged:
    better: Flags
    worse: Flags
    case_first: Flags
    case_last: Flags


def _one_measure(first: NDArray[np.float64], last: NDArray[np.float64], rule: ChangeRule, name: str) -> _Judged:
    if rule.cutoff is None:
        raise ValueError(f"{name} has no cutoff; give the score at which the clinical range starts")
    sign, needed = rule.direction.sign, rule.points - TOLERANCE
    burden, line = sign * (last - first), sign * rule.cutoff - TOLERANCE
    return _Judged(burden <= -needed, burden >= needed, sign * first >= line, sign * last >= line)


def _by_measure(
    first: NDArray[np.float64],
    last: NDArray[np.float64],
    rules: ChangeRule | Mapping[str, ChangeRule],
    measure: ArrayLike | None,
) -> _Judged:
    if isinstance(rules, ChangeRule):
        if measure is not None:
            raise ValueError("anxiety is one rule but anxiety_measure is given; give a table of rules by name")
        return _one_measure(first, last, rules, "anxiety")
    if measure is None:
        raise ValueError("anxiety is a table of rules but anxiety_measure is missing; give each person's by name")
    names = np.asarray(measure, dtype=np.str_)
    if names.shape != first.shape:
        raise ValueError(f"anxiety_measure has shape {names.shape}; give one name a person, {first.shape}")
    unknown = sorted(set(names.tolist()) - set(rules))
    if unknown:
        raise ValueError(f"anxiety_measure names {unknown[0]!r}; add its rule to anxiety, which has {sorted(rules)}")
    parts = np.zeros((4, first.size), dtype=bool)
    for name in sorted(set(names.tolist())):
        rows = names == name
        found = _one_measure(first[rows], last[rows], rules[name], f"anxiety measure {name!r}")
        parts[:, rows] = found.better, found.worse, found.case_first, found.case_last
    return _Judged(parts[0], parts[1], parts[2], parts[3])


def _named(rules: ChangeRule | Mapping[str, ChangeRule]) -> str:
    if isinstance(rules, ChangeRule):
        return rules.method
    return ", ".join(sorted({rule.method for rule in rules.values()}))
