"""The standing bodies of the invented subdistrict, with their members, terms and rooms."""

from huiyin.accounts.models import User
from huiyin.areas.models import Area
from huiyin.demo.files import read
from huiyin.orgs.models import Membership, Organisation, Venue


def load_bodies(office):
    """Add what is missing; a body that is there stays as it is."""
    known = {row.code: row for row in Organisation.objects.filter(office=office)}
    areas = {row.code: row for row in Area.objects.filter(office=office).defer("boundary")}
    people = {row.username: row for row in User.objects.filter(office=office)}
    bodies, members, venues = [], [], []
    for row in read("bodies.yaml")["bodies"]:
        if row["code"] in known:
            continue
        more = {
            key: value for key, value in row.items() if key not in ("parent", "area", "members", "venues")
        }
        body = Organisation(
            office=office, parent=known[row["parent"]], area=areas[office.code + row.get("area", "")], **more
        )
        body.fill_pinyin()
        known[body.code] = body
        bodies.append(body)
        members += [
            _term(office, body, known, people, place, *line) for place, line in enumerate(row["members"])
        ]
        venues += [Venue(office=office, organisation=body, **venue) for venue in row.get("venues", [])]
    Organisation.objects.bulk_create(bodies)
    Membership.objects.bulk_create(members)
    Venue.objects.bulk_create(venues)


def _term(office, body, known, people, place, function, title, who, start_on, end_on=None, basis=""):
    member = Membership(
        office=office, organisation=body, function=function, title=title, order=place, start_on=start_on,
        end_on=end_on or None, basis=basis,
    )  # fmt: skip
    if who.startswith("@"):
        member.unit = known[who[1:]]
    elif who in people:
        member.user = people[who]
    else:
        member.name = who
    return member
