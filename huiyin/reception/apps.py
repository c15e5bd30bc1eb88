from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "huiyin.reception"
    verbose_name = "接待"

    def ready(self):
        from huiyin.reception import doors

        doors.put_up()
