from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "tending.base.design"
    label = "design"
