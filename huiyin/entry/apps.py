from django.apps import AppConfig


class EntryConfig(AppConfig):
    name = "huiyin.entry"
    verbose_name = "登录"
