from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "huiyin.rulebook"
    verbose_name = "规则"

    def ready(self):
        from huiyin.rulebook import doors, shipped

        shipped.register()
        doors.put_up()
