from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "huiyin.orgs"
    verbose_name = "组织"
