from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "huiyin.areas"
    verbose_name = "区域"

    def ready(self):
        from huiyin.shell import rail

        rail.register("areas", "片区", "map", "desk_areas", order=75, on_phone=False, group="ground")
