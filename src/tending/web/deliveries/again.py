"""What was quarantined is tried again: one row, all rows of a fault, or whole files with a mended mapping."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tending.base.access.views import StaffRequest, requires
from tending.base.amounts import amount
from tending.collect.csv_files.mapping import MappingError
from tending.collect.quarantine import queries as quarantine
from tending.collect.quarantine.addresses import group_url
from tending.collect.quarantine.forms import WhichRows
from tending.web import intake
from tending.web.deliveries import queries
from tending.web.deliveries.forms import ReadAgainForm
from tending.web.deliveries.mapping import read_upload
from tending.web.deliveries.views import delivery_response

AT_ONCE = 3000  # rows a person waits for; beyond, the worker reads the file again


@requires("mend_data")
@require_POST
def row_again(request: StaffRequest, quarantined_id: int) -> HttpResponse:
    row = quarantine.row(viewer=request.viewer, quarantined_id=quarantined_id)
    lines = set() if row.resolved_at else {row.line}
    _try(request, row.submission_id, lines)
    return redirect("quarantine_row", quarantined_id)


@requires("mend_data")
@require_POST
def rows_again(request: StaffRequest) -> HttpResponse:
    form = WhichRows(request.POST)
    if not form.is_valid():
        raise Http404("This names no rows.")
    which = form.which()
    lines = quarantine.lines_of(viewer=request.viewer, which=which)
    if len(lines) > AT_ONCE:
        delivery_id = intake.read_file_again(submission_id=which.submission_id, by=request.user)
        messages.info(request, _("The file is read again. This page says how far it is."))
        return redirect("delivery", delivery_id)
    _try(request, which.submission_id, lines)
    left = quarantine.lines_of(viewer=request.viewer, which=which)
    return redirect(group_url(which) if left else "data_quality")


@requires("mend_data")
@require_POST
def files_again(request: StaffRequest, delivery_id: int) -> HttpResponse:
    form = ReadAgainForm(request.POST, request.FILES)
    form.is_valid()
    file = form.cleaned_data.get("mapping")
    given = queries.one(viewer=request.viewer, delivery_id=delivery_id)
    latest = queries.latest_of(given)
    if latest != delivery_id:
        messages.info(
            request, _("These files were given again later. This is the later delivery; read it again here.")
        )
        return redirect("delivery", latest)
    try:
        mapping = read_upload(file, form=given.delivery.form) if file else given.delivery.mapping
    except MappingError as trouble:
        form.add_error("mapping", str(trouble))
        return delivery_response(request, delivery_id, form)
    if given.delivery.items:
        submission_id = given.delivery.items[0].submission_id
        intake.read_file_again(submission_id=submission_id, mapping=mapping, by=request.user)
        messages.success(request, _("The files are read again. Rows that are in the record stay as they are."))
    return redirect("delivery", delivery_id)


def _try(request: StaffRequest, submission_id: int, lines: set[int]) -> None:
    if not lines:
        messages.info(request, _("There was nothing left to try again."))
        return
    kept = intake.read_lines_again(submission_id=submission_id, lines=lines, by=request.user)
    if kept:
        said = ngettext("%(n)s row is in the record now.", "%(n)s rows are in the record now.", kept) % {
            "n": amount(kept)
        }
        messages.success(request, said)
    if left := len(lines) - kept:
        said = ngettext("%(n)s row waits on: see why below.", "%(n)s rows wait on: see why below.", left) % {
            "n": amount(left)
        }
        messages.warning(request, said)
