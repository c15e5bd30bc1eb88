from django.apps import AppConfig


class CooperationConfig(AppConfig):
    name = "huiyin.cooperation"
    verbose_name = "协同"

    def ready(self):
        from huiyin.cooperation import doors, moves

        moves.register()
        doors.put_up()
