from django.apps import AppConfig


class NoticeConfig(AppConfig):
    name = "tending.notice"
    label = "notice"
    default_auto_field = "django.db.models.BigAutoField"
