from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tending.base.access.views import StaffRequest, requires
from tending.base.amounts import amount
from tending.base.audit import actions as audit
from tending.base.design.confirm_page import confirm_page, confirmed
from tending.collect import actions as collect
from tending.collect.quarantine import actions, cells, queries, raw
from tending.collect.quarantine.addresses import group_url
from tending.collect.quarantine.forms import WhichRows, WhySetAside
from tending.collect.quarantine.queries import Which


def _which(data: object) -> Which:
    form = WhichRows(data)  # type: ignore[arg-type]
    if not form.is_valid():
        raise Http404("This address names no rows.")
    return form.which()


@requires("mend_data")
@require_safe
def group_page(request: StaffRequest) -> HttpResponse:
    return _group_page(request, _which(request.GET), WhySetAside())


def _group_page(request: StaffRequest, which: Which, form: WhySetAside) -> HttpResponse:
    page, rows = queries.rows_of(viewer=request.viewer, which=which, number=request.GET.get("page", "1"))
    audit.viewed(what="looked at quarantined rows", count=len(rows), subject=f"submission:{which.submission_id}")
    context = {
        "which": which,
        "first": rows[0],
        "page": page,
        "columns": cells.columns(),
        "rows": [cells.row(row) for row in rows],
        "form": form,
        "crumbs": cells.crumbs(rows[0].file),
        "n": page.paginator.count,
    }
    return render(request, "collect/quarantine/group.html", context, status=422 if form.errors else 200)


@requires("mend_data")
@require_safe
def row_page(request: StaffRequest, quarantined_id: int) -> HttpResponse:
    return _row_page(request, quarantined_id, WhySetAside())


def _row_page(request: StaffRequest, quarantined_id: int, form: WhySetAside) -> HttpResponse:
    row = queries.row(viewer=request.viewer, quarantined_id=quarantined_id)
    line = raw.raw_line(viewer=request.viewer, submission_id=row.submission_id, line=row.line, field=row.field)
    audit.viewed(what="looked at one quarantined row as it arrived", subject=f"quarantined:{quarantined_id}")
    which = Which(row.submission_id, row.kind, row.field, row.reason)
    context = {
        "row": row,
        "raw": line,
        "facts": cells.facts(row),
        "form": form,
        "group_url": "" if row.resolved_at else group_url(which),
        "crumbs": cells.crumbs(row.file, "" if row.resolved_at else group_url(which), row.line),
    }
    return render(request, "collect/quarantine/row.html", context, status=422 if form.errors else 200)


@requires("mend_data")
@require_POST
def set_aside(request: StaffRequest, quarantined_id: int) -> HttpResponse:
    form = WhySetAside(request.POST)
    if not form.is_valid():
        return _row_page(request, quarantined_id, form)
    queries.row(viewer=request.viewer, quarantined_id=quarantined_id)
    back = reverse("quarantine_row", args=[quarantined_id])
    if not confirmed(request):
        return _sure(request, 1, back)
    n = collect.set_aside(quarantined_ids=[quarantined_id], why=form.cleaned_data["why"], by=request.user)
    _say(request, n)
    return redirect(back)


@requires("mend_data")
@require_POST
def set_aside_group(request: StaffRequest) -> HttpResponse:
    which, form = _which(request.POST), WhySetAside(request.POST)
    if not form.is_valid():
        return _group_page(request, which, form)
    n = len(queries.lines_of(viewer=request.viewer, which=which))
    if n and not confirmed(request):
        return _sure(request, n, group_url(which))
    _say(request, actions.set_aside_all(which=which, why=form.cleaned_data["why"], by=request.user))
    return redirect("data_quality")


@requires("mend_data")
@require_POST
def export(request: StaffRequest) -> HttpResponse:
    which = _which(request.POST)
    rows = list(queries.every_row_of(viewer=request.viewer, which=which))
    content = actions.exported(rows=rows, by=request.user)
    name = f"quarantine-{which.submission_id}-{which.reason.lower()}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _sure(request: StaffRequest, n: int, back: str) -> HttpResponse:
    question = ngettext("Set %(n)s row aside?", "Set %(n)s rows aside?", n) % {"n": amount(n)}
    words = _("They are left out of the record for good, with your name and your reason. The file itself stays.")
    return confirm_page(request, question=question, what_happens=words, yes=_("Set aside"), back=back)


def _say(request: StaffRequest, n: int) -> None:
    if n:
        said = ngettext("%(n)s row is set aside.", "%(n)s rows are set aside.", n) % {"n": amount(n)}
        messages.success(request, said)
    else:
        messages.info(request, _("There was nothing left to set aside."))
