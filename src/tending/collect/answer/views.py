"""The person's own pages: no account, one question a page, nothing that needs JavaScript."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tending.base.access.views import open_to_all
from tending.collect.answer import actions, queries, throttle
from tending.collect.answer.forms import NOT_ANSWERED, AnswerForm
from tending.collect.answer.questions import asked

AfterAnswers = Callable[[int, int], None]
WHY_OPEN = "the person answers by link, without an account"


def with_ask(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Find what the token asks, in the person's language; a wrong, used or expired link gets its own page."""

    @open_to_all(WHY_OPEN)
    @never_cache
    @wraps(view)
    def found(request: HttpRequest, token: str, after_answers: AfterAnswers, **kwargs: Any) -> HttpResponse:
        if throttle.too_many(request):
            return render(request, "collect/answer/closed.html", {"state": "TOO_MANY"}, status=429)
        ask = queries.by_token(token)
        if ask is None:
            throttle.count_guess(request)
            return render(request, "collect/answer/closed.html", {"state": "UNKNOWN"}, status=404)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or ask.language
        with translation.override(chosen):
            request.LANGUAGE_CODE = translation.get_language()
            if ask.state in ("EXPIRED", "WITHDRAWN"):
                return render(request, "collect/answer/closed.html", {"state": ask.state}, status=410)
            if ask.state == "ANSWERED" and view.__name__ != "thank_you":
                return redirect("answer_thank_you", token)
            page = asked(ask.instrument, str(translation.get_language())[:2])
            return view(request, token=token, ask=ask, page=page, after_answers=after_answers, **kwargs)

    return found


def _crisis(answers: dict[str, int | None], page: Any) -> str:
    """The local crisis text when an answer so far carries risk; otherwise nothing."""
    if not any(question.is_risk(answers.get(question.code)) for question in page.questions):
        return ""
    language = str(translation.get_language())[:2]
    return settings.CRISIS_TEXT.get(language) or settings.CRISIS_TEXT.get("en") or ""


@with_ask
@require_safe
def start(request: HttpRequest, *, token: str, ask: Any, page: Any, **_: Any) -> HttpResponse:
    answers = actions.given(ask_id=ask.id)
    next_number = next((q.number for q in page.questions if q.code not in answers), len(page.questions))
    context = {"token": token, "page": page, "begun": bool(answers), "next_number": next_number}
    return render(request, "collect/answer/start.html", context)


@with_ask
@require_http_methods(["GET", "HEAD", "POST"])
def question(
    request: HttpRequest, *, token: str, ask: Any, page: Any, after_answers: AfterAnswers, number: int
) -> HttpResponse:
    one = page.question(number)
    if one is None:
        return redirect("answer", token)
    answers = actions.given(ask_id=ask.id)
    saved = (
        {"answer": str(answers[one.code]) if answers[one.code] is not None else NOT_ANSWERED}
        if one.code in answers
        else None
    )
    form = AnswerForm(request.POST if request.method == "POST" else None, question=one, initial=saved)
    if request.method == "POST" and form.is_valid():
        actions.save(ask_id=ask.id, item=one.code, value=form.value())
        if one.is_risk(form.value()):
            after_answers(actions.hand_in(ask_id=ask.id, complete=False), ask.person_id)
        if number == len(page.questions):
            return redirect("answer_check", token)
        return redirect("answer_question", token, number + 1)
    status = 422 if form.is_bound else 200
    context = {"token": token, "page": page, "question": one, "form": form, "crisis": _crisis(answers, page)}
    return render(request, "collect/answer/question.html", context, status=status)


@with_ask
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, *, token: str, ask: Any, page: Any, after_answers: AfterAnswers) -> HttpResponse:
    if request.method == "POST":
        after_answers(actions.hand_in(ask_id=ask.id, complete=True), ask.person_id)
        return redirect("answer_thank_you", token)
    answers = actions.given(ask_id=ask.id)
    said = [
        (question, next((c.text for c in question.choices if c.value == answers.get(question.code)), None))
        for question in page.questions
    ]
    context = {"token": token, "page": page, "said": said, "answers": answers, "crisis": _crisis(answers, page)}
    return render(request, "collect/answer/check.html", context)


@with_ask
@require_safe
def thank_you(request: HttpRequest, *, token: str, ask: Any, page: Any, **_: Any) -> HttpResponse:
    if ask.state != "ANSWERED":
        return redirect("answer", token)
    context = {"page": page, "crisis": _crisis(actions.given(ask_id=ask.id), page)}
    return render(request, "collect/answer/thank_you.html", context)
