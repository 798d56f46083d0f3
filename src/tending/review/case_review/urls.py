from django.urls import path

from tending.review.case_review import views
from tending.review.case_review.steps import STEPS

urlpatterns = [
    path("reviews/", views.reviews, name="reviews"),
    path("reviews/<int:review_id>/", views.page, name="review"),
    *(
        path(
            f"reviews/<int:review_id>/{step.address.format('<int:thing_id>')}",
            views.step(step.name),
            name=f"review_{step.name}",
        )
        for step in STEPS.values()
    ),
]
