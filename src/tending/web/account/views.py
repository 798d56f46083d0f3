"""One's own account: open to whoever is signed in, for it shows nobody but themselves."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tending.base.access.views import StaffRequest, for_the_signed_in
from tending.web.account import actions, queries, rows

OWN = "it shows and changes one's own sign-in, whatever one's role"


@for_the_signed_in(OWN)
@require_safe
def page(request: StaffRequest) -> HttpResponse:
    own = queries.own_account(account=request.user, viewer=request.viewer)
    return render(request, "web/account/page.html", {"who": rows.who(own), "sign_in": rows.sign_in(own)})


@for_the_signed_in(OWN)
@require_safe
def places(request: StaffRequest) -> HttpResponse:
    found = queries.places(account=request.user, session_key=request.session.session_key)
    return render(request, "web/account/places.html", {"places": found})


@for_the_signed_in(OWN)
@require_POST
def end(request: StaffRequest, place_id: int) -> HttpResponse:
    ended = actions.end_place(by=request.user, place_id=place_id, session_key=request.session.session_key)
    messages.success(request, _("Signed out there: %(place)s.") % {"place": ended})
    return redirect("my_places")


@for_the_signed_in(OWN)
@require_POST
def end_others(request: StaffRequest) -> HttpResponse:
    n = actions.end_others(by=request.user, session_key=request.session.session_key)
    said = ngettext("Signed out in %(n)d other place.", "Signed out in %(n)d other places.", n) % {"n": n}
    messages.success(request, said)
    return redirect("my_places")
