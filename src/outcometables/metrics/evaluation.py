"""Run metrics over one mart: the opportunities of each, row by row."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import narwhals.stable.v2 as nw
import polars as pl

from outcometables.definitions.parameters import ParameterError, check_parameters
from outcometables.mart.tables import Mart
from outcometables.metrics.opportunities import Period
from outcometables.metrics.table import COUNTS
from outcometables.record.cohort import Cohort
from outcometables.record.frames import Frame, joins_as_written

_ORDER = ["person_id", "day", "source", "row_id", "closes_day", "answer_row_id"]


class MetricError(ValueError):
    """A question that cannot be asked of this mart; the message says what can be."""


class CohortLike(Protocol):
    """The part of a definition that says whom it is about."""

    @property
    def programmes(self) -> Sequence[str]: ...
    @property
    def service_models(self) -> Sequence[str]: ...


class Metric(Protocol):
    """What a metric's definition has to offer to be evaluated."""

    @property
    def code(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def counts(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def parameters(self) -> Mapping[str, Any]: ...
    @property
    def cohort(self) -> CohortLike: ...


def opportunities(
    mart: Mart, metrics: Iterable[Metric], *, period: Period, as_of: int | None = None
) -> dict[str, pl.DataFrame]:
    """Every opportunity whose clock starts in the period, by metric, in the columns of `OPPORTUNITY`.

    `as_of` is the day whose end it is asked at (the mart's last, unless given): what happened later is not looked
    at. Rows are in the order of person, day, source and row_id. Raises `ParameterError` for a count that is unknown
    or does not take the parameters or the unit, `MetricError` for a code given twice or a day after the mart's last.

    >>> opportunities(Mart.from_polars({}, as_of=20_000), [], period=Period(19_900, 20_000))
    {}
    """
    return {
        code: collected(frame).sort(_ORDER)
        for code, frame in frames(mart, metrics, period=period, as_of=as_of).items()
    }


def frames(mart: Mart, metrics: Iterable[Metric], *, period: Period, as_of: int | None = None) -> dict[str, Frame]:
    """As `opportunities`, not yet run: one lazy frame a metric, on the mart's own engine, in no order."""
    day = last_day_asked(mart, as_of)
    built: dict[str, Frame] = {}
    for metric in metrics:
        if metric.code in built:
            raise MetricError(f"Metric {metric.code} is given twice: evaluate one version at a time.")
        count, parameters = _checked(metric)
        cohort = Cohort(tuple(metric.cohort.programmes), tuple(metric.cohort.service_models))
        built[metric.code] = count(mart, as_of=day, period=period, cohort=cohort, **parameters)
    return built


def check_metric(metric: Metric) -> None:
    """Raise the `ParameterError` that `opportunities` would raise for this metric, without a mart to ask."""
    _checked(metric)


def check_measures(mart: Mart, metrics: Iterable[Metric]) -> None:
    """Raise a `MetricError` for a metric about a measure that the mart does not know: it would count nobody.

    A mart without any measures knows no instruments at all, and is asked nothing.

    >>> check_measures(Mart.from_polars({}, as_of=20_000), [])
    """
    known = set(collected(mart["measures"].select("measure"))["measure"])
    for metric in metrics:
        one = metric.parameters.get("measure")
        named = [*metric.parameters.get("measures", []), *([] if one is None else [one])]
        unknown = [measure for measure in named if measure not in known]
        if known and unknown:
            raise MetricError(
                f"Metric {metric.code} is about the measure {unknown[0]}, which the mart does not know: use one of "
                f"{', '.join(sorted(known))}, or define the instrument and export the mart again."
            )


def collected(frame: Frame) -> pl.DataFrame:
    """The frame's rows, by its own engine; by Polars in streams, so that no join has to fit in memory whole."""
    if frame.implementation.is_polars():
        native: pl.LazyFrame = nw.to_native(frame)
        return native.collect(engine="streaming", optimizations=joins_as_written())
    rows: pl.DataFrame = nw.to_native(frame.collect(backend="polars"))
    return rows


def last_day_asked(mart: Mart, as_of: int | None) -> int:
    """The day to answer for: the mart's last, or an earlier one. Raises `MetricError` for a later one."""
    if as_of is None:
        return mart.as_of
    if as_of > mart.as_of:
        raise MetricError(
            f"The mart is complete up to day {mart.as_of} and cannot answer for day {as_of}: "
            "ask for an earlier day, or export it again with `tending mart`."
        )
    return as_of


def _checked(metric: Metric) -> tuple[Callable[..., Frame], dict[str, Any]]:
    """The metric's count and its parameters as that count takes them."""
    count = COUNTS.get(metric.counts)
    if count is None:
        raise ParameterError(
            f"Metric {metric.code} has an unknown count {metric.counts}: use one of {', '.join(COUNTS)}."
        )
    if metric.unit not in count.units:
        raise ParameterError(
            f"Metric {metric.code}: {metric.counts} does not count in {metric.unit}: use {' or '.join(count.units)}."
        )
    try:
        parameters = check_parameters(metric.counts, count.function, metric.parameters)
    except ParameterError as error:
        raise ParameterError(f"Metric {metric.code}: {error}") from error
    if "unit" in inspect.signature(count.function).parameters:
        parameters["unit"] = str(metric.unit)
    return count.function, parameters
