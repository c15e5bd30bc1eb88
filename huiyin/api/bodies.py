"""What may be sent: the fields of a new matter, of a verdict, of the list's filters."""

from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from huiyin.cases.states import Contacted, Reply, Satisfied, Solved

Line = Annotated[str, Field(max_length=200)]
Lines = Annotated[str, Field(max_length=20000)]


class Strict(Schema):
    model_config = ConfigDict(extra="forbid", strict=False)


class ContactIn(Strict):
    """How to reach whoever raises it. All of it may be left out."""

    name: Annotated[str, Field(max_length=40)] = ""
    phone: Annotated[str, Field(max_length=30)] = ""
    address: Line = ""
    reply_by: Reply | None = Field(
        None, description="怎样告诉本人：phone 打电话、visit 当面、letter 寄信、web 自己上网查"
    )


class PersonIn(Strict):
    name: Annotated[str, Field(max_length=40)] = ""
    phone: Annotated[str, Field(max_length=30)] = ""
    id_number: Annotated[str, Field(max_length=30)] = ""
    address: Line = ""


class SourceIn(Strict):
    """Where else the matter is known."""

    system: Annotated[str, Field(min_length=1, max_length=60)]
    outside_number: Annotated[str, Field(max_length=60)] = ""
    owed_to: Annotated[str, Field(max_length=60)] = ""


class CaseIn(Strict):
    """A new matter. The public may send description … attachments; the rest needs a token."""

    description: Annotated[str, Field(max_length=20000, description="说了什么，至少 4 个字")]
    kind: Annotated[str, Field(max_length=30, description="种类，如 petition、city_problem")] = ""
    area: Annotated[str, Field(max_length=20, description="区域代码")] = ""
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    place: Annotated[str, Field(max_length=120)] = ""
    contact: ContactIn | None = None
    attachments: list[UUID] = Field(default=[], max_length=20, description="先上传得到的编号")
    channel: Annotated[
        str, Field(max_length=12, description="渠道（要令牌）：visit、call、letter、hotline…")
    ] = ""
    title: Annotated[str, Field(max_length=100, description="事由（要令牌）")] = ""
    wants: Annotated[str, Field(max_length=20000, description="要什么（要令牌）")] = ""
    category: Annotated[str, Field(max_length=30, description="分类代码（要令牌）")] = ""
    persons: list[PersonIn] = Field(default=[], max_length=20, description="反映人和代表（要令牌）")
    group_size: int | None = Field(None, ge=1, le=100000, description="人数（要令牌）")
    reply_by: Reply | None = Field(None, description="怎样告诉本人（要令牌）")
    is_urgent: bool = Field(False, description="优先（要令牌）")
    is_restricted: bool = Field(False, description="限知（要令牌）")
    particulars: dict[str, str | int | bool | list[str]] = Field(
        default_factory=dict, max_length=60, description="这一种类的要素，代码 → 值（要令牌）"
    )
    sources: list[SourceIn] = Field(default=[], max_length=10, description="来源单位和对方编号（要令牌）")


STAFF_ONLY = (
    "channel", "title", "wants", "category", "persons", "group_size", "reply_by", "is_urgent",
    "is_restricted", "particulars", "sources",
)  # fmt: skip


class RatingIn(Strict):
    """Contacted? solved? satisfied?"""

    contacted: Contacted
    solved: Solved
    satisfied: Satisfied
    words: Annotated[str, Field(max_length=2000)] = ""


class ReopenIn(Strict):
    reason: Annotated[str, Field(max_length=2000, description="哪里还没办好，至少 4 个字")]


class UrgeIn(Strict):
    text: Annotated[str, Field(max_length=500, description="现在怎么样了，可以不写")] = ""


class WithdrawIn(Strict):
    reason: Annotated[str, Field(max_length=2000)] = ""


class ListQuery(Schema):
    """The filters of the desk's list, by the same names."""

    view: str = Field("open", description="open 在办、mine 我的、received 待受理、accepted 待派单、late 超期、"
                      "returned 退回来的、reported 待核实、verified 待答复、key 重点、ended 已结束")  # fmt: skip
    state: str = ""
    kind: str = ""
    channel: str = ""
    category: str = Field("", description="分类代码或它的开头")
    area: str = Field("", description="区域代码，含下级")
    unit: str = Field("", description="承办单位代码")
    q: str = Field("", description="关键词或编号")
    key: str = Field("", description="1：只看重点")
    group: str = Field("", description="1：只看五人以上")
    since: str = Field("", description="登记日自，如 2026-11-01")
    until: str = Field("", description="登记日至")
    sort: str = Field("due", description="due 时限从近到远、updated 最近有动作、new 最近登记")
    cursor: str = Field("", description="上一页给出的 cursor")
    limit: int = Field(50, ge=1, le=100, description="每页几件")


class Problem(Schema):
    """Why it was not done and what to do."""

    error: str
    missing: list[str] = []
    errors: dict[str, str] = {}


class CaseOut(Schema):
    number: str
    tracking_code: str


class UploadOut(Schema):
    id: UUID
    name: str
    size: int


NO = {code: Problem for code in (400, 401, 403, 404, 409, 413, 422, 429)}


def answers(status: int, schema, *refusals: int) -> dict:
    """The `response` of one route: what it gives, and the ways in which it says no."""
    return {status: schema, **{code: NO[code] for code in refusals}}
