from django.apps import AppConfig


class OpeningConfig(AppConfig):
    name = "huiyin.opening"
    verbose_name = "开办"
