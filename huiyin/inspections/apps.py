from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "huiyin.inspections"
    verbose_name = "巡查"

    def ready(self):
        from huiyin.inspections import doors, moves, standards_check

        moves.register()
        standards_check.register()
        doors.put_up()
