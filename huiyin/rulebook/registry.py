"""What the rooms above know about their rules: its name in Chinese, how to check it, how to try it out.

A room registers in AppConfig.ready; the rulebook itself knows nothing but RuleSet.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from huiyin.rulebook import shapes
from huiyin.rulebook.reading import Problem
from huiyin.rules.models import RuleSet


@dataclass(frozen=True)
class Trial:
    """How a draft is tried on the past.

    run(content, active, office, by, many) → JSON: {"counted", "changed", …}; must be bounded by `many`.
    shown(result, user) → context of `template`, which draws the result for this reader.
    `sizes` are the numbers of past matters offered; `says` what the trial shows.
    """

    run: Callable[..., dict]
    template: str
    shown: Callable[[dict, object], dict]
    sizes: tuple[int, ...] = (200, 500, 1000, 2000)
    says: str = "看看过去的事项按这份草稿会怎样"


@dataclass(frozen=True)
class Entry:
    """One rule by name. `labels` are Chinese words for keys, for the difference; `help` says its shape in brief."""

    name: str
    title: str
    about: str = ""
    check: Callable[[object, object], Iterable[Problem]] | None = None
    trial: Trial | None = None
    help: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    is_ordered: bool = False
    order: int = 100


_entries: dict[str, Entry] = {}

# Names of rules whose rooms have not registered a checker of their own: held to the shape of the active version.
PLAIN = {
    "area_facts": ("辖区情况的指标", "片区情况介绍里有哪些指标、什么单位"),
    "documents": ("文书", "每种文书的发文代字、正文的话和依据"),
    "domains": ("听取意见的领域", "分哪些领域，各包括哪些分类"),
    "grid_notice": ("网格公示的话", "公示牌上印的话"),
    "grid_roles": ("网格责任类别", "谁对网格、片区、路段负什么责"),
    "grid_staffing": ("网格力量", "一个网格至少要有几个人、哪些人"),
    "intake": ("窗口登记", "催办间隔、草稿留几天"),
    "mediation": ("四级调解", "每级由谁调、多少天内调结"),
    "messages": ("消息", "哪一步告诉谁、走什么渠道"),
    "numbers": ("编号格式", "事项和文书的编号怎么排"),
    "publication": ("公开和遮蔽", "哪些答复可以公开、怎样遮住身份"),
    "reception": ("接待", "接访排班和接待记录的几个数"),
    "section_checks": ("路段检查", "检查项目和分值"),
    "service_catalogue": ("服务目录", "居民能办什么、要带什么、多少天办好"),
    "special_routes": ("特殊去处", "急难、法定途径、涉密、不归街道的，各去哪里"),
    "synonyms": ("同义说法", "哪些词说的是同一回事"),
}


def register(
    name: str,
    title: str,
    *,
    check: Callable[[object, object], Iterable[Problem]] | None = None,
    trial: Trial | None = None,
    about: str = "",
    help: str = "",
    labels: dict[str, str] | None = None,
    is_ordered: bool = False,
    order: int = 100,
) -> None:
    """Called once for each rule, in AppConfig.ready. `check(content, office)` yields problems and warnings."""
    _entries[name] = Entry(name, title, about, check, trial, help, labels or {}, is_ordered, order)


def entry(name: str) -> Entry:
    """The entry of this rule; of one that nobody registered a plain one, checked against its active version."""
    title, about = PLAIN.get(name, (name, "按现行这一版的样子检查"))
    return _entries.get(name) or Entry(name, title, about, order=500 if name in PLAIN else 900)


def names() -> list[str]:
    """Rules that somebody registered or that have a version, in the order of the list."""
    stored = RuleSet.objects.order_by().values_list("name", flat=True).distinct()
    return sorted({*_entries, *stored}, key=lambda name: (entry(name).order, entry(name).title))


def problems(name: str, content, office) -> Iterator[Problem]:
    """What is wrong with `content` as a rule called `name` in this office; warnings too."""
    found = entry(name)
    if found.check is not None:
        yield from found.check(content, office)
        return
    active = active_of(name, office)
    if active is None:
        yield Problem("这套规则没有现行的一版可以对照，也没有登记检查办法，不能启用")
        return
    yield from shapes.like(active.content).check(content)


def active_of(name: str, office) -> RuleSet | None:
    """The version in force today for this office, or None."""
    try:
        return RuleSet.objects.current(name, office)
    except RuleSet.DoesNotExist:
        return None
