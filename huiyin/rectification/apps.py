from django.apps import AppConfig


class RectificationConfig(AppConfig):
    name = "huiyin.rectification"
    verbose_name = "整改"

    def ready(self):
        from huiyin.rectification import doors

        doors.put_up()
