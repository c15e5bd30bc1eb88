"""`open_house`: at every start of a house for real use: shipped rules, and in an empty one the set-up address."""

from django.core.management.base import BaseCommand

from huiyin.opening import founding


class Command(BaseCommand):
    help = "装入出厂规则；还没有任何账号时，给出设第一位系统管理员的一次性地址。每次启动运行一次。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--address", default="http://127.0.0.1:8000/", help="这套系统的网址")

    def handle(self, *, address: str, **options):
        code = founding.prepare()
        if code:
            founding.write_down(f"{address.rstrip('/')}/welcome/{code}/")
