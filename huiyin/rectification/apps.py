from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "huiyin.rectification"
    verbose_name = "整改"
