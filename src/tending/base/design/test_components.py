"""Every component draws its example, escapes what people are called and keeps to the style rules."""

import re

import pytest
from django import forms
from django.template.loader import render_to_string
from django.utils import translation

from tending.base.design import assets
from tending.base.design.examples import example_context

SCRIPT = "<script>alert(1)</script>"
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"
NAMED = {
    "worklist": {"caption": "", "columns": [{"title": SCRIPT}], "rows": [{"cells": [{"text": SCRIPT, "url": "#"}]}]},
    "person_header": {"name": SCRIPT, "facts": [{"label": SCRIPT, "value": SCRIPT}]},
    "summary_list": {"rows": [{"label": "Name", "value": SCRIPT, "action": {"text": "Change", "url": "#"}}]},
    "timeline": {"entries": [{"title": SCRIPT, "text": SCRIPT, "by": SCRIPT}]},
    "task_list": {"tasks": [{"title": SCRIPT, "note": SCRIPT}]},
    "figure": {"finding": SCRIPT, "wide": "/chart.svg", "columns": [{"title": SCRIPT}], "rows": [[SCRIPT]]},
    "figure_row": {"title": SCRIPT, "number": 1, "url": "#"},
    "button": {"text": "Close", "hidden": SCRIPT, "confirm": SCRIPT},
    "link_button": {"text": "Review", "hidden": SCRIPT, "url": "#"},
    "notice": {"title": SCRIPT, "text": SCRIPT, "lines": [SCRIPT]},
    "details": {"summary": SCRIPT, "text": SCRIPT},
    "sparkline": {"scores": [1, 2], "label": SCRIPT},
    "breadcrumbs": {"crumbs": [{"title": SCRIPT}]},
    "tag": {"text": SCRIPT},
}


def example_of(name: str, density: int) -> str:
    example = example_context()["examples"][density]
    return render_to_string(
        f"base/design/{name}/example.html", {"example": example, "density": example["density"] + name}
    )


@pytest.mark.parametrize("name", assets.components())
@pytest.mark.parametrize("density", [0, 1], ids=["worklist", "person"])
def test_a_component_draws_its_example(name: str, density: int):
    drawn = example_of(name, density)
    assert "<" in drawn
    assert "style=" not in drawn
    assert not re.search(r"<script|\son\w+=", drawn)
    assert "None" not in drawn


@pytest.mark.parametrize("name", NAMED)
def test_a_person_named_script_is_only_a_name(name: str):
    drawn = render_to_string(f"base/design/{name}/component.html", NAMED[name])
    assert ESCAPED in drawn
    assert SCRIPT not in drawn


def test_every_component_is_complete_and_documented():
    readme = (assets.HERE / "README.md").read_text()
    for name in assets.components():
        assert {"component.css", "example.html"} <= {path.name for path in (assets.HERE / name).iterdir()}, name
        assert re.search(rf"\b{name}\b", readme), f"README.md does not say how to use {name}"


def test_a_custom_element_stays_small():
    for path in assets.HERE.glob("*/component.js"):
        assert len(path.read_text().splitlines()) < 80, path


def test_numbers_in_drawings_have_a_point_in_every_language():
    with translation.override("es"):
        drawn = render_to_string("base/design/sparkline/component.html", {"scores": [1, 2, 4], "label": "x"})
    assert 'd="M3 29 L48 20.3 L93 3"' in drawn
    assert "20,3" not in drawn


def test_a_urgent_tag_says_so_without_its_colour():
    drawn = render_to_string("base/design/tag/component.html", {"text": "Missed visits", "severity": "urgent"})
    assert "Urgent:" in drawn
    assert "<svg" in drawn


def test_the_worklist_stays_a_table_to_a_screen_reader_when_drawn_as_cards():
    drawn = example_of("worklist", 0)
    roles = {role: drawn.count(f'role="{role}"') for role in ("table", "row", "columnheader", "rowheader", "cell")}
    assert roles == {"table": 1, "row": 4, "columnheader": 7, "rowheader": 3, "cell": 18}


def test_an_empty_worklist_says_what_will_fill_it():
    empty = {"title": "Nothing is waiting", "text": "A signal appears here when records arrive."}
    drawn = render_to_string("base/design/worklist/component.html", {"columns": [], "rows": [], "empty": empty})
    assert "A signal appears here when records arrive." in drawn
    assert "<table" not in drawn


class Answer(forms.Form):
    words = forms.CharField(label="In your words", help_text="As you would say it.")
    day = forms.DateField(label="Day", initial="2026-11-21")
    fits = forms.ChoiceField(label="Does it fit?", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)
    age = forms.IntegerField(label="Age", max_value=120)


def drawn_form(form: forms.Form) -> str:
    return render_to_string("base/design/form/component.html", {"form": form})


def test_a_form_joins_label_hint_and_control():
    drawn = drawn_form(Answer())
    assert "error-summary" not in drawn
    assert re.search(r'<label class="label" for="id_words">In your words\s*</label>', drawn)
    assert '<p class="hint" id="id_words_hint">As you would say it.</p>' in drawn
    assert re.search(r'<input[^>]*aria-describedby="id_words_hint"[^>]*id="id_words"', drawn)
    assert re.search(r"<textarea[^>]*control-textarea", drawn)
    assert 'Note <span class="optional">(optional)</span>' in drawn


def test_a_failing_form_names_each_error_and_leads_to_its_control():
    drawn = drawn_form(Answer({"words": "Better", "age": "130", "day": "soon"}))
    assert drawn.index("error-summary") < drawn.index('class="field')
    assert '<a href="#id_fits_0">Choose an answer: Does it fit?</a>' in drawn
    assert 'id="id_fits_0"' in drawn
    assert '<a href="#id_age">Age: Ensure this value is less than or equal to 120.</a>' in drawn
    assert re.search(r'<input[^>]*id="id_age"', drawn)
    assert re.search(r'<input[^>]*aria-describedby="id_age_error"', drawn)
    assert 'id="id_age_error"' in drawn
    assert '<fieldset class="field choices field-with-error" aria-describedby="id_fits_error">' in drawn
    assert "id_words_error" not in drawn


def test_a_date_is_iso_in_every_language():
    with translation.override("es"):
        drawn = drawn_form(Answer())
        answered = Answer({"words": "x", "fits": "yes", "age": "30", "day": "2026-11-21"})
        assert answered.is_valid()
    assert re.search(r'<input type="date"[^>]*value="2026-11-21"', drawn)


def test_an_author_s_own_required_message_is_kept():
    class Own(forms.Form):
        owner = forms.CharField(label="Owner", error_messages={"required": "Say who owns the next step."})

    assert "Say who owns the next step." in drawn_form(Own({}))
