"""A trigger of the provider's own definitions, tried on the provider's own mart."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.conf import settings

import outcometables
from outcometables.definitions.loading import load_triggers
from outcometables.definitions.triggers import Trigger
from outcometables.metrics.opportunities import Period
from outcometables.past import PastError, Tried, try_on
from outcometables.past.settings import at_setting, quiet_of

_EPOCH = date(1970, 1, 1)
_TWO_YEARS = 730


def tried(
    code: str,
    wanted: Mapping[str, Mapping[str, str]],
    *,
    days: tuple[date | None, date | None],
    folder: Path | None,
) -> tuple[Trigger, dict[str, Tried]]:
    """The trigger, and what it would have done at each of the settings, by the name each was given.

    `days` are the first and the last; without them the last two years the mart knows. Raises `PastError` for a code
    there is none of, and as reading definitions, opening a mart and trying do.
    """
    triggers = load_triggers(Path(settings.DEFINITIONS))
    if code not in triggers:
        raise PastError(f"There is no trigger {code}: use one of {', '.join(sorted(triggers))}.")
    mart = outcometables.open(folder or settings.HOME / "mart")
    last = mart.as_of if days[1] is None else (days[1] - _EPOCH).days
    first = last - _TWO_YEARS + 1 if days[0] is None else (days[0] - _EPOCH).days
    if first > last:
        raise PastError("The period ends before it begins: give the earlier day with --from.")
    found = {}
    for name, changes in wanted.items():
        trigger = at_setting(triggers[code], changes)
        found[name] = try_on(mart, trigger, period=Period(first, last), quiet=quiet_of(trigger))
    return triggers[code], found
