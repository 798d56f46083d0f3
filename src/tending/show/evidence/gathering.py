"""Everything a period's evidence is counted from, read with a fixed number of queries and judged once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from tending.base import clock
from tending.keep import evidence_queries as record
from tending.measure import evidence_queries as measured
from tending.measure.definitions import Measure
from tending.measure.queries import in_force
from tending.notice import evidence_queries as noticed
from tending.notice.evidence_queries import AnchorScore, SignalRow
from tending.review import evidence_queries as answered
from tending.review.evidence_queries import ActionRow, Answer
from tending.show.evidence import judging
from tending.show.evidence.judging import WINDOWS, Chain, Followed, Scored, Window

LARGE = 5_000  # signals; fewer are counted anew for every page
KEPT_AT_ONCE = 2  # about 50 MB for 60,000 signals

_kept: dict[Hashable, "Evidence"] = {}

Periods = dict[int, list[tuple[date, date | None]]]
Scores = dict[tuple[int, str], list[tuple[date, float]]]


@dataclass(frozen=True)
class Asked:
    """The question: which teams (None: every one), which days (both included), as of when."""

    team_ids: frozenset[int] | None
    first: date
    last: date
    now: datetime

    @cached_property
    def today(self) -> date:
        return clock.local_date(self.now)

    @property
    def instants(self) -> tuple[datetime, datetime]:
        return clock.at(self.first), clock.at(self.last + timedelta(1))


@dataclass(frozen=True, slots=True)
class BaseRate:
    """People in our care on one day without a signal in the period: what happened to them in as many days."""

    day: date
    people: int
    crisis: tuple[int, int] | None  # to how many, of how many seen to the end; None: the window is not over
    stay: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Evidence:
    asked: Asked
    chains: tuple[Chain, ...]
    repeats: tuple[SignalRow, ...]
    actions: tuple[ActionRow, ...]
    base: dict[int, BaseRate]
    crises_until: date | None
    titles: dict[str, str]  # trigger code: title


@dataclass(frozen=True, slots=True)
class _Read:
    """What the record says, ready to be asked about one person."""

    crises: dict[int, list[date]]
    stays: dict[int, list[date]]
    care: Periods
    anchors: dict[int, AnchorScore]
    scores: Scores
    measures: dict[str, Measure]


def gather(asked: Asked) -> Evidence:
    """As ``count``; what took seconds is kept for a minute, so that a figure's records open at once.

    Not longer, because clocks run on; and not at all once anything new has been written.
    """
    key = (
        *(asked.team_ids, asked.first, asked.last, asked.now.replace(second=0, microsecond=0)),
        *(noticed.newest(), answered.newest(), record.newest(), measured.newest()),
    )
    found = _kept.get(key)
    if found is None:
        found = count(asked)
        if len(found.chains) >= LARGE:
            while len(_kept) >= KEPT_AT_ONCE:
                _kept.pop(next(iter(_kept)), None)
            _kept[key] = found
    return found


def count(asked: Asked) -> Evidence:
    """Fourteen queries, however many signals (one more for every 30,000 people with a score)."""
    since, until = asked.instants
    of = {"team_ids": asked.team_ids, "since": since, "until": until}
    signals = noticed.signals(**of)  # type: ignore[arg-type]
    answers = answered.answers(**of)  # type: ignore[arg-type]
    steps = answered.escalations(**of)  # type: ignore[arg-type]
    first = [signal for signal in signals if signal.repeat_of is None]
    read = _read(asked, noticed.anchor_scores(**of), first)  # type: ignore[arg-type]
    titles = noticed.titles(versions={signal.version for signal in signals})
    return Evidence(
        asked=asked,
        chains=tuple(_chain(signal, answers.get(signal.id), steps, read, asked) for signal in first),
        repeats=tuple(signal for signal in signals if signal.repeat_of is not None),
        actions=answered.actions(**of),  # type: ignore[arg-type]
        base=_base_rates(asked, read, {signal.person_id for signal in signals}),
        crises_until=record.latest_crisis(),
        titles={signal.trigger: titles.get(signal.version, signal.trigger) for signal in signals},
    )


def one(signal: SignalRow, *, answer: Answer | None, anchor: AnchorScore | None, now: datetime) -> Chain:
    """The chain of a single signal, judged by the same rules."""
    day = clock.local_date(signal.noticed_at)
    asked = Asked(team_ids=None, first=day, last=day, now=now)
    read = _read(asked, {signal.id: anchor} if anchor else {}, [signal], person_id=signal.person_id)
    return _chain(signal, answer, {}, read, asked)


def _read(
    asked: Asked, anchors: dict[int, AnchorScore], signals: Collection[SignalRow], *, person_id: int | None = None
) -> _Read:
    last = asked.last + timedelta(max(WINDOWS))
    care: Periods = defaultdict(list)
    for period in record.care(team_ids=asked.team_ids, since=asked.first, until=last, person_id=person_id):
        care[period.person_id].append((period.start, period.end))
    return _Read(
        crises=record.crisis_days(since=asked.first, until=last, person_id=person_id),
        stays=record.stay_days(since=asked.first, until=last, person_id=person_id),
        care=care,
        anchors=anchors,
        measures=in_force().measures,
        scores=measured.scores(
            person_ids={signal.person_id for signal in signals if signal.id in anchors},
            measures={anchor.measure for anchor in anchors.values()},
            since=asked.first,
            until=last,
        ),
    )


def _chain(signal: SignalRow, answer: Answer | None, steps: dict[int, int], read: _Read, asked: Asked) -> Chain:
    begun = answer.begun_at if answer else None
    day = clock.local_date(signal.noticed_at)
    left = judging.last_day(read.care.get(signal.person_id, ()), after=day)
    at_work = answer is not None and answer.joined
    return Chain(
        signal=signal,
        answer=answer,
        response=judging.response(
            noticed_at=signal.noticed_at, respond_by=signal.respond_by, begun_at=begun, now=asked.now
        ),
        hours=judging.hours_until(signal.noticed_at, begun) if begun and not at_work else None,
        escalations=steps.get(answer.review_id, 0) if answer else 0,
        windows={within: _window(signal, day, left, within, read, asked) for within in WINDOWS},
    )


def _window(signal: SignalRow, day: date, left: date | None, within: int, read: _Read, asked: Asked) -> Window:
    crises, stays = read.crises.get(signal.person_id, ()), read.stays.get(signal.person_id, ())
    return Window(
        crisis=judging.followed(crises, noticed=day, within=within, today=asked.today, left=left),
        stay=judging.followed(stays, noticed=day, within=within, today=asked.today, left=left),
        score=_scored(signal, day, within, read, asked),
    )


def _scored(signal: SignalRow, day: date, within: int, read: _Read, asked: Asked) -> Scored | None:
    anchor = read.anchors.get(signal.id)
    measure = read.measures.get(anchor.measure) if anchor else None
    if anchor is None or measure is None:
        return None
    return judging.scored(
        anchor,
        read.scores.get((signal.person_id, anchor.measure), ()),
        sign=measure.scale.direction,
        points=measure.change.points if measure.change else None,
        noticed=day,
        within=within,
        today=asked.today,
    )


def _base_rates(asked: Asked, read: _Read, signalled: set[int]) -> dict[int, BaseRate]:
    """The day is the middle of the period, so that what is compared happened in the same season."""
    day = asked.first + (asked.last - asked.first) // 2
    people = [
        person_id
        for person_id, periods in read.care.items()
        if person_id not in signalled and any(start <= day and (end is None or end > day) for start, end in periods)
    ]
    lefts = {person: judging.last_day(read.care[person], after=day) for person in people}
    return {
        within: BaseRate(
            day=day,
            people=len(people),
            crisis=_rate(lefts, read.crises, day, within, asked.today),
            stay=_rate(lefts, read.stays, day, within, asked.today),
        )
        for within in WINDOWS
    }


def _rate(
    lefts: dict[int, date | None], days: dict[int, list[date]], day: date, within: int, today: date
) -> tuple[int, int] | None:
    """By the same rule as for signals: those who left before the end without the event are not judged."""
    found = Counter(
        judging.followed(days.get(person, ()), noticed=day, within=within, today=today, left=left)
        for person, left in lefts.items()
    )
    judged = found[Followed.YES] + found[Followed.NO]
    return (found[Followed.YES], judged) if judged else None
