from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "huiyin.incidents"
    verbose_name = "突发事件"

    def ready(self):
        from huiyin.incidents import doors

        doors.put_up()
