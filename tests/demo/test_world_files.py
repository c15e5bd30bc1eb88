"""The files of the demo world: the numbers of the model, a map without holes, references that hold."""

import json
from collections import Counter

import pytest
import shapely
import yaml
from shapely.geometry import Point, shape

from huiyin.demo import draw_areas, draw_points
from huiyin.demo.files import features, read
from huiyin.rules.models import SEEDS


@pytest.fixture(scope="module")
def areas():
    return {f["properties"]["code"]: f for f in features("areas.geojson")}


def shapes_of(areas, kind: str) -> dict:
    return {
        code: shape(f["geometry"])
        for code, f in areas.items()
        if f["properties"]["kind"] == kind and f["geometry"]
    }


def test_the_tree_has_five_communities_and_43_grids(areas):
    kinds = Counter(f["properties"]["kind"] for f in areas.values())
    assert (kinds["city"], kinds["district"], kinds["subdistrict"]) == (1, 1, 1)
    assert (kinds["community"], kinds["grid"]) == (5, 43)
    for code, f in areas.items():
        parent = f["properties"]["parent"]
        assert parent is None or (parent in areas and code.startswith(parent.rstrip("0")))


def test_grids_tile_their_communities(areas):
    grids, communities = shapes_of(areas, "grid"), shapes_of(areas, "community")
    assert all(grid.is_valid and grid.area > 0 for grid in grids.values())
    assert shapely.coverage_is_valid(list(grids.values()))
    for code, community in communities.items():
        mine = [grid for key, grid in grids.items() if key.startswith(code)]
        assert shapely.union_all(mine).symmetric_difference(community).area < 1e-16
    whole = shapes_of(areas, "subdistrict")["990101001"]
    assert shapely.union_all(list(communities.values())).symmetric_difference(whole).area < 1e-16
    assert draw_areas.km2(whole) == pytest.approx(1.85, abs=0.01)


def test_base_grids_have_300_to_500_households(areas):
    grids = [f["properties"]["attributes"] for f in areas.values() if f["properties"]["kind"] == "grid"]
    base = [row for row in grids if row["grid_kind"] == "base"]
    assert len(base) == 41
    assert all(300 <= row["households"] <= 500 for row in base)
    total = areas["990101001"]["properties"]["attributes"]["households"]
    assert total == sum(row["households"] for row in grids)


def test_every_building_and_place_lies_in_its_grid(areas):
    grids = shapes_of(areas, "grid")
    for code, building in shapes_of(areas, "building").items():
        assert grids[code[:15]].covers(building), areas[code]["properties"]["name"]
    for f in features("places.geojson"):
        assert grids[f["properties"]["grid"]].covers(Point(f["geometry"]["coordinates"]))


def test_drawing_again_gives_the_same_map():
    drawn, backdrop, points = (json.loads(json.dumps(part)) for part in draw_areas.draw())
    assert drawn == features("areas.geojson")
    assert backdrop == features("backdrop.geojson")
    assert points == features("places.geojson")


def test_organisations_have_the_numbers_of_the_model():
    book, points = read("organisations.yaml"), read("service_points.yaml")["points"]
    kinds = Counter(row["kind"] for row in book["organisations"])
    assert (kinds["department"], kinds["station"], kinds["committee"], kinds["centre"]) == (20, 5, 5, 1)
    assert len(points) == len({row["name"] for row in points}) == 160
    assert Counter(row["station"] for row in points).total() == 160
    assert len(book["teams"]) == 21 and sum(team["members"] for team in book["teams"]) == 108
    for row in book["organisations"]:
        if row["kind"] == "station":
            assert len(row["services"]) >= 7 and "24" in row["hours"]


def test_spreading_the_points_again_gives_the_same_list():
    names = [row["name"] for row in read("service_points.yaml")["points"]]
    assert sorted(row[1][2] for row in draw_points.spread()) == sorted(names)


def test_posts_fill_every_place(areas):
    posts, book = read("posts.yaml")["posts"], read("organisations.yaml")
    users = {row["user"]: row["name"] for row in posts}
    assert 130 <= len(users) <= 160 and len(set(users.values())) == len(users)
    codes = {row["code"]: row["kind"] for row in book["organisations"]}
    for row in posts:
        assert row["org"] in codes and row.get("substitute") in {None, *users}
        assert row.get("substitute") != row["user"]
    current = [row for row in posts if "end_ago" not in row]
    for code, kind in codes.items():
        if kind == "department":
            roles = Counter(row["role"] for row in current if row["org"] == code)
            assert roles == {"unit_head": 1, "handler": 2}, code
    workers = {row["area"] for row in posts if row["role"] == "grid_worker"}
    assert {f"990101001{code}" for code in workers} == set(shapes_of(areas, "grid"))
    staff = {row["user"] for row in posts if row["org"] == "zhongxin"} - {"lu.qingyuan", "shao.wenpu"}
    assert len(staff) == 10


def test_phones_are_invented():
    for row in [*read("organisations.yaml")["organisations"], *read("service_points.yaml")["points"]]:
        assert row.get("phone", "0000-600 ").startswith("0000-600 ")


def test_categories_and_duty_lists_refer_to_real_units():
    units = {row["code"]: row["kind"] for row in read("organisations.yaml")["organisations"]}
    categories = yaml.safe_load((SEEDS / "categories.yaml").read_text())["content"]["categories"]
    lists = yaml.safe_load((SEEDS / "duty_lists.yaml").read_text())["content"]["lists"]
    clauses = {f"{part['name']}-{row['number']}": row for part in lists for row in part["clauses"]}
    assert [len(part["clauses"]) for part in lists] == [40, 60, 30]
    codes = {row["code"] for row in categories}
    leaves = [row for row in categories if "unit" in row]
    assert len(codes) == len(categories) and len(leaves) >= 150
    for row in categories:
        assert "parent" not in row or row["parent"] in codes
    for leaf in leaves:
        assert units[leaf["unit"]] in ("department", "centre"), leaf["name"]
        assert clauses[leaf["clause"]]["unit"] == leaf["unit"], leaf["name"]
