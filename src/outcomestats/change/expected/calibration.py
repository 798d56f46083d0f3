"""Does "not on track" tell who will end worse? Found out on people the course has never seen, never assumed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from outcomestats.change.classes import CLASSES, ChangeClass, judged
from outcomestats.change.expected.course import VERSION, ExpectedCourse
from outcomestats.change.expected.lead_time import LeadTime, NoLeadTime, lead_time_of
from outcomestats.change.expected.rows import LaterScores
from outcomestats.change.expected.tracking import TRACKS, Track, tracks
from outcomestats.change.rules import ChangeRule
from outcomestats.change.shares import NoShare, Share, share_of, share_of_scores
from outcomestats.equity.intervals import difference_limits, wilson

Flags = NDArray[np.bool_]
FEWEST = 10  # people with either outcome, from which on something is said


class Poor(StrEnum):
    """Which end is to be told beforehand."""

    DETERIORATED = "DETERIORATED"  # reliably worse than the first score
    NOT_IMPROVED = "NOT_IMPROVED"  # not reliably better


class Tells(StrEnum):
    """What the word "not on track" is worth on these people."""

    TELLS = "TELLS"  # said more often, beyond chance, of those who ended poorly
    DOES_NOT_TELL = "DOES_NOT_TELL"  # a gain that matters would by now have shown
    NOT_CLEAR = "NOT_CLEAR"  # neither chance nor a gain that matters can be ruled out
    TOO_FEW = "TOO_FEW"  # fewer than FEWEST people ended poorly, or otherwise


@dataclass(frozen=True, slots=True)
class Calibration:
    """What "not on track" was worth on n held-out people.

    sensitivity: said of those who ended poorly. specificity: not said of the others. ppv: ended poorly, of those it
    was said of. npv: did not, of the others. base_rate: ended poorly, of all. gain: sensitivity less how often it
    was said of the others (Youden's J), with gain_lower and gain_upper; 0 is chance.
    inside: shares of held-out scores inside the 80 and 95 % bands, with intervals that know that a person's scores go
    together; beyond: the share beyond the 80 % band on the side of burden, 0.1 if it holds.
    too_few_scores: held-out people with fewer than two later scores, who cannot be told anything beforehand.
    nothing_expected: others of whose scores before the last none had an expectation. Neither are among the n.
    """

    sensitivity: Share | NoShare
    specificity: Share | NoShare
    ppv: Share | NoShare
    npv: Share | NoShare
    base_rate: Share | NoShare
    gain: float | None
    gain_lower: float | None
    gain_upper: float | None
    lead_time: LeadTime | NoLeadTime
    inside: dict[int, Share | NoShare]
    beyond: Share | NoShare
    tells: Tells
    too_few_scores: int
    nothing_expected: int
    n: int
    poor: Poor
    method: str
    version: str
    verdict: str


def calibrate(
    course: ExpectedCourse,
    rows: LaterScores,
    rule: ChangeRule,
    *,
    poor: Poor = Poor.DETERIORATED,
    coverage: float = 0.8,
    matters: float = 0.2,
    confidence: float = 0.95,
) -> Calibration:
    """Try "not on track" on the people held out of the course.

    rows: everybody's later scores; of these only people the course's split holds out are looked at, so that nobody is
    on both sides. A course that rests on stated priors alone has learnt from nobody, and is tried on everybody.
    matters: the least gain (see Calibration) worth showing the word for.
    A person's end is the last score beside the first, by rule. "Not on track" counts when any score before the last
    was; the last one cannot foretell itself. Held-out people who left early are in here with their last available
    score: say so beside the figures.
    Raises ValueError where the course learnt from people and held nobody out, nobody is left to try it on, or rule
    and course differ in direction.

    >>> from outcomestats.change.expected.bands import Band, Bands
    >>> from outcomestats.change.expected.course import Scale, fit_expected
    >>> from outcomestats.change.expected.rows import Split, later_scores
    >>> from outcomestats.change.rules import Direction
    >>> rng = np.random.default_rng(1)
    >>> people, days = np.repeat(np.arange(900), 7), np.tile(np.arange(7) * 14, 900)
    >>> level, slope = rng.normal(14, 4, 900)[people], rng.normal(-1, 2, 900)[people]
    >>> scores = np.clip(level + slope * np.log1p(days / 7) + rng.normal(0, 2, people.size), 0, 27).round()
    >>> rows = later_scores(people, days, scores)
    >>> course = fit_expected(rows.sums(), scale=Scale("PHQ-9", Direction.HIGHER_IS_WORSE, 0, 27),
    ...                       bands=Bands((Band(0, 27, "all"),)), split=Split(seed=3, share=0.5))
    >>> found = calibrate(course, rows, ChangeRule(direction=Direction.HIGHER_IS_WORSE, points=6))
    >>> found.tells.value, found.n, found.sensitivity.estimate > found.base_rate.estimate
    ('TELLS', 443, True)
    """
    for name, given in (("confidence", confidence), ("matters", matters)):
        if not 0 < given < 1:
            raise ValueError(f"{name} is {given}; give a number between 0 and 1")
    if rule.direction is not course.scale.direction:
        raise ValueError(f"rule says {rule.direction.value}, the course {course.scale.direction.value}; mend one")
    held = _held_out(course, rows)
    people, days, scores, first = held.people, held.days, held.scores, held.baseline
    judgement = tracks(course, first, days, scores, coverage=coverage)
    said = judgement.states == TRACKS.index(Track.NOT_ON_TRACK)
    told = np.zeros(people.size, dtype=bool)
    told[judgement.rows] = True
    starts = np.flatnonzero(np.diff(people, prepend=people[:1] - 1))
    sizes = np.diff(starts, append=people.size)
    last = starts + sizes - 1
    said[last] = told[last] = False
    counted = np.logical_or.reduceat(told, starts)
    flagged = np.logical_or.reduceat(said, starts)[counted]
    ended = _ended_poorly(first[last], scores[last], rule, poor)[counted]
    first_said = np.minimum.reduceat(np.where(said, days, np.iinfo(np.int64).max), starts)
    lead = (days[last] - first_said)[counted][flagged & ended]
    few = int((sizes < 2).sum())
    return _told(
        course, flagged, ended, lead, _inside(course, people, first, days, scores, confidence), poor, confidence,
        left_out=(few, int(starts.size - counted.sum()) - few), rule=rule, matters=matters,
    )  # fmt: skip


def _held_out(course: ExpectedCourse, rows: LaterScores) -> LaterScores:
    """The rows of people the course has not learnt from, in order of person and day."""
    if course.split is None and any(each.own is not None for each in course.courses):
        raise ValueError("course has no split; fit it with split=Split(…), so that nobody is on both sides")
    order = np.lexsort((rows.days, rows.people))
    if course.split is not None:
        order = order[course.split.held_out(rows.people[order])] if order.size else order
    if not order.size:
        raise ValueError("rows hold nobody who was held out; give the scores of everybody, or a larger share")
    return LaterScores(rows.people[order], rows.days[order], rows.scores[order], rows.baseline[order], rows.alone)


def _told(
    course: ExpectedCourse, flagged: Flags, ended: Flags, lead: NDArray[np.int64],
    inside: tuple[dict[int, Share | NoShare], Share | NoShare], poor: Poor, confidence: float, *,
    left_out: tuple[int, int], rule: ChangeRule, matters: float,
) -> Calibration:  # fmt: skip
    def share(events: Flags, of: Flags) -> Share | NoShare:
        return share_of(int((events & of).sum()), int(of.sum()), confidence=confidence)

    sensitivity, ppv = share(flagged, ended), share(ended, flagged)
    base, anybody = share_of(int(ended.sum()), ended.size, confidence=confidence), np.ones(ended.size, dtype=bool)
    gain = _gain(flagged, ended, confidence)
    tells = _tells(ended, gain, matters)
    lead_time = lead_time_of(lead, confidence=confidence)
    when = f", a median of {lead_time.estimate:.0f} days before" if isinstance(lead_time, LeadTime) else ""
    end = "ended reliably worse" if poor is Poor.DETERIORATED else "did not end reliably better"
    wrongly = share(flagged, anybody & ~ended)
    return Calibration(
        sensitivity=sensitivity, specificity=share(~flagged, ~ended), ppv=ppv, npv=share(~ended, ~flagged),
        base_rate=base, gain=None if gain is None else gain[0], gain_lower=None if gain is None else gain[1],
        gain_upper=None if gain is None else gain[2], lead_time=lead_time, inside=inside[0], beyond=inside[1],
        tells=tells, too_few_scores=left_out[0], nothing_expected=left_out[1], n=int(ended.size), poor=poor,
        method=f"held-out people; {course.method}; end by {rule.method}", version=VERSION,
        verdict=f"{_SAID[tells]} Of {ended.size} held-out people {base.in_words} {end}. Not on track was said of "
        f"{sensitivity.in_words} of them{when}, and of {wrongly.in_words} of the others. Of those it was said of, "
        f"{ppv.in_words} {end}.",
    )  # fmt: skip


def _ended_poorly(first: NDArray[np.float64], last: NDArray[np.float64], rule: ChangeRule, poor: Poor) -> Flags:
    classes = judged(first, last, rule).classes
    if poor is Poor.DETERIORATED:
        return np.asarray(classes == CLASSES.index(ChangeClass.RELIABLE_DETERIORATION))
    good = [CLASSES.index(ChangeClass.RELIABLE_IMPROVEMENT), CLASSES.index(ChangeClass.RECOVERY)]
    return np.isin(classes, good, invert=True)


def _gain(flagged: Flags, ended: Flags, confidence: float) -> tuple[float, float, float] | None:
    poorly, others = int(ended.sum()), int((~ended).sum())
    if not poorly or not others:
        return None
    hit, wrong = int((flagged & ended).sum()), int((flagged & ~ended).sum())
    own, other = wilson([hit], [poorly], confidence), wilson([wrong], [others], confidence)
    shares = np.array([hit / poorly]), np.array([wrong / others])
    lower, upper = difference_limits(shares[0], own, shares[1], other)
    return float((shares[0] - shares[1])[0]), float(lower[0]), float(upper[0])


def _tells(ended: Flags, gain: tuple[float, float, float] | None, matters: float) -> Tells:
    if gain is None or min(int(ended.sum()), int((~ended).sum())) < FEWEST:
        return Tells.TOO_FEW
    if gain[1] > 0:
        return Tells.TELLS
    return Tells.DOES_NOT_TELL if gain[2] < matters else Tells.NOT_CLEAR


def _inside(
    course: ExpectedCourse, people: NDArray[np.int64], first: NDArray[np.float64], days: NDArray[np.int64],
    scores: NDArray[np.float64], confidence: float,
) -> tuple[dict[int, Share | NoShare], Share | NoShare]:  # fmt: skip
    inside: dict[int, Share | NoShare] = {}
    beyond: Share | NoShare = share_of(0, 0)
    for percent in (80, 95):
        found = tracks(course, first, days, scores, coverage=percent / 100)
        person, states = people[found.rows], found.states[found.rows]
        inside[percent] = share_of_scores(person, states == TRACKS.index(Track.ON_TRACK), confidence=confidence)
        if percent == 80:
            worse = states == TRACKS.index(Track.NOT_ON_TRACK)
            beyond = share_of_scores(person, worse, confidence=confidence)
    return inside, beyond


_SAID = {
    Tells.TELLS: "It tells more than chance.",
    Tells.DOES_NOT_TELL: "It does not tell more than chance: do not show it.",
    Tells.NOT_CLEAR: "Not clear yet whether it tells more than chance: do not show it yet.",
    Tells.TOO_FEW: "Too few people to say what it tells: do not show it yet.",
}
