from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "huiyin.cases"
    verbose_name = "事项"

    def ready(self):
        from huiyin.cases import doors
        from huiyin.cases.handover import hand_over
        from huiyin.orgs import handover

        handover.STEPS.append(hand_over)
        doors.put_up()
