"""What can be wrong with FHIR input: each fault names the resource, the element and the next step."""

from django.utils.translation import gettext as _

BAD_JSON = "BAD_JSON"
BAD_ENCODING = "BAD_ENCODING"
TRUNCATED = "TRUNCATED"
TOO_LONG = "LINE_TOO_LONG"
NOT_A_RESOURCE = "NOT_A_RESOURCE"
WRONG_TYPE = "WRONG_TYPE"
NO_ID = "NO_ID"
NUL_BYTE = "NUL_BYTE"
BOMB = "UNPACKS_TOO_FAR"
NO_PERSON = "NO_PERSON"
MISSING = "MISSING_VALUE"
BAD_DATE = "BAD_DATE"
PARTIAL_DATE = "PARTIAL_DATE"
DATE_ORDER = "DATE_ORDER"
UNKNOWN_CODE = "UNKNOWN_CODE"
UNKNOWN_STATUS = "UNKNOWN_STATUS"
UNKNOWN_ANSWER = "UNKNOWN_ANSWER"
OUT_OF_RANGE = "OUT_OF_RANGE"
NOT_A_NUMBER = "BAD_NUMBER"
UNCLEAR_CONSENT = "UNCLEAR_CONSENT"
DEATH_WITHOUT_DATE = "DEATH_WITHOUT_DATE"
MANIFEST = "MANIFEST"
EXPORT_ERROR = "EXPORT_ERROR"


class Unreadable(ValueError):
    """Raised where a resource is mapped: the element, why, and what to do; becomes a Fault with line and id."""

    def __init__(self, field: str, reason: str, message: str, fix: str) -> None:
        self.field, self.reason, self.message, self.fix = field, reason, message, fix
        super().__init__(message)


def correct_at_source() -> str:
    return _("Correct it in the record system and export it again; the corrected resource takes its place.")


def missing(field: str) -> Unreadable:
    return Unreadable(
        field, MISSING, _("%(field)s is not there, and the record needs it.") % {"field": field}, correct_at_source()
    )


def bad_date(field: str, text: str) -> Unreadable:
    return Unreadable(
        field,
        BAD_DATE,
        _("%(field)s is “%(text)s”, which is not a date.") % {"field": field, "text": text[:40]},
        _("Write it as YYYY-MM-DD, or with a time as YYYY-MM-DDThh:mm:ss+hh:mm, and export it again."),
    )


def partial_date(field: str, text: str) -> Unreadable:
    return Unreadable(
        field,
        PARTIAL_DATE,
        _("%(field)s is “%(text)s”: the day is not known, and the record counts by the day.")
        % {"field": field, "text": text[:40]},
        _("Give the full date in the record system and export it again."),
    )


def unknown_code(field: str, text: str | None) -> Unreadable:
    return Unreadable(
        field,
        UNKNOWN_CODE,
        _("%(field)s is “%(text)s”, which FHIR R4 does not know here.") % {"field": field, "text": (text or "")[:60]},
        correct_at_source(),
    )


def unknown_status(field: str) -> Unreadable:
    return Unreadable(
        field,
        UNKNOWN_STATUS,
        _("%(field)s says “unknown”, so it cannot be told whether this took place.") % {"field": field},
        _("Ask whoever sends the export to give the final status; the corrected resource takes its place."),
    )
