from django.urls import path

from tending.notice.triggers import views

urlpatterns = [
    path("triggers/", views.page, name="triggers"),
    path("triggers/<str:code>/", views.trigger, name="trigger"),
]
