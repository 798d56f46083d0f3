from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from tending.base import clock
from tending.base.access.views import StaffRequest, requires
from tending.base.audit import actions as audit
from tending.show.person_story import presenting, queries
from tending.show.person_story import source as sources
from tending.show.person_story.pictures import picture
from tending.show.person_story.timeline import GROUPS


@requires("see_person")
@require_safe
def page(request: StaffRequest, person_id: int) -> HttpResponse:
    show = request.GET.get("show", "")
    show = show if show in GROUPS else ""
    story = queries.story(
        viewer=request.viewer, person_id=person_id, now=clock.now(), show=show, before=_day(request, "before")
    )
    audit.viewed(what=gettext_noop("looked at the story"), person_id=story.who.id)
    return render(request, "show/person_story/page.html", presenting.context(story, viewer=request.viewer, show=show))


@requires("see_person")
@require_safe
def chart(request: StaffRequest, person_id: int, digest: str, variant: str) -> HttpResponse:
    """A picture of a page that was looked at, and audited, already; one that was not is audited here."""
    found = picture(
        viewer=request.viewer,
        person_id=person_id,
        digest=digest,
        variant=variant,
        measure=request.GET.get("measure", ""),
        now=clock.now(),
    )
    if not found.current:
        audit.viewed(what=gettext_noop("looked at a chart"), person_id=person_id)
    response = HttpResponse(found.body, content_type="image/svg+xml")
    # Like the page it stands on: on a shared machine nobody finds it in the browser after signing out.
    response["Cache-Control"] = "no-store"
    return response


@requires("see_person")
@require_safe
def source(request: StaffRequest, person_id: int, frame: str, key: str) -> HttpResponse:
    found = sources.source(viewer=request.viewer, person_id=person_id, frame=frame, key=key)
    audit.viewed(
        what=gettext_noop("looked at where a fact comes from"), person_id=person_id, subject=f"{frame} {key}"
    )
    return render(request, "show/person_story/source.html", presenting.source_context(found))


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return None
