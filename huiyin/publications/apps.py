from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "huiyin.publications"
    verbose_name = "公开"
