from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "huiyin.documents"
    verbose_name = "文书"

    def ready(self):
        from huiyin.cases import beside
        from huiyin.documents import offers, rule_checks
        from huiyin.shell import rail

        rail.register(
            "documents", "文书", "doc", "desk_documents", allowed=offers.may_open, order=55, on_phone=False
        )
        beside.MATTER.fill("documents/parts/matter.html", offers.matter_part, order=20)
        beside.TODAY.fill("documents/parts/today.html", offers.today_part, order=20)
        beside.STORY.append(offers.story_rows)
        rule_checks.register()
