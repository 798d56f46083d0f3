from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from tending.base import clock
from tending.base.access.views import StaffRequest, requires
from tending.base.audit import actions as audit
from tending.show.evidence import chain as chains
from tending.show.evidence import presenting, queries, telling
from tending.show.evidence.forms import Period
from tending.show.evidence.pictures import picture as drawn

YEAR = 60 * 60 * 24 * 365
A_PAGE = 50


@requires("see_evidence")
@require_safe
def page(request: StaffRequest) -> HttpResponse:
    form = Period(request.GET or None, viewer=request.viewer, today=clock.today())
    question = form.question()
    shown = queries.shown(viewer=request.viewer, question=question, now=clock.now())
    context = {**presenting.context(shown, question), "form": form}
    return render(request, "show/evidence/page.html", context, status=422 if form.is_bound and form.errors else 200)


@requires("see_evidence")
@require_safe
def signals(request: StaffRequest) -> HttpResponse:
    question = _question(request, trigger=request.GET.get("trigger", ""), severity=request.GET.get("severity", ""))
    found = queries.signals_listed(viewer=request.viewer, question=question, now=clock.now())
    part = Paginator(found.chains, A_PAGE).get_page(request.GET.get("page"))
    listed = queries.named(viewer=request.viewer, chains=part, titles=found.evidence.titles)
    audit.viewed(what="looked at a list of signals", count=len(found.chains), subject=question.code)
    rows = telling.signal_rows(listed, inside=found.inside)
    title = found.evidence.titles.get(question.trigger, question.trigger)
    what = telling.described(question.code, trigger=title, severity=question.severity)
    context = {"heading": _("Signals"), "what": what, "columns": telling.signal_columns(), "rows": rows, "part": part}
    return _list(request, {**context, "total": len(found.chains), "withheld": found.withheld, "inside": found.inside})


@requires("see_evidence")
@require_safe
def actions(request: StaffRequest) -> HttpResponse:
    question = _question(request)
    found = queries.actions_listed(viewer=request.viewer, question=question, now=clock.now())
    part = Paginator(found.actions, A_PAGE).get_page(request.GET.get("page"))
    audit.viewed(what="looked at a list of actions", count=len(found.actions), subject=question.code)
    rows = telling.action_rows(part, now=clock.now(), inside=found.inside)
    what = telling.described(question.code, trigger="", severity="")
    context = {"heading": _("Actions"), "what": what, "columns": telling.action_columns(), "rows": rows, "part": part}
    return _list(
        request, {**context, "total": len(found.actions), "withheld": found.withheld, "inside": found.inside}
    )


@requires("see_evidence")
@require_safe
def chain(request: StaffRequest, signal_id: int) -> HttpResponse:
    return _chain(request, chains.chain_of(viewer=request.viewer, signal_id=signal_id, now=clock.now()))


@requires("see_person")
@require_safe
def person_chain(request: StaffRequest, person_id: int, signal_id: int) -> HttpResponse:
    now = clock.now()
    found = chains.chain_of(viewer=request.viewer, signal_id=signal_id, now=now, person_id=person_id)
    return _chain(request, found)


@requires("see_evidence")
@require_safe
def picture(request: HttpRequest, said: str, variant: str) -> HttpResponse:
    response = HttpResponse(drawn(said=said, variant=variant), content_type="image/svg+xml")
    response["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    return response


def _chain(request: StaffRequest, found: chains.ChainShown) -> HttpResponse:
    inside, outside = (
        gettext_noop("looked at a signal and what followed"),
        gettext_noop("looked at a de-identified signal"),
    )
    what = inside if found.inside else outside
    audit.viewed(what=what, person_id=found.person_id, subject=f"signal {found.chain.signal.id}")
    return render(request, "show/evidence/chain.html", telling.told(found))


def _list(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return render(request, "show/evidence/list.html", context)


def _question(request: StaffRequest, **more: str) -> queries.Question:
    form = Period(request.GET, viewer=request.viewer, today=clock.today())
    return form.question(code=request.GET.get("show", "all"), **more)
