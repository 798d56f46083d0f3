from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from tending.base.access.views import open_to_all
from tending.base.design import assets
from tending.base.design.examples import example_context

YEAR = 60 * 60 * 24 * 365


@open_to_all("the gallery shows invented people only")
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    context = {"components": assets.components(), **example_context()}
    return render(request, "base/design/gallery.html", context)


@open_to_all("the sign-in page is drawn with it")
@require_safe
def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    return _sent(request, assets.stylesheet(), digest, "text/css")


@open_to_all("the sign-in page is drawn with it")
@require_safe
def script(request: HttpRequest, digest: str) -> HttpResponse:
    return _sent(request, assets.script(), digest, "text/javascript")


def _sent(request: HttpRequest, asset: assets.Asset, digest: str, kind: str) -> HttpResponse:
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(
        asset.gzipped if packed else asset.body,
        content_type=f"{kind}; charset=utf-8",
    )
    if packed:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    # While two releases run side by side a page may name the other's digest: serve ours, but do not let it be kept.
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if digest == asset.digest else "no-store"
    return response
