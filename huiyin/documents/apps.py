from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "huiyin.documents"
    verbose_name = "文书"

    def ready(self):
        from huiyin.cases import beside
        from huiyin.documents import offers, rule_checks

        beside.MATTER.fill("documents/parts/matter.html", offers.matter_part, order=20)
        beside.TODAY.fill("documents/parts/today.html", offers.today_part, order=20)
        rule_checks.register()
