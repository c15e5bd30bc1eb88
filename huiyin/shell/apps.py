from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "huiyin.shell"
    verbose_name = "外壳"
