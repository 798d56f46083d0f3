from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tending.base.access.views import StaffRequest, requires
from tending.notice.triggers import queries, words


@requires("see_triggers")
@require_safe
def page(request: StaffRequest) -> HttpResponse:
    shown = queries.triggers(viewer=request.viewer)
    context = {"columns": words.list_columns(), "rows": words.list_rows(shown)}
    return render(request, "notice/triggers/page.html", context)


@requires("see_triggers")
@require_safe
def trigger(request: StaffRequest, code: str) -> HttpResponse:
    detail = queries.trigger(viewer=request.viewer, code=code)
    if detail is None:
        raise Http404(_("No trigger of that name is in force."))
    context = {
        "shown": detail.shown,
        "crumbs": [{"title": _("Triggers"), "url": reverse("triggers")}, {"title": detail.shown.title}],
        "facts": words.facts(detail),
        "ownership": words.ownership(detail),
        "version_columns": words.version_columns(),
        "version_rows": words.version_rows(detail),
    }
    return render(request, "notice/triggers/trigger.html", context)
