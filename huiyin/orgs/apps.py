from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "huiyin.orgs"
    verbose_name = "组织"

    def ready(self):
        from huiyin.shell import rail

        rail.register("network", "服务网络", "team", "desk_network", order=78, on_phone=False, group="ground")
