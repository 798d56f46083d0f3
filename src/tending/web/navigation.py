"""The words staff look for, and the pages behind them: only those the viewer may open."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from tending.base.access.permissions import may

# (title, url name, permission)
ENTRIES = (
    (_("Monday"), "monday", "see_monday"),
    (_("Caseload"), "caseload", "see_caseload"),
    (_("Reviews"), "reviews", "see_review"),
    (_("Evidence"), "evidence", "see_evidence"),
    (_("Triggers"), "triggers", "see_triggers"),
    (_("Data quality"), "data_quality", "see_data_quality"),
    (_("Deliveries"), "deliveries", "give_files"),
    (_("Administration"), "administration", "see_audit"),
)


@dataclass(frozen=True, slots=True)
class NavigationItem:
    title: str
    url: str
    current: bool


def _url(name: str) -> str | None:
    try:
        return reverse(name)
    except NoReverseMatch:
        return None


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: the navigation, and who is signed in."""
    viewer = getattr(request, "viewer", None)
    if viewer is None:
        return {"navigation": [], "viewer": None}
    items = []
    for title, name, permission in ENTRIES:
        url = _url(name) if may(viewer, permission) else None
        if url is not None:
            current = request.path == url or (url != "/" and request.path.startswith(url))
            items.append(NavigationItem(str(title), url, current))
    return {"navigation": items, "viewer": viewer}
