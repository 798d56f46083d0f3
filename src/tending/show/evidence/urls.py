from django.urls import path

from tending.show.evidence import views

urlpatterns = [
    path("evidence/", views.page, name="evidence"),
    path("evidence/signals/", views.signals, name="evidence_signals"),
    path("evidence/signals/<int:signal_id>/", views.chain, name="evidence_signal"),
    path("evidence/actions/", views.actions, name="evidence_actions"),
    path("evidence/pictures/<str:said>/<str:variant>.svg", views.picture, name="evidence_picture"),
    # The same page for those who support the person but count no evidence.
    path("people/<int:person_id>/signals/<int:signal_id>/", views.person_chain, name="person_signal"),
]
