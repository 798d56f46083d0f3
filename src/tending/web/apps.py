from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tending.web"
    label = "web"
