"""What does a FHIR Questionnaire say, item by item, in terms of one of our instruments?

The instrument is found by its LOINC codes. Every one of its items must be there, with its words and those of every
answer: half an official wording would be a mixture, and a mixture is nobody's instrument.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
from django.utils.translation import gettext as _

from outcometables.definitions.instruments import Instrument
from tending.collect.fhir.datatypes import Coding, Element, Extension, Identifier
from tending.collect.fhir.mapping import codes
from tending.collect.fhir.mapping.catalogue import Catalogue, ItemFound, value_of

LARGEST = 4 << 20  # bytes; a questionnaire of four million letters is none


class WordingRefused(ValueError):
    """This file cannot be used as it is: ``str()`` says what is wrong and what to do, ``fix`` what to do alone."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(f"{message} {fix}")
        self.fix = fix


class Option(Element):
    value_coding: Coding | None = None
    value_integer: int | None = None
    value_string: str | None = None
    extension: tuple[Extension, ...] = ()


class Asked(Element):
    link_id: str | None = None
    code: tuple[Coding, ...] = ()
    text: str | None = None
    answer_option: tuple[Option, ...] = ()
    item: tuple["Asked", ...] = ()


class Questionnaire(Element):
    resource_type: str
    url: str | None = None
    identifier: tuple[Identifier, ...] = ()
    title: str | None = None
    name: str | None = None
    language: str | None = None
    copyright: str | None = None
    code: tuple[Coding, ...] = ()
    item: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """``answers``: {value: words}, and {"item:value": words} where an item's answers are its own."""

    instrument: Instrument
    language: str
    title: str
    copyright: str
    copyright_from_file: bool
    items: dict[str, str]
    answers: dict[str, str]


def read(content: bytes, catalogue: Catalogue, *, language: str | None = None) -> Read:
    """Raises WordingRefused."""
    asked = _decoded(content)
    instrument = _instrument(asked, catalogue)
    items = _items(asked, instrument, catalogue)
    notice, from_file = _copyright(asked, instrument)
    return Read(
        instrument=instrument,
        language=(language or asked.language or "en").split("-")[0].lower(),
        title=(asked.title or asked.name or str(instrument.title))[:300],
        copyright=notice,
        copyright_from_file=from_file,
        items={found.item.code: words for found, words, _options in items},
        answers=_answers(instrument, items),
    )


def _decoded(content: bytes) -> Questionnaire:
    if len(content) > LARGEST:
        raise WordingRefused(
            _("The file is larger than %(size)s MB, which no questionnaire is.") % {"size": LARGEST >> 20},
            _("Check that it is the right file."),
        )
    try:
        asked = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=Questionnaire)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise WordingRefused(
            _("The file is no FHIR Questionnaire in JSON (%(error)s).") % {"error": str(error)[:120]},
            _("Save the questionnaire as FHIR R4 JSON, UTF-8, and load that file."),
        ) from error
    if asked.resource_type != "Questionnaire":
        raise WordingRefused(
            _("The file holds a %(kind)s, not a Questionnaire.") % {"kind": asked.resource_type[:60]},
            _("Load the Questionnaire itself; answers come with “tending load fhir”."),
        )
    return asked


def _instrument(asked: Questionnaire, catalogue: Catalogue) -> Instrument:
    named = [coding.code for coding in asked.code if coding.system == codes.LOINC]
    named += [one.value for one in asked.identifier if one.system == codes.LOINC]
    for code in named:
        if code in catalogue.panels:
            return catalogue.panels[code]
    by_items = {
        found.instrument.code: found.instrument
        for item in _flat(asked.item)
        if (found := catalogue.item_of("", _loinc(item), None))
    }
    if len(by_items) == 1:
        return next(iter(by_items.values()))
    if found_by_name := catalogue.named_in(asked.url):
        return found_by_name
    raise WordingRefused(
        _("None of its LOINC codes (%(codes)s) is one of our instruments'.")
        % {"codes": ", ".join(code for code in named[:5] if code) or _("it has none")},
        _("Instruments are: %(known)s. Give Questionnaire.code the LOINC panel code, or the items theirs.")
        % {"known": ", ".join(sorted(catalogue.instruments))},
    )


def _loinc(item: Asked) -> str | None:
    return next((coding.code for coding in item.code if coding.system == codes.LOINC), None)


def _flat(items: Iterable[Asked]) -> Iterator[Asked]:
    for item in items:
        yield item
        yield from _flat(item.item)


_Found = tuple[ItemFound, str, tuple[Option, ...]]


def _items(asked: Questionnaire, instrument: Instrument, catalogue: Catalogue) -> list[_Found]:
    found: dict[str, _Found] = {}
    for item in _flat(asked.item):
        known = catalogue.item_of(item.link_id or "", _loinc(item), instrument)
        if known is None or known.instrument.code != instrument.code or known.item.code in found:
            continue
        if item.text and item.text.strip():
            found[known.item.code] = (known, item.text.strip(), item.answer_option)
    missing = [item.code for item in instrument.items if item.code not in found]
    if missing:
        raise WordingRefused(
            _("%(instrument)s has %(all)s items, and the file has no words for item %(missing)s.")
            % {"instrument": instrument.code, "all": len(instrument.items), "missing": ", ".join(missing)},
            _("Load a questionnaire that has every item with its LOINC code and its text."),
        )
    return [found[item.code] for item in instrument.items]


def _answers(instrument: Instrument, items: list[_Found]) -> dict[str, str]:
    per_item: dict[str, dict[int, str]] = {}
    for found, _words, options in items:
        said = dict(_said(found, options))
        wanted = [answer.value for answer in instrument.answers_to(found.item)]
        missing = [str(value) for value in wanted if value not in said]
        if missing:
            raise WordingRefused(
                _("Item %(item)s has no words for the answer %(missing)s.")
                % {"item": found.item.code, "missing": ", ".join(missing)},
                _("Give each answerOption its LOINC code or its value (ordinalValue), and its words."),
            )
        per_item[found.item.code] = {value: said[value] for value in wanted}
    first = next(iter(per_item.values()))
    if all(said == first for said in per_item.values()):
        return {str(value): words for value, words in first.items()}
    return {f"{item}:{value}": words for item, said in per_item.items() for value, words in said.items()}


def _said(found: ItemFound, options: tuple[Option, ...]) -> Iterator[tuple[int, str]]:
    for option in options:
        coding = option.value_coding
        if coding is not None and coding.display:
            value = value_of(found, coding, option.extension)
            if value is not None and value == int(value):
                yield int(value), coding.display.strip()
        elif option.value_integer is not None:
            yield option.value_integer, option.value_string or str(option.value_integer)


def _copyright(asked: Questionnaire, instrument: Instrument) -> tuple[str, bool]:
    """The file's own line; without one, our definition's notice where the licence lets anybody show the words."""
    if asked.copyright and asked.copyright.strip():
        return asked.copyright.strip(), True
    if instrument.licence.may_show_wording:
        return instrument.licence.notice, False
    raise WordingRefused(
        _("The file has no copyright line, and %(instrument)s may not be shown without one.")
        % {"instrument": instrument.code},
        _("Put the notice your licence gives you into Questionnaire.copyright and load the file again."),
    )
