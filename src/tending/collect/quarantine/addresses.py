"""Where a group of rows is found. Every page that leads there asks here."""

from urllib.parse import urlencode

from django.urls import reverse

from tending.collect.quarantine.queries import Group, Which


def group_url(which: Which | Group) -> str:
    named = {
        "submission": which.submission_id,
        "kind": which.kind,
        "field": which.field,
        "reason": which.reason,
    }
    return f"{reverse('quarantine_group')}?{urlencode(named)}"
