from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tending.base import clock
from tending.base.design import assets
from tending.base.design.deadline import Deadline
from tending.base.design.deadline import deadline as deadline_in_words
from tending.base.design.sparkline import sparkline as sparkline_points

register = template.Library()

# Read from the most particular widget to the most general: the first that fits names the component.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.DateInput, "date"),
    (forms.Widget, "text"),
)
FOLDERS = {"checkbox": "checkboxes", "hidden": "field", "text": "field"}


@register.simple_tag
def design_stylesheet() -> str:
    return reverse("design:stylesheet", args=[assets.stylesheet().digest])


@register.simple_tag
def design_script() -> str:
    return reverse("design:script", args=[assets.script().digest])


@register.simple_tag(name="sparkline")
def sparkline_tag(
    values: Sequence[float | None],
    lowest: float | None = None,
    highest: float | None = None,
    reference: float | None = None,
    label: str = "",
) -> SafeString:
    """Drawn here and not by a template: a list has one in every row."""
    line = sparkline_points(values, lowest=_number(lowest), highest=_number(highest), reference=_number(reference))
    if line.last is None:
        return SafeString()
    named = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    across = "" if line.reference is None else format_html(_REFERENCE, plain(line.reference))
    return format_html(_SPARKLINE, named, across, line.path, *(plain(place) for place in line.last))


_REFERENCE = '<path class="sparkline-reference" d="M3 {}H93"/>'
_SPARKLINE = (
    '<svg class="sparkline" viewBox="0 0 96 32" width="96" height="32" {}>{}'
    '<path class="sparkline-line" d="{}"/><circle class="sparkline-last" cx="{}" cy="{}" r="2.75"/></svg>'
)


@register.simple_tag(name="deadline")
def deadline_tag(due_at: datetime, as_of: datetime | None = None, done_at: datetime | None = None) -> Deadline:
    return deadline_in_words(due_at, as_of=as_of or clock.now(), done_at=done_at or None)


@register.simple_tag
def form_errors(form: forms.BaseForm) -> list[dict[str, str]]:
    """Every error of a form for its summary, each with the address of the control to go to."""
    whole = [{"text": str(text), "url": ""} for text in form.non_field_errors()]
    fields = [
        {"text": _named(words, field), "url": f"#{first_id(field)}"}
        for field in form.visible_fields()
        for words in errors_in_words(field)
    ]
    return whole + fields


@register.filter
def errors_in_words(field: BoundField) -> list[str]:
    """A field's errors; where nothing was given, what to do instead of that something is required."""
    usual = str(forms.Field.default_error_messages["required"])
    return [_ask_for(field) if words == usual else str(words) for words in field.errors]


def _ask_for(field: BoundField) -> str:
    if isinstance(field.field.widget, forms.FileInput):
        return _("Choose a file")
    if kind(field) in {"radios", "checkboxes", "select"}:
        return _("Choose an answer")
    if kind(field) == "checkbox":
        return _("Tick the box to go on")
    return _("Fill this in")


def _named(words: str, field: BoundField) -> str:
    """In the summary an error stands alone, so it names its field."""
    if words == _ask_for(field):
        return _("%(error)s: %(field)s") % {"error": words, "field": field.label}
    return _("%(field)s: %(error)s") % {"error": words, "field": field.label}


@register.filter
def at(items: Sequence[object], place: int) -> object:
    return items[place]


class Whole(dict[str, object]):
    """Answers for what was not given. Django's templates take some 30 µs to find that a key is missing, and the cells
    of a list leave most of theirs out: a third of a caseload's time."""

    def __missing__(self, key: str) -> None:
        return None


DRAWN = frozenset({"tags", "scores", "due_at", "action"})  # what a cell may hold besides words


@register.filter
def beside(rows: Sequence[Mapping[str, Any]], columns: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Each row with its cells, each between the tags of its column: the first names the row."""
    tags = [ROW_NAME, *(_tags(Whole(column)) for column in columns[1:])]
    found = []
    for row in rows:
        cells = [Whole(cell, drawn=not DRAWN.isdisjoint(cell)) for cell in row["cells"]]
        between = zip(tags, cells, strict=False)
        found.append((Whole(row), [(opening, cell, closing) for (opening, closing), cell in between]))
    return found


ROW_NAME = (SafeString('<th role="rowheader" scope="row">'), SafeString("</th>"))


def _tags(column: Whole) -> tuple[SafeString, SafeString]:
    """Around every cell of a column: made once a column, not once a cell."""
    names = {"numeric": "numeric", "hidden": "worklist-actions", "wide": "worklist-wide", "nowrap": "nowrap"}
    classes = " ".join(name for key, name in names.items() if column[key])
    of_class = format_html(' class="{}"', classes) if classes else ""
    title = "" if column["hidden"] else format_html(' data-title="{}"', column["title"])
    return format_html('<td role="cell"{}{}>', of_class, title), SafeString("</td>")


@register.filter
def plain(number: float) -> str:
    """A number for an SVG attribute: with a point in every language."""
    return f"{number:g}"


@register.filter
def in_words(name: str) -> str:
    return name.replace("_", " ").capitalize()


@register.filter
def example_template(name: str) -> str:
    return f"base/design/{name}/example.html"


@register.filter
def with_page(query: str, number: int) -> str:
    """The query string of a list page with another page number, everything else kept."""
    changed = QueryDict((query or "").lstrip("?"), mutable=True)
    changed["page"] = str(number)
    return f"?{changed.urlencode()}"


@register.filter
def kind(field: BoundField) -> str:
    """Which component draws this field, decided by its widget."""
    return next(name for widget, name in KINDS if isinstance(field.field.widget, widget))


@register.filter
def component(field: BoundField) -> str:
    """The template of the component that draws this field."""
    name = kind(field)
    return f"base/design/{FOLDERS.get(name, name)}/component.html"


@register.filter
def first_id(field: BoundField) -> str:
    """The id of the first control, where an error summary's link must land."""
    if kind(field) in {"radios", "checkboxes"}:
        return f"{field.auto_id}_0"
    return field.id_for_label or field.auto_id


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's own control with our class, its hint and its error named for a screen reader."""
    widget = deepcopy(field.field.widget)
    # What stands inside an empty box is gone once somebody writes: only the label and the hint stay.
    widget.attrs.pop("placeholder", None)
    attributes: dict[str, str | bool] = {
        "class": f"control control-{kind(field)} {widget.attrs.get('class', '')}".strip()
    }
    if described := described_by(field):
        attributes["aria-describedby"] = described
    if isinstance(widget, forms.DateTimeInput):
        widget.input_type, widget.format = "datetime-local", "%Y-%m-%dT%H:%M"
    elif isinstance(widget, forms.DateInput):
        # A browser's date control takes ISO dates only, whatever the page's language.
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    return field.as_widget(widget=widget, attrs=attributes)


@register.filter
def described_by(field: BoundField) -> str:
    parts = []
    if field.help_text:
        parts.append(f"{field.auto_id}_hint")
    if field.errors:
        parts.append(f"{field.auto_id}_error")
    return " ".join(parts)


def _number(value: float | str | None) -> float | None:
    """A template hands over an empty string for what it was not given."""
    return None if value is None or value == "" else float(value)
