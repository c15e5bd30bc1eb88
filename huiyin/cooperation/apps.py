from django.apps import AppConfig


class CooperationConfig(AppConfig):
    name = "huiyin.cooperation"
    verbose_name = "协同"
