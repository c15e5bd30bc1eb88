"""What an office sets for its upstream: the columns, words, returns, problem orders (rule set `upstream_profile`)
and how the rates of call-backs are made (rule set `callback`)."""

from huiyin.base.refusal import Refusal
from huiyin.rules.models import RuleSet

PROFILE, CALLBACK = "upstream_profile", "callback"
HOTLINE = "hotline"
# to → what we take from that column.
TARGETS = {
    "number": "工单编号", "due": "办理时限", "type": "工单类型", "category": "分类", "tags": "标签", "title": "标题",
    "text": "主要内容", "extra": "补充内容", "state": "工单状态", "urges": "催办次数", "name": "来电人", "phone": "来电人电话",
    "district": "被反映区", "street": "被反映街乡镇", "company": "企业名称", "nature": "工单性质", "community": "村社区",
    "place": "小区点位", "contacted": "是否联系", "solved": "是否解决", "satisfied": "是否满意", "none": "不用",
}  # fmt: skip
REPLIES = {
    "number": "工单编号", "title": "标题", "state": "工单状态", "result": "办理结果", "reply": "回复内容",
    "method": "处理方式", "done_at": "办结时间", "unit": "承办单位", "contacted_at": "联系时间", "nature": "工单性质",
    "company": "企业名称",
}  # fmt: skip
STATES = {"return_agreed": "同意退单", "return_refused": "不同意退单", "reissue": "退回重办", "urge": "催办"}


def rules(office) -> RuleSet:
    """The profile in force, as a row: a batch keeps the version by which it was read."""
    return RuleSet.objects.current(PROFILE, office)


def content(office) -> dict:
    return rules(office).content


def callback(office) -> dict:
    return RuleSet.objects.current(CALLBACK, office).content


def causes(office) -> dict[str, dict]:
    """code → {code, name, clause}: for what an order may be given back."""
    return {row["code"]: row for row in content(office)["returns"]["causes"]}


def cause(office, code: str) -> dict:
    row = causes(office).get(code)
    if row is None:
        raise Refusal("退单要写缘由，请从列表里选。", status=400, errors={"cause": "请选一项"})
    return row


def exclusion_reasons(office) -> dict[str, dict]:
    """code → {code, name, rates, needs}."""
    return {row["code"]: row for row in callback(office)["exclusions"]}
