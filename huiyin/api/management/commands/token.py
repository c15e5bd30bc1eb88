"""bin/huiyin token USER: a bearer token for the API, shown this once."""

from django.core.management.base import BaseCommand, CommandError

from huiyin.accounts import tokens
from huiyin.accounts.models import User
from huiyin.audit.models import record


class Command(BaseCommand):
    help = "给一个用户发一个接口令牌（90 天有效，只显示这一次）"

    def add_arguments(self, parser):
        parser.add_argument("user", help="登录名，见 bin/huiyin users")
        parser.add_argument("--name", default="命令行", help="用途，方便以后认出来")

    def handle(self, *args, user, name, **options):
        row = User.objects.select_related("office").filter(username=user, is_active=True).first()
        if row is None:
            raise CommandError(f"没有叫“{user}”的用户，或已停用。全部用户：bin/huiyin users")
        text = tokens.issue(row, name[:60])
        record("发接口令牌", f"user:{row.username}", by=None, office=row.office, name=name[:60])
        self.stdout.write(text)
