from django.apps import AppConfig


class UpstreamConfig(AppConfig):
    name = "huiyin.upstream"
    verbose_name = "上级热线"

    def ready(self):
        from huiyin.upstream import doors

        doors.put_up()
