"""The figures of the page: what is counted, in parts that add up, each part with the rule that its records obey.

A figure's number is the length of the list it opens to, because both come from the same rule.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tending.review.evidence_queries import ActionRow
from tending.show.evidence import judging
from tending.show.evidence.gathering import Evidence
from tending.show.evidence.judging import WINDOWS, Chain, Done, Followed, Response, Scored

Rule = Callable[[Chain], bool]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole: its code is also what the list of its records is asked for by."""

    code: str
    number: int


@dataclass(frozen=True, slots=True)
class Figure:
    """``counted`` of ``judged`` is the figure; the parts are all of ``whole``, judged yet or not."""

    code: str
    parts: tuple[Part, ...]
    counted: int
    judged: int

    @property
    def whole(self) -> int:
        return sum(part.number for part in self.parts)

    @property
    def percent(self) -> int | None:
        return round(100 * self.counted / self.judged) if self.judged else None

    def part(self, code: str) -> int:
        return next(part.number for part in self.parts if part.code == code)


@dataclass(frozen=True, slots=True)
class Group:
    """The signals of one trigger, or of one severity."""

    code: str
    signals: int
    reviewed: Figure
    median_hours: int | None
    crisis: Figure


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of the comparison: who, how many, and what followed. Judged windows only."""

    code: str  # TIMELY, NOT_TIMELY, NO_SIGNAL
    within: int
    people: int
    crisis: tuple[int, int] | None  # yes, judged; None: nothing is judged yet
    stay: tuple[int, int] | None
    better: tuple[int, int] | None


def rules() -> Mapping[str, Rule]:
    """Every list of signals the page can open, by its code."""
    found: dict[str, Rule] = {"all": lambda _chain: True}
    found["escalated"] = lambda chain: chain.escalations > 0
    for response in Response:
        found[f"response-{response}"] = lambda chain, r=response: chain.response is r  # type: ignore[misc]
    for within in WINDOWS:
        for followed in Followed:
            found[f"crisis-{within}-{followed}"] = (
                lambda chain, w=within, f=followed: chain.windows[w].crisis is f  # type: ignore[misc]
            )
            found[f"stay-{within}-{followed}"] = (
                lambda chain, w=within, f=followed: chain.windows[w].stay is f  # type: ignore[misc]
            )
        for scored in Scored:
            found[f"score-{within}-{scored}"] = (
                lambda chain, w=within, s=scored: chain.windows[w].score is s  # type: ignore[misc]
            )
    return found


RULES = rules()


def reviewed(chains: Iterable[Chain]) -> Figure:
    """Begun in time, of those whose clock has run out or who were begun."""
    found = Counter(chain.response for chain in chains)
    parts = tuple(Part(f"response-{response}", found[response]) for response in Response)
    judged = sum(found.values()) - found[Response.WAITING]
    return Figure("reviewed", parts, found[Response.IN_TIME], judged)


def actions_done(actions: Iterable[ActionRow], *, now: datetime) -> Figure:
    """Done by the first deadline, of those done or due. Declined with a reason is neither in time nor late."""
    found = Counter(judging.done(action, now=now) for action in actions)
    parts = tuple(Part(f"action-{each}", found[each]) for each in Done)
    judged = found[Done.IN_TIME] + found[Done.LATE] + found[Done.OVERDUE]
    return Figure("actions", parts, found[Done.IN_TIME], judged)


def followed(chains: Iterable[Chain], *, what: str, within: int) -> Figure:
    """``what`` is crisis or stay; counted where it happened, of the windows that are over and were seen whole."""
    found: Counter[Followed] = Counter(getattr(chain.windows[within], what) for chain in chains)
    parts = tuple(Part(f"{what}-{within}-{each}", found[each]) for each in Followed)
    return Figure(f"{what}-{within}", parts, found[Followed.YES], found[Followed.YES] + found[Followed.NO])


def scored(chains: Iterable[Chain], *, within: int) -> Figure:
    """Only signals that rest on a score; counted where it became better by more than chance explains."""
    found = Counter(chain.windows[within].score for chain in chains if chain.windows[within].score is not None)
    parts = tuple(Part(f"score-{within}-{each}", found[each]) for each in Scored)
    judged = found[Scored.BETTER] + found[Scored.SAME] + found[Scored.WORSE]
    return Figure(f"score-{within}", parts, found[Scored.BETTER], judged)


def hours(chains: Iterable[Chain]) -> Counter[int]:
    """How many answers began within so many whole hours: the only thing medians are worked out from."""
    return Counter(chain.hours for chain in chains if chain.hours is not None)


def grouped(chains: Sequence[Chain], by: Callable[[Chain], str]) -> list[Group]:
    """The largest group first."""
    groups: dict[str, list[Chain]] = {}
    for chain in chains:
        groups.setdefault(by(chain), []).append(chain)
    made = [
        Group(
            code=code,
            signals=len(its),
            reviewed=reviewed(its),
            median_hours=judging.share_within(hours(its), 0.5),
            crisis=followed(its, what="crisis", within=30),
        )
        for code, its in groups.items()
    ]
    return sorted(made, key=lambda group: (-group.signals, group.code))


def compared(evidence: Evidence, *, within: int) -> list[Compared]:
    """Answered in time, answered late or not yet though due, and nobody noticed at all."""
    timely = [chain for chain in evidence.chains if chain.response is Response.IN_TIME]
    not_timely = [chain for chain in evidence.chains if chain.response in (Response.LATE, Response.OVERDUE)]
    base = evidence.base[within]
    rows = [_compared("TIMELY", timely, within), _compared("NOT_TIMELY", not_timely, within)]
    return [*rows, Compared("NO_SIGNAL", within, base.people, base.crisis, base.stay, None)]


def _compared(code: str, chains: Sequence[Chain], within: int) -> Compared:
    crisis = followed(chains, what="crisis", within=within)
    stay = followed(chains, what="stay", within=within)
    better = scored(chains, within=within)
    return Compared(
        code=code,
        within=within,
        people=len({chain.signal.person_id for chain in chains}),
        crisis=(crisis.counted, crisis.judged) if crisis.judged else None,
        stay=(stay.counted, stay.judged) if stay.judged else None,
        better=(better.counted, better.judged) if better.judged else None,
    )
