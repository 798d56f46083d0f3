from django.apps import AppConfig


class KeepConfig(AppConfig):
    name = "tending.keep"
    label = "keep"
    default_auto_field = "django.db.models.BigAutoField"
