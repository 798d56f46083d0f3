"""What the gallery shows in each component: invented people, and one of them named to try our escaping."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

AS_OF = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SCORES = [14, 12, 15, None, 16, 18, 21]
DENSITIES = (("worklist", gettext_lazy("Worklist density")), ("person", gettext_lazy("Person density")))


class ExampleForm(forms.Form):
    fits = forms.ChoiceField(
        label=gettext_lazy("Does this fit how things are for you?"),
        help_text=gettext_lazy("There is no right answer. Your words stand beside it."),
        choices=[("yes", gettext_lazy("Yes")), ("partly", gettext_lazy("Partly")), ("no", gettext_lazy("No"))],
        widget=forms.RadioSelect,
    )
    first_words = forms.CharField(
        label=gettext_lazy("In a few words"), help_text=gettext_lazy("As you would say it to a friend.")
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.ChoiceField(
        label=gettext_lazy("Who takes this on"), choices=[("", "—"), ("1", "Ana Rivera"), ("2", "Sam Brooks")]
    )
    due = forms.DateField(label=gettext_lazy("By when"))
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Who takes part"),
        choices=[("peer", gettext_lazy("Peer worker")), ("coordinator", gettext_lazy("Care coordinator"))],
        widget=forms.CheckboxSelectMultiple,
    )
    agreed = forms.BooleanField(label=gettext_lazy("We decided this together"))


class ExampleFilters(forms.Form):
    name = forms.CharField(label=gettext_lazy("Find a person"), required=False)
    team = forms.ChoiceField(
        label=gettext_lazy("Team"), required=False, choices=[("", gettext_lazy("Every team")), ("east", "East")]
    )
    waiting = forms.BooleanField(label=gettext_lazy("Only those who need a look"), required=False)


def example_context() -> dict[str, Any]:
    examples = []
    for density, title in DENSITIES:
        failing = ExampleForm({"first_words": "Better"}, prefix=f"{density}-failing")
        form = ExampleForm(prefix=density)
        examples.append(
            {
                **_words(density),
                "density": density,
                "title": title,
                "prefix": f"{density}-",
                "form": form,
                "failing_form": failing,
                "owner_fields": [ExampleForm(prefix=f"{density}-owner")[name] for name in ("owner", "due")],
                "filters": ExampleFilters(prefix=f"{density}-filters"),
                "page": Paginator(range(1, 54), 20).page(2),
                "languages": [("en", "English"), ("es", "Spanish")],
            }
        )
    return {"examples": examples}


def _words(density: str) -> dict[str, Any]:
    return {
        "scores": SCORES,
        "person": _person(),
        "summary": _summary(),
        "tasks": _tasks(),
        "clocks": _clocks(),
        "parts": [
            {
                "title": _("Renew the safety plan"),
                "text": _("Go through it together on Thursday"),
                "note": "Ana Rivera",
                "status": _("To do"),
                "due_at": AS_OF + timedelta(days=2),
                "as_of": AS_OF,
            },
            {"title": _("Reach out the same day"), "note": "Sam Brooks", "status": _("Done"), "severity": "good"},
        ],
        "worklist": _worklist(),
        "timeline": _timeline(),
        "figures": _figures(),
        "table": _table(),
        "crumbs": [{"title": _("Caseload"), "url": "#caseload"}, {"title": "Inés Kim", "url": ""}],
        "tabs": [
            {"title": _("Story"), "url": "#story", "current": True},
            {"title": _("Reviews"), "url": "#reviews", "count": 2},
            {"title": _("Who looked"), "url": "#looked"},
        ],
        "errors": [
            {"text": _("Choose who takes this on"), "url": f"#id_{density}-owner"},
            {"text": _("Enter the day as year, month and day"), "url": f"#id_{density}-due"},
        ],
        "empty_action": {"text": _("See the caseload"), "url": "#caseload"},
        "crisis_contacts": [
            {"text": _("Call or text 988"), "url": "tel:988", "note": _("Free, at any hour, in English and Spanish")}
        ],
    }


def _person() -> dict[str, Any]:
    return {
        "name": "Inés Kim",
        "caption": _("Adult outpatient, East team"),
        "tags": [{"text": _("Worse than expected"), "severity": "high"}],
        "facts": [
            {"label": _("With us since"), "value": "15 Aug 2026"},
            {"label": _("Practitioner"), "value": "Ana Rivera"},
            {"label": _("Next visit"), "value": "24 Nov 2026"},
        ],
        "actions": [
            {"text": _("Open the review"), "url": "#review-0"},
            {"text": _("Print a summary"), "url": "#print", "kind": "secondary"},
        ],
    }


def _summary() -> list[dict[str, Any]]:
    return [
        {"label": _("Owner"), "value": "Ana Rivera", "action": {"text": _("Change"), "url": "#change-owner"}},
        {"label": _("Signal"), "value": _("Worse than expected"), "tag": "high", "note": _("PHQ-9 rose by 7 points")},
        {"label": _("Next step"), "value": _("Same-day outreach"), "action": {"text": _("Change"), "url": "#change"}},
    ]


def _tasks() -> list[dict[str, Any]]:
    return [
        {
            "title": _("Call today"),
            "url": "#call",
            "note": _("Sam Brooks, peer worker"),
            "due_at": AS_OF + timedelta(hours=3),
            "as_of": AS_OF,
        },
        {
            "title": _("Look at the safety plan together"),
            "url": "#plan",
            "note": "Ana Rivera",
            "status": _("Done"),
            "severity": "good",
        },
    ]


def _clocks() -> list[dict[str, Any]]:
    return [
        {"due_at": AS_OF - timedelta(hours=5), "as_of": AS_OF},
        {"due_at": AS_OF + timedelta(hours=3), "as_of": AS_OF},
        {"due_at": AS_OF + timedelta(days=4), "as_of": AS_OF},
        {"due_at": AS_OF, "as_of": AS_OF, "done_at": AS_OF - timedelta(hours=2)},
    ]


def _worklist() -> dict[str, Any]:
    columns = [
        {"title": _("Person")},
        {"title": _("Why now")},
        {"title": _("PHQ-9 trend")},
        {"title": _("Latest"), "numeric": True},
        {"title": pgettext("change of a score", "Change"), "numeric": True},
        {"title": _("Respond by")},
        {"title": _("What to do"), "hidden": True},
    ]
    people = [
        ("Inés Kim", "urgent", [("urgent", _("Thoughts of self-harm")), ("high", _("3 missed visits"))], "+7", -5),
        ("Rosa Patel", "high", [("high", _("Worse than expected"))], "+6", 3),
        ("<script>alert(1)</script>", "routine", [("routine", _("Measure due"))], "−2", 96),
    ]
    rows = [
        {
            "severity": severity,
            "cells": [
                {"text": name, "url": f"#person-{place}", "note": _("East team")},
                {"tags": [{"severity": grade, "text": words} for grade, words in tags]},
                {"scores": SCORES, "label": _("PHQ-9 from 14 to 21"), "lowest": 0, "highest": 27, "reference": 10},
                {"text": "21"},
                {"text": change},
                {"due_at": AS_OF + timedelta(hours=hours), "as_of": AS_OF},
                {"action": {"text": _("Review"), "hidden": name, "url": f"#review-{place}"}},
            ],
        }
        for place, (name, severity, tags, change, hours) in enumerate(people)
    ]
    return {"caption": _("Signals that name you as owner, most urgent first"), "columns": columns, "rows": rows}


def _timeline() -> list[dict[str, Any]]:
    return [
        {
            "day": date(2026, 11, 21),
            "kind": _("Score"),
            "title": _("PHQ-9: 21, seven more than the first"),
            "severity": "high",
        },
        {
            "at": AS_OF - timedelta(days=2),
            "kind": _("Crisis contact"),
            "title": _("Called the crisis line"),
            "severity": "urgent",
            "text": _("The line told the team the same evening."),
            "by": _("Received from Lakeside Crisis Line"),
        },
        {
            "day": date(2026, 10, 3),
            "kind": _("Goal"),
            "title": _("“Sleep through the night”: 6 of 10"),
            "severity": "good",
        },
        {"day": date(2026, 8, 15), "kind": _("Episode"), "title": _("Began with the East team"), "url": "#episode"},
    ]


def _figures() -> list[dict[str, Any]]:
    return [
        {
            "title": _("Reviewed in time"),
            "note": _("Signals whose review began before its deadline"),
            "number": 41,
            "denominator": 52,
            "percent": 79,
            "completeness": _("all 52 windows have closed"),
            "url": "#reviewed",
        },
        {
            "title": _("Actions done in time, Vietnamese speakers"),
            "suppressed": _("Not shown: fewer than 11 people"),
            "completeness": _("9 of 9 windows have closed"),
            "url": "",
        },
    ]


def _table() -> dict[str, Any]:
    return {
        "columns": [
            {"title": _("Month")},
            {"title": _("Referrals"), "numeric": True},
            {"title": _("Mean days"), "numeric": True},
        ],
        "rows": [
            ["Apr 2026", 38, "21.7"],
            ["May 2026", 41, "21.2"],
            ["Jun 2026", 40, "14.1"],
            ["Jul 2026", 44, "13.0"],
        ],
    }
