"""The record's measures, from the instruments that clinicians defined."""

from collections.abc import Iterable

import polars as pl

from outcometables.definitions.instruments import Instrument, Scale
from outcometables.definitions.rules import change_rule
from outcometables.record.frames import polars_schema


def measure_name(instrument: Instrument, scale: Scale) -> str:
    """What the record calls one scale of an instrument: PHQ-9 for a total, DIALOG/TREATMENT for a part."""
    return instrument.code if scale.code == "TOTAL" else f"{instrument.code}/{scale.code}"


def measures_of(instruments: Iterable[Instrument]) -> pl.DataFrame:
    """The record's table `measures`: one row for each scale of each instrument."""
    rows = []
    for instrument in instruments:
        for scale in instrument.scales:
            rule = change_rule(scale)
            rows.append(
                {
                    "measure": measure_name(instrument, scale),
                    "direction": 1 if scale.higher_is == "WORSE" else -1,
                    "reliable_change": None if rule is None else rule.points,
                    "cutoff": None if rule is None else rule.cutoff,
                    "due_every_days": instrument.due_every_days,
                }
            )
    return pl.DataFrame(rows, schema=polars_schema("measures"), orient="row")
