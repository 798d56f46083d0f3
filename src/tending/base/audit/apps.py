from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "tending.base.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tending.base.audit import receivers  # noqa: F401 - connects the receivers
