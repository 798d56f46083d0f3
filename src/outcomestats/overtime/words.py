"""What a chart says, in plain sentences."""

from __future__ import annotations

import datetime
from typing import Protocol

from outcomestats.overtime.icons import Assurance, Variation
from outcomestats.overtime.limits import Caution, LimitsState
from outcomestats.overtime.plans import ChartKind
from outcomestats.overtime.presets import Rule, RuleSet


class LatestPoint(Protocol):
    """What a verdict needs of the latest point."""

    @property
    def date(self) -> datetime.date: ...
    @property
    def value(self) -> float | None: ...
    @property
    def lower(self) -> float | None: ...
    @property
    def upper(self) -> float | None: ...
    @property
    def flags(self) -> tuple[Rule, ...]: ...


class LatestPhase(Protocol):
    """What a verdict needs of the latest phase."""

    @property
    def n_baseline(self) -> int: ...
    @property
    def limits_state(self) -> LimitsState: ...
    @property
    def cautions(self) -> tuple[Caution, ...]: ...


_WHY_NO_LIMITS = {
    LimitsState.RUN_CHART: "A run chart has no limits",
    LimitsState.NO_FIGURES: "No figures yet",
    LimitsState.ONE_FIGURE: "No limits: one figure only",
    LimitsState.ALL_EQUAL: "No limits: every figure is the same",
    LimitsState.NO_NEIGHBOURS: "No limits: no two figures follow each other without a gap",
    LimitsState.NO_VARIATION: "No limits: figures that follow each other do not differ",
    LimitsState.NO_EVENTS: "No limits: nothing was counted in any period",
    LimitsState.ALL_EVENTS: "No limits: everybody was counted in every period",
}
_SEEN = {
    Rule.OUTSIDE_LIMITS: "outside the limits",
    Rule.SHIFT: "in a run on one side of the centre line",
    Rule.TREND: "in a trend",
    Rule.NEAR_LIMIT: "one of two in three close to a limit",
    Rule.BEYOND_ONE_SIGMA: "one of four in five beyond one sigma on one side",
    Rule.ALTERNATING: "in a row that keeps turning back",
    Rule.CLOSE_TO_CENTRE: "in a row unusually close to the centre line",
    Rule.AWAY_FROM_CENTRE: "in a row that avoids the centre line",
    Rule.LONG_RUN: "in an unusually long run on one side of the centre line",
    Rule.FEW_CROSSINGS: "in a phase that crosses its centre line unusually seldom",
}
_VARIATION = {
    Variation.COMMON_CAUSE: "Common cause variation",
    Variation.IMPROVEMENT_HIGH: "Improvement",
    Variation.IMPROVEMENT_LOW: "Improvement",
    Variation.CONCERN_HIGH: "Concern",
    Variation.CONCERN_LOW: "Concern",
    Variation.CHANGE_HIGH: "Special cause, high",
    Variation.CHANGE_LOW: "Special cause, low",
    Variation.CHANGE_WITHOUT_DIRECTION: "Special cause without a direction",
}
_ASSURANCE = {
    Assurance.CONSISTENTLY_MEETS: "The target of {target:g} will be met consistently unless the process changes.",
    Assurance.CONSISTENTLY_MISSES: "The target of {target:g} is out of reach unless the process changes.",
    Assurance.HIT_OR_MISS: "The target of {target:g} will be met in some periods and missed in others, by chance.",
}
_CAUTIONS = {
    Caution.GAPS: "Some dates have no figure.",
    Caution.MOSTLY_ZERO: "Half of the figures or more are 0: time between events tells more than counts.",
    Caution.MANY_TIES: "Half of the figures or more repeat the one before.",
    Caution.SCREENING_LEFT_NOTHING: "All moving ranges were used: without the large ones none would be left.",
}


def verdict_in_words(
    latest: LatestPoint | None, phase: LatestPhase, variation: Variation, assurance: Assurance, target: float | None
) -> str:
    """The latest figure, what was seen at it, the target, and what to know before believing it.

    >>> from outcomestats.overtime.chart import control_chart
    >>> days = [datetime.date(2024, month, 1) for month in range(1, 13)]
    >>> control_chart(ChartKind.XMR, days, [5, 6] * 6).verdict
    'Common cause variation: 6 on 2024-12-01, limits 2.84 to 8.16. Provisional: 12 points, 13 make limits firm.'
    """
    sentences = [_about_the_latest(latest, phase, variation)]
    if assurance in _ASSURANCE and target is not None:
        sentences.append(_ASSURANCE[assurance].format(target=target))
    if phase.limits_state is LimitsState.PROVISIONAL:
        sentences.append(f"Provisional: {phase.n_baseline} points, 13 make limits firm.")
    sentences.extend(_CAUTIONS[each] for each in phase.cautions)
    return " ".join(sentences)


def _about_the_latest(latest: LatestPoint | None, phase: LatestPhase, variation: Variation) -> str:
    if latest is None or latest.value is None:
        return f"{_WHY_NO_LIMITS[LimitsState.NO_FIGURES]}."
    figure = f"{_short(latest.value)} on {latest.date}"
    seen = ", ".join(_SEEN[rule] for rule in latest.flags)
    if latest.lower is None or latest.upper is None:
        why = _WHY_NO_LIMITS[phase.limits_state]
        if variation is Variation.COMMON_CAUSE:
            return f"{why}. No run or trend at the latest figure, {figure}."
        return f"{why}. {_VARIATION[variation]}: {figure}, {seen}." if seen else f"{why}. Latest figure: {figure}."
    limits = f"{_short(latest.lower)} to {_short(latest.upper)}"
    if Rule.OUTSIDE_LIMITS in latest.flags:
        return f"{_VARIATION[variation]}: {figure}, {seen.replace('the limits', 'the limits ' + limits, 1)}."
    return f"{_VARIATION[variation]}: {figure}, {seen + ', ' if seen else ''}limits {limits}."


_NAMES = {
    ChartKind.RUN: "Run chart",
    ChartKind.XMR: "XmR chart",
    ChartKind.P: "p chart",
    ChartKind.P_PRIME: "p′ chart (Laney)",
    ChartKind.U: "u chart",
    ChartKind.U_PRIME: "u′ chart (Laney)",
    ChartKind.C: "c chart",
    ChartKind.G: "g chart",
    ChartKind.T: "t chart",
    ChartKind.XBAR: "X-bar chart",
    ChartKind.S: "S chart",
}
_WITH_MOVING_RANGES = (ChartKind.XMR, ChartKind.T, ChartKind.P_PRIME, ChartKind.U_PRIME)


def method_in_words(kind: ChartKind, rules: RuleSet, *, screened: bool) -> str:
    """What is printed on the chart and stored with a signal: kind, rule set, screening.

    >>> from outcomestats.overtime.presets import NELSON
    >>> method_in_words(ChartKind.XMR, NELSON, screened=False)
    'XmR chart, rules: Nelson, 1984, moving ranges not screened'
    """
    about = f"{_NAMES[kind]}, rules: {rules.label}"
    if kind not in _WITH_MOVING_RANGES:
        return about
    return f"{about}, moving ranges {'screened once' if screened else 'not screened'}"


def _short(figure: float) -> str:
    return f"{round(figure, 3):.3f}".rstrip("0").rstrip(".") if abs(figure) >= 1000 else f"{figure:.3g}"
