"""The words of the trigger pages' tables."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tending.base import clock
from tending.base.amounts import amount
from tending.notice.triggers.queries import TriggerDetail, TriggerShown

SEVERITIES = {
    "URGENT": gettext_lazy("Urgent"),
    "HIGH": gettext_lazy("High"),
    "ROUTINE": gettext_lazy("Routine"),
}


def severity(code: str) -> dict[str, str]:
    return {"text": str(SEVERITIES.get(code, code)), "severity": code.lower()}


def written(words: str) -> str:
    """What a definition says of who answers for it: in the reader's language where it is one of our own words."""
    return _(words)


UNREVIEWED = gettext_lazy("Not yet reviewed by a clinician")  # what our own definitions say until somebody has


def hours(count: int) -> str:
    """72 hours as 3 days: whoever reads a deadline thinks in days."""
    if count >= 48 and count % 24 == 0:
        return ngettext("%(n)s day", "%(n)s days", count // 24) % {"n": count // 24}
    return ngettext("%(n)s hour", "%(n)s hours", count) % {"n": count}


def list_columns() -> list[dict[str, Any]]:
    return [
        {"title": _("Trigger")},
        {"title": _("Answer within")},
        {"title": _("Asked first")},
        {"title": _("Owner of the definition")},
        {"title": _("Signals, 30 days"), "numeric": True},
        {"title": _("Signals, 90 days"), "numeric": True},
    ]


def list_rows(shown: tuple[TriggerShown, ...]) -> list[dict[str, Any]]:
    return [
        {
            "severity": each.severity.lower(),
            "cells": [
                {
                    "text": each.title,
                    "url": reverse("trigger", args=[each.code]),
                    "note": each.meaning,
                    "tags": [severity(each.severity)],
                },
                {"text": hours(each.respond_within_hours)},
                {"text": each.owner_role},
                {"text": written(each.owner), "note": _("version %(version)s") % {"version": each.version}},
                {"text": amount(each.met.days_30)},
                {"text": amount(each.met.days_90)},
            ],
        }
        for each in shown
    ]


def facts(detail: TriggerDetail) -> list[dict[str, Any]]:
    """What the trigger asks for, and of whom."""
    shown = detail.shown
    quiet = ngettext("%(days)s day", "%(days)s days", shown.quiet_days) % {"days": shown.quiet_days}
    return [
        {"label": _("When"), "value": detail.condition},
        *({"label": label, "value": value} for label, value in detail.settings),
        {"label": _("For whom"), "value": _cohort(detail)},
        {"label": _("How urgent"), "value": severity(shown.severity)["text"], "tag": shown.severity.lower()},
        {
            "label": _("Answer within"),
            "value": hours(shown.respond_within_hours),
            "note": _("Counted from the moment it is noticed, nights and weekends included."),
        },
        {"label": _("Asked first"), "value": shown.owner_role},
        {
            "label": _("Quiet period"),
            "value": quiet if shown.quiet_days else _("None: every new sign asks again"),
            "note": _quiet_note(shown),
        },
    ]


def _quiet_note(shown: TriggerShown) -> str:
    worse_by = shown.quiet_unless_worse_by
    if not shown.quiet_days:
        return ""
    kept = _("New signs inside it are kept and shown with the first, and open nothing of their own.")
    if worse_by is None:
        return kept
    steps = ngettext(
        "One that is worse by %(points)s point or step, or more, asks again.",
        "One that is worse by %(points)s points or steps, or more, asks again.",
        int(abs(worse_by)),
    )
    return f"{kept} {steps % {'points': f'{abs(worse_by):g}'}}"


def ownership(detail: TriggerDetail) -> list[dict[str, Any]]:
    """Who answers for the definition, and why it is as it is."""
    return [
        {"label": _("Owner"), "value": written(detail.shown.owner)},
        {"label": _("Reason"), "value": detail.reason},
        {"label": _("Source"), "value": detail.source},
        {"label": _("Reviewed by"), "value": written(detail.reviewer)},
        {"label": _("Last reviewed"), "value": _day(detail.review_date) or _("Not yet")},
        {"label": _("Review due"), "value": _day(detail.reviewed_by_date) or _("No date set")},
    ]


def version_columns() -> list[dict[str, Any]]:
    return [
        {"title": _("Version")},
        {"title": _("In force since")},
        {"title": _("How urgent")},
        {"title": _("Answer within")},
        {"title": _("Signals so far"), "numeric": True},
    ]


def version_rows(detail: TriggerDetail) -> list[list[str]]:
    return [
        [
            _("%(version)s (now)") % {"version": each.version} if each.current else str(each.version),
            _day(clock.local_date(each.since)),
            severity(each.severity)["text"],
            hours(each.respond_within_hours),
            str(each.signals),
        ]
        for each in detail.versions
    ]


def _cohort(detail: TriggerDetail) -> str:
    named = [*detail.programmes, *detail.service_models]
    return ", ".join(named) if named else _("Everybody")


def _day(value: Any) -> str:
    return date_format(value, "j M Y") if value else ""
