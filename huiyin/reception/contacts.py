"""Which post answers for a domain: one at a time, with its office number; how many suggestions each domain got."""

from datetime import date

from django.db import transaction
from django.db.models import Count

from huiyin.audit.models import record
from huiyin.base.refusal import Refusal
from huiyin.cases.models import Case
from huiyin.reception import house_rules
from huiyin.reception.models import DomainContact


def current(office, on: date | None = None) -> dict[str, DomainContact]:
    """domain code → its contact on that day (default today)."""
    rows = DomainContact.objects.current(on).filter(office=office)
    rows = rows.select_related("post__user", "post__organisation").order_by("start_on")
    return {row.domain: row for row in rows}


def listed(office) -> list[dict]:
    """[{code, name, contact}] of every domain, contact None where nobody is named. For letters and the portal:
    print the unit, the post's title and the office number."""
    there = current(office)
    return [
        {"code": code, "name": row["name"], "contact": there.get(code)}
        for code, row in house_rules.domains(office).items()
    ]


def foot(case) -> str:
    """For the foot of a letter: who hears opinions in the domain of this matter, by post and office number."""
    domain = house_rules.domain_of(case.office, case.category)
    there = current(case.office).get(domain) if domain else None
    if there is None:
        return ""
    name = house_rules.domains(case.office)[domain]["name"]
    return f"{name}方面的意见建议，可以找{there.post.organisation}{there.post.title}，电话{there.phone}。"


@transaction.atomic
def name_contact(office, domain: str, *, post, phone: str, start_on: date, by) -> DomainContact:
    """From `start_on` this post answers for the domain; the one before ends on that day."""
    if domain not in house_rules.domains(office):
        raise Refusal("没有这个领域，请从列表里选。", status=400, errors={"domain": "请从列表里选"})
    last = DomainContact.objects.select_for_update().filter(office=office, domain=domain, end_on=None).first()
    if last is not None:
        if last.post_id == post.pk and last.phone == phone:
            return last
        if start_on <= last.start_on:
            raise Refusal(
                f"现在这位从 {last.start_on:%Y-%m-%d} 起，新的要晚于这一天。", status=400,
                errors={"start_on": "要晚于现在这位的起始日"},
            )  # fmt: skip
        last.end_on = start_on
        last.save(update_fields=["end_on"])
    made = DomainContact.objects.create(
        office=office, domain=domain, post=post, phone=phone.strip(), start_on=start_on, set_by=by
    )
    record("定领域联系人", f"domain:{domain}", by=by, office=office, post=str(post.pk))
    return made


def suggestions(user, period):
    """Suggestions that `user` may read, registered in the period, by whatever door."""
    return Case.objects.visible_to(user).filter(
        office_id=user.office_id, kind="suggestion", **period.holds("registered_at")
    )


def counts(user, period) -> dict[str, int]:
    """domain code ('' for none) → suggestions received."""
    found: dict[str, int] = {}
    rows = suggestions(user, period).order_by().values("category").annotate(number=Count("pk"))
    for row in rows:
        code = house_rules.domain_of(user.office, row["category"])
        found[code] = found.get(code, 0) + row["number"]
    return found
