from django.urls import path

from tending.collect.answer import staff_views

urlpatterns = [
    path("people/<int:person_id>/ask/", staff_views.ask_page, name="ask"),
    path("people/<int:person_id>/ask/<int:ask_id>/withdraw/", staff_views.withdraw, name="ask_withdraw"),
]
