from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tending.base.access.views import StaffRequest, requires
from tending.base.audit import actions as audit
from tending.collect.arrivals import Refused
from tending.collect.csv_files.mapping import MappingError
from tending.collect.quarantine import queries as quarantine
from tending.collect.templates import TEMPLATES
from tending.web.deliveries import cells, offered, queries
from tending.web.deliveries.forms import OfferForm, ReadAgainForm
from tending.web.deliveries.mapping import mapping_in


@requires("give_files")
@require_safe
def list_page(request: StaffRequest) -> HttpResponse:
    found = queries.latest(viewer=request.viewer)
    context = {
        "columns": cells.list_columns(),
        "rows": [cells.list_row(each) for each in found],
        "unfinished": any(each.state in (queries.WAITING, queries.READING) for each in found),
    }
    return render(request, "web/deliveries/list.html", context)


@requires("give_files")
@require_http_methods(["GET", "HEAD", "POST"])
def give_page(request: StaffRequest) -> HttpResponse:
    form = OfferForm(request.POST or None, request.FILES or None, initial={"source": "ehr"})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("offered", _offer(request, form.cleaned_data))
        except MappingError as trouble:
            form.add_error("mapping", str(trouble))
        except Refused as trouble:
            form.add_error("file", f"{trouble} {trouble.fix}")
    return render(
        request, "web/deliveries/give.html", {"form": form, "kinds": TEMPLATES}, status=422 if form.errors else 200
    )


def _offer(request: StaffRequest, said: dict[str, Any]) -> str:
    mapping = mapping_in(
        said["mapping"], form=said["form"], source=said["source"], same=said["same_mapping"], viewer=request.viewer
    )
    file = said["file"]
    return offered.offer(
        file=file,
        name=file.name,
        size=file.size,
        source=said["source"],
        form=said["form"],
        mapping=mapping,
        by=request.user,
    )


@requires("give_files")
@require_safe
def offer_page(request: StaffRequest, offer_id: str) -> HttpResponse:
    offer = offered.offered(offer_id, by=request.user)
    context = {
        "offer": offer,
        "about": offer.about,
        "result": offer.result,
        **cells.offer_parts(offer.result, offer.about.form),
    }
    status = 422 if offer.result and offer.result.refused else 200
    return render(request, "web/deliveries/offer.html", context, status=status)


@requires("give_files")
@require_POST
def receive(request: StaffRequest, offer_id: str) -> HttpResponse:
    try:
        delivery_id = offered.give(offer_id, by=request.user)
    except offered.BeingReceived:
        messages.info(request, _("The files are being taken in. They stand here in a moment."))
        return redirect("deliveries")
    except (Refused, MappingError) as trouble:
        messages.error(request, f"{trouble} {getattr(trouble, 'fix', '')}".strip())
        return redirect("offered", offer_id)
    messages.success(request, _("The files are here. Nothing that is in the record already is doubled."))
    return redirect("delivery", delivery_id)


@requires("give_files")
@require_POST
def withdraw(request: StaffRequest, offer_id: str) -> HttpResponse:
    offered.withdraw(offer_id, by=request.user)
    messages.info(request, _("Nothing was loaded, and the file is not kept."))
    return redirect("deliveries")


@requires("give_files")
@require_safe
def delivery_page(request: StaffRequest, delivery_id: int) -> HttpResponse:
    return delivery_response(request, delivery_id, ReadAgainForm())


def delivery_response(request: StaffRequest, delivery_id: int, form: ReadAgainForm) -> HttpResponse:
    given = queries.one(viewer=request.viewer, delivery_id=delivery_id)
    submissions = {item.submission_id for item in given.delivery.items}
    groups = quarantine.groups(viewer=request.viewer, submission_ids=submissions)
    audit.viewed(what="looked at a delivery and its quarantined rows", subject=f"delivery:{delivery_id}")
    context = {
        "given": given,
        "delivery": given.delivery,
        "facts": cells.delivery_facts(given),
        "file_columns": cells.file_columns(),
        "files": [cells.file_row(item) for item in given.delivery.items],
        "group_columns": cells.group_columns(),
        "groups": [cells.group_row(group) for group in groups],
        "notes": cells.notes(given.delivery),
        "form": form,
        "crumbs": [{"title": _("Deliveries"), "url": reverse("deliveries")}, {"title": given.delivery.name}],
    }
    return render(request, "web/deliveries/delivery.html", context, status=422 if form.errors else 200)
