"""Every address. A feature registers with one line."""

from django.urls import include, path

from tending.base.access.views import open_to_all
from tending.web.account.language import choose
from tending.web.after_answers import after_answers

handler400 = "tending.web.errors.bad_request"
handler403 = "tending.web.errors.denied"
handler404 = "tending.web.errors.not_found"
handler500 = "tending.web.errors.server_error"

urlpatterns = [
    path("account/", include("tending.web.sign_in_urls")),
    # Somebody answering by link has no account and still chooses their language.
    path(
        "language/",
        open_to_all("a person without an account chooses their language")(choose),
        name="set_language",
    ),
    # The answers are on somebody's list before the person sees the next page.
    path("answer/", include("tending.collect.answer.urls"), {"after_answers": after_answers}),
    path("", include("tending.collect.answer.staff_urls")),
    path("", include("tending.review.worklist.urls")),
    path("", include("tending.review.case_review.urls")),
    path("", include("tending.show.data_quality.urls")),
    path("", include("tending.web.deliveries.urls")),
    path("", include("tending.collect.quarantine.urls")),
    path("design/", include("tending.base.design.urls")),
    path("", include("tending.web.administration.urls")),
    path("", include("tending.notice.triggers.urls")),
    path("", include("tending.show.person_story.urls")),
    path("", include("tending.show.evidence.urls")),
]
