"""Who can be named responsible: holders of posts in units that handle matters, written 姓名（单位）."""

import re

from huiyin.base.refusal import Refusal
from huiyin.orgs.models import HANDLING, OrganisationKind, Post

MOST = 2000
WRITTEN = re.compile(r"^(?P<name>[^（()]+)[（(](?P<unit>[^（）()]+(?:[（(][^）)]*[）)])?)[）)]$")
UNITS = [*HANDLING, OrganisationKind.LEADING_BODY]


def posts(office):
    """Posts of today that may carry a measure, by unit and name."""
    rows = Post.objects.current().filter(office=office, organisation__kind__in=UNITS, user__is_active=True)
    rows = rows.select_related("user", "organisation").defer("organisation__services")
    return rows.order_by("organisation__code", "user__pinyin")


def written(user, organisation) -> str:
    return f"{user.name}（{organisation}）"


def labels(office) -> list[str]:
    """Everybody as written in the list to choose from, each once."""
    return list(dict.fromkeys(written(row.user, row.organisation) for row in posts(office)[:MOST]))


def found(office, text: str):
    """(user, organisation) of '郑开明（综合执法队）', of a name that only one person has, or of a user name.

    Raises Refusal 400 with what is wrong.
    """
    text = text.strip()
    rows = posts(office)
    parts = WRITTEN.match(text)
    if parts:
        name, unit = parts["name"].strip(), parts["unit"].strip()
        rows = [
            row
            for row in rows.filter(user__name=name)
            if unit in (str(row.organisation), row.organisation.name)
        ]
    else:
        rows = list(rows.filter(user__name=text)[:5]) or list(rows.filter(user__username=text)[:5])
    units = {(row.user_id, row.organisation_id): row for row in rows}
    if not units:
        raise Refusal(f"没有找到“{text[:30]}”这个责任人，写成“姓名（单位）”，从列表里选。", status=400)
    if len({user for user, _ in units}) > 1:
        raise Refusal(f"有几位“{text[:30]}”，请写成“姓名（单位）”。", status=400)
    row = next(iter(units.values()))
    return row.user, row.organisation
