"""How deliveries are said on a page."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tending.base import clock
from tending.base.amounts import amount
from tending.base.retold import retold
from tending.collect.fhir import notes as fhir_notes
from tending.collect.quarantine.addresses import group_url
from tending.collect.quarantine.queries import Group
from tending.collect.queries import DeliveryShown, Item
from tending.web.deliveries.forms import FHIR
from tending.web.deliveries.queries import DONE, READING, STOPPED, Given
from tending.web.deliveries.rehearsal import Rehearsed

Column = dict[str, Any]


def list_columns() -> list[Column]:
    return [
        {"title": _("What was given")},
        {"title": _("State")},
        {"title": _("New"), "numeric": True},
        {"title": _("The same"), "numeric": True},
        {"title": _("Corrected"), "numeric": True},
        {"title": _("Not understood yet"), "numeric": True},
    ]


def list_row(given: Given) -> dict[str, Any]:
    one = given.delivery
    hidden = _("delivery %(n)d, %(when)s") % {"n": one.delivery_id, "when": _instant(one.received_at)}
    note = _("%(when)s · %(form)s from %(source)s") % {
        "when": _instant(one.received_at),
        "form": one.form,
        "source": one.source,
    }
    return {
        "severity": "urgent" if given.state == STOPPED else "high" if given.waiting else "",
        "cells": [
            {"text": one.name, "url": reverse("delivery", args=[one.delivery_id]), "hidden": hidden, "note": note},
            {"tags": [{"text": state_words(given), "severity": state_severity(given)}]},
            *({"text": amount(n)} for n in (given.new, given.same, given.corrected, given.waiting)),
        ],
    }


def state_words(given: Given) -> str:
    if given.state == DONE:
        return _("Read, some rows wait") if given.waiting else _("Read")
    if given.state == STOPPED:
        return _("Stopped")
    return _("Being read") if given.state == READING else _("Waiting to be read")


def state_severity(given: Given) -> str:
    if given.state == STOPPED:
        return "urgent"
    if given.state == DONE:
        return "high" if given.waiting else "good"
    return "routine"


def delivery_facts(given: Given) -> list[dict[str, Any]]:
    one = given.delivery
    facts: list[dict[str, Any]] = [
        {"label": _("State"), "value": state_words(given), "tag": state_severity(given) or "neutral"},
        {"label": _("From"), "value": one.source, "note": one.form},
        {"label": _("Received"), "value": _instant(one.received_at), "note": one.by},
    ]
    if one.finished_at:
        facts.append({"label": _("Read to the end"), "value": _instant(one.finished_at)})
    said = _("%(new)s new, %(same)s the same, %(corrected)s corrected, %(not)s not understood") % {
        "new": amount(given.new),
        "same": amount(given.same),
        "corrected": amount(given.corrected),
        "not": amount(given.quarantined),
    }
    note = _("The same: there already, nothing was doubled. Corrected: the earlier version is kept.")
    return [*facts, {"label": _("Rows"), "value": said, "note": note}]


def file_columns() -> list[Column]:
    return [
        {"title": _("File")},
        {"title": _("Lines read"), "numeric": True},
        {"title": _("New"), "numeric": True},
        {"title": _("The same"), "numeric": True},
        {"title": _("Corrected"), "numeric": True},
        {"title": _("Not understood"), "numeric": True},
    ]


def file_row(item: Item) -> dict[str, Any]:
    note = f"{item.kind} · {filesizeformat(item.size)}"
    state = (
        []
        if item.finished
        else [{"text": _("being read") if item.lines_read else _("waiting"), "severity": "routine"}]
    )
    numbers = (item.lines_read, item.new, item.same, item.corrected, item.quarantined)
    return {"cells": [{"text": item.name, "note": note, "tags": state}, *({"text": amount(n)} for n in numbers)]}


def group_columns() -> list[Column]:
    return [
        {"title": _("What is wrong")},
        {"title": _("Rows"), "numeric": True},
        {"title": _("What to do"), "wide": True},
        {"title": _("Open"), "hidden": True},
    ]


def group_row(group: Group) -> dict[str, Any]:
    place = f"{group.file} {group.field}".strip()
    return {
        "severity": "high",
        "cells": [
            {"text": group.message, "note": place},
            {"text": amount(group.n)},
            {"text": group.fix},
            {"action": {"text": _("Open"), "hidden": f"{place} {group.reason}", "url": group_url(group)}},
        ],
    }


def notes(delivery: DeliveryShown) -> list[dict[str, Any]]:
    """What was noticed beside the rows, each part with its heading."""
    held = delivery.notes
    noticed = [
        f"{file}: {line}"
        for file, counted in sorted(held.get("noticed", {}).items())
        for line in _noticed(delivery.form, counted)
    ]
    return _parts(held.get("not_read", {}), held.get("disagreements", []), noticed)


def offer_parts(result: Rehearsed | None, form: str) -> dict[str, Any]:
    """What a rehearsal found, ready for tables; nothing while it is being worked out."""
    if result is None:
        return {}
    if result.refused:
        return {"refused": f"{retold(result.refused)} {retold(result.fix)}".strip()}
    return {
        "count_columns": [{"title": _("Kind of row")}, *({"title": title, "numeric": True} for title in _counted())],
        "counts": [
            [each.kind, *(amount(n) for n in (each.new, each.same, each.changed, each.not_understood))]
            for each in result.counts
        ],
        "fault_columns": [
            {"title": _("What is wrong")},
            {"title": _("Rows"), "numeric": True},
            {"title": _("What to do"), "wide": True},
        ],
        "faults": [
            {
                "severity": "high",
                "cells": [
                    {
                        "text": retold(each.examples[0]) if each.examples else each.reason,
                        "note": _more(each.examples[1:]),
                    },
                    {"text": amount(each.n)},
                    {"text": retold(each.fix)},
                ],
            }
            for each in result.faults
        ],
        "missing": [
            {
                "label": each.kind,
                "value": ", ".join(each.first) + (" …" if each.n > len(each.first) else ""),
                "note": _missing_words(each.n, each.n_rows),
            }
            for each in result.missing
        ],
        "notes": _parts(result.not_read, result.disagreements, _noticed(form, result.noticed)),
        "nothing": not (result.n_new or result.n_changed or result.n_not_understood),
    }


def _counted() -> tuple[str, ...]:
    return _("New"), _("The same"), _("Corrected"), _("Not understood")


def _missing_words(n: int, n_rows: int) -> str:
    said = ngettext("%(n)s is described nowhere", "%(n)s are described nowhere", n) % {"n": amount(n)}
    rows = ngettext("%(n)s row refers to it and would wait", "%(n)s rows refer to them and would wait", n_rows)
    return f"{said}; {rows % {'n': amount(n_rows)}}"


def _more(examples: list[str]) -> str:
    return _("Also: %s") % " ".join(retold(each) for each in examples) if examples else ""


def _parts(not_read: dict[str, str], disagreements: Iterable[Any], noticed: list[str]) -> list[dict[str, Any]]:
    unknown = _("Nothing here reads this kind.")
    found = [
        (
            _("Files that are not read"),
            [f"{name}: {retold(why) or unknown}" for name, why in sorted(not_read.items())],
        ),
        (
            _("Where the export disagrees with its own list"),
            [f"{retold(what)} {retold(fix)}" for what, fix in disagreements],
        ),
        (_("What was noticed"), noticed),
    ]
    return [{"title": title, "lines": lines} for title, lines in found if lines]


def _noticed(form: str, counted: Mapping[str, int]) -> list[str]:
    """A CSV file's lines say themselves what they are; a FHIR file's are counted under short keys."""
    if form == FHIR:
        return fhir_notes.in_words(counted)
    return [line[:1].upper() + line[1:] for line in (retold(line) for line in sorted(counted))]


def _instant(instant: Any) -> str:
    return date_format(instant.astimezone(clock.zone()), "j M Y, H:i")
