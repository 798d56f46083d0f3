from django.urls import path

from tending.review.worklist import views

urlpatterns = [
    path("", views.monday_page, name="monday"),
    path("caseload/", views.caseload_page, name="caseload"),
]
