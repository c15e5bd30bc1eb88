"""Bring the database up to date: make or migrate the tables, then the runtime account's rights. May run any time."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction

from huiyin.shell import tables
from huiyin.shell.grants import append_only_tables, grant


class Command(BaseCommand):
    help = "建表和升级（以所有者账户），再给运行账户授权；可以反复执行。"

    def add_arguments(self, parser):
        parser.add_argument("--account", help="运行账户的名字；默认取 DATABASE_URL 里的用户名")

    def handle(self, *args, **options):
        account = options["account"] or settings.RUNTIME_ACCOUNT
        if not tables.make() and tables.is_behind():
            call_command("migrate", interactive=False, verbosity=options["verbosity"] - 1)
        with transaction.atomic():
            # Two set-ups at once would trip over each other's catalogue rows.
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_xact_lock(hashtext('huiyin setup'))")
            granted = grant(account)
        if not granted:
            self.stderr.write(
                f"数据库账户“{account}”没有单独授权（它就是所有者，或不存在）：只增不改的表未加锁。"
            )
        elif options["verbosity"] > 1:
            self.stdout.write(f"已授权 {account}；只增不改：{'、'.join(append_only_tables())}")
