"""A consequential POST asks first. With JavaScript the dialog asks; without, this page does.

```python
if not confirmed(request):
    return confirm_page(request, question=_("Close this link?"), what_happens=_("…"), back=url)
```
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

FIELD, YES = "confirmed", "yes"
_NOT_SENT_AGAIN = {"csrfmiddlewaretoken", FIELD}


def confirmed(request: HttpRequest) -> bool:
    """Has the person already said yes, in the dialog or on the page?"""
    return request.method == "POST" and request.POST.get(FIELD) == YES


def confirm_page(
    request: HttpRequest, *, question: str, what_happens: str = "", yes: str = "", back: str
) -> HttpResponse:
    """Ask; yes posts the same fields again to the same address. ``back`` is a path of our own to return to.

    Files are not sent again by any browser, so a form with a file asks on a page of its own.
    """
    if request.FILES:
        raise ValueError("A file cannot be asked about on this page: keep it first, then ask.")
    fields = [
        (name, value) for name, values in request.POST.lists() if name not in _NOT_SENT_AGAIN for value in values
    ]
    context = {
        "question": question,
        "what_happens": what_happens,
        "yes": yes,
        "back": back,
        "fields": fields,
        "again": request.get_full_path(),
    }
    return render(request, "base/design/confirm_page.html", context)
