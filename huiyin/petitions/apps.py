from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    name = "huiyin.petitions"
    verbose_name = "信访"

    def ready(self):
        from huiyin.petitions import doors

        doors.put_up()
