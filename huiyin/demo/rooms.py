"""What each room adds to the demo world. Every loader may run again and leaves what is there.

WORLD runs with the areas and posts, before the first page; AFTER_YEAR once the stories have been played.
A loader takes the office.
"""

from collections.abc import Callable

from huiyin.demo.bodies_world import load_bodies
from huiyin.demo.documents_world import load_documents
from huiyin.demo.grids_world import load_grids
from huiyin.demo.inspections_world import load_inspections, load_points
from huiyin.demo.mediation_world import load_mediation
from huiyin.demo.messages_world import read_old_messages
from huiyin.demo.publications_world import load_publications
from huiyin.demo.reception_world import load_received, load_reception
from huiyin.demo.rectification_world import load_places, load_year
from huiyin.demo.rulebook_world import load_draft, load_rules
from huiyin.demo.upstream_world import load_files, load_profile

WORLD: list[tuple[str, Callable]] = [
    ("网格力量、路段和公示", load_grids),
    ("议事和服务组织", load_bodies),
    ("接访排班、窗口和联系人", load_reception),
    ("本街道的派单规则", load_rules),
    ("夜查点位", load_points),
    ("上级热线的工单表", load_profile),
    ("重点场所和一岗双责", load_places),
]
AFTER_YEAR: list[tuple[str, Callable]] = [
    ("文书", load_documents),
    ("读过的消息", read_old_messages),
    ("热线、来文、走访、大厅和感谢", load_received),
    ("隐患排查、工作方案和问责", load_year),
    ("夜查和问题普查", load_inspections),
    ("纠纷、会案和排查", load_mediation),
    ("公开的答复和热点说明", load_publications),
    ("等启用的派单规则草稿", load_draft),
    ("上级热线的导入和回复", load_files),
]
