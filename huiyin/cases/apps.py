from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "huiyin.cases"
    verbose_name = "事项"

    def ready(self):
        from huiyin.cases import doors, tallies
        from huiyin.cases.handover import hand_over, owed
        from huiyin.orgs import handover
        from huiyin.orgs import tallies as shown

        handover.STEPS.append(hand_over)
        handover.LOOKS.append(owed)
        shown.OFFICE.append(tallies.of_office)
        shown.UNIT.append(tallies.of_unit)
        doors.put_up()
