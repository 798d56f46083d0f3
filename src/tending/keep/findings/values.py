"""Is there a score or an answer that its instrument does not have?

The record keeps what was sent; a score outside its scale's range, or an answer the question does not offer, is found
here and never quietly mended. Instruments the provider has no definition for are left alone.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from outcometables.definitions.instruments import Instrument
from outcometables.definitions.loading import load_instruments
from tending.keep.findings.found import Found
from tending.keep.models import Response, ScoreReceived


def find(person_ids: Collection[int]) -> Iterator[Found]:
    instruments = _instruments(Path(settings.DEFINITIONS))
    yield from _scores(person_ids, instruments)
    yield from _answers(person_ids, instruments)


@lru_cache(maxsize=2)
def _instruments(folder: Path) -> Mapping[str, Instrument]:
    return load_instruments(folder)


def _scores(person_ids: Collection[int], instruments: Mapping[str, Instrument]) -> Iterator[Found]:
    ranges = {(code, scale.code): scale.range for code, one in instruments.items() for scale in one.scales}
    rows = ScoreReceived.objects.current().filter(person_id__in=person_ids, instrument__in=instruments)
    for person_id, key, instrument, scale, day, value in rows.values_list(
        "person_id", "source_key", "instrument", "scale", "date", "value"
    ):
        least, most = ranges.get((instrument, scale), (value, value))
        if not least <= value <= most:
            message = _("A %(instrument)s score of %(value)g on %(day)s lies outside %(least)g to %(most)g.") % {
                "instrument": instrument,
                "value": value,
                "day": day.isoformat(),
                "least": least,
                "most": most,
            }
            yield Found(person_id, "OUT_OF_RANGE", key, message, _mend())


def _answers(person_ids: Collection[int], instruments: Mapping[str, Instrument]) -> Iterator[Found]:
    offered = {
        code: {item.code: {answer.value for answer in one.answers_to(item)} for item in one.items}
        for code, one in instruments.items()
    }
    rows = Response.objects.current().filter(person_id__in=person_ids, instrument__in=instruments)
    for person_id, key, instrument, day, items in rows.values_list(
        "person_id", "source_key", "instrument", "date", "items"
    ):
        of_instrument = offered[instrument]
        odd = [
            f"{item} = {value}"
            for item, value in sorted(items.items())
            if item not in of_instrument or (value is not None and value not in of_instrument[item])
        ]
        if odd:
            message = _("The %(instrument)s answered on %(day)s has answers it does not offer: %(odd)s.") % {
                "instrument": instrument,
                "day": day.isoformat(),
                "odd": ", ".join(odd[:5]),
            }
            yield Found(person_id, "OUT_OF_RANGE", key, message, _mend())


def _mend() -> str:
    return _(
        "Correct it in the record system; the next file brings the correction. No score is made of it until then."
    )
