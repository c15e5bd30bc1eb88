"""Loading the demo world: quick, repeatable, complete; the sign-in file is for its owner only."""

import stat
from collections import Counter
from datetime import date

import pytest

from huiyin.accounts.models import User
from huiyin.areas.locate import grid_at
from huiyin.areas.models import Area, AreaFact, AreaKind
from huiyin.cases.intake import area_of_place
from huiyin.demo.files import features
from huiyin.demo.load import load_world
from huiyin.demo.sign_ins import WITH_PASSWORD, write_sign_ins
from huiyin.orgs.models import Organisation, Post

pytestmark = pytest.mark.xdist_group("demo-world")  # loaded once for all of them


@pytest.fixture
def office(demo_office):
    return demo_office


def test_loading_twice_changes_nothing(office):
    before = [model.objects.count() for model in (Area, AreaFact, Organisation, User, Post)]
    load_world(lambda line: None)
    assert [model.objects.count() for model in (Area, AreaFact, Organisation, User, Post)] == before


def test_counts_of_the_network(office):
    mine = Organisation.objects.filter(office=office)
    tiers = Counter(mine.values_list("kind", flat=True))
    assert (tiers["centre"], tiers["department"], tiers["station"], tiers["service_point"]) == (1, 20, 5, 160)
    assert mine.filter(kind="service_point", parent__kind="station").count() == 160
    assert sum(mine.filter(kind="volunteer_team").values_list("member_count", flat=True)) == 108


def test_every_place_is_found_in_its_grid(office):
    for feature in features("places.geojson"):
        row = feature["properties"]
        assert grid_at(office, *feature["geometry"]["coordinates"]).code == row["grid"]


def test_a_place_is_found_by_its_name(office):
    for feature in features("places.geojson")[::6]:
        row = feature["properties"]
        found = area_of_place(office, f"{row['name']}1幢") or area_of_place(office, row["name"])
        assert found.code == row["grid"], row["name"]


def test_ancestors_reach_the_city(office):
    building = Area.objects.filter(office=office, kind=AreaKind.BUILDING).select_related("parent").first()
    kinds = [Area.objects.get(pk=pk).kind for pk in building.ancestors]
    assert kinds == ["city", "district", "subdistrict", "community", "grid"]


def test_a_post_that_ended_is_not_current(office):
    ended = Post.objects.filter(office=office).exclude(end_on=None).get()
    assert ended.end_on < date.today() and ended not in Post.objects.current()


def test_an_absent_handler_is_stood_in_for(office):
    away = Post.objects.away().get(office=office)
    assert away in away.substitute.current_posts


@pytest.mark.slow
def test_sign_ins_work_and_are_private(office, settings, tmp_path):
    settings.DATA = tmp_path
    path = write_sign_ins(office)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = [line.split() for line in path.read_text().splitlines() if "." in line.split(" ")[0]]
    passwords = {row[0]: row[1] for row in rows if row[0] in WITH_PASSWORD}
    assert set(passwords) == set(WITH_PASSWORD)
    for username, password in passwords.items():
        assert User.objects.get(username=username).check_password(password)
    others = User.objects.filter(office=office).exclude(username__in=WITH_PASSWORD)
    assert not any(user.has_usable_password() for user in others)
    assert write_sign_ins(office) is None


def test_those_with_passwords_cover_every_role(office):
    roles = set(Post.objects.filter(user__username__in=WITH_PASSWORD).values_list("role", flat=True))
    assert roles == set(Post.objects.filter(office=office).values_list("role", flat=True))
