from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tending.collect.answer.questions import Question, answerable

NOT_ANSWERED = "none"


class AnswerForm(forms.Form):
    """One question. Leaving it out is an answer too, and must be chosen, not slipped past."""

    answer = forms.ChoiceField(
        widget=forms.RadioSelect, error_messages={"required": _("Choose an answer, or choose not to answer.")}
    )

    def __init__(self, *args: Any, question: Question, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["answer"])
        field.label = question.text
        field.choices = [(str(choice.value), choice.text) for choice in question.choices] + [
            (NOT_ANSWERED, _("I would rather not answer"))
        ]

    def value(self) -> int | None:
        chosen = self.cleaned_data["answer"]
        return None if chosen == NOT_ANSWERED else int(chosen)


class AskForm(forms.Form):
    """Which questions, and in which language the person would like them."""

    instrument = forms.ChoiceField(label=_("What to ask"), widget=forms.RadioSelect)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["instrument"]).choices = [
            (code, one.title.in_language(get_language() or "en")) for code, one in answerable().items()
        ]
