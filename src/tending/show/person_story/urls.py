from django.urls import path

from tending.show.person_story import views

urlpatterns = [
    path("people/<int:person_id>/", views.page, name="person"),
    path("people/<int:person_id>/source/<str:frame>/<path:key>/", views.source, name="source"),
    path("people/<int:person_id>/charts/<str:digest>/<str:variant>.svg", views.chart, name="person_chart"),
]
