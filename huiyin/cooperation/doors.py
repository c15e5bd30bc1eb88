"""Where this room shows itself on pages of others."""

from huiyin.cases import beside
from huiyin.cooperation import papers, reading
from huiyin.documents.kinds import KINDS
from huiyin.rulebook import registry
from huiyin.shell import rail


def put_up():
    """Called once, when the room is ready."""
    rail.register(
        "cooperation", "协同", "team", "desk_whistles", allowed=lambda user: bool(user.roles & reading.READERS), order=58,
        on_phone=False,
    )  # fmt: skip
    beside.MATTER.fill("cooperation/parts/matter.html", reading.matter_part, order=10)
    beside.MATTER.fill("cooperation/parts/chain.html", reading.chain_part, order=60)
    beside.TODAY.fill("cooperation/parts/today.html", reading.today_part, order=15)
    KINDS[papers.KIND.code] = papers.KIND
    registry.register(
        "cooperation",
        "协同",
        about="吹哨报到各种缓急的时限、属地责任的先后、一位领导最多包靠几件、一件最多拆几件",
        help="whistle 下 levels 一行一种缓急：way 怎么答、amount 和 unit 多久；territory 下 first 谁是第一责任人，从前往后找",
        labels={
            "whistle": "吹哨", "levels": "缓急", "way": "怎么答", "amount": "多少", "unit": "单位", "champion": "包靠",
            "most_open": "一人最多几件", "split": "拆分", "most_children": "最多拆几件", "group": "群体件", "most_matters": "最多并几件",
            "territory": "属地责任", "first": "第一责任人", "names": "叫法", "figures": "考核数", "code": "代码", "name": "名称",
        },
        order=46,
    )  # fmt: skip
