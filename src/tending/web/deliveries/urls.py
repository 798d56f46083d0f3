from django.urls import path

from tending.web.deliveries import again, views

urlpatterns = [
    path("deliveries/", views.list_page, name="deliveries"),
    path("deliveries/give/", views.give_page, name="give_files"),
    path("deliveries/offered/<str:offer_id>/", views.offer_page, name="offered"),
    path("deliveries/offered/<str:offer_id>/give/", views.receive, name="offered_give"),
    path("deliveries/offered/<str:offer_id>/withdraw/", views.withdraw, name="offered_withdraw"),
    path("deliveries/<int:delivery_id>/", views.delivery_page, name="delivery"),
    path("deliveries/<int:delivery_id>/again/", again.files_again, name="delivery_again"),
    path("data-quality/quarantine/again/", again.rows_again, name="rows_again"),
    path("data-quality/quarantine/<int:quarantined_id>/again/", again.row_again, name="row_again"),
]
