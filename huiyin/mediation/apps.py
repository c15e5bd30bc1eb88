from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "huiyin.mediation"
    verbose_name = "调解"
