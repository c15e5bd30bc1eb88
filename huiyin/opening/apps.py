from django.apps import AppConfig


class OpeningConfig(AppConfig):
    name = "huiyin.opening"
    verbose_name = "开办"

    def ready(self):
        from huiyin.opening import doors, shipped_lines

        shipped_lines.register()
        doors.put_up()
