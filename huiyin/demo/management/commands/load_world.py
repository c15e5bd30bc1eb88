"""`load_world`: the invented subdistrict; with `--story-year` also a year of its matters, replayed move by move."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from huiyin.demo.load import load_world
from huiyin.demo.sign_ins import write_sign_ins


class Command(BaseCommand):
    help = "载入演示世界（虚构的鹤汀街道）。可以重复运行，已有的不动。"
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--story-year", action="store_true", help="再演一年的事项，演到今天")

    def handle(self, *, story_year: bool, **options):
        note = Path(settings.DATA) / "world"  # written by the first bin/run
        if note.exists() and note.read_text().strip() == "none":
            raise CommandError(
                "这个数据目录是正式使用的（--world none），不能装演示街道。请用 --data 另选一个目录。"
            )
        say = self.stdout.write
        office = load_world(say)
        path = write_sign_ins(office)
        if path:
            say(f"演示账号写在 {path}")
        if story_year:
            from huiyin.demo import rooms
            from huiyin.demo.replay import replay_year

            replay_year(office, say)
            for name, load in rooms.AFTER_YEAR:
                load(office)
                say(name)
            say("演示数据全部就绪")
