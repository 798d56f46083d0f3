"""Sums out of the provider's own mart, and the fit of several providers' sums."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

import outcometables
from outcomestats.variation.fit import MixedFit, fit
from outcometables.exchange import (
    COVARIATES,
    ExchangeError,
    Provided,
    Question,
    Rule,
    cells_of,
    changes,
    kept,
    pooled,
    provided,
    written,
)
from outcometables.metrics.opportunities import Period

_EPOCH = date(1970, 1, 1)


def exported(
    to: Path, *, provider: str, measure: str, days: tuple[date, date], covariates: Sequence[str], minimum: int,
    folder: Path | None,
) -> Provided:  # fmt: skip
    """Write the sums of the provider's own mart to a file; see outcometables.exchange.cells for what may leave."""
    mart = outcometables.open(folder or settings.HOME / "mart")
    chosen = [name for name in COVARIATES if name in covariates]
    if unknown := sorted(set(covariates) - set(COVARIATES)):
        raise ExchangeError(f"There is no covariate {unknown[0]}: use some of {', '.join(COVARIATES)}.")
    first, last = ((day - _EPOCH).days for day in days)
    if last > mart.as_of:
        raise ExchangeError(
            f"The period ends on {days[1]}, but the mart is complete up to {_EPOCH + timedelta(days=mart.as_of)}: "
            "end it there, or export the mart again with `tending mart`."
        )
    question = Question(
        measure=measure, first_day=str(days[0]), last_day=str(days[1]), at_least_days=28, covariates=chosen
    )
    rows = changes(mart, measure=measure, period=Period(first, last), as_of=mart.as_of, at_least_days=28)
    sums = provided(
        kept(cells_of(rows, chosen), Rule(minimum)), provider=provider, question=question, rule=Rule(minimum)
    )
    written(to, sums)
    return sums


def merged(parts: Sequence[Provided]) -> tuple[MixedFit, dict[str, Any]]:
    """The exact REML fit of all parts together, and the same as plain values.

    Clinicians within teams; where no team has two groups (after merging), clinicians alone.
    """
    try:
        together = pooled(parts)
        teams = 0 if together.teams is None else np.unique(together.teams).size
        alone = teams in (0, 1, together.n.size)
        found = fit(together.without_teams() if alone else together)
    except ExchangeError:
        raise
    except ValueError as error:
        raise ExchangeError(f"These sums cannot be fitted: {error}.") from error
    errors = found.standard_errors
    return found, {
        "providers": {part.provider: {"people": part.n_rows, "groups": len(part.groups)} for part in parts},
        "measure": parts[0].question.measure,
        "people": found.n_rows,
        "groups": found.n_groups,
        "teams": found.n_teams,
        "coefficients": {
            name: {"points": value / _unit(name), "standard_error": error / _unit(name)}
            for name, value, error in zip(found.coefficients, found.beta.tolist(), errors.tolist(), strict=True)
        },
        "shares": dict(zip(found.levels, found.shares, strict=True)),
        "standard_deviations": {
            level: variance**0.5 / 100 for level, variance in zip(found.levels, found.variances, strict=True)
        },
        "within": found.sigma2**0.5 / 100,
        "verdict": found.verdict,
        "method": found.method,
    }


def _unit(name: str) -> float:
    """Changes are summed in hundredths of a point; so is the first score, whose coefficient has no unit."""
    return 1.0 if name == "first_score" else 100.0
