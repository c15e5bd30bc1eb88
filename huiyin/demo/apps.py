from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "huiyin.demo"
    verbose_name = "演示"

    def ready(self):
        from huiyin.demo.switching import is_open
        from huiyin.shell import slots

        slots.fill("switcher", lambda request: "demo/switcher.html" if is_open(request) else "")
