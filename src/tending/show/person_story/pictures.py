"""The pictures of one person's charts: who may see them is asked again for every one."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import Http404
from django.urls import reverse

from tending.base.access.viewer import Viewer
from tending.base.access.visibility import person_or_404
from tending.show.charts import images
from tending.show.charts.images import Drawing
from tending.show.charts.look import VARIANTS
from tending.show.person_story import queries


@dataclass(frozen=True, slots=True)
class Picture:
    body: bytes
    current: bool  # what the address says; otherwise the record has changed since the page was drawn


def picture(*, viewer: Viewer, person_id: int, digest: str, variant: str, measure: str, now: datetime) -> Picture:
    """Raises Http404 for a person the viewer does not support, and for a chart nobody can draw."""
    person = person_or_404(viewer, person_id)
    if variant not in VARIANTS or not digest.isalnum():
        raise Http404("There is no such drawing.")
    if (body := images.kept(f"person-{person.pk}", digest)) is not None:
        return Picture(body, current=True)
    drawing = queries.drawing_of(viewer=viewer, person_id=person.pk, measure=measure, now=now)
    if drawing is None:
        raise Http404("There is no such measure.")
    return Picture(images.image(drawing, variant), current=drawing.digest(variant) == digest)


def addresses(drawing: Drawing, *, person_id: int, measure: str) -> dict[str, str]:
    """For the figure component: one address a variant, named as its parameters are."""
    query = urlencode({"measure": measure})
    found = {}
    for variant in VARIANTS:
        address = reverse("person_chart", args=[person_id, drawing.digest(variant), variant])
        found[variant.replace("-", "_")] = f"{address}?{query}"
    return found
