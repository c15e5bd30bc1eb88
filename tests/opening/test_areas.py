"""片区 and 边界 from files: what is wrong is named by cell or feature, what is right goes in as a whole, twice changes nothing."""

import json

import pytest
from django.urls import reverse

from huiyin.areas.models import Area, AreaFact
from huiyin.audit.models import AuditRecord
from huiyin.opening.models import Import
from tests.opening.conftest import pages, problems, text
from tests.world import square

pytestmark = pytest.mark.django_db
NEW = "990109009003"
ROWS = [
    {"code": f"{NEW}001", "kind": "grid", "name": "南社区 01 网格", "parent": NEW, "households": 410},
    {"code": NEW, "kind": "community", "name": "南社区", "households": 1200, "persons": 3100},
    {"code": "nan-1", "kind": "building", "name": "南苑 1 幢", "parent": f"{NEW}001", "address": "南苑路 1 号", "lon": 118.02, "lat": 27.0},
]  # fmt: skip


def test_a_tree_in_any_order_goes_in_with_its_facts_and_paths(world, bring_in):
    row = bring_in("areas", ROWS)
    assert (row.fresh, row.changed, row.same, row.problems) == (3, 0, 0, 0)
    house = Area.objects.get(code="nan-1")
    street = world.street
    assert house.ancestors == [*street.ancestors, street.pk, house.parent.parent_id, house.parent_id]
    assert house.pinyin.startswith("nanyuan") and house.lon == 118.02
    facts = AreaFact.objects.filter(area__code=NEW).values_list("name", "value")
    assert {name: int(value) for name, value in facts} == {"户数": 1200, "人口": 3100}
    done = AuditRecord.objects.get(action="导入片区")
    assert done.detail["新增"] == 3 and done.actor == world.admin
    assert not row.content


def test_the_same_file_again_changes_nothing(bring_in, admin):
    bring_in("areas", ROWS)
    again = bring_in("areas", ROWS)
    assert (again.fresh, again.changed, again.same) == (0, 0, 3)
    assert "完全一样" in text(admin.get(reverse("opening_file", args=[again.pk])))
    assert AreaFact.objects.filter(area__code=NEW).count() == 2


def test_what_is_there_can_be_downloaded_corrected_and_sent_back(world, bring_in, admin):
    file = admin.get(reverse("opening_filled", args=["areas"])).content
    assert bring_in("areas", file).same == 5
    lines = pages(file)["片区"]
    assert [line[3] for line in lines[3:]] == [
        "东社区",
        "东社区 01 网格",
        "西社区",
        "西社区 01 网格",
        "槐荫里 3 幢",
    ]
    row = bring_in("areas", [{"code": "990109009001", "kind": "community", "name": "东一社区"}])
    assert row.changed == 1 and Area.objects.get(pk=world.east.pk).name == "东一社区"
    assert "东社区 → 东一社区" in text(admin.get(reverse("opening_file", args=[row.pk])))


def test_every_mistake_is_named_by_its_cell(world, bring_in, admin):
    row = bring_in(
        "areas",
        [
            {"code": "990109008001", "kind": "community", "name": "别处"},
            {"code": f"{NEW}001", "kind": "grid", "name": "没有上级"},
            {"code": f"{NEW}002", "kind": "grid", "name": "上级不在", "parent": NEW},
            {"code": "12", "kind": "grid", "name": "代码不对", "parent": "990109009001"},
            {"code": "990109009001001", "kind": "building", "name": "改层级", "parent": "990109009002001"},
            {"code": "b9", "kind": "building", "name": "缺纬度", "parent": "990109009002001", "lon": 118.0},
            {"code": "b9", "kind": "building", "name": "重复", "parent": "990109009002001"},
            {"code": "b10", "kind": "村", "name": "", "parent": ""},
        ],
    )
    found = problems(row)
    assert {"B4", "E5", "E6", "B7", "C8", "K9", "B10", "C11", "D11"} == set(found)
    assert "12 位数字" in found["B4"] and "同一份表" in found["E6"] and "第 9 行" in found["B10"]
    assert row.imported_at is None and not Area.objects.filter(code="b9").exists()
    page = text(admin.get(reverse("opening_file", args=[row.pk])))
    assert "9 处要改" in page and "K9" in page and "导入，新增" not in page
    copy = admin.get(reverse("opening_marked", args=[row.pk]))
    assert "attachment" in copy["Content-Disposition"]
    out = pages(copy.content)
    assert "B4" in out["片区"][3][-1] and [line[0] for line in out["问题清单"][1:4]] == ["B4", "E5", "E6"]


def test_a_file_with_problems_cannot_be_imported_by_a_made_up_request(bring_in, admin):
    row = bring_in("areas", [{"code": "1", "kind": "community", "name": "x"}])
    answer = admin.post(reverse("opening_import", args=[row.pk]))
    assert answer.status_code == 409 and "什么都没有导入" in text(answer)


def test_a_closed_code_and_an_area_with_matters_stay_as_they_are(world, bring_in):
    world.register()
    row = bring_in(
        "areas",
        [{"code": "990109009001001", "kind": "grid", "name": "东社区 01 网格", "parent": "990109009002"}],
    )
    assert {"B4", "E4"} == set(problems(row))


def test_a_moved_building_takes_its_path_along(world, bring_in):
    bring_in("areas", ROWS)
    row = bring_in(
        "areas", [{"code": "nan-1", "kind": "building", "name": "南苑 1 幢", "parent": "990109009002001"}]
    )
    assert row.changed == 1
    house = Area.objects.get(code="nan-1")
    assert house.ancestors == world.west_grid.path


def test_five_thousand_rows_in_one_file(world, bring_in):
    rows = [
        {"code": f"h{number}", "kind": "building", "name": f"长街 {number} 幢", "parent": "990109009001001", "address": f"长街 {number} 号"}
        for number in range(5000)
    ]  # fmt: skip
    row = bring_in("areas", rows)
    assert row.fresh == 5000 and Area.objects.filter(code__startswith="h").count() == 5000
    assert bring_in("areas", rows).same == 5000


def geojson(*features) -> bytes:
    rows = [
        {"type": "Feature", "properties": {"code": code}, "geometry": geometry} for code, geometry in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def test_boundaries_go_to_the_areas_of_their_codes(world, bring_in, admin):
    bring_in("areas", ROWS)
    row = bring_in(
        "boundaries",
        geojson((NEW, square(118.02, 27.0)), (f"{NEW}001", square(118.02, 27.0))),
        file_name="b.geojson",
    )
    assert (row.fresh, row.problems) == (2, 0)
    area = Area.objects.get(code=f"{NEW}001")
    assert area.boundary["type"] == "Polygon" and abs(area.lon - 118.025) < 0.001
    again = bring_in(
        "boundaries", admin.get(reverse("opening_filled", args=["boundaries"])).content, file_name="b.geojson"
    )
    assert (again.fresh, again.changed, again.problems) == (0, 0, 0) and again.same == 6


def test_boundaries_that_cannot_be_are_named_by_feature(world, bring_in, admin):
    bring_in("areas", ROWS)
    bow = {
        "type": "Polygon",
        "coordinates": [[[118.02, 27.0], [118.03, 27.01], [118.03, 27.0], [118.02, 27.01], [118.02, 27.0]]],
    }
    row = bring_in(
        "boundaries",
        geojson(
            (NEW, square(118.005, 27.0)),  # half of it over its sibling
            (f"{NEW}001", square(118.5, 27.0)),  # outside its parent
            ("nobody", square(118.0, 27.0)),
            ("990109009002", bow),
            ("990109009002001", square(500000.0, 3000000.0)),
            ("990109009001", {"type": "Point", "coordinates": [118.0, 27.0]}),
        ),
        file_name="b.geojson",
    )
    words = {heading.split("（")[0]: wrong for _, heading, wrong, _ in json.loads(row.findings)["problems"]}
    said = json.dumps(words, ensure_ascii=False)
    assert "压在一起" in said and "边界外面" in said and "没有这个代码" in said
    assert "交叉" in said and "不是经纬度" in said and "不是面" in said
    assert Area.objects.get(code=NEW).boundary is None
    out = pages(admin.get(reverse("opening_marked", args=[row.pk])).content)
    assert len(out["问题清单"]) == row.problems + 1


def test_touching_edges_and_small_overlaps_are_fine(world, bring_in):
    bring_in("areas", ROWS)
    assert bring_in("boundaries", geojson((NEW, square(118.01995, 27.0))), file_name="b.json").problems == 0


@pytest.mark.parametrize(
    "raw", [b"{", b"[]", b'{"type":"FeatureCollection","features":[]}', b'{"a":' * 100000]
)
def test_what_is_no_geojson_is_refused(hand_in, raw):
    answer = hand_in("boundaries", raw, file_name="b.geojson")
    assert answer.status_code == 400 and not Import.objects.exists()
