from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "huiyin.grids"
    verbose_name = "网格"
