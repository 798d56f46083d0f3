"""Every address. A feature registers with one line."""

from django.urls import include, path

handler400 = "tending.web.errors.bad_request"
handler403 = "tending.web.errors.denied"
handler404 = "tending.web.errors.not_found"
handler500 = "tending.web.errors.server_error"

urlpatterns = [
    path("account/", include("tending.web.sign_in_urls")),
    path("language/", include("django.conf.urls.i18n")),
    path("design/", include("tending.base.design.urls")),
    path("", include("tending.web.administration.urls")),
]
