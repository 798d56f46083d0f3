"""The page of one review and its forms. Each form has its own address; without JavaScript everything works."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from tending.base import clock
from tending.base.access.policies import StateRefuses
from tending.base.access.views import requires
from tending.base.audit import actions as audit
from tending.review.case_review import cells, listing, page_forms, queries
from tending.review.case_review.history import history
from tending.review.case_review.holding import Incomplete
from tending.review.case_review.steps import STEPS, Step
from tending.review.seats import seat_words
from tending.review.templates import PERSON_SEAT
from tending.review.visibility import review_or_404


@requires("see_review")
def reviews(request: HttpRequest) -> HttpResponse:
    form = listing.ListFilters(request.GET or None)
    shown = listing.reviews(
        viewer=request.viewer,  # type: ignore[attr-defined]
        filters=form.filters(),
        number=request.GET.get("page", 1),
        now=clock.now(),
    )
    audit.viewed(what="list of reviews", count=len(shown.rows))
    nothing = {"title": _("No review here"), "text": _("A warning sign in the record opens one by itself.")}
    return render(request, "review/case_review/list.html", {"form": form, "shown": shown, "empty": nothing})


@requires("see_review")
def page(request: HttpRequest, review_id: int) -> HttpResponse:
    return _show(request, review_id)


def _show(request: HttpRequest, review_id: int, *, failed: dict[str, Form] | None = None) -> HttpResponse:
    """The whole page; with a form that failed, its words kept and its errors said first."""
    viewer, now = request.viewer, clock.now()  # type: ignore[attr-defined]
    review = queries.review_page(viewer=viewer, review_id=review_id, now=now)
    record = review_or_404(viewer, review_id)
    audit.viewed(what=gettext_noop("case review"), person_id=record.person_id, subject=f"review {review_id}")
    shown = {
        "review": review,
        "header": cells.header(review),
        "crumbs": cells.crumbs(review),
        "why": cells.why(review),
        "person_seat": seat_words(PERSON_SEAT),
        "forms": page_forms.of(review, viewer, failed or {}),
        "errors": [error for form in (failed or {}).values() for error in cells.errors(form)],
        "history": history(review_id=review_id, with_words=review.sees_record),
        "now": now,
    }
    return render(request, "review/case_review/page.html", shown, status=422 if failed else 200)


def step(name: str) -> Callable[..., HttpResponse]:
    """The view of one form: read it, do it once, say so; or show the page again with the words kept."""
    return requires("work_on_review")(require_POST(_posting(STEPS[name])))


def _posting(step: Step) -> Callable[..., HttpResponse]:
    def post(request: HttpRequest, review_id: int, thing_id: int = 0) -> HttpResponse:
        review = queries.review_page(viewer=request.viewer, review_id=review_id, now=clock.now())  # type: ignore[attr-defined]
        key = page_forms.key(step.name, thing_id)
        form = page_forms.bound(step.form, review, request.viewer, request.POST, key)  # type: ignore[attr-defined]
        if not form.is_valid():
            return _show(request, review_id, failed={key: form})
        if step.confirm and request.POST.get("confirmed") != "yes":
            return _ask(request, review, form, step)
        try:
            step.act(review=review, thing_id=thing_id, said=form.cleaned_data, by=request.user)
        except (StateRefuses, Incomplete) as refused:
            form.add_error(None, str(refused))
            return _show(request, review_id, failed={key: form})
        messages.success(request, str(step.done))
        return redirect(reverse("review", args=[review_id]) + step.back_to(thing_id))

    post.__name__ = f"review_{step.name}"
    return post


def _ask(request: HttpRequest, review: Any, form: Form, step: Step) -> HttpResponse:
    """A consequential act is asked once more, and says what will happen."""
    shown = {"review": review, "form": form, "question": step.confirm, "crumbs": cells.crumbs(review)}
    return render(request, "review/case_review/confirm.html", shown)
