from django.urls import path

from tending.web.account import views

urlpatterns = [
    path("", views.page, name="my_account"),
    path("sessions/", views.places, name="my_places"),
    path("sessions/others/end/", views.end_others, name="end_other_places"),
    path("sessions/<int:place_id>/end/", views.end, name="end_place"),
]
