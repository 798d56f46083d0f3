"""The words of the page's head and of the evidence: who, how it stands, and the line each row came from."""

from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tending.base import clock
from tending.base.links import url_or_none
from tending.notice.queries import EvidenceRow
from tending.review.case_review import words
from tending.review.case_review.forms import EntriesForm
from tending.review.case_review.queries import ReviewPage

SEVERITY = {"URGENT": "urgent", "HIGH": "high", "ROUTINE": "routine"}
SEVERITY_WORDS = {"URGENT": lambda: _("Urgent"), "HIGH": lambda: _("High"), "ROUTINE": lambda: _("Routine")}


def header(review: ReviewPage) -> dict[str, Any]:
    url = url_or_none("person", review.person_id) if review.person_id else None
    caption = _("Case review %(number)d") % {"number": review.review_id}
    return {
        "name": review.who or caption,
        "caption": " · ".join(filter(None, [caption if review.who else "", review.team])),
        "tags": [
            {"text": SEVERITY_WORDS[review.severity](), "severity": SEVERITY[review.severity]},
            {"text": review.state_words, "severity": ""},
        ],
        "facts": [
            {"label": _("Owner"), "value": review.owner},
            {"label": _("Opened"), "value": _at(review.opened_at)},
            {"label": _("Begun"), "value": _at(review.begun_at) if review.begun_at else _("not yet")},
            {"label": _("To close by"), "value": _at(review.close_by)},
        ],
        "actions": [{"text": _("See the whole record"), "url": url, "kind": "secondary"}] if url else [],
    }


def crumbs(review: ReviewPage) -> list[dict[str, str]]:
    last = review.who or str(review.review_id)
    return [{"title": _("Reviews"), "url": reverse("reviews")}, {"title": last, "url": ""}]


def why(review: ReviewPage) -> list[dict[str, Any]]:
    """Each signal with its rows, the way down to the line somebody sent."""
    return [
        {
            "signal": joined.signal,
            "later": joined.later,
            "joined_at": joined.joined_at,
            "repeats": joined.repeats,
            "evidence": [_evidence(row) for row in joined.signal.evidence],
        }
        for joined in review.signals
    ]


def errors(form: Form) -> list[dict[str, str]]:
    """Each error of the form that was refused, with the place to go to."""
    parts = form.parts.values() if isinstance(form, EntriesForm) else ()
    places = [field.id_for_label for part in (form, *parts) for field in part.visible_fields()]
    first = f"#{places[0]}" if places else ""
    whole = [{"text": str(text), "url": first} for text in form.non_field_errors()]
    asked = [*form.visible_fields(), *(field for part in parts for field in part.visible_fields())]
    fields = [(field, text) for field in asked for text in field.errors]
    return whole + [{"text": f"{field.label}: {text}", "url": f"#{field.id_for_label}"} for field, text in fields]


def _evidence(row: EvidenceRow) -> dict[str, Any]:
    what = " ".join(filter(None, [row.measure or words.frame(row.frame), words.role(row.role)]))
    return {
        "what": what,
        "anchor": row.anchor,
        "day": row.date,
        "value": row.said,
        "origin": _origin(row),
    }


def _origin(row: EvidenceRow) -> str:
    if row.origin is None:
        return _("The line is no longer in the record")
    where = _("%(file)s, line %(line)d, received %(day)s") % {
        "file": row.origin.file.name,
        "line": row.origin.line,
        "day": date_format(row.origin.file.received_at.astimezone(clock.zone()), "j M Y"),
    }
    return _("%(where)s; corrected since") % {"where": where} if row.corrected_since else where


def _at(instant: Any) -> str:
    return date_format(instant.astimezone(clock.zone()), "j M Y, H:i")
