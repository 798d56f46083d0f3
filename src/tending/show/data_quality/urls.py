from django.urls import path

from tending.show.data_quality import views

urlpatterns = [
    path("data-quality/", views.page, name="data_quality"),
    path("data-quality/findings/<str:kind>/", views.findings_page, name="data_quality_findings"),
    path("data-quality/people/<str:kind>/", views.opened_page, name="data_quality_opened"),
]
