from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "huiyin.inspections"
    verbose_name = "巡查"
