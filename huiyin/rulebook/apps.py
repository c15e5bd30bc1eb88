from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "huiyin.rulebook"
    verbose_name = "规则"
