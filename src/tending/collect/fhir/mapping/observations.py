"""Observation -> scores (totals), answers (single items) and housing. By LOINC code, whatever its category."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from outcometables.definitions.instruments import TOTAL, Instrument
from tending.collect.fhir import faults
from tending.collect.fhir.datatypes import CodeableConcept
from tending.collect.fhir.faults import Unreadable
from tending.collect.fhir.mapping import codes, procedures
from tending.collect.fhir.mapping.answers import checked, coded
from tending.collect.fhir.mapping.catalogue import ItemFound
from tending.collect.fhir.mapping.draft import Draft, composed
from tending.collect.fhir.references import target
from tending.collect.fhir.resources import Observation, Valued

_FINAL = {"final", "amended", "corrected"}
_NOT_YET = {"registered", "preliminary"}
_WITHDRAWN = {"entered-in-error", "cancelled"}
_HOUSING = "71802-3"
# LA30190-5 and LA31995-6 say that somebody has no home of their own, not where they sleep.
_HOUSING_ANSWERS = {
    "LA30189-7": "STABLE",
    "LA31993-1": "STABLE",
    "LA31994-9": "AT_RISK",
    "LA30190-5": "TEMPORARY",
    "LA31995-6": "TEMPORARY",
    "LA30122-8": "UNKNOWN",
}


def observation(resource: Observation, key: str, draft: Draft) -> None:
    given = _loinc(resource.code)
    total = next((draft.catalogue.totals[code] for code in given if code in draft.catalogue.totals), None)
    item = next((draft.catalogue.items[code] for code in given if code in draft.catalogue.items), None)
    components = [(found, part) for part in resource.component if (found := _item(part.code, draft))]
    assessed = next((code for code in given if code in procedures.ASSESSED), None)
    if total is None and item is None and _HOUSING not in given and not components and assessed is None:
        draft.not_read(f"Observation {_name(resource.code)}")
        return
    if resource.status in _NOT_YET:
        draft.not_read(f"Observation ({resource.status})")
        return
    if resource.status == "unknown":
        raise faults.unknown_status("status")
    if resource.status not in _FINAL | _WITHDRAWN:
        raise faults.unknown_code("status", resource.status)
    if total is not None:
        _score(resource, key, total, draft)
    elif _HOUSING in given:
        _housing(resource, key, draft)
    elif item is not None:
        _single_item(resource, item, draft)
    elif assessed is not None:
        procedures.assessment(resource, key, assessed, draft.day(*_when(resource)), draft)
    if components:
        _panel(resource, key, components, draft)


def _item(concept: CodeableConcept | None, draft: Draft) -> ItemFound | None:
    return next((draft.catalogue.items[code] for code in _loinc(concept) if code in draft.catalogue.items), None)


def _loinc(concept: CodeableConcept | None) -> list[str]:
    if concept is None:
        return []
    return [one.code for one in concept.coding if one.code and one.system in (codes.LOINC, None)]


def _name(concept: CodeableConcept | None) -> str:
    """How an observation that is not read is listed: its code and words."""
    if concept is None:
        return "(no code)"
    first = next(iter(concept.coding), None)
    return f"{(first.code if first else '') or ''} {(first.display if first else '') or concept.text or ''}"[
        :100
    ].strip()


def _when(resource: Observation) -> tuple[str, str | None]:
    """The element that says when, and what it says."""
    period = resource.effective_period
    for name, text in (
        ("effectiveDateTime", resource.effective_date_time),
        ("effectiveInstant", resource.effective_instant),
        ("effectivePeriod.start", period.start if period else None),
        ("issued", resource.issued),
    ):
        if text:
            return name, text
    return "effectiveDateTime", None


def _score(resource: Observation, key: str, instrument: Instrument, draft: Draft) -> None:
    withdrawn = resource.status in _WITHDRAWN
    value = _number(resource, draft)
    if value is None and not withdrawn:
        reason = codes.first_code(resource.data_absent_reason) or "not given"
        draft.not_read(f"Observation {instrument.code} without a value ({reason})")
        return
    if value is not None and not withdrawn:
        _check_range(instrument, value)
        if not value.is_integer():
            # Kept as it was sent: rounding would invent a score. A filled-in total may be a fraction.
            draft.note("NOT_WHOLE", f"Observation {instrument.code}")
    name, text = _when(resource)
    day = draft.day(name, text)
    if day is None and not withdrawn:
        raise faults.missing(name)
    draft.row(
        "scores",
        key,
        {
            "score_id": key,
            "person_id": draft.person("subject", resource.subject),
            "instrument": instrument.code,
            "scale": TOTAL,
            "scored_date": day,
            "value": value,
        },
        withdrawn=withdrawn,
    )


def _number(resource: Observation | Valued, draft: Draft) -> float | None:
    if resource.value_quantity is not None:
        if resource.value_quantity.comparator:
            raise _not_a_number("valueQuantity.comparator", resource.value_quantity.comparator)
        return resource.value_quantity.value
    if resource.value_integer is not None:
        return resource.value_integer
    if resource.value_string is not None:
        try:
            return float(resource.value_string) if len(resource.value_string) < 20 else _words(resource.value_string)
        except ValueError as error:
            raise _not_a_number("valueString", resource.value_string) from error
    if resource.value_codeable_concept is not None:
        raise _not_a_number("valueCodeableConcept", codes.first_code(resource.value_codeable_concept) or "")
    if resource.value_boolean is not None:
        raise _not_a_number("valueBoolean", str(resource.value_boolean))
    return None


def _words(text: str) -> float:
    raise ValueError(text)


def _check_range(instrument: Instrument, value: float) -> None:
    low, high = instrument.scale().range
    if not low <= value <= high:  # also refuses NaN
        raise Unreadable(
            "value",
            faults.OUT_OF_RANGE,
            _("a total of %(value)s is not possible: %(instrument)s goes from %(low)s to %(high)s.")
            % {"value": f"{value:g}", "instrument": instrument.code, "low": f"{low:g}", "high": f"{high:g}"},
            faults.correct_at_source(),
        )


def _not_a_number(field: str, said: str) -> Unreadable:
    return Unreadable(
        field,
        faults.NOT_A_NUMBER,
        _("%(field)s is “%(said)s”, and a total is a number.") % {"field": field, "said": said[:60]},
        _("Send the total as valueQuantity or valueInteger and export it again."),
    )


def _single_item(resource: Observation, found: ItemFound, draft: Draft) -> None:
    """One item as an Observation of its own: a piece of the response the person gave at that time."""
    sources = (target(one, draft.aliases) for one in resource.derived_from)
    if any(source and source.type == "QuestionnaireResponse" for source in sources):
        draft.not_read("Observation (its questionnaire response tells it)")
        return
    name, text = _when(resource)
    if not text:
        raise faults.missing(name)
    person = draft.person("subject", resource.subject)
    response = composed("items", person, found.instrument.code, text)
    _answers(resource, response, person, [(found, resource)], draft, partial=True)


def _panel(resource: Observation, key: str, components: list[tuple[ItemFound, Valued]], draft: Draft) -> None:
    person = draft.person("subject", resource.subject)
    for code in dict.fromkeys(found.instrument.code for found, _part in components):
        parts = [(found, part) for found, part in components if found.instrument.code == code]
        _answers(resource, composed(key, code), person, parts, draft)


def _answers(
    resource: Observation,
    response: str,
    person: str,
    parts: Iterable[tuple[ItemFound, Observation | Valued]],
    draft: Draft,
    *,
    partial: bool = False,
) -> None:
    name, text = _when(resource)
    parts = list(parts)
    items = {found.item.code: _item_value(found, part, draft) for found, part in parts}
    draft.row(
        "answers",
        response,
        {
            "response_id": response,
            "person_id": person,
            "instrument": parts[0][0].instrument.code,
            "answered_date": draft.needed_day(name, text),
            "items": items,
        },
        withdrawn=resource.status in _WITHDRAWN,
        partial=partial,
    )


def _item_value(found: ItemFound, part: Observation | Valued, draft: Draft) -> int | None:
    field = f"item {found.item.code}"
    if part.value_codeable_concept is not None and part.value_codeable_concept.coding:
        return checked(found, coded(found, part.value_codeable_concept.coding[0], field), field)
    value = _number(part, draft)
    return None if value is None else checked(found, value, field)


def _housing(resource: Observation, key: str, draft: Draft) -> None:
    name, text = _when(resource)
    withdrawn = resource.status in _WITHDRAWN
    day = draft.day(name, text)
    if day is None and not withdrawn:
        raise faults.missing(name)
    state = _housing_state(resource)
    if state is None and not withdrawn:
        said = resource.value_string or codes.words([resource.value_codeable_concept or CodeableConcept()])
        raise faults.unknown_code("value", said)
    draft.row(
        "housing",
        key,
        {"housing_id": key, "person_id": draft.person("subject", resource.subject), "from_date": day, "state": state},
        withdrawn=withdrawn,
    )


def _housing_state(resource: Observation) -> str | None:
    concept = resource.value_codeable_concept
    for code in codes.codes([concept] if concept else []):
        if code in _HOUSING_ANSWERS:
            return _HOUSING_ANSWERS[code]
    said = f"{resource.value_string or ''} {codes.words([concept] if concept else [])}".lower()
    return next((state for pattern, state in codes.HOUSING_WORDS if pattern.search(said)), None)
