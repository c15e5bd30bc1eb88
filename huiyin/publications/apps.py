from django.apps import AppConfig


class PublicationsConfig(AppConfig):
    name = "huiyin.publications"
    verbose_name = "公开"

    def ready(self):
        from huiyin.publications import doors

        doors.put_up()
