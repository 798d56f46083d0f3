from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from tending.base import clock
from tending.base.access.views import requires
from tending.base.audit import actions as audit
from tending.review.worklist import caseload, caseload_cells, cells, monday, notes
from tending.review.worklist.forms import CaseloadFilters

SHOWN = 25  # of each list; nobody works through more in a day, and the rest is one link away


@requires("see_monday")
def monday_page(request: HttpRequest) -> HttpResponse:
    viewer, now = request.viewer, clock.now()  # type: ignore[attr-defined]
    mine = monday.needs(viewer=viewer, now=now)
    team = monday.team_needs(viewer=viewer, now=now, but=mine)
    due = monday.due_before_visit(viewer=viewer, now=now)
    people = {need.person_id for need in (*mine, *team)} | {row.person_id for row in due}
    if people - {0}:
        audit.viewed(what="Monday list", count=len(people - {0}))
    shown = {
        "first": mine[0] if mine else None,
        "first_note": cells.first_note(mine[0], now) if mine else "",
        "first_tags": cells.tags(mine[0].signals) if mine else [],
        "first_action": cells.action(mine[0]) if mine else None,
        "first_severity": cells.severity(mine[0], now) if mine else "",
        "columns": cells.columns(),
        "then": cells.rows(mine[1:SHOWN], now=now),
        "n_more": max(0, len(mine) - SHOWN),
        "n_overdue": sum(need.due_at < now for need in mine),
        "n_mine": len(mine),
        "team_needs": team,
        "team": cells.rows(team[:SHOWN], now=now, with_holder=True),
        "n_more_team": max(0, len(team) - SHOWN),
        "visit_columns": cells.visit_columns(),
        "visits": cells.visit_rows(due),
        "handled": monday.handled(viewer=viewer, since=now - timedelta(days=7)),
        "notes": notes.notes(viewer=viewer),
        "elsewhere": notes.elsewhere(viewer=viewer),
        "now": now,
    }
    return render(request, "review/worklist/monday.html", shown)


@requires("see_caseload")
def caseload_page(request: HttpRequest) -> HttpResponse:
    viewer, now = request.viewer, clock.now()  # type: ignore[attr-defined]
    asked = request.GET.copy()
    asked.setdefault("whose", caseload.usual(viewer))
    form = CaseloadFilters(asked)
    number = request.GET.get("page", 1)
    shown = caseload.caseload(viewer=viewer, filters=form.filters(), number=number, now=now)
    searched = bool(form.filters().words)
    audit.record(kind="SEARCH" if searched else "VIEW", what="caseload", count=len(shown.rows))
    page = {
        "form": form,
        "shown": shown,
        "columns": caseload_cells.columns(),
        "rows": [caseload_cells.row(each) for each in shown.rows],
        "clear_url": reverse("caseload") if request.GET else "",
        "empty": {
            "title": _("Nobody here"),
            "text": _("Those on your caseload stand here, or everybody in your teams. Look for fewer words."),
            "action": {"text": _("Everybody in my teams"), "url": f"{reverse('caseload')}?whose=team"},
        },
    }
    return render(request, "review/worklist/caseload.html", page)
