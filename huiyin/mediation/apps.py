from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "huiyin.mediation"
    verbose_name = "调解"

    def ready(self):
        from huiyin.cases import beside, requirements
        from huiyin.mediation import conditions, reading
        from huiyin.mediation.views.acting import READERS
        from huiyin.shell import rail

        rail.register(
            "mediation", "调解", "scales", "desk_mediations", allowed=lambda user: bool(user.roles & READERS), order=65,
            on_phone=False,
        )  # fmt: skip
        requirements.add("mediated", "调解", conditions.untried)
        requirements.add("promises_kept", "协议履行", conditions.broken)
        requirements.add("mediation_ended", "调解结果", conditions.running, always=("close",))
        beside.MATTER.fill("mediation/parts/of_case.html", reading.of_case, order=30)
