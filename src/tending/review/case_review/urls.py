from django.urls import path

from tending.review.case_review import views

urlpatterns = [
    path("reviews/<int:review_id>/", views.page, name="review"),
]
