from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "huiyin.incidents"
    verbose_name = "突发事件"
