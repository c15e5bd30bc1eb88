from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "huiyin.reception"
    verbose_name = "接待"
