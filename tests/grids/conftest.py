"""The small world with a grid leader, so that its east grid is staffed by the rule."""

from datetime import date

import pytest

from huiyin.grids import duties
from huiyin.orgs.models import Organisation

SOURCE = "网格配置表"


@pytest.fixture
def desk(client, world):
    """`desk("clerk", url)` → the page; with `data` a POST."""

    def see(name, url, data=None):
        client.force_login(getattr(world, name))
        return client.get(url) if data is None else client.post(url, data)

    return see


@pytest.fixture
def leader(world):
    """The grid leader of the east grid, entered by the clerk."""
    return duties.assign(
        world.office, by=world.clerk, role="grid_leader", area=world.east_grid, user=world.east_staff,
        start_on=date(2024, 1, 1), source=SOURCE,
    )  # fmt: skip


@pytest.fixture
def numbers(world):
    """Office numbers of the station and of the leading body."""
    Organisation.objects.filter(pk=world.east_station.pk).update(phone="0000-600 0211", address="东街 1 号")
    Organisation.objects.filter(pk=world.party.pk).update(phone="0000-600 0100")


def text(answer) -> str:
    return answer.content.decode()
