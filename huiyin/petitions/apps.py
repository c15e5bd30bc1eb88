from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "huiyin.petitions"
    verbose_name = "信访"
