"""One verdict in words: improved, no detectable change, worsened, or too early, with interval and reason."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from scipy.special import ndtri
from scipy.stats import t as student

VERSION = "effect 1"
# Looking further ahead than this many more points says nothing anybody can wait for.
MOST_POINTS_AHEAD = 4000
EACH_AHEAD = 120


class Better(StrEnum):
    """Which direction is improvement."""

    HIGHER = "HIGHER"
    LOWER = "LOWER"


class Judgement(StrEnum):
    IMPROVED = "IMPROVED"
    NO_DETECTABLE_CHANGE = "NO_DETECTABLE_CHANGE"
    WORSENED = "WORSENED"
    TOO_EARLY = "TOO_EARLY"


class Reason(StrEnum):
    """Why the judgement is what it is."""

    INTERVAL_EXCLUDES_NO_CHANGE = "INTERVAL_EXCLUDES_NO_CHANGE"
    WOULD_HAVE_SHOWN = "WOULD_HAVE_SHOWN"  # a change that matters would by now have been seen
    MORE_NEEDED = "MORE_NEEDED"
    MORE_WOULD_NOT_DO = "MORE_WOULD_NOT_DO"  # too little is known of the time before
    TOO_FEW_BEFORE = "TOO_FEW_BEFORE"
    TOO_FEW_AFTER = "TOO_FEW_AFTER"
    NO_VARIATION = "NO_VARIATION"
    NO_EVENTS_BEFORE = "NO_EVENTS_BEFORE"
    NO_EVENTS_AFTER = "NO_EVENTS_AFTER"
    TOO_FEW_CLUSTERS = "TOO_FEW_CLUSTERS"
    NOTHING_MATCHED = "NOTHING_MATCHED"
    TOO_SHORT_FOR_SEASONS = "TOO_SHORT_FOR_SEASONS"


class Caution(StrEnum):
    """What to know before believing an effect."""

    AUTOCORRELATED = "AUTOCORRELATED"
    FEW_POINTS = "FEW_POINTS"
    FEW_CLUSTERS = "FEW_CLUSTERS"
    MANY_UNMATCHED = "MANY_UNMATCHED"


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked before anybody looked: which way is better, and how much would matter.

    matters: the size d of a change worth having, above 0, in the units of the figures; for rate ratios as a
    share, 0.2 for a fifth fewer (or more, where higher is better).
    confidence: of the two-sided interval. power: the chance with which a change of d must show.

    >>> Question(better=Better.LOWER, matters=0)
    Traceback (most recent call last):
    ValueError: matters is 0; give the size of a change worth having, a finite number above 0
    """

    better: Better
    matters: float
    confidence: float = 0.95
    power: float = 0.8

    def __post_init__(self) -> None:
        if not 0 < self.matters < math.inf:
            raise ValueError(
                f"matters is {self.matters}; give the size of a change worth having, a finite number above 0"
            )
        for name in ("confidence", "power"):
            if not 0.5 <= getattr(self, name) < 1:
                raise ValueError(f"{name} is {getattr(self, name)}; give a number from 0.5 to below 1")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its standard error and interval. degrees: of freedom of Student's t, infinite for normal."""

    value: float
    standard_error: float
    lower: float
    upper: float
    degrees: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What changed. change: after minus before, on the scale named in scale.

    more_needed: how many more units until a change of d would show; 0 when it would by now, None when no
    number of them would do.
    """

    judgement: Judgement
    reason: Reason
    change: Estimate
    scale: str
    n_before: int
    n_after: int
    more_needed: int | None
    cautions: tuple[Caution, ...]
    method: str
    verdict: str
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class NoEffect:
    """Why there is no number to judge. judgement is always TOO_EARLY: nothing can be said yet."""

    reason: Reason
    n_before: int
    n_after: int
    method: str
    verdict: str
    judgement: Judgement = Judgement.TOO_EARLY
    version: str = VERSION


@dataclass(frozen=True, slots=True)
class Basis:
    """What an estimate rests on, for its verdict.

    ahead: the standard error with so many more units after the change. unit: what is counted, in the plural.
    logarithm: whether value and standard error are of a logarithm, and the change a ratio.
    """

    n_before: int
    n_after: int
    method: str
    ahead: Callable[[int], float]
    unit: str = "points"
    logarithm: bool = False
    cautions: tuple[Caution, ...] = ()


def interval(value: float, standard_error: float, degrees: float, confidence: float) -> Estimate:
    """The two-sided interval of Student's t (normal when degrees is infinite).

    >>> interval(2.0, 1.0, math.inf, 0.95).lower.__round__(3)
    0.04
    """
    half = _quantile((1 + confidence) / 2, degrees) * standard_error
    return Estimate(value, standard_error, value - half, value + half, degrees)


def judged(value: float, standard_error: float, degrees: float, question: Question, basis: Basis) -> Effect:
    """Turn an estimate into a verdict.

    Improved or worsened: the interval leaves out no change. Otherwise, no detectable change: a change of d
    would by now have shown with the power asked for. Otherwise too early.

    >>> basis = Basis(n_before=24, n_after=6, method="example", ahead=lambda more: (1 / 24 + 1 / (6 + more)) ** 0.5)
    >>> question = Question(better=Better.LOWER, matters=1.0)
    >>> judged(-0.4, (1 / 24 + 1 / 6) ** 0.5, 28, question, basis).verdict.partition(", ")[2]
    '24 points before and 6 after. 7 more points until a change of 1 would show.'
    """
    found = interval(value, standard_error, degrees, question.confidence)
    more = _more_needed(question, basis, degrees)
    judgement, reason = _judgement(found, question, more)
    shown, scale = found, "difference"
    if basis.logarithm:
        scale = "ratio"
        shown = Estimate(math.exp(value), standard_error, math.exp(found.lower), math.exp(found.upper), degrees)
    return Effect(
        judgement=judgement,
        reason=reason,
        change=shown,
        scale=scale,
        n_before=basis.n_before,
        n_after=basis.n_after,
        more_needed=more,
        cautions=basis.cautions,
        method=basis.method,
        verdict=_in_words(judgement, reason, shown, scale, question, basis, more),
    )


def nothing_to_judge(reason: Reason, n_before: int, n_after: int, method: str) -> NoEffect:
    """Why there is no estimate, in words.

    >>> nothing_to_judge(Reason.TOO_FEW_AFTER, 12, 1, "example").verdict
    'Too early: too few points after the change (12 before, 1 after).'
    """
    words = f"Too early: {_WHY_NOT[reason]} ({n_before} before, {n_after} after)."
    return NoEffect(reason, n_before, n_after, method, words)


_WHY_NOT = {
    Reason.TOO_FEW_BEFORE: "too few points before the change",
    Reason.TOO_FEW_AFTER: "too few points after the change",
    Reason.NO_VARIATION: "the figures do not vary, so that nothing tells a change from chance",
    Reason.NO_EVENTS_BEFORE: "no event before the change, so that there is no ratio",
    Reason.NO_EVENTS_AFTER: "no event after the change, so that there is no ratio",
    Reason.TOO_FEW_CLUSTERS: "each side needs two teams or more",
    Reason.NOTHING_MATCHED: "nobody after the change is like anybody before it",
    Reason.TOO_SHORT_FOR_SEASONS: "less than two whole cycles of seasons, or too few points for so many harmonics",
}
_FIRST = {
    Judgement.IMPROVED: "Improved",
    Judgement.WORSENED: "Worsened",
    Judgement.NO_DETECTABLE_CHANGE: "No detectable change",
    Judgement.TOO_EARLY: "Too early",
}
_CAUTIONS = {
    Caution.AUTOCORRELATED: "Neighbouring points are alike, so the interval may be too narrow.",
    Caution.FEW_POINTS: "Fewer than 8 points on one side: the interval may be too narrow.",
    Caution.FEW_CLUSTERS: "Fewer than 20 teams: the interval may be too narrow.",
    Caution.MANY_UNMATCHED: "More than a fifth had nobody like them before: this speaks for the others only.",
}


def _quantile(share: float, degrees: float) -> float:
    return float(ndtri(share)) if math.isinf(degrees) else float(student.ppf(share, degrees))


def _size(question: Question, basis: Basis) -> float:
    """d on the scale of the estimate."""
    if not basis.logarithm:
        return question.matters
    if question.better is Better.HIGHER:
        return math.log1p(question.matters)
    if question.matters >= 1:
        raise ValueError(f"matters is {question.matters}; a rate cannot fall by all of itself, give a share below 1")
    return -math.log1p(-question.matters)


def _more_needed(question: Question, basis: Basis, degrees: float) -> int | None:
    size, power = _size(question, basis), float(ndtri(question.power))

    def shows(more: int) -> bool:
        quantile = _quantile((1 + question.confidence) / 2, degrees + more)
        return (quantile + power) * basis.ahead(more) <= size

    if shows(0):
        return 0
    # A line carried on grows less certain with time, so that more is not always better: look at each first.
    for more in range(1, EACH_AHEAD + 1):
        if shows(more):
            return more
    few, many = EACH_AHEAD, 2 * EACH_AHEAD
    while not shows(many):
        few, many = many, 2 * many
        if many > MOST_POINTS_AHEAD:
            return None
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if shows(middle) else (middle, many)
    return many


def _judgement(found: Estimate, question: Question, more: int | None) -> tuple[Judgement, Reason]:
    if found.lower > 0 or found.upper < 0:
        better = (found.value > 0) == (question.better is Better.HIGHER)
        return (Judgement.IMPROVED if better else Judgement.WORSENED), Reason.INTERVAL_EXCLUDES_NO_CHANGE
    if more == 0:
        return Judgement.NO_DETECTABLE_CHANGE, Reason.WOULD_HAVE_SHOWN
    return Judgement.TOO_EARLY, Reason.MORE_WOULD_NOT_DO if more is None else Reason.MORE_NEEDED


def _in_words(
    judgement: Judgement,
    reason: Reason,
    shown: Estimate,
    scale: str,
    question: Question,
    basis: Basis,
    more: int | None,
) -> str:
    what = "rate ratio" if scale == "ratio" else "change"
    matters = f"{100 * question.matters:g} %" if scale == "ratio" else f"{question.matters:g}"
    sentences = [
        f"{_FIRST[judgement]}: {what} {shown.value:.3g} ({100 * question.confidence:g} % interval "
        f"{shown.lower:.3g} to {shown.upper:.3g}), {basis.n_before} {basis.unit} before and {basis.n_after} after."
    ]
    if reason is Reason.WOULD_HAVE_SHOWN:
        sentences.append(f"A change of {matters} would by now have shown.")
    if reason is Reason.MORE_NEEDED:
        sentences.append(f"{more} more {basis.unit} until a change of {matters} would show.")
    if reason is Reason.MORE_WOULD_NOT_DO:
        sentences.append(
            f"Later {basis.unit} alone will not show a change of {matters}: too little is known of before."
        )
    sentences.extend(_CAUTIONS[each] for each in basis.cautions)
    return " ".join(sentences)
