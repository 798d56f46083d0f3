from django.urls import path

from tending.collect.answer import views

# web/urls.py gives ``after_answers``: what happens to a delivery of answers before the person sees the next page.
urlpatterns = [
    path("<str:token>/", views.start, name="answer"),
    path("<str:token>/<int:number>/", views.question, name="answer_question"),
    path("<str:token>/check/", views.check, name="answer_check"),
    path("<str:token>/thank-you/", views.thank_you, name="answer_thank_you"),
]
