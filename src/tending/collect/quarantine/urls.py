from django.urls import path

from tending.collect.quarantine import views

urlpatterns = [
    path("data-quality/quarantine/", views.group_page, name="quarantine_group"),
    path("data-quality/quarantine/list.csv", views.export, name="quarantine_export"),
    path("data-quality/quarantine/set-aside/", views.set_aside_group, name="quarantine_set_aside_group"),
    path("data-quality/quarantine/<int:quarantined_id>/", views.row_page, name="quarantine_row"),
    path("data-quality/quarantine/<int:quarantined_id>/set-aside/", views.set_aside, name="quarantine_set_aside"),
]
