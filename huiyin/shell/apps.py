from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "huiyin.shell"
    verbose_name = "外壳"

    def ready(self):
        from huiyin.shell import cabinet, rail

        rail.register(
            "settings",
            "设置",
            "set",
            "desk_settings",
            allowed=cabinet.may_open,
            order=90,
            on_phone=False,
            at_foot=True,
        )
