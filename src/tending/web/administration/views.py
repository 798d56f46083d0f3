from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tending.base.access.views import StaffRequest, open_to_all, requires
from tending.base.audit import actions as audit
from tending.base.audit import queries
from tending.web import health
from tending.web.administration.forms import RESULTS, AuditSearch

SEVERITY = {health.OK: "good", health.WARNING: "high", health.FAILED: "urgent"}


@requires("see_audit")
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    rows = [
        {"label": _(finding.what), "value": finding.words, "tag": SEVERITY[finding.state], "note": ""}
        for finding in health.findings(thorough=False)
    ]
    return render(request, "web/administration/page.html", {"rows": rows})


@requires("see_audit")
@require_safe
def audit_search(request: StaffRequest) -> HttpResponse:
    form = AuditSearch(request.GET or None)
    wanted = form.cleaned_data if form.is_bound and form.is_valid() else {}
    lines, older = queries.search(viewer=request.viewer, **wanted)
    said = ", ".join(f"{name} {value}" for name, value in wanted.items() if value)
    audit.record(kind="SEARCH", what="searched the audit trail", why=said, count=len(lines))
    columns = [
        {"title": _("When (UTC)"), "nowrap": True},
        {"title": _("Who")},
        {"title": _("What"), "wide": True},
        *({"title": title} for title in (_("Person"), _("Result"), _("From"))),
    ]
    table = [
        [
            f"{line.at:%Y-%m-%d %H:%M:%S}",
            line.actor,
            line.what,
            line.person,
            str(RESULTS.get(line.result, line.result)),
            f"{line.screen} {line.address}",
        ]
        for line in lines
    ]
    context = {"form": form, "columns": columns, "table": table, "older": older, "found": len(lines)}
    return render(request, "web/administration/audit.html", context)


@open_to_all("a monitor asks whether the site and its worker are alive; it learns nothing else")
@require_safe
def health_answer(request: HttpRequest) -> HttpResponse:
    states = {finding.what: finding.state for finding in health.findings(thorough=False)}
    failed = health.FAILED in states.values()
    return JsonResponse(
        {"state": health.FAILED if failed else health.OK, "checks": states}, status=503 if failed else 200
    )
