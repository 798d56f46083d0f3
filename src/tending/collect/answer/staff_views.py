"""Where staff make a link for a person to answer."""

import io

import qrcode
import qrcode.image.svg
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST

from tending.base.access.views import StaffRequest, requires
from tending.base.audit import actions as audit
from tending.base.design.confirm_page import confirm_page, confirmed
from tending.collect.answer import actions, queries
from tending.collect.answer.forms import AskForm


def _qr_code(url: str) -> str:
    """The link as a picture a phone can read: a data address, which the page's policy allows for images."""
    import base64

    picture = io.BytesIO()
    qrcode.make(url, image_factory=qrcode.image.svg.SvgPathImage, box_size=8, border=2).save(picture)
    return "data:image/svg+xml;base64," + base64.b64encode(picture.getvalue()).decode()


@requires("ask_measure")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_page(request: StaffRequest, person_id: int) -> HttpResponse:
    person = queries.person_asked(viewer=request.viewer, person_id=person_id)
    start = {"language": "es" if person.language.startswith("es") else "en"}
    form = AskForm(request.POST if request.method == "POST" else None, initial=start)
    link, picture = "", ""
    if request.method == "POST" and form.is_valid():
        token = actions.ask(by=request.user, person_id=person_id, **form.cleaned_data)
        link = request.build_absolute_uri(reverse("answer", args=[token]))
        picture = _qr_code(link)
        person = queries.person_asked(viewer=request.viewer, person_id=person_id)
    else:
        audit.viewed(what=gettext_noop("looked at the links given to answer"), person_id=person_id)
    context = {"person": person, "form": form, "link": link, "picture": picture}
    return render(request, "collect/answer/ask.html", context, status=422 if form.errors else 200)


@requires("ask_measure")
@require_POST
def withdraw(request: StaffRequest, person_id: int, ask_id: int) -> HttpResponse:
    person = queries.person_asked(viewer=request.viewer, person_id=person_id)
    if not confirmed(request):
        return confirm_page(
            request,
            question=_("Close this link?"),
            what_happens=_("It cannot be opened again. What has been answered so far is kept."),
            yes=_("Close the link"),
            back=reverse("ask", args=[person_id]),
        )
    if any(line.id == ask_id for line in person.asks):
        actions.withdraw(by=request.user, ask_id=ask_id, why=_("withdrawn by staff"))
        messages.success(request, _("The link is closed. Nobody can answer with it now."))
    return redirect("ask", person_id)
