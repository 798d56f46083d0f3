"""QuestionnaireResponse -> answers: item by item, by LOINC code where there is one, else by linkId."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from outcometables.definitions.instruments import Instrument
from tending.collect.fhir import faults
from tending.collect.fhir.datatypes import Coding, Extension
from tending.collect.fhir.faults import Unreadable
from tending.collect.fhir.mapping.catalogue import ItemFound, value_of
from tending.collect.fhir.mapping.draft import Draft
from tending.collect.fhir.resources import Answer, AnsweredItem, QuestionnaireResponse

_READ = {"completed", "amended", "stopped", "entered-in-error"}


def questionnaire_response(resource: QuestionnaireResponse, key: str, draft: Draft) -> None:
    """A stopped response is read as far as it goes; one in progress waits until it is completed."""
    if resource.status == "in-progress":
        draft.not_read("QuestionnaireResponse (in-progress)")
        return
    if resource.status not in _READ:
        raise faults.unknown_code("status", resource.status)
    instrument, items = _items(resource, draft)
    if instrument is None:
        draft.not_read(f"QuestionnaireResponse ({(resource.questionnaire or '')[:80]})")
        return
    withdrawn = resource.status == "entered-in-error"
    day = draft.day("authored", resource.authored)
    if day is None and not withdrawn:
        raise faults.missing("authored")
    draft.row(
        "answers",
        key,
        {
            "response_id": key,
            "person_id": draft.person("subject", resource.subject),
            "instrument": instrument.code,
            "answered_date": day,
            "items": items,
        },
        withdrawn=withdrawn,
    )


def _items(resource: QuestionnaireResponse, draft: Draft) -> tuple[Instrument | None, dict[str, int | None]]:
    catalogue = draft.catalogue
    named = catalogue.named_in(resource.questionnaire)
    canonical = (resource.questionnaire or "").partition("|")[0]
    loinc = draft.survey.questionnaires.get(canonical, {})
    items: dict[str, int | None] = {}
    for item in _flat(resource.item):
        found = catalogue.item_of(item.link_id or "", loinc.get(item.link_id or ""), named)
        if found is None:
            continue
        if named is None:
            named = found.instrument
        if found.instrument.code != named.code:
            draft.not_read(f"QuestionnaireResponse.item (of {found.instrument.code}, beside {named.code})")
            continue
        items[found.item.code] = _answer(found, item, draft)
    return (named if items else None), items


def _flat(items: Iterable[AnsweredItem]) -> Iterator[AnsweredItem]:
    for item in items:
        yield item
        yield from _flat(item.item)
        for answer in item.answer:
            yield from _flat(answer.item)


def _answer(found: ItemFound, item: AnsweredItem, draft: Draft) -> int | None:
    """The value of one item; None when it was left out."""
    if not item.answer:
        return None
    field = f"item {item.link_id}"
    value = answer_value(found, item.answer[0], field)
    return None if value is None else checked(found, value, field)


def answer_value(found: ItemFound, answer: Answer, field: str) -> float | None:
    for number in (answer.value_integer, answer.value_decimal):
        if number is not None:
            return number
    if answer.value_quantity and answer.value_quantity.value is not None:
        return answer.value_quantity.value
    if answer.value_coding is not None:
        return coded(found, answer.value_coding, field, answer.extension)
    if answer.value_string is None and answer.value_boolean is None:
        return None
    raise _unknown_answer(found, field, answer.value_string or str(answer.value_boolean))


def coded(found: ItemFound, coding: Coding, field: str, extensions: tuple[Extension, ...] = ()) -> float:
    value = value_of(found, coding, extensions)
    if value is None:
        raise _unknown_answer(found, field, coding.code or coding.display or "")
    return value


def checked(found: ItemFound, value: float, field: str) -> int:
    """The value, when it is one of the item's answers."""
    allowed = [answer.value for answer in found.instrument.answers_to(found.item)]
    if value not in allowed:
        raise Unreadable(
            field,
            faults.OUT_OF_RANGE,
            _("%(value)s is no answer to item %(item)s of %(instrument)s, which goes from %(low)s to %(high)s.")
            % {
                "value": f"{value:g}",
                "item": found.item.code,
                "instrument": found.instrument.code,
                "low": allowed[0],
                "high": allowed[-1],
            },
            faults.correct_at_source(),
        )
    return int(value)


def _unknown_answer(found: ItemFound, field: str, said: str) -> Unreadable:
    return Unreadable(
        field,
        faults.UNKNOWN_ANSWER,
        _("“%(said)s” is not known as an answer to item %(item)s of %(instrument)s.")
        % {"said": said[:60], "item": found.item.code, "instrument": found.instrument.code},
        _("Send the answer's LOINC code or its number (ordinalValue) and export it again."),
    )
