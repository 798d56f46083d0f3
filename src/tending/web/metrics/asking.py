"""From the words of a command to figures: which metrics, by what, from when to when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from outcometables.definitions.loading import load_metrics
from outcometables.definitions.metrics import Metric
from outcometables.mart import Mart, open_mart
from outcometables.metrics import Figure, MetricError, Period, figures, sums
from outcometables.metrics.evaluation import check_measures, collected
from outcometables.metrics.sums import check_strata

EPOCH = date(1970, 1, 1)
_NAMED_BY = {"team_id": "teams", "organisation_id": "organisations"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a mart: metrics, strata, the days on which clocks start, both included."""

    metrics: tuple[Metric, ...]
    by: tuple[str, ...]
    first: date
    last: date

    @property
    def period(self) -> Period:
        return Period((self.first - EPOCH).days, (self.last - EPOCH).days)


@dataclass(frozen=True, slots=True)
class Answer:
    """One metric's figures, in the order of their groups, which have names where the mart knows one."""

    metric: Metric
    figures: tuple[Figure, ...]
    groups: tuple[dict[str, str], ...]


def question(
    mart: Mart, definitions: Path, *, codes: Sequence[str], by: Sequence[str], first: date | None, last: date | None
) -> Question:
    """The question, with the twelve whole months before the mart's last one where no days are given.

    Raises `MetricError` for a code, a measure or a stratum there is none of, for figures of single members of staff,
    and ValueError for a last day before the first.
    """
    known = load_metrics(definitions)
    unknown = [code for code in codes if code not in known]
    if unknown:
        raise MetricError(f"There is no metric {unknown[0]}: use one of {', '.join(known)}.")
    if "staff_id" in by:
        raise MetricError("Figures of single members of staff are for them and their supervision: ask by team_id.")
    check_strata(by)
    last = last or EPOCH + timedelta(days=mart.as_of)
    year_before = date(last.year - 1, last.month, 1)
    asked = Question(tuple(known[code] for code in codes or known), tuple(by), first or year_before, last)
    _ = asked.period  # refuses days in the wrong order before anything is read
    check_measures(mart, [known[code] for code in codes])
    return asked


def answers(mart: Mart, asked: Question) -> Iterator[Answer]:
    """Each metric's answer, one after the other, so that no two are in memory at once."""
    names = {stratum: _names(mart, stratum) for stratum in asked.by if stratum in _NAMED_BY}
    for metric in asked.metrics:
        found = sums(mart, [metric], period=asked.period, by=asked.by)[metric.code]
        told = tuple(figures(found, metric))
        yield Answer(metric, told, tuple(_named(figure.group, names) for figure in told))


def opened(folder: Path, engine: str | None) -> Mart:
    """The mart in the folder. Raises `MartError`, with what to do."""
    return open_mart(folder, engine=engine)


def _names(mart: Mart, stratum: str) -> dict[int, str]:
    return dict(collected(mart[_NAMED_BY[stratum]].select(stratum, "name")).rows())


def _named(group: dict[str, str | int | None], names: dict[str, dict[int, str]]) -> dict[str, str]:
    return {stratum: _name(stratum, value, names.get(stratum, {})) for stratum, value in group.items()}


def _name(stratum: str, value: str | int | None, names: dict[int, str]) -> str:
    if value is None:
        return "not known"
    if stratum == "month" and isinstance(value, int):
        return f"{value // 12}-{value % 12 + 1:02}"
    return names.get(value, str(value)) if isinstance(value, int) else _plain(value)


def _plain(word: str) -> str:
    """NOT_ASKED as somebody says it; words in the provider's own letters stay as they are."""
    return word.replace("_", " ").lower() if word.isupper() and len(word) > 3 else word
