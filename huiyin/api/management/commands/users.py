"""bin/huiyin users [--json]: who can sign in, and the posts that each holds now."""

import json

from django.core.management.base import BaseCommand

from huiyin.accounts.models import User
from huiyin.orgs.models import Post


class Command(BaseCommand):
    help = "列出用户和他们现在的岗位"

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="给程序用：[{username, name, posts}]")

    def handle(self, *args, **options):
        rows = listing()
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            titles = "；".join(f"{post['organisation']} {post['title']}" for post in row["posts"])
            self.stdout.write(f"{row['username']:<20}{row['name']}　{titles}")


def listing() -> list[dict]:
    """Active users by name, each with the posts in force today. Two queries."""
    held: dict = {}
    for post in Post.objects.current().select_related("organisation", "area").order_by("start_on", "pk"):
        held.setdefault(post.user_id, []).append(
            {
                "role": post.role,
                "role_label": post.get_role_display(),
                "title": post.title,
                "organisation": str(post.organisation),
                "organisation_code": post.organisation.code,
                "organisation_kind": post.organisation.kind,
                "area": post.area.code,
                "area_name": post.area.name,
                "area_kind": post.area.kind,
            }
        )
    users = User.objects.filter(is_active=True).order_by("username").values("pk", "username", "name")
    return [
        {"username": user["username"], "name": user["name"], "posts": held.get(user["pk"], [])}
        for user in users
    ]
