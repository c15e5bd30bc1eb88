from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "huiyin.cases"
    verbose_name = "事项"

    def ready(self):
        from huiyin.cases import doors, messages_check, outages, resident_messages, rule_checks, tallies
        from huiyin.cases.handover import hand_over, owed
        from huiyin.grids import tallies as in_areas
        from huiyin.notices import outbox
        from huiyin.orgs import handover
        from huiyin.orgs import tallies as shown

        handover.STEPS.append(hand_over)
        handover.LOOKS.append(owed)
        shown.OFFICE.append(tallies.of_office)
        shown.UNIT.append(tallies.of_unit)
        in_areas.AREAS.extend(tallies.of_areas())
        outbox.ON_GIVEN_UP.append(resident_messages.undelivered)
        outbox.ON_OUTAGE.append(outages.went_out)
        outbox.ON_REPAIR.append(outages.came_back)
        rule_checks.register()
        messages_check.register()
        doors.put_up()
