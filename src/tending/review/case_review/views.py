from django.http import HttpRequest, HttpResponse

from tending.base.access.views import requires


@requires("see_review")
def page(request: HttpRequest, review_id: int) -> HttpResponse:
    return HttpResponse("soon")
