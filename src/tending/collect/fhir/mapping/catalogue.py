"""Which instrument does a code belong to? Our definitions, looked up by LOINC code.

Scores are found by code, never by category: record systems file them under laboratory, survey or nothing.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from outcometables.definitions.instruments import Instrument, Item
from tending.collect.fhir.datatypes import Coding, Extension
from tending.collect.fhir.mapping import codes

# Totals in use for the same instrument beside the one its definition names. Deliberately absent: 70221-7 is the
# PCL-C for DSM-IV, another scale than the PCL-5; 55758-7 (PHQ-2) and 82667-7 (DAST-10) are other instruments.
TOTAL_VARIANTS = {
    "44261-6": "PHQ-9",
    "89204-2": "PHQ-9",  # the version for teens: the same nine items, 0 to 27
    "70274-6": "GAD-7",
    "101698-9": "PCL-5",
    "75626-2": "AUDIT-C",
    "76504-0": "AUDIT-C",
}
PANEL_VARIANTS = {"44249-1": "PHQ-9", "69737-5": "GAD-7", "101697-1": "PCL-5", "72109-2": "AUDIT-C"}
_ORDINALS = (
    "http://hl7.org/fhir/StructureDefinition/ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/itemWeight",
    "http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue",
    "http://hl7.org/fhir/StructureDefinition/iso21090-CO-value",
)
_LOINC_CODE = re.compile(r"\d{1,7}-\d")
_NUMBER = re.compile(r"-?\d{1,6}")
_LAST_NUMBER = re.compile(r"(?:^|[^0-9])(\d{1,3})$")


class ItemFound(NamedTuple):
    instrument: Instrument
    item: Item


class Catalogue:
    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self.instruments = instruments
        self.totals = {code: instruments[name] for code, name in TOTAL_VARIANTS.items() if name in instruments}
        self.panels = {code: instruments[name] for code, name in PANEL_VARIANTS.items() if name in instruments}
        self.items: dict[str, ItemFound] = {}
        for instrument in instruments.values():
            if instrument.loinc.total:
                self.totals[instrument.loinc.total] = instrument
            if instrument.loinc.panel:
                self.panels[instrument.loinc.panel] = instrument
            for item in instrument.items:
                if item.loinc:
                    self.items[item.loinc] = ItemFound(instrument, item)

    def named_in(self, canonical: str | None) -> Instrument | None:
        """The instrument a questionnaire's canonical address names, by LOINC panel or by our own code."""
        if not canonical:
            return None
        address = canonical.partition("|")[0].lower()
        for code in _LOINC_CODE.findall(address):
            if code in self.panels:
                return self.panels[code]
        plain = re.sub(r"[^a-z0-9]", "", address.rsplit("/", 1)[-1])
        for name, instrument in self.instruments.items():
            if re.sub(r"[^a-z0-9]", "", name.lower()) == plain:
                return instrument
        return None

    def item_of(self, link_id: str, loinc: str | None, instrument: Instrument | None) -> ItemFound | None:
        """The item a linkId stands for: by its LOINC code, by a LOINC code in the linkId, or by its number."""
        for code in (loinc, *_LOINC_CODE.findall(link_id)):
            if code in self.items:
                return self.items[code]
            if code in self.totals or code in self.panels:
                return None
        number = _LAST_NUMBER.search(link_id)
        if instrument is None or number is None:
            return None
        wanted = str(int(number[1]))
        return next((ItemFound(instrument, item) for item in instrument.items if item.code == wanted), None)


def value_of(found: ItemFound, coding: Coding, extensions: tuple[Extension, ...] = ()) -> float | None:
    """A coded answer as a number: by our definition's LOINC answer, by its weight, or when the code is one."""
    for answer in found.instrument.answers_to(found.item):
        if answer.loinc and answer.loinc == coding.code:
            return answer.value
    for extension in (*coding.extension, *extensions):
        weight = extension.value_decimal if extension.value_decimal is not None else extension.value_integer
        if extension.url in _ORDINALS and isinstance(weight, int | float):
            return weight
    if coding.system != codes.LOINC and coding.code and _NUMBER.fullmatch(coding.code):
        return float(coding.code)
    return None
