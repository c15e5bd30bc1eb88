from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "huiyin.areas"
    verbose_name = "区域"
