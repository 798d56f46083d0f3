from typing import Any

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tending.base.access.permissions import may
from tending.base.access.views import StaffRequest, requires
from tending.base.audit import actions as audit
from tending.keep.quality import queries as kept
from tending.show.data_quality import cells, queries, words
from tending.show.data_quality.forms import OpenedFilters, QueueFilters
from tending.show.data_quality.surveyed import surveyed

PAGE = 25


@requires("see_data_quality")
@require_safe
def page(request: StaffRequest) -> HttpResponse:
    viewer, found = request.viewer, surveyed()
    form = QueueFilters(request.GET or None, teams=queries.teams(viewer=viewer))
    wanted = form.wanted() if form.is_bound else queries.Wanted()
    lines = queries.queue(viewer=viewer, wanted=wanted, found=found)
    shown = Paginator(lines, PAGE).get_page(request.GET.get("page"))
    complete = queries.completeness(viewer=viewer, wanted=wanted, found=found)
    audit.viewed(what="looked at what wants mending in the data", count=sum(line.n for line in lines))
    context = {
        "form": form,
        "found": cells.found(len(lines)),
        "page": shown,
        "columns": cells.queue_columns(),
        "rows": cells.queue_rows(shown),
        "complete_columns": cells.completeness_columns(),
        "complete": [cells.completeness_row(line) for line in complete],
        "month_columns": cells.month_columns(found.days),
        "months": cells.month_rows(complete),
        "made_at": found.made_at,
        "gives": may(viewer, "give_files"),
        "filtered": bool(wanted.team_id or wanted.kind or wanted.role),
    }
    return render(request, "show/data_quality/page.html", context)


@requires("see_data_quality")
@require_safe
def findings_page(request: StaffRequest, kind: str) -> HttpResponse:
    form = OpenedFilters(request.GET, teams=queries.teams(viewer=request.viewer), measures={})
    shown, lines = kept.findings(
        viewer=request.viewer, kind=kind, number=request.GET.get("page", "1"), team_id=form.asked()["team_id"]
    )
    audit.viewed(what=f"looked at findings: {words.in_the_trail(kind)}", count=len(lines))
    rows = [cells.finding_row(line) for line in lines]
    return _opened(request, kind, shown, form, cells.findings_columns(), rows)


@requires("see_data_quality")
@require_safe
def opened_page(request: StaffRequest, kind: str) -> HttpResponse:
    if kind not in words.FIX:
        raise Http404("There is no such kind.")
    viewer, found = request.viewer, surveyed()
    measures = queries.measures_in(viewer=viewer, kind=kind, found=found)
    form = OpenedFilters(request.GET, teams=queries.teams(viewer=viewer), measures=measures)
    number = request.GET.get("page", "1")
    shown, lines = queries.opened(viewer=viewer, kind=kind, number=number, found=found, **form.asked())
    audit.viewed(what=f"looked at people listed under: {words.in_the_trail(kind)}", count=len(lines))
    rows = [cells.opened_row(line) for line in lines]
    return _opened(request, kind, shown, form, cells.opened_columns(kind), rows)


def _opened(
    request: StaffRequest, kind: str, shown: Page[Any], form: OpenedFilters, columns: list[Any], rows: list[Any]
) -> HttpResponse:
    context = {
        "title": words.title(kind),
        "why": words.why(kind),
        "fix": words.FIX.get(kind, ""),
        "form": form,
        "here": request.path,
        "found": cells.lines_found(shown.paginator.count),
        "filtered": any(form.asked().values()),
        "page": shown,
        "columns": columns,
        "rows": rows,
        "crumbs": [{"title": _("Data quality"), "url": reverse("data_quality")}, {"title": words.title(kind)}],
    }
    return render(request, "show/data_quality/opened.html", context)
