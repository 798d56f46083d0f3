"""What every person's scores should be: from the record's answers and totals, whole columns at a time.

Two sources can speak about one measure on one day: the answers, which are scored here, and a total another system
sent. The answers win where they give a score: everybody can check them. The total stays in the record; where the two
differ it is a finding for the data steward.
"""

import json
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from outcomestats.scoring.scores import STATES, ScoreState, score_responses
from outcometables.definitions.instruments import Instrument, Scale
from tending.measure.definitions import Instruments, Measure

SCORES = {
    "person_id": pl.Int64,
    "measure": pl.String,
    "day": pl.Int32,
    "instant": pl.Int64,
    "value": pl.Float64,
    "missing_reason": pl.String,
    "n_answered": pl.Int32,
    "band": pl.String,
    "instrument": pl.String,
    "made_from": pl.String,
    "source_key": pl.String,
    "content": pl.String,
}
RESPONSE, RECEIVED = "Response", "ScoreReceived"
_OF_DAY = ["person_id", "measure", "day"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The scores there should be, and the totals that are set aside for answers of the same day.

    ``set_aside``: person_id, measure, day, source_key, value (as sent), answered (as scored from the answers).
    """

    scores: pl.DataFrame
    set_aside: pl.DataFrame


def wanted_scores(responses: pl.DataFrame, received: pl.DataFrame, instruments: Instruments) -> Wanted:
    """Frames as keep.queries gives them; an instrument without a definition gives no score until it has one."""
    answered = [
        _scores_of_answers(given, matrix, measure)
        for code, instrument in instruments.by_code.items()
        if (given := responses.filter(pl.col("instrument") == code)).height
        for matrix in [answers_matrix(given["items"], instrument)]
        for measure in instruments.of(code)
    ]
    totals = [_scores_of_totals(received, measure) for measure in instruments.measures.values()]
    from_answers = pl.concat([pl.DataFrame(schema=SCORES), *answered])
    from_totals = pl.concat([pl.DataFrame(schema=SCORES), *totals])
    settled = (
        from_answers.filter(pl.col("value").is_not_null()).group_by(_OF_DAY).agg(answered=pl.col("value").last())
    )
    set_aside = from_totals.join(settled, on=_OF_DAY, how="inner")
    counted = from_totals.join(settled, on=_OF_DAY, how="anti")
    return Wanted(pl.concat([from_answers, counted]), set_aside.select(*_OF_DAY, "source_key", "value", "answered"))


def answers_matrix(items: pl.Series, instrument: Instrument) -> NDArray[np.float64]:
    """(n_responses, n_items): one column an item in the instrument's order, NaN where not answered."""
    codes = [item.code for item in instrument.items]
    try:
        decoded = items.str.json_decode(pl.Struct({code: pl.Float64 for code in codes}))
        columns = decoded.struct.unnest().select(codes)
    except pl.exceptions.PolarsError:
        # Something other than numbers among them: read each set of answers on its own.
        columns = pl.DataFrame([_numbers(text, codes) for text in items], schema=codes, orient="row")
    return columns.cast(pl.Float64).fill_null(float("nan")).to_numpy()


def _numbers(text: str, codes: list[str]) -> list[float | None]:
    given = json.loads(text)
    found = [given.get(code) for code in codes]
    return [float(each) if isinstance(each, int | float) and not isinstance(each, bool) else None for each in found]


def _scores_of_answers(given: pl.DataFrame, matrix: NDArray[np.float64], measure: Measure) -> pl.DataFrame:
    scored = score_responses(matrix, measure.scoring)
    values = np.full(given.height, np.nan)
    values[scored.rows] = scored.values
    reasons = np.array(["" if state is ScoreState.SCORED else state.value for state in STATES])[scored.states]
    return given.select(
        "person_id",
        pl.lit(measure.name).alias("measure"),
        "day",
        "instant",
        pl.Series("value", values).fill_nan(None),
        pl.Series("missing_reason", reasons, dtype=pl.String),
        pl.Series("n_answered", scored.n_answered).cast(pl.Int32),
        pl.Series("band", band_labels(values, measure.scale), dtype=pl.String),
        "instrument",
        pl.lit(RESPONSE).alias("made_from"),
        "source_key",
        "content",
    )


def _scores_of_totals(received: pl.DataFrame, measure: Measure) -> pl.DataFrame:
    lowest, highest = measure.scale.range
    mine = (pl.col("instrument") == measure.instrument.code) & (pl.col("scale") == measure.scale.code)
    possible = pl.col("value").is_between(lowest, highest)
    given = received.filter(mine).with_columns(
        pl.when(possible).then("value").alias("value"),
        pl.when(possible).then(pl.lit("")).otherwise(pl.lit(ScoreState.OUT_OF_RANGE.value)).alias("missing_reason"),
    )
    values = given["value"].fill_null(float("nan")).to_numpy()
    return given.select(
        "person_id",
        pl.lit(measure.name).alias("measure"),
        "day",
        pl.lit(None, pl.Int64).alias("instant"),
        "value",
        "missing_reason",
        pl.lit(None, pl.Int32).alias("n_answered"),
        pl.Series("band", band_labels(values, measure.scale), dtype=pl.String),
        "instrument",
        pl.lit(RECEIVED).alias("made_from"),
        "source_key",
        "content",
    )


def band_labels(values: NDArray[np.float64], scale: Scale) -> list[str]:
    """The English label of each value's band; pages translate it through the definition. Empty without a score."""
    if not scale.bands:
        return [""] * len(values)
    labels = np.array(["", *(str(band.label) for band in scale.bands)])
    places = np.searchsorted([band.lowest for band in scale.bands], values, side="right")
    places[np.isnan(values)] = 0
    found: list[str] = labels[places].tolist()
    return found
