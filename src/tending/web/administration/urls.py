from django.urls import path

from tending.web.administration import views

urlpatterns = [
    path("administration/", views.page, name="administration"),
    path("administration/audit/", views.audit_search, name="audit_search"),
    path("health/", views.health_answer, name="health"),
]
