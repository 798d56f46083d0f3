"""One's own account, and the pages of allauth a closed system needs: nobody signs up or resets a password by mail."""

from allauth.account import views
from django.urls import include, path

urlpatterns = [
    path("", include("tending.web.account.urls")),
    path("sign-in/", views.login, name="account_login"),
    path("sign-out/", views.logout, name="account_logout"),
    path("sign-up/", views.signup, name="account_signup"),  # says that it is closed
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("again/", views.reauthenticate, name="account_reauthenticate"),
    path("password/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("second-step/", include("allauth.mfa.urls")),
]
